"""Which lines a commit changed.

The diff is git's own, with algorithm and heuristics pinned to those of `blame`, so that the lines that a commit added
here are the lines that blame gives to it: whatever the person's configuration says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from byline.git.commit import commit_infos
from byline.git.oid import checked_oid, is_null, path_from_git

if TYPE_CHECKING:
    from byline.git.repository import Repository

DIFF_OPTIONS = ("--diff-algorithm=myers", "--indent-heuristic", "--no-ext-diff", "--no-textconv")
"""What decides which lines count as added; the same for diff and blame."""

_DIFF_TREE = (
    "diff-tree",
    "--stdin",
    "--always",
    "-r",
    "--root",
    "--raw",
    "--no-abbrev",
    "-p",
    "-U0",
    "--inter-hunk-context=0",
    "-M50%",
    "-l1000",
    f"-O{os.devnull}",
    "--ignore-submodules=none",
    "--submodule=short",
    "--no-color",
    *DIFF_OPTIONS,
)
_SUBMODULE = "160000"
_TIMEOUT = 600.0

# A line of a patch's body begins with one of `+-\`, so none of these can be faked by a file's content; and a path that
# could break a line is quoted.
_TELLING = re.compile(
    rb"^(?:(?P<commit>[0-9a-f]{40}(?:[0-9a-f]{24})?)"
    rb"|:(?P<raw>\d{6} \d{6} [0-9a-f]+ [0-9a-f]+ [A-Z]\d*\t.*)"
    rb"|(?P<file>diff --git .*)"
    rb"|@@ -(?P<hunk>\d+(?:,\d+)? \+\d+(?:,\d+)?) @@.*"
    rb"|(?P<binary>Binary files .* differ))$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `old_start` to `old_start + old_count - 1` became the `new_count` lines from `new_start`; both 1-based.

    Without context. A start whose count is 0 is, as git prints it, the line before.
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file.

    `status` is git's letter: A(dded), M(odified), D(eleted), R(enamed), C(opied), T(ype changed); `old_path` is set for
    R and C. `old_oid` and `new_oid` are None where there is no such file; `mode` is the new mode, or the old one of a
    deleted file. `binary` files have no hunks.
    """

    path: str
    old_path: str | None
    old_oid: str | None
    new_oid: str | None
    status: str
    mode: str
    binary: bool = False
    hunks: tuple[Hunk, ...] = ()

    @property
    def is_submodule(self) -> bool:
        """Whether this is another repository's commit and not a file; its one line is no text."""
        return self.mode == _SUBMODULE

    @property
    def added(self) -> tuple[range, ...]:
        """The lines that were added, 1-based."""
        return tuple(range(h.new_start, h.new_start + h.new_count) for h in self.hunks if h.new_count)


def changes(repo: Repository, commit: str, parent: str | None) -> list[FileChange]:
    """What `commit` changed against `parent`; None: it is an initial commit. Both are object ids.

    Raises CommandFailed, and ValueError for what is not an object id.
    """
    return changes_of_many(repo, [(commit, parent)])[0]


def changes_of_many(repo: Repository, pairs: Sequence[tuple[str, str | None]]) -> list[list[FileChange]]:
    """`changes` of many (commit, parent) pairs, in their order, by one process."""
    if not pairs:
        return []
    asked = [[checked_oid(commit), *([checked_oid(parent)] if parent else [])] for commit, parent in pairs]
    given = "".join(" ".join(revisions) + "\n" for revisions in asked).encode()
    with repo.runner.stream(_DIFF_TREE, stdin=given, timeout=_TIMEOUT) as output:
        found = list(_commits(output))
    if len(found) != len(pairs):
        raise ValueError(f"git diff-tree spoke of {len(found)} commits and not of {len(pairs)}; are they all commits?")
    return found


def added_lines(repo: Repository, commit: str) -> dict[str, FileChange]:
    """The files in which `commit` added lines, by path. Raises CommandFailed, UnknownRevision.

    Of a merge only the lines that none of its parents has; their hunks have an empty old side. A commit at which a
    shallow history begins has none: what it added cannot be known.
    """
    return added_lines_of_many(repo, [commit])[0]


