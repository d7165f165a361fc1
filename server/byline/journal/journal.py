"""The journal of a repository: what was edited, by what evidence, and how it looked at times.

One database serves all worktrees and all windows. Appending never blocks; everything is written by one thread, in
groups. What is durable survives the end of the process; at a power failure the last moments may go, but for what was
appended with `append_full`.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from byline.journal import compaction, database, directory, locks
from byline.journal.backlog import NEVER, Backlog
from byline.journal.directory import Place
from byline.journal.errors import JournalError, NewerJournalError
from byline.journal.problems import Problems
from byline.journal.reading import Connections, Reader
from byline.journal.records import Row
from byline.journal.store import Store
from byline.journal.writer import Writer

_ROOM = 64 << 20  # bytes of rows that may wait while the disk does not take them
_KEEP_DAYS = 14
_MAX_BYTES = 256 << 20
_BASES = 1 << 20  # for each writer
_COUNTED = (
    "documents",
    "edits",
    "evidence",
    "splices",
    "snapshots",
    "prompts",
    "fragments",
    "declarations",
    "settled",
    "outbox",
)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How large the journal is: bytes on the disk, and rows by table."""

    bytes: int
    rows: dict[str, int]


class Journal(Reader):
    """One window's access to the journal; its questions are those of `Reader`."""

    def __init__(self, place: Place, problems: Problems, backlog: Backlog, store: Store | None) -> None:
        """Use `Journal.open`."""
        super().__init__(Connections(self._connect), self._suspect)
        self._place = place
        self._problems = problems
        self._backlog = backlog
        self._store = store
        self._ids = itertools.count(1)  # `next` on a counter is one step that no other thread can interrupt
        self._base_ids = itertools.count()
        self._watching = Lock()  # guards the two below
        self._watch: sqlite3.Connection | None = None
        self._watched = 0  # how many databases `changed` has watched
        self._renewals: list[Callable[[], None]] = []
        self._writer = Writer(store, backlog, problems, self._replaced) if store else None
        if self._writer:
            self._writer.start()

    @classmethod
    def open(
        cls,
        common_dir: Path,
        *,
        fallback: Path | None = None,
        clock: Callable[[], float] = time.time,
        read_only: bool = False,
        room: int = _ROOM,
    ) -> Self:
        """The journal of the repository with git's common directory `common_dir`, which must be there.

        `fallback`: the directory to use where that one cannot be written; by default one in $XDG_STATE_HOME/byline.
        `clock` gives Unix seconds. `room`: bytes of rows that may wait in memory. Made by a newer Byline, the journal
        is read-only, and `problems` says so. Raises JournalError where there is no place for it, or none that opens.
        """
        refuge = fallback or directory.default_fallback(common_dir)
        problems, backlog = Problems(), Backlog(room)
        if not read_only:
            try:
                store = Store(lambda: directory.find(common_dir, refuge, read_only=False), problems, clock)
                return cls(store.place, problems, backlog, store)
            except NewerJournalError as error:
                problems.say("newer", str(error))
        return cls(directory.find(common_dir, refuge, read_only=True), problems, backlog, None)

    @property
    def location(self) -> Path:
        """The directory that the journal is in."""
        return (self._store.place if self._store else self._place).directory

    @property
    def read_only(self) -> bool:
        """Whether nothing can be appended."""
        return self._writer is None

    @property
    def problems(self) -> tuple[str, ...]:
        """What a person should know, a sentence each; empty while all is well."""
        lost = self._backlog.refused
        extra = (f"{lost} changes were not recorded: {self._why_refused()}.",) if lost else ()
        return self._problems.sentences + extra

    @property
    def writer(self) -> int:
        """This window's number in the journal (1 … 2^20 - 1), 0 if it is read-only."""
        return self._store.number if self._store else 0

    def new_id(self) -> int:
        """An id that no other writer gives: 20 bits of writer and 32 of a counter. Any thread, no I/O."""
        return self.writer << 32 | next(self._ids)

    def new_base(self) -> int:
        """A number for a base that no other writer gives, below 2^40. Any thread, no I/O.

        Raises JournalError after a million of them.
        """
        number = next(self._base_ids)
        if number >= _BASES:
            raise JournalError("This session has looked at too many files; restart the language server.")
        return self.writer * _BASES + number

    # Appending

    def append(self, *rows: Row) -> int:
        """Queue `rows`, which are committed together and in this order. Any thread; never waits, never raises.

        Returns their ticket: they are durable as soon as `durable` has reached it. Rows that are not taken (read-only,
        closed, or no room while the disk does not answer) get a ticket that is never reached.
        """
        return self._backlog.append(rows) if self._writer else self._refused()

    def append_full(self, *rows: Row, timeout: float | None = 30.0) -> int:
        """Append `rows` and wait until they are on the disk itself, power failures included.

        Raises JournalError if they were not taken, or not written within `timeout` seconds (they stay queued then).
        """
        ticket = self._backlog.append(rows, full=True) if self._writer else self._refused()
        if ticket == NEVER:
            raise JournalError("The journal takes no records. " + " ".join(self.problems))
        if not self._backlog.wait(ticket, timeout):
            raise JournalError("The journal could not be written in time. " + " ".join(self.problems))
        return ticket

    @property
    def durable(self) -> int:
        """The newest ticket that is committed; all before it are too."""
        return self._backlog.durable

    def subscribe(self, callback: Callable[[int], None]) -> None:
        """Call `callback` with `durable` after each commit, from the writer's thread: it must not wait for anything."""
        if self._writer:
            self._writer.subscribe(callback)

    def on_renewed(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the journal was lost and an empty one begun, from the writer's thread."""
        self._renewals.append(callback)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was appended so far is durable; whether it is, after `timeout` seconds at most."""
        return self._backlog.wait(None, timeout) if self._writer else not self._backlog.refused

    def close(self, timeout: float = 10.0) -> None:
        """Write what waits, for about `timeout` seconds at most, and let go of the database. May be called again."""
        deadline = time.monotonic() + timeout
        self.flush(timeout)
        self._connections.close()  # the writer's connection is to be the last: it clears up behind itself
        self._move()
        if self._writer:
            self._writer.close(max(0.0, deadline - time.monotonic()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # The journal as a whole

    @contextlib.contextmanager
    def lease(self, timeout: float = 30.0) -> Iterator[None]:
        """Settle, deliver and share alone: only one thread of all windows gets past this at a time.

        Not to be nested. Raises JournalError if the one before does not finish within `timeout` seconds.
        """
        if self.read_only:
            raise JournalError("The journal is read-only: nothing can be settled here.")
        with locks.leased(self.location / "settle.lock", timeout):
            yield

    def changed(self) -> int:
        """A number that differs from the last one if any process committed something since. Takes microseconds."""
        with self._watching:
            try:
                if self._watch is None:
                    self._watch = self._connect()
                    self._watched += 1
                (version,) = self._watch.execute("PRAGMA data_version").fetchone()
                return self._watched << 32 | int(version)
            except sqlite3.Error as error:
                raise JournalError(f"The journal cannot be read ({error}).") from error

    def compact(self, now: float, keep_days: float = _KEEP_DAYS, max_bytes: int = _MAX_BYTES) -> None:
        """Forget what is old (see `compaction`); call it seldom, from a thread of its own. Raises JournalError."""
        if self._store is None:
            return
        self.flush(timeout=database.BUSY_TIMEOUT)
        try:
            with contextlib.closing(database.open_for_writing(self._store.place)) as connection:
                size = compaction.compact(connection, int(now), keep_days, max_bytes)
        except sqlite3.Error as error:
            self._suspect()
            raise JournalError(f"The journal could not be compacted ({error}).") from error
        if size > max_bytes:
            text = f"The journal takes {size >> 20} MB, with work that was never committed: commit it, or let it go."
            self._problems.say("size", text)
        else:
            self._problems.clear("size")

    def integrity(self) -> str | None:
        """What is wrong with the database, in SQLite's words; None where all is well. Reads all of it."""
        with self._asking() as connection:
            return database.damage(connection, thorough=True)

    def statistics(self) -> Statistics:
        """How large the journal is."""
        with self._asking() as connection:
            rows = {
                table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
                for table in _COUNTED
            }
        files = self.location.glob("journal.db*")
        return Statistics(sum(file.stat().st_size for file in files), rows)

    def _connect(self) -> sqlite3.Connection:
        return database.open_for_reading(self._store.place if self._store else self._place)

    def _suspect(self) -> None:
        if self._writer:
            self._writer.suspect()

    def _replaced(self) -> None:
        self._move()
        for callback in self._renewals:
            callback()

    def _move(self) -> None:
        """Another database has taken this one's place: let go of all connections to the old one."""
        self._connections.renew()
        with self._watching:
            if self._watch:
                self._watch.close()
            self._watch = None

    def _refused(self) -> int:
        self._backlog.refused += 1
        return NEVER

    def _why_refused(self) -> str:
        return "the journal is read-only" if self.read_only else "too many were waiting, or it was closed"
