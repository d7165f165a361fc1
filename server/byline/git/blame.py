"""Which commit last changed each line of a file, as `git blame` says."""

from __future__ import annotations

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
_TIMEOUT = 300.0


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
    _check_ignore_files(repo)
    try:
        said = repo.runner.run([*_BLAME, *revisions, "--", path], timeout=_TIMEOUT)
    except CommandFailed:
        if repo.blob_oid(rev, path) is None:
            raise NoSuchPath(f"There is no file {path!r} in {rev}.") from None
        raise
    return _parse(said, repo.shallow_commits())


def assemble(rev: str, path: str, runs: Sequence[Run], commits: Mapping[str, BlameCommit]) -> Blame:
    """A blame from runs that cover the file exactly. Raises GitError when they do not."""
    total = sum(run.size for run in runs)
    order = {oid: index for index, oid in enumerate(commits)}
    paths: dict[str, int] = {}
    commit_of, line_of, path_of = (array("I", bytes(4 * total)) for _ in range(3))
    covered = bytearray(total)
    for start, size, oid, line, source in runs:
        stop = start + size
        commit_of[start:stop] = array("I", [order[oid]]) * size
        line_of[start:stop] = array("I", range(line, line + size))
        path_of[start:stop] = array("I", [paths.setdefault(source, len(paths))]) * size
        covered[start:stop] = b"\1" * size
    if len(covered) != total or not all(covered):
        raise GitError(f"git blame of {path!r} left lines out; run `git fsck` to see whether the repository is whole.")
    return Blame(rev, path, tuple(commits.values()), tuple(paths), commit_of, line_of, path_of)


def conditions(repo: Repository) -> tuple[Stamp | None, ...]:
    """What differs when a question may have another answer: where history begins, which commits are passed over."""
    return (stamp(repo.common_dir / "shallow"), *map(stamp, _ignore_files(repo)))


def _ignore_files(repo: Repository) -> list[Path]:
    names = repo.runner.config().values.get(_IGNORED, ())
    return [repo.root / expanded(name) for name in names if name]


def _check_ignore_files(repo: Repository) -> None:
    """Git gives up when one of the files is missing, and would read a device until memory runs out."""
    for file in _ignore_files(repo):
        if not is_regular(file):
            raise GitError(
                f"blame.ignoreRevsFile names {file}, where there is no file; create it or unset the setting."
            )


def _parse(said: bytes, shallow: frozenset[str]) -> Found:
    """`--incremental` output: entries that end with `filename`; a commit is described where it is first named."""
    runs: list[Run] = []
    described: dict[str, dict[bytes, bytes]] = {}
    names: dict[bytes, str] = {}
    fields: dict[bytes, bytes] = {}
    head: list[bytes] | None = None
    oid = ""
    for line in said.split(b"\n"):
        if head is None:
            head = line.split(b" ")
            if len(head) < 4:
                break
            oid = head[0].decode()
            fields = described.setdefault(oid, {})
            continue
        key, _, value = line.partition(b" ")
        if key != b"filename":
            fields[key] = value
            continue
        path = names.get(value)
        if path is None:
            path = names[value] = path_from_git(value)
        runs.append(Run(int(head[2]) - 1, int(head[3]), oid, int(head[1]), path))
        head = None
    commits = {oid: _commit(oid, fields, oid in shallow) for oid, fields in described.items()}
    return Found(runs, commits, frozenset(oid for oid, fields in described.items() if b"boundary" in fields))


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
