"""The lines that earlier commits changed, to be read and not to be shown: what is too much is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.git.changes import DIFF_OPTIONS
from byline.git.errors import CommandFailed
from byline.git.oid import checked_oid, path_from_git

if TYPE_CHECKING:
    from byline.git.repository import Repository

MAX_BYTES = 16 << 20
"""Of patches that are longer together, the first ones are read."""

_DIFF_TREE = ("diff-tree", "--stdin", "-r", "-p", "-U0", "--inter-hunk-context=0", "--no-renames", "--no-color")
_TIMEOUT = 10.0
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_PATH = re.compile(rb"(?:---|\+\+\+) (\"?)[ab]/(.*)")


@dataclass(frozen=True, slots=True)
class PatchedLines:
    """Lines that were replaced, and those that came in their place, without line ends."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatchedFile:
    """What a commit changed in one file that is text; a file that was renamed is two."""

    path: str
    hunks: tuple[PatchedLines, ...]


def patches(repo: Repository, commits: Sequence[str]) -> Mapping[str, tuple[PatchedFile, ...]]:
    """What each of `commits` (ids, of no merges) changed, by one process.

    Left out are the last of them as soon as the patches are too long, initial commits, and those from the first on
    whose files a partial clone lacks. Raises ValueError for what is no object id, GitError where git does not start.
    """
    if not commits:
        return {}
    given = "".join(f"{checked_oid(commit)}\n" for commit in commits).encode()
    said = b""
    try:
        with repo.runner.stream((*_DIFF_TREE, *DIFF_OPTIONS), stdin=given, timeout=_TIMEOUT) as output:
            said = output.read(MAX_BYTES)
        is_whole = len(said) < MAX_BYTES
    except CommandFailed:
        is_whole = False
    found = list(_commits(said.split(b"\n")))
    return dict(found if is_whole else found[:-1])


def _commits(lines: Sequence[bytes]) -> Iterator[tuple[str, tuple[PatchedFile, ...]]]:
    """A line with its id begins each commit; what a hunk's header counts is content, whatever it looks like."""
    commit = path = ""
    files: dict[str, list[PatchedLines]] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if hunk := _HUNK.match(line):
            old, at = _side(lines, at, hunk[1])
            new, at = _side(lines, at, hunk[2])
            files.setdefault(path, []).append(PatchedLines(old, new))
        elif named := _PATH.fullmatch(line):
            path = path_from_git(named[1] + named[2].removesuffix(b"\t"))
        elif _COMMIT.fullmatch(line):
            if commit:
                yield commit, _files(files)
            commit, files = line.decode(), {}
    if commit:
        yield commit, _files(files)


def _files(found: Mapping[str, Sequence[PatchedLines]]) -> tuple[PatchedFile, ...]:
    return tuple(PatchedFile(path, tuple(hunks)) for path, hunks in found.items())


def _side(lines: Sequence[bytes], at: int, count: bytes | None) -> tuple[tuple[str, ...], int]:
    """The `count` lines (None: one) from `at`, and where it goes on; git says in a line of its own that none ends."""
    end = at + int(count or 1) if count != b"0" else at
    found = tuple(line[1:].decode("utf-8", "replace") for line in lines[at:end])
    return found, end + (end < len(lines) and lines[end].startswith(b"\\ "))
