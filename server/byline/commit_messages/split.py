"""Whether a change looks like two commits: groups of files that have nothing to do with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from byline.commit_messages.digest.digest import Digest, FileDigest
from byline.commit_messages.digest.signs import signs
from byline.commit_messages.kinds import NOISE, FileKind
from byline.commit_messages.style.style import Style

_MOST_FILES = 60
_MOST_GROUPS = 3
_SURE = 0.6
_WORD = re.compile(r"\w{4,60}")
_FOLLOWS = frozenset({FileKind.TEST, FileKind.DOCS, FileKind.ASSET, *NOISE})


@dataclass(frozen=True, slots=True)
class Part:
    """Files that belong together, by path, and the type and scope that they would have alone ("" for no scope)."""

    paths: tuple[str, ...]
    type: str
    scope: str


def split(digest: Digest, style: Style, author: str = "") -> tuple[Part, ...]:
    """The parts that a change falls into, largest first; empty where it is one thing, or nothing is sure.

    Files belong together that are in one folder, that mention each other's symbols, that share a name (`api.py` and
    `test_api.py`), or that changed together before. Parts must differ in type or scope, and surely.
    """
    files = [file for file in digest.files if file.kind not in NOISE]
    if not 2 <= len(files) <= _MOST_FILES:
        return ()
    groups = _groups(files, style)
    if not 2 <= len(groups) <= _MOST_GROUPS:
        return ()
    parts = [part for group in groups if (part := _part(digest, group, style, author))]
    if len(parts) < len(groups) or len({(part.type, part.scope) for part in parts}) < len(parts):
        return ()
    return tuple(sorted(parts, key=lambda part: (-len(part.paths), part.paths)))


def _part(digest: Digest, files: Sequence[FileDigest], style: Style, author: str) -> Part | None:
    """What the files would be alone, None where that is not sure."""
    alone = replace(digest, files=tuple(files))
    types = style.type_odds(files, author, signs(alone))
    type_, odds = next(iter(types.items()))
    scope, share = next(iter(style.scope_odds(files, {type_: 1.0}).items()))
    if odds < _SURE:
        return None
    return Part(tuple(file.path for file in files), type_, scope if share >= _SURE else "")


def _groups(files: Sequence[FileDigest], style: Style) -> list[list[FileDigest]]:
    """The files in groups of which no member is linked to one of another group."""
    group_of = list(range(len(files)))
    mentions = [_words(file) for file in files]
    together = _changed_together(files, style)
    for a in range(len(files)):
        for b in range(a):
            if group_of[a] != group_of[b] and (
                _linked(files[a], files[b], mentions[a], mentions[b]) or (b, a) in together
            ):
                old, new = group_of[a], group_of[b]
                group_of = [new if group == old else group for group in group_of]
    found: dict[int, list[FileDigest]] = {}
    for file, group in zip(files, group_of, strict=True):
        found.setdefault(group, []).append(file)
    return list(found.values())


def _linked(one: FileDigest, other: FileDigest, its: frozenset[str], others: frozenset[str]) -> bool:
    if one.path.rpartition("/")[0] == other.path.rpartition("/")[0]:
        return True
    if _FOLLOWS & {one.kind, other.kind} and _stem(one) == _stem(other):
        return True
    return any(s.short_name in others for s in one.symbols) or any(s.short_name in its for s in other.symbols)


def _words(file: FileDigest) -> frozenset[str]:
    """The words in a file's changed lines, and the names of the symbols that changed."""
    lines = [line for hunk in file.hunks for line in (*hunk.old, *hunk.new)][:2_000]
    return frozenset(_WORD.findall(" ".join(lines))) | {symbol.short_name for symbol in file.symbols}


def _stem(file: FileDigest) -> str:
    stem = file.name.lower().partition(".")[0]
    return stem.removeprefix("test_").removesuffix("_test").removesuffix("test").strip("_-")


def _changed_together(files: Sequence[FileDigest], style: Style) -> set[tuple[int, int]]:
    """Pairs of files (as indexes, the smaller first) that one earlier commit changed, if it was not a sweep."""
    at = {file.path: index for index, file in enumerate(files)}
    found: set[tuple[int, int]] = set()
    for taught in style.taught:
        if len(taught.commit.files) <= _MOST_FILES:
            indexes = sorted(at[file.path] for file in taught.commit.files if file.path in at)
            found.update(_pairs(indexes))
    return found


def _pairs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    return ((a, b) for place, a in enumerate(indexes) for b in indexes[place + 1 :])
