"""Databases that are another program's: read, never written, never waited for, never checkpointed.

The only module of the readers that knows SQLite.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from byline.agents.record import AgentEdit
from byline.agents.tail import MAX_DOCUMENT, Budget, read_document

_PATIENCE = 1.0  # seconds that a query may take, and that is waited for a writer
_STEPS = 20_000  # of SQLite's machine, between two looks at the clock

Row = tuple[object, ...]


class UnreadableError(Exception):
    """The database cannot be read now; another time it may."""


class Database:
    """One other program's database, open for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows that `query` gives. Raises UnreadableError where it fails or takes too long."""
        until = time.monotonic() + _PATIENCE
        self._connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            return self._connection.execute(query, tuple(values)).fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            raise UnreadableError(str(error)) from error

    def tables(self) -> dict[str, set[str]]:
        """The names of the tables, with those of their columns."""
        query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        tables: dict[str, set[str]] = {}
        for table, column in self.rows(query):
            tables.setdefault(str(table), set()).add(str(column))
        return tables


@contextmanager
def opened(path: str) -> Iterator[Database]:
    """The database at `path`, for reading only. Raises UnreadableError where it cannot be opened."""
    try:
        connection = _connection(path)
    except (sqlite3.Error, OSError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    connection.text_factory = _text
    try:
        connection.execute("PRAGMA query_only = 1")
        yield Database(connection)
    except sqlite3.Error as error:
        raise UnreadableError(str(error)) from error
    finally:
        connection.close()


def _connection(path: str) -> sqlite3.Connection:
    """A connection that creates no file beside the database, as even a read-only one does that finds no shared memory.

    A database with a log is read together with its owner while that has it open, and from a copy in memory while
    nobody has. What a crash left behind is its owner's to recover: until then it raises OSError.
    """
    address = Path(path).absolute().as_uri()
    if not _has_log(path):
        return sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=_PATIENCE, isolation_level=None)
    if Path(f"{path}-shm").exists():
        options = "mode=ro&readonly_shm=1"
        return sqlite3.connect(f"{address}?{options}", uri=True, timeout=_PATIENCE, isolation_level=None)
    if (log := Path(f"{path}-wal")).exists() and log.stat().st_size:
        raise OSError("it was not closed properly; it is read when its program has opened it again")
    data = bytearray(read_document(path, Budget(MAX_DOCUMENT, time.monotonic() + _PATIENCE)))
    data[18:20] = b"\1\1"  # as without a log, which memory cannot have
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(bytes(data))
    return connection


def _has_log(path: str) -> bool:
    """Whether the database keeps a write-ahead log (https://sqlite.org/fileformat.html, offset 18)."""
    with Path(path).open("rb") as file:
        return file.read(20)[18:] != b"\1\1"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


class DatabaseConversation:
    """What one database has said so far: a part of it at each turn, so that none takes long."""

    def __init__(self) -> None:
        self.cwd: str | None = None
        self.behind = False
        """Whether there was more than one turn's worth."""

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The next edits in the database at the path `piece`. Raises OSError where it cannot be read now."""
        try:
            with opened(os.fsdecode(piece)) as database:
                edits = list(self.read(database))
        except UnreadableError as error:
            raise OSError(f"the database cannot be read: {error}") from error
        return iter(edits)

    def read(self, database: Database) -> Iterator[AgentEdit]:
        """The next edits in `database`."""
        raise NotImplementedError
