"""What HEAD did since one last looked: the HEAD log, and the object graph where the log cannot say.

Git appends a line to `logs/HEAD` some microseconds *before* it moves the ref, so the log is the leading source: only
its complete lines count, and how far one has come is the new id on the last of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from byline.git.commit import commit_infos
from byline.git.errors import CommandFailed
from byline.git.files import read_small, stamp
from byline.git.oid import checked_oid, is_null
from byline.git.refs import head_stamps

if TYPE_CHECKING:
    from byline.git.repository import Repository

_LINE = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t\n]*> (\d{1,18}) [+-]\d{4}(?:\t([^\n]*))?")
_LIMIT = 1 << 28
_MOST = 10_000  # commits that are looked at when the graph has to be asked


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One move of HEAD.

    `operation` is git's own word, before the first `: ` of what it logged ("commit", "commit (amend)", "checkout",
    "rebase (pick)" …), "" where it has none; `message` is the rest. `time` is in seconds since 1970. An id is all zeros
    where there was no commit.
    """

    old: str
    new: str
    operation: str
    message: str
    time: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the log has been read.

    `offset` in bytes, behind a complete line; `anchor` the digest of that line, by which a rewritten log is noticed and
    the place found again; `head` the new id on it (None: no commit yet).
    """

    offset: int
    anchor: str
    head: str | None


class HeadLog:
    """The HEAD log of a repository's worktree."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._path: Path = repo.git_dir / "logs" / "HEAD"

    def signature(self) -> tuple[object, ...]:
        """Changes whenever `since` could have something to tell. File statistics only: cheap enough to poll."""
        return (stamp(self._path), *head_stamps(self._repo))

    def end(self, size: int | None = None) -> Cursor:
        """The cursor behind everything that has happened, or had when the log was `size` bytes long.

        Starts no process, except where refs are a reftable.
        """
        log = read_small(self._path, _LIMIT) or b""
        first = next(_parse(log), None)
        if size == 0 and first is not None:
            return Cursor(0, _digest(log, 0), _real(first.old))
        return self._at_end(log[:size])

    def recent(self, most: int) -> list[str]:
        """The commits that HEAD was at lately, newest first, each once; at most `most`. Starts no process."""
        lines = (read_small(self._path, _LIMIT) or b"").rstrip(b"\n").rsplit(b"\n", most)[-most:]
        heads = (oid for entry in reversed(list(_parse(b"\n".join(lines)))) for oid in (entry.new, entry.old))
        return list(dict.fromkeys(oid for oid in heads if not is_null(oid)))[:most]

    def after(self, time: int) -> list[LogEntry]:
        """What the log tells from `time` (seconds since 1970) on, oldest first. Starts no process."""
        return [entry for entry in _parse(read_small(self._path, _LIMIT) or b"") if entry.time >= time]

    def since(self, cursor: Cursor) -> tuple[list[LogEntry], Cursor]:
        """What happened after `cursor`, oldest first, and the cursor behind it.

        Where the log was expired, rewritten or never kept, the object graph is asked: commits that follow the cursor's
        head parent by parent are "commit" (or "commit (merge)", "commit (initial)"), any other move is one entry with
        an empty operation. Raises CommandFailed.
        """
        before = stamp(self._path)
        log = read_small(self._path, _LIMIT) or b""
        start = _resume(log, cursor)
        end = self._at_end(log)
        entries = list(_parse(log[start : end.offset])) if start is not None else []
        if entries:
            return self._gap(cursor.head, _real(entries[0].old)) + entries, end
        if start is None or not log:
            told = self._gap(cursor.head, end.head), end
        elif end.offset == len(log):
            told = self._unlogged(cursor, end)
        else:
            told = [], cursor
        # HEAD was read after the log: what git wrote in between is in the log by now, and is told next time.
        return told if stamp(self._path) == before else ([], cursor)

    def _unlogged(self, cursor: Cursor, end: Cursor) -> tuple[list[LogEntry], Cursor]:
        """HEAD may have been moved by a tool that keeps no log. A HEAD behind the log is git between its two writes."""
        head = self._repo.head().oid
        chain = self._chain(cursor.head, head) if head and head != cursor.head else []
        return (chain, replace(end, head=head)) if chain else ([], cursor)

    def _at_end(self, log: bytes) -> Cursor:
        end = log.rfind(b"\n") + 1
        newest = [_real(entry.new) for entry in _parse(log[_line_start(log, end) : end])]
        return Cursor(end, _digest(log, end), newest[0] if newest else self._repo.head().oid)

    def _gap(self, old: str | None, new: str | None) -> list[LogEntry]:
        """What the log does not tell of the way from `old` to `new`."""
        if new is None or new == old:
            return []
        return self._chain(old, new) or [LogEntry(old or "0" * len(new), new, "", "", 0)]

    def _chain(self, old: str | None, new: str) -> list[LogEntry]:
        """The commits from `old` to `new`, if each is the first parent of the next one; else nothing."""
        try:
            oids = commits_between(self._repo, old, new, first_parent=True, most=_MOST)
        except CommandFailed:  # `old` has been pruned
            return []
        commits = commit_infos(self._repo, oids)
        if not commits or commits[0].parents[:1] != ((old,) if old else ()):
            return []
        if any(child.parents[:1] != (parent.oid,) for parent, child in pairwise(commits)):
            return []
        words = {0: "commit (initial)", 1: "commit"}
        return [
            LogEntry(
                commit.parents[0] if commit.parents else "0" * len(commit.oid),
                commit.oid,
                words.get(len(commit.parents), "commit (merge)"),
                commit.subject,
                commit.committer.time,
            )
            for commit in commits
        ]


def commits_between(
    repo: Repository, old: str | None, new: str, *, first_parent: bool = False, most: int | None = None
) -> list[str]:
    """The ids of the commits that `new` has and `old` has not, parents before children; the newest `most` of them.

    `old` None: all that `new` has. With `first_parent`, only the main line. Raises CommandFailed, and ValueError unless
    both are object ids.
    """
    options = ["--first-parent"] if first_parent else []
    if most is not None:
        options.append(f"--max-count={most:d}")
    revisions = [checked_oid(new), *(["^" + checked_oid(old)] if old else [])]
    said = repo.runner.run(["rev-list", "--topo-order", "--reverse", *options, *revisions, "--"])
    return said.decode().split()


def _resume(log: bytes, cursor: Cursor) -> int | None:
    """Where to read on: at the cursor's offset, or behind its line wherever that is now; None if it is gone."""
    if cursor.offset <= len(log) and _digest(log, cursor.offset) == cursor.anchor:
        return cursor.offset
    end = log.rfind(b"\n") + 1
    while end and _digest(log, end) != cursor.anchor:
        end = _line_start(log, end)
    return end or None


def _line_start(log: bytes, end: int) -> int:
    """Where the line begins that ends, with its line break, at `end`."""
    return log.rfind(b"\n", 0, end - 1) + 1 if end else 0


def _digest(log: bytes, end: int) -> str:
    """Of the line that ends at `end`."""
    return hashlib.sha256(log[_line_start(log, end) : end]).hexdigest()[:32]


def _parse(lines: bytes) -> Iterator[LogEntry]:
    for line in lines.split(b"\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        old, new, time, said = match.groups()
        operation, message = _split(said or b"")
        yield LogEntry(old.decode(), new.decode(), operation, message, int(time))


def _split(said: bytes) -> tuple[str, str]:
    operation, _, message = said.decode("utf-8", "replace").partition(": ")
    return operation.removesuffix(":"), message


def _real(oid: str) -> str | None:
    return None if is_null(oid) else oid
