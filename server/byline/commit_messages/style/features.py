"""What is known of a change before its content is looked at: its files' names, what happened to them, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Protocol

from byline.commit_messages.kinds import FileKind, kind_of

Features = Mapping[str, float]
"""Named weights; what is not in it weighs nothing."""

_MOST_FILES = 40
_MOST_FOLDERS = 4


class ChangedFile(Protocol):
    """A file that changed, in a history or in a diff."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def status(self) -> str: ...  # noqa: D102


def path_features(files: Sequence[ChangedFile], author: str) -> Features:
    """The features of a change to `files` by `author`. Of very many files only a spread sample is looked at."""
    kinds = Counter(kind_of(file.path) for file in files)
    features: dict[str, float] = {"always": 1.0, f"size:{min(len(files), 12).bit_length()}": 1.0, f"by:{author}": 1.0}
    features["kinds:" + "+".join(sorted(kind.value for kind in kinds))] = 1.0
    features[f"statuses:{''.join(sorted({file.status for file in files}))}"] = 1.0
    features |= dict.fromkeys(_shape(files, kinds), 1.0)
    if len(kinds) == 1:
        features[f"only:{next(iter(kinds))}"] = 1.0
    step = -(-len(files) // _MOST_FILES)
    sample = files[::step] if step else files
    share = 1 / sqrt(len(sample) or 1)
    for file in sample:
        for name in _names(file, kind_of(file.path)):
            features[name] = min(features.get(name, 0.0) + share, 1.5)
    return features


def _shape(files: Sequence[ChangedFile], kinds: Mapping[FileKind, int]) -> Iterator[str]:
    """How wide the change is: how many files of which kinds, in how many folders, under which ones at the root."""
    yield "count:" + "+".join(f"{kind}{min(count, 3)}" for kind, count in sorted(kinds.items()))
    yield f"folders:{min(len({file.path.rpartition('/')[0] for file in files}), 6)}"
    yield "roots:" + "+".join(sorted({file.path.partition("/")[0] for file in files})[:4])
    yield f"new source:{any(file.status == 'A' and kind_of(file.path) is FileKind.SOURCE for file in files)}"


def _names(file: ChangedFile, kind: FileKind) -> Sequence[str]:
    folder, _, name = file.path.rpartition("/")
    parts = folder.split("/") if folder else []
    stem, _, extension = name.rpartition(".")
    names = ["in:" + "/".join(parts[: depth + 1]) for depth in range(min(len(parts), _MOST_FOLDERS))]
    names += [f"path:{file.path}", f"name:{name}", f"ending:{extension if stem else name}"]
    names += [f"{file.status}:{kind}", f"at:{parts[-1] if parts else ''}"]
    return names
