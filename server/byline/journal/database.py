"""Connections to the journal's database, set up alike everywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from byline.journal import schema
from byline.journal.directory import Place
from byline.journal.errors import JournalError

BUSY_TIMEOUT = 5.0  # seconds that SQLite itself waits for a lock
RETRY = 0.05  # seconds before asking again
REFUSALS = (sqlite3.Error, OverflowError, UnicodeError)  # all that executing a statement may raise
_CHECKPOINT_PAGES = 1000
_LOG_LIMIT = 16 << 20  # bytes that a write-ahead log keeps after a checkpoint

_MEMORY = "file::memory:"


class Trouble(Enum):
    """What an sqlite3.Error means for the one who wants to write."""

    BUSY = auto()  # another process is writing: wait
    STORAGE = auto()  # the disk is full or does not answer, or anything else: keep the rows, try again
    DAMAGE = auto()  # the database is not what was written
    FAULT = auto()  # the row itself is refused


_TROUBLE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGE,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGE,
    sqlite3.SQLITE_CONSTRAINT: Trouble.FAULT,
    sqlite3.SQLITE_MISMATCH: Trouble.FAULT,
    sqlite3.SQLITE_TOOBIG: Trouble.FAULT,
}


def trouble(error: Exception) -> Trouble:
    """What sort of trouble `error`, raised by a statement, is. What was refused before SQLite saw it is a FAULT."""
    if isinstance(error, (JournalError, OSError)):
        return Trouble.STORAGE
    code = getattr(error, "sqlite_errorcode", None)
    return Trouble.FAULT if code is None else _TROUBLE.get(code & 0xFF, Trouble.STORAGE)


def open_for_writing(place: Place) -> sqlite3.Connection:
    """A connection that may write, with the tables as they are to be.

    The caller holds the place's directory, so that no two processes set up a database at once. Raises sqlite3.Error,
    and what `schema.migrate` raises (then nothing was changed).
    """
    connection = _connect(f"{place.database.as_uri()}?mode=rw")
    try:
        if schema.check_version(connection) == 0:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        if place.remote:
            connection.execute("PRAGMA journal_mode = DELETE")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT}")
        connection.execute(f"PRAGMA synchronous = {'FULL' if place.remote else 'NORMAL'}")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten does not stay on free pages
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(place: Place) -> sqlite3.Connection:
    """A connection that cannot write; to an empty journal where there is none, to a copy of one that is outdated.

    Raises sqlite3.Error.
    """
    if not place.exists:
        connection = _connect(_MEMORY)
        schema.migrate(connection)
        return connection
    connection = _connect(f"{place.database.as_uri()}?mode=ro")
    return _migrated_copy(connection) if schema.is_outdated(connection) else connection


def _migrated_copy(outdated: sqlite3.Connection) -> sqlite3.Connection:
    connection = _connect(_MEMORY)
    outdated.backup(connection)
    outdated.close()
    schema.migrate(connection)
    return connection


def _connect(uri: str) -> sqlite3.Connection:
    # Connections are handed from thread to thread, but never used by two at once.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Takes the write lock at the start: a lock that is asked for later is refused without waiting."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def was_left_open(database: Path) -> bool:
    """Whether the last process to use `database` did not close it (or another one is using it now).

    A clean end empties the log beside the database, whichever of the two kinds it is.
    """
    for suffix in ("-wal", "-journal"):
        log = database.with_name(database.name + suffix)
        try:
            if log.stat().st_size:
                return True
        except FileNotFoundError:
            continue
    return False


def damage(connection: sqlite3.Connection, *, thorough: bool = False) -> str | None:
    """What is wrong with the database, in SQLite's words; None where all is well. Raises sqlite3.Error if busy."""
    check = "integrity_check" if thorough else "quick_check"
    try:
        findings = [str(row[0]) for row in connection.execute(f"PRAGMA {check}(10)")]
    except sqlite3.DatabaseError as error:
        if trouble(error) is Trouble.DAMAGE:
            return str(error)
        raise
    return None if findings == ["ok"] else "; ".join(findings)
