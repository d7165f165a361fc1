"""The database as the one thread that writes it sees it: opened, checked, replaced when it is lost or damaged."""

from __future__ import annotations

import contextlib
import logging
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from byline.journal import database, directory, writing
from byline.journal.backlog import Entry
from byline.journal.database import Trouble
from byline.journal.directory import Place
from byline.journal.errors import DamagedJournalError, JournalError
from byline.journal.locks import held
from byline.journal.problems import Problems

log = logging.getLogger(__name__)

_WRITERS = 1 << 20
_FIRST_WRITERS = 1 << 19
_SOON_CHECKED = 8 << 20  # bytes: a database up to this size is checked while one waits
_TRIES = 3

Packed = Sequence[tuple[Entry, list[writing.Statement]]]
"""Entries with the statements that write them."""


class Store:
    """A connection that writes, and what it takes to keep having one."""

    def __init__(
        self,
        find: Callable[[], Place],
        problems: Problems,
        clock: Callable[[], float],
    ) -> None:
        """`find` says where the database is to be.

        Raises JournalError where no database can be opened, NewerJournalError for one that is only to be read.
        """
        self._find = find
        self._problems = problems
        self._clock = clock
        self._token: Final = secrets.token_hex(8)
        self.number = 0  # of this writer: 1 … 2^20 - 1, in this database nobody else's
        self.place: Place
        self.is_unchecked = False  # not closed in good order, and too large to be checked while one waits
        self._connection: sqlite3.Connection
        self._inode: int | None
        self._open(0)

    def write(self, batch: Packed, *, full: bool) -> None:
        """Commit `batch` in one transaction; `full`: onto the disk itself.

        Entries that an earlier try did commit, though it failed to say so, are left out. Raises one of
        `database.REFUSALS`; then nothing is committed.
        """
        connection = self._connection
        if not self.place.remote:
            connection.execute(f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}")
        with database.transaction(connection):
            (known,) = connection.execute("SELECT ticket FROM writers WHERE id = ?", (self.number,)).fetchone()
            news = [(entry.ticket, packed) for entry, packed in batch if entry.ticket > known]
            writing.execute(connection, (one for _, packed in news for one in packed), int(self._clock()))
            if news:
                connection.execute("UPDATE writers SET ticket = ? WHERE id = ?", (news[-1][0], self.number))

    def is_lost(self) -> bool:
        """Whether the file that is written to is no longer where others look for it."""
        return self._inode is None or directory.inode_of(self.place.database) != self._inode

    def reopen(self, durable: int) -> None:
        """Open what now is in this database's place, as the same writer; `durable` is its last committed ticket.

        Raises JournalError; then it counts as lost, and can be tried again.
        """
        self._inode = None
        self._connection.close()
        self._open(durable)

    def replace_if_damaged(self, durable: int) -> bool:
        """Set a damaged database aside and begin a new one; whether that was done.

        Raises JournalError, and sqlite3.Error where it cannot be checked now.
        """
        finding = database.damage(self._connection)
        if finding is None:
            return False
        self._set_aside(finding, self._inode)
        self.reopen(durable)
        return True

    def seems_damaged(self) -> bool:
        """Check the database over a connection of its own: from any thread, and as long as that takes."""
        try:
            with contextlib.closing(database.open_for_reading(self.place)) as connection:
                return database.damage(connection) is not None
        except sqlite3.Error as error:
            log.warning("the journal could not be checked: %s", error)
            return False

    def fold(self) -> None:
        """Fold the write-ahead log into the database if nobody is busy with it."""
        with contextlib.suppress(sqlite3.Error):  # the next commit meets the same trouble, and says so
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute(f"PRAGMA busy_timeout = {int(database.BUSY_TIMEOUT * 1000)}")

    def close(self) -> None:
        """Let go of the database, and of a number under which nothing was written."""
        with contextlib.suppress(sqlite3.Error):  # one number the less
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("DELETE FROM writers WHERE id = ? AND ticket = 0", (self.number,))
        self.fold()
        self._connection.close()

    def _open(self, durable: int) -> None:
        error: Exception | None = None
        for _ in range(_TRIES):
            self.place = self._find()
            for sentence in self.place.problems:
                self._problems.say(sentence, sentence)
            inode = directory.inode_of(self.place.database)
            try:
                self._connection = self._connect(durable)
                self._inode = inode
                return
            except (OSError, sqlite3.Error, DamagedJournalError) as caught:
                error = caught
                if isinstance(caught, DamagedJournalError) or database.trouble(caught) is Trouble.DAMAGE:
                    self._set_aside(str(caught), inode)
        raise JournalError(
            f"The journal {self.place.database} cannot be opened ({error}); nothing is recorded until it can."
        ) from error

    def _connect(self, durable: int) -> sqlite3.Connection:
        """A connection to the database as it is found, in which this writer has a number.

        Raises OSError, sqlite3.Error, NewerJournalError, DamagedJournalError.
        """
        left_open = database.was_left_open(self.place.database)
        with held(self.place.directory):
            connection = database.open_for_writing(self.place)
        try:
            if left_open:
                self._check(connection)
            self._enlist(connection, durable)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        """Check what the last process left open, unless that takes long. Raises DamagedJournalError, sqlite3.Error."""
        if self.place.database.stat().st_size > _SOON_CHECKED:
            self.is_unchecked = True
        elif finding := database.damage(connection):
            raise DamagedJournalError(finding)

    def _set_aside(self, finding: str, inode: int | None) -> None:
        """Rename the damaged database, if it still is the one with this inode. Raises JournalError."""
        if inode is None:
            return
        path = self.place.database
        try:
            aside = directory.set_database_aside(path, inode)
        except OSError as error:
            raise JournalError(f"The journal {path} is damaged ({finding}) and cannot be renamed: {error}.") from error
        if aside:
            sentence = (
                f"The journal was damaged ({finding}) and was set aside as {aside.name}; a new one begins. "
                "Lines that are not committed yet may show as unknown."
            )
            self._problems.say("damage", sentence)

    def _enlist(self, connection: sqlite3.Connection, durable: int) -> None:
        """Have a number in this database, the one held so far if nobody else has it."""
        with database.transaction(connection):
            known = dict(connection.execute("SELECT id, token FROM writers WHERE id = ?", (self.number,)).fetchall())
            if known.get(self.number) == self._token:
                return
            if self.number in known or not self.number:
                self.number = self._free_number(connection)
            connection.execute(
                "INSERT INTO writers (id, token, opened, ticket) VALUES (?, ?, ?, ?)",
                (self.number, self._token, int(self._clock()), durable),
            )

    @staticmethod
    def _free_number(connection: sqlite3.Connection) -> int:
        """The number after the newest writer's.

        A new database begins anywhere: windows that still hold spans from the one before keep numbers of their own.
        """
        (newest,) = connection.execute("SELECT max(id) FROM writers").fetchone()
        number = int(newest) + 1 if newest else 1 + secrets.randbelow(_FIRST_WRITERS)
        if number >= _WRITERS:
            raise JournalError("The journal has had a million writers; rename its directory, and a new one begins.")
        return number
