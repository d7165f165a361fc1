"""The last commits of a history with their messages and the names of the files that each changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.git.oid import checked_oid, path_from_git

if TYPE_CHECKING:
    from byline.git.repository import Repository

_FORMAT = "--format=%H%x00%an <%ae>%x00%ct%x00%B"
_STATUS = re.compile(rb"\n?([AMDTRCUX])\d*")


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file that a commit changed; `status` is git's letter: A, M, D, R(enamed), C(opied), T(ype changed)."""

    path: str
    status: str


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit as a log shows it. `author` is `name <mail>`, `time` the committer's, in seconds since 1970."""

    oid: str
    author: str
    time: int
    message: str
    files: tuple[PastFile, ...]


def recent_commits(repo: Repository, commit: str, limit: int) -> list[PastCommit]:
    """The last `limit` commits up to `commit` (an id) that are no merges, newest first, by one process.

    Only exact renames are found, for which no file has to be read: fast, and fine where a partial clone lacks them.
    Raises CommandFailed, and ValueError for what is no object id.
    """
    options = ["--no-merges", "--name-status", "-M100%", "--no-ext-diff", "--no-show-signature"]
    said = repo.runner.run(["log", "-z", *options, _FORMAT, f"--max-count={int(limit)}", checked_oid(commit), "--"])
    return list(_commits(said.split(b"\0")))


def _commits(fields: list[bytes]) -> Iterator[PastCommit]:
    """Four fields a commit; then, of each file, its status and one path or two. A message cannot hold a NUL."""
    at = 0
    while at + 4 <= len(fields):
        oid, author, time, message = (field.decode("utf-8", "replace") for field in fields[at : at + 4])
        at += 4
        files = []
        while at + 1 < len(fields) and (status := _STATUS.fullmatch(fields[at])):
            at += 3 if status[1] in (b"R", b"C") else 2
            files.append(PastFile(path_from_git(fields[at - 1], quoted=False), status[1].decode()))
        yield PastCommit(oid, author, int(time) if time.isdigit() else 0, message, tuple(files))
