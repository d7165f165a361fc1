"""Which commit last changed each line of a file, as `git blame` says."""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from byline.git.changes import DIFF_OPTIONS
from byline.git.errors import CommandFailed, GitError, NoSuchPath
from byline.git.files import Stamp, expanded, is_regular, stamp
from byline.git.oid import checked_oid, path_from_git

if TYPE_CHECKING:
    from byline.git.repository import Repository

_BLAME = ("blame", "--incremental", "--root", "--encoding=UTF-8", *DIFF_OPTIONS)
_IGNORED = "blame.ignorerevsfile"
_OPTIONAL = ":(optional)"  # git 2.52 and later: such a file may be missing
_TIMEOUT = 300.0
_MISSING = 0xFFFFFFFF  # no commit has this index
_ENTRY = re.compile(
    rb"^([0-9a-f]{40,64}) ([0-9]+) ([0-9]+) ([0-9]+)\n((?:(?!filename ).*\n)*)filename (.*)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class BlameCommit:
    """A commit to which lines are given; `time` in seconds since 1970, `tz` as `+hhmm`.

    With `boundary`, a shallow history begins here: the lines may be older.
    """

    oid: str
    author: str
    mail: str
    time: int
    tz: str
    summary: str
    boundary: bool = False


class BlameLine(NamedTuple):
    """Where a line comes from: line `line` (1-based) of `path` in `commit`."""

    commit: BlameCommit
    line: int
    path: str


@dataclass(frozen=True, slots=True)
class Blame:
    """Where each line of the file `path` in the commit `rev` comes from.

    Compact: for line i (0-based), `commits[commit_of[i]]`, line `line_of[i]` (1-based) of `paths[path_of[i]]`.
    """

    rev: str
    path: str
    commits: tuple[BlameCommit, ...]
    paths: tuple[str, ...]
    commit_of: array[int]
    line_of: array[int]
    path_of: array[int]

    def __len__(self) -> int:
        return len(self.commit_of)

    def line(self, index: int) -> BlameLine:
        """Where line `index` (0-based) comes from. Raises IndexError."""
        return BlameLine(self.commits[self.commit_of[index]], self.line_of[index], self.paths[self.path_of[index]])

    def __iter__(self) -> Iterator[BlameLine]:
        return map(self.line, range(len(self)))


class Run(NamedTuple):
    """`size` lines from `start` in the blamed file (0-based) come from `line` on (1-based) of `path` in `commit`."""

    start: int
    size: int
    commit: str
    line: int
    path: str


class Found(NamedTuple):
    """What git found: the runs, in no order, the commits they name, and those commits at which it was told to stop."""

    runs: list[Run]
    commits: dict[str, BlameCommit]
    stops: frozenset[str]


def blame(repo: Repository, rev: str, path: str) -> Blame:
    """The whole blame of `path` in the commit with the id `rev`. Raises NoSuchPath, CommandFailed.

    As git's own, moves and copies not looked for, `blame.ignoreRevsFile` honoured; GitError where it is no file.
    """
    found = find_runs(repo, rev, path)
    return assemble(rev, path, found.runs, found.commits)


def find_runs(repo: Repository, rev: str, path: str, since: str | None = None) -> Found:
    """The runs of the whole file.

    With `since`, history is followed only down to that commit and what it had; lines that are older are given to the
    commit where git stopped. Raises NoSuchPath, CommandFailed.
    """
    revisions = [checked_oid(rev), *(["^" + checked_oid(since)] if since else [])]
    check_ignore_files(repo)
    try:
        said = repo.runner.run([*_BLAME, *revisions, "--", path], timeout=_TIMEOUT)
    except CommandFailed:
        if repo.blob_oid(rev, path) is None:
            raise NoSuchPath(f"There is no file {path!r} in {rev}.") from None
        raise
    return _parse(said, repo.shallow_commits())


def assemble(rev: str, path: str, runs: Sequence[Run], commits: Mapping[str, BlameCommit]) -> Blame:
    """A blame from runs that cover the file exactly. Raises GitError when they do not."""
    assembly = Assembly(rev, path, sum(run.size for run in runs))
    for run in runs:
        assembly.add(run, commits[run.commit])
    return assembly.finished()


class Assembly:
    """A blame in the making: runs are added, in any order, until they cover the file.

    Every method raises GitError for what does not fit the file.
    """

    def __init__(self, rev: str, path: str, size: int) -> None:
        """`size` is the number of lines of the file `path` in the commit `rev`."""
        self._rev = rev
        self._path = path
        self._commits: list[BlameCommit] = []
        self._authors: dict[str, int] = {}  # commit id -> index of the commit
        self._paths: dict[str, int] = {}
        self._older: dict[str, tuple[list[int], list[int]]] = {}
        self._commit_of = array("I", [_MISSING]) * size
        self._line_of = array("I", bytes(4 * size))
        self._path_of = array("I", bytes(4 * size))

    def add(self, run: Run, commit: BlameCommit) -> None:
        """The lines of `run` come from where it says."""
        start, size, _, line, path = run
        self._check(0 <= start <= len(self._commit_of) - size)
        author = self._author(commit)
        source = self._paths.setdefault(path, len(self._paths))
        if size == 1:  # in a file with a long history, nearly all are; slices would take several times as long
            self._commit_of[start], self._line_of[start], self._path_of[start] = author, line, source
            return
        lines = slice(start, start + size)
        self._commit_of[lines] = array("I", [author]) * size
        self._line_of[lines] = array("I", range(line, line + size))
        self._path_of[lines] = array("I", [source]) * size

    def copy(self, run: Run, older: Blame) -> None:
        """The lines of `run` are lines of the file that `older` is the blame of, and come from where that says.

        All blames that lines are copied from are of the same commit.
        """
        lines = slice(run.start, run.start + run.size)
        theirs = slice(run.line - 1, run.line - 1 + run.size)
        self._check(0 <= run.start <= len(self._commit_of) - run.size and 0 < run.line <= len(older) - run.size + 1)
        authors, sources = self._places(older)
        self._commit_of[lines] = array("I", [authors[index] for index in older.commit_of[theirs]])
        self._line_of[lines] = older.line_of[theirs]
        self._path_of[lines] = array("I", [sources[index] for index in older.path_of[theirs]])

    def finished(self) -> Blame:
        """The blame, which names no commit without lines."""
        used = set(self._commit_of)
        self._check(_MISSING not in used)
        if len(used) < len(self._commits):
            place = {index: new for new, index in enumerate(sorted(used))}
            self._commit_of = array("I", [place[index] for index in self._commit_of])
        commits = tuple(self._commits[index] for index in sorted(used))
        return Blame(self._rev, self._path, commits, tuple(self._paths), self._commit_of, self._line_of, self._path_of)

    def _check(self, fits: bool) -> None:
        if not fits:
            raise GitError(
                f"git blame of {self._path!r} does not fit the file; `git fsck` tells if something is broken."
            )

    def _places(self, older: Blame) -> tuple[list[int], list[int]]:
        """Where the commits and the paths of another blame stand in this one."""
        known = self._older.get(older.path)
        if known is None:
            authors = [self._author(commit) for commit in older.commits]
            sources = [self._paths.setdefault(path, len(self._paths)) for path in older.paths]
            known = self._older[older.path] = (authors, sources)
        return known

    def _author(self, commit: BlameCommit) -> int:
        index = self._authors.get(commit.oid)
        if index is None:
            index = self._authors[commit.oid] = len(self._commits)
            self._commits.append(commit)
        return index


def conditions(repo: Repository) -> tuple[Stamp | None, ...]:
    """What differs when a question may have another answer: where history begins, which commits are passed over."""
    return (stamp(repo.common_dir / "shallow"), *map(stamp, _ignore_files(repo)))


def _ignore_files(repo: Repository) -> Mapping[Path, bool]:
    """The files that list commits which are passed over, and whether each has to be there."""
    names = repo.runner.config().values.get(_IGNORED, ())
    return {
        repo.root / expanded(name.removeprefix(_OPTIONAL)): not name.startswith(_OPTIONAL)
        for name in names
        if name.removeprefix(_OPTIONAL)
    }


def check_ignore_files(repo: Repository) -> None:
    """Raise GitError where git would give up, as one of the files is missing, or would read a device for ever."""
    for file, is_needed in _ignore_files(repo).items():
        if not is_regular(file) and (is_needed or os.path.lexists(file)):
            raise GitError(
                f"blame.ignoreRevsFile names {file}, where there is no file; create it or unset the setting."
            )


def _parse(said: bytes, shallow: frozenset[str]) -> Found:
    """`--incremental` output: entries that end with `filename`; a commit is described where it is first named."""
    runs: list[Run] = []
    commits: dict[str, BlameCommit] = {}
    stops: set[str] = set()
    names: dict[bytes, str] = {}
    oids: dict[bytes, str] = {}
    for commit, line, start, size, description, name in _ENTRY.findall(said):
        oid = oids.get(commit)
        if oid is None:
            oid = oids[commit] = commit.decode()
            fields = dict(field.partition(b" ")[::2] for field in description.split(b"\n"))
            commits[oid] = _commit(oid, fields, oid in shallow)
            if b"boundary" in fields:
                stops.add(oid)
        path = names.get(name)
        if path is None:
            path = names[name] = path_from_git(name)
        runs.append(Run(int(start) - 1, int(size), oid, int(line), path))
    return Found(runs, commits, frozenset(stops))


def _commit(oid: str, fields: dict[bytes, bytes], boundary: bool) -> BlameCommit:
    return BlameCommit(
        oid,
        fields.get(b"author", b"").decode("utf-8", "replace"),
        fields.get(b"author-mail", b"").strip(b"<>").decode("utf-8", "replace"),
        int(fields.get(b"author-time", b"0")),
        fields.get(b"author-tz", b"+0000").decode("ascii", "replace"),
        fields.get(b"summary", b"").decode("utf-8", "replace"),
        boundary,
    )
