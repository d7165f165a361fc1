"""Versions that a change raises or lowers in a manifest: `"vite": "^5.0.0"` to `"vite": "^6.0.0"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from byline.commit_messages.digest.digest import FileDigest
from byline.commit_messages.kinds import FileKind
from byline.commit_messages.offline.names import safe_name

_NUMBER = r"v?\d{1,9}(?:\.\d{1,9}){0,3}(?:[-+][\w.+-]{1,40})?"
_PAIR = re.compile(
    rf"[\s\"'-]*(?:uses:\s*)?(?P<name>[@\w][\w./@-]{{0,80}}?)[\"']?\s*(?:[:=@ ]|==|>=|~=|=>)[\s\"'{{\[^~<>=]*"
    rf"(?:version\s*=\s*[\"'^~]*)?(?P<version>{_NUMBER})[\"',\s}}\]]*(?:#.*)?$"
)
_KINDS = frozenset({FileKind.BUILD, FileKind.CI, FileKind.CONFIG})
_LONGEST = 300
_NOT_NAMES = frozenset({"version", "node", "go", "python", "ruby", "target", "edition"})


@dataclass(frozen=True, slots=True)
class Raised:
    """Something that is depended on, and its version before and after, as the manifest writes them."""

    name: str
    old: str
    new: str


def raised(files: Iterable[FileDigest]) -> list[Raised]:
    """The versions that changed in manifests, each name once. Only what is plainly a name and a version."""
    found: dict[str, Raised] = {}
    for file in files:
        if file.kind in _KINDS:
            for one in _in_file(file):
                found.setdefault(one.name, one)
    return list(found.values())


def _in_file(file: FileDigest) -> Iterator[Raised]:
    for hunk in file.hunks:
        before = dict(filter(None, map(_pair, hunk.old)))
        for name, new in filter(None, map(_pair, hunk.new)):
            old = before.get(name)
            if old and old != new and name.lower() not in _NOT_NAMES:
                yield Raised(name, old, new)


def _pair(line: str) -> tuple[str, str] | None:
    match = _PAIR.match(line) if len(line) <= _LONGEST else None
    name = safe_name(match["name"]) if match else None
    return (name, match["version"]) if match and name else None