def added_lines_of_many(repo: Repository, commits: Sequence[str]) -> list[dict[str, FileChange]]:
    """`added_lines` of many, in their order, by one process."""
    shallow = repo.shallow_commits()
    known = [info for info in commit_infos(repo, commits) if info.oid not in shallow]
    pairs = [(info.oid, parent) for info in known for parent in info.parents or (None,)]
    found = iter(changes_of_many(repo, pairs))
    added = {info.oid: _added([next(found) for _ in info.parents or (None,)]) for info in known}
    return [added.get(commit, {}) for commit in commits]


def _added(by_parent: list[list[FileChange]]) -> dict[str, FileChange]:
    """What was added against every one of the parents."""
    files = {change.path: change for change in by_parent[0] if change.added and not change.is_submodule}
    for changed in by_parent[1:]:
        other = {change.path: change for change in changed}
        files = {path: _common(change, other[path]) for path, change in files.items() if path in other}
    return {path: change for path, change in files.items() if change.added}


def _common(one: FileChange, other: FileChange) -> FileChange:
    """`one` with only those added lines that `other` has added, too."""
    hunks = []
    mine, theirs = list(reversed(one.added)), list(reversed(other.added))
    while mine and theirs:
        start, stop = max(mine[-1].start, theirs[-1].start), min(mine[-1].stop, theirs[-1].stop)
        if start < stop:
            hunks.append(Hunk(0, 0, start, stop - start))
        (mine if mine[-1].stop == stop else theirs).pop()
    return replace(one, hunks=tuple(hunks))


def _commits(output: IO[bytes]) -> Iterator[list[FileChange]]:
    """The changes of each commit in the output of `_DIFF_TREE`: first a line for each file, then their patches."""
    current: list[FileChange] | None = None
    patches = _Patches([])
    for match in _telling(output):
        if match["commit"]:
            if current is not None:
                yield patches.applied()
            current = []
            patches = _Patches(current)
        elif match["raw"] and current is not None:
            current.append(_file_change(match["raw"]))
        else:
            patches.take(match)
    if current is not None:
        yield patches.applied()


class _Patches:
    """The patches of one commit, which come in the order of its files (two for one whose type changed)."""

    def __init__(self, files: list[FileChange]) -> None:
        self._files = files
        self._owners: list[int] = []
        self._hunks: dict[int, list[Hunk]] = {}
        self._binary: set[int] = set()
        self._at = -1

    def take(self, match: re.Match[bytes]) -> None:
        if match["file"]:
            if not self._owners:
                self._owners = [i for i, f in enumerate(self._files) for _ in range(2 if _is_split(f) else 1)]
            self._at += 1
            return
        owner = self._owners[self._at]
        if match["hunk"]:
            self._hunks.setdefault(owner, []).append(_hunk(match["hunk"]))
        else:
            self._binary.add(owner)

    def applied(self) -> list[FileChange]:
        return [
            replace(change, binary=index in self._binary, hunks=tuple(self._hunks.get(index, ())))
            for index, change in enumerate(self._files)
        ]


def _telling(output: IO[bytes]) -> Iterator[re.Match[bytes]]:
    """The lines of git's output that are not content, without keeping the content."""
    rest = b""
    while chunk := output.read(1 << 18):
        text = rest + chunk
        end = text.rfind(b"\n") + 1
        yield from _TELLING.finditer(text[:end])
        rest = text[end:]
        if rest[:1] in (b"+", b"-"):  # of a line of content, its first character is enough
            rest = rest[:1]
    yield from _TELLING.finditer(rest)


def _file_change(raw: bytes) -> FileChange:
    what, *paths = raw.split(b"\t")
    old_mode, mode, old_oid, new_oid, status = what.decode().split(" ")
    names = [path_from_git(path) for path in paths]
    return FileChange(
        path=names[-1],
        old_path=names[0] if len(names) > 1 else None,
        old_oid=None if is_null(old_oid) else old_oid,
        new_oid=None if is_null(new_oid) else new_oid,
        status=status[:1],
        mode=old_mode if status == "D" else mode,
    )


def _is_split(change: FileChange) -> bool:
    return change.status == "T"


def _hunk(text: bytes) -> Hunk:
    old, _, new = text.partition(b" +")
    return Hunk(*_side(old), *_side(new))


def _side(text: bytes) -> tuple[int, int]:
    start, _, count = text.partition(b",")
    return int(start), int(count or 1)
