"""Which scope a change has, by the scopes that its files and folders had before.

Each place a file stands in, from the whole repository down to its own path, remembers the scopes of the commits that
touched it. The places are blended from the widest to the narrowest, each counting as much as it has seen (Witten and
Bell 1991). A scope that is made of parts of the path is remembered as those (`<1>/<2>` in `core/services/s3`), so that
a package that is new is understood, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from byline.commit_messages.kinds import NOISE, FileKind, kind_of
from byline.commit_messages.style.features import ChangedFile

NONE = ""
"""No scope."""

_MOST_REMEMBERED = 40  # files of one commit
_MOST_ASKED = 12
_PRIOR = 1.5  # how many commits a wider place counts as in a narrower one
_FORGET = 0.998  # what a commit counts less than the one after it
_PART = re.compile(r"(<(?:\d|stem)>)")
_JOINED = re.compile(r"([./:,-])")
_WEIGHTS = {FileKind.SOURCE: 1.0, FileKind.TEST: 0.4, FileKind.DOCS: 0.5}
_OTHER_WEIGHT = 0.4
_NOISE_WEIGHT = 0.05

_Counts = dict[str, float]


class Scopes:
    """What is remembered. `remember` commits in the order in which they happened."""

    def __init__(self) -> None:
        self._places: dict[str, _Counts] = defaultdict(dict)
        self._now = 1.0

    def remember(self, files: Sequence[ChangedFile], type: str, scope: str) -> None:
        """A commit of `type` that changed `files` had `scope`, NONE for none."""
        self._now /= _FORGET
        share = self._now / max(len(files[:_MOST_REMEMBERED]), 1)
        for file in files[:_MOST_REMEMBERED]:
            told = _as_part(scope, file.path)
            for place in _places(file.path, type):
                counts = self._places[place]
                counts[told] = counts.get(told, 0.0) + (share if place.startswith(("type", "all")) else self._now)

    def odds(self, files: Sequence[ChangedFile], types: Mapping[str, float]) -> dict[str, float]:
        """How likely each scope is for a change to `files`, its type being one of `types` with these odds."""
        total: dict[str, float] = defaultdict(float)
        asked = sorted(files, key=lambda file: (-_weight(file.path), file.path))[:_MOST_ASKED]
        whole = sum(_weight(file.path) for file in asked) or 1.0
        for type_, odds in types.items():
            for file in asked:
                for scope, share in self._of_file(file.path, type_).items():
                    total[scope] += odds * share * _weight(file.path) / whole
        return dict(total) or {NONE: 1.0}

    def _of_file(self, path: str, type_: str) -> dict[str, float]:
        blended: dict[str, float] = {NONE: 1.0}
        for place in _places(path, type_):
            counts = self._places.get(place)
            if not counts:
                continue
            prior = _PRIOR * max(len(counts), 1) ** 0.5
            seen = sum(counts.values()) / self._now
            mixed = {scope: share * prior / (seen + prior) for scope, share in blended.items()}
            for told, count in counts.items():
                scope = _from_part(told, path)
                if scope is not None:
                    mixed[scope] = mixed.get(scope, 0.0) + count / self._now / (seen + prior)
            blended = mixed
        whole = sum(blended.values())
        return {scope: share / whole for scope, share in blended.items()}


def _places(path: str, type_: str) -> Iterator[str]:
    """The places that a file stands in, from the widest to the narrowest."""
    yield "all"
    yield f"type {type_}"
    folders = path.split("/")[:-1]
    for depth in range(min(len(folders), 4)):
        yield "in " + "/".join(folders[: depth + 1])
    if len(folders) > 4:
        yield "in " + "/".join(folders)
    if folders:
        yield f"in {'/'.join(folders[:2])} as {type_}"
    yield "at " + path
    yield f"at {path} as {type_}"


def _as_part(scope: str, path: str) -> str:
    """`scope` with the parts of `path` that it names put as such: `<1>`, `<0>/<stem>`; itself where it names none."""
    whole = _named_part(scope, path)
    if whole or not scope:
        return whole or scope
    return "".join(_named_part(word, path) or word for word in _JOINED.split(scope))


def _named_part(word: str, path: str) -> str | None:
    wanted = _plain(word)
    if not wanted or not wanted.isalnum():
        return None
    *folders, name = path.split("/")
    for depth, folder in enumerate(folders[:9]):
        if _plain(folder) == wanted:
            return f"<{depth}>"
    return "<stem>" if _plain(_stem(name)) == wanted else None


def _from_part(told: str, path: str) -> str | None:
    """The scope that `told` stands for at `path`; None where the path has no such part."""
    *folders, name = path.split("/")
    parts = {"<stem>": _stem(name)} | {f"<{depth}>": folder for depth, folder in enumerate(folders)}
    words = _PART.split(told)
    if any(not parts.get(word) for word in words[1::2]):
        return None
    return "".join(parts.get(word, word) if at % 2 else word for at, word in enumerate(words))


def _stem(name: str) -> str:
    return name.lstrip(".").partition(".")[0]


def _plain(text: str) -> str:
    return text.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _weight(path: str) -> float:
    kind = kind_of(path)
    return _NOISE_WEIGHT if kind in NOISE else _WEIGHTS.get(kind, _OTHER_WEIGHT)
