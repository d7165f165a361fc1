"""A file of answers, shared by the windows and commands of one person: SQLite, readable by nobody else.

A cache must never be the reason why there is no answer: whatever is wrong with the file, it is logged once, and what
would have been in it is asked for again.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from byline.models.responses import ENTRIES, TTL

_log = logging.getLogger(__name__)

T = TypeVar("T")

_BUSY = 0.5  # seconds that a lock is waited for
_KEPT_DAYS = 62
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_until ON answers (until);
CREATE TABLE IF NOT EXISTS spending (day TEXT PRIMARY KEY, dollars REAL NOT NULL) WITHOUT ROWID;
"""


class ResponseFile:
    """A `ResponseStore` in a file. It is opened when it is first needed."""

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        """`path` is the file, in a directory that exists or can be made; `wall_clock` gives seconds since 1970."""
        self._path = path
        self._now = wall_clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._broken = False

    def get(self, key: str) -> str | None:
        """What was put under `key` at most an hour ago."""
        query = "SELECT value FROM answers WHERE key = ? AND until BETWEEN ? AND ?"
        now = self._now()  # an `until` too far away comes from a clock that was wrong
        row = self._do(lambda db: db.execute(query, (key, now, now + TTL)).fetchone(), None)
        return row[0] if row and isinstance(row[0], str) else None

    def put(self, key: str, value: str) -> None:
        """Keep `value` for an hour, and no more than the newest thousand."""

        def write(db: sqlite3.Connection) -> None:
            now = self._now()
            db.execute("DELETE FROM answers WHERE until < ?", (now,))
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, value, now + TTL))
            db.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY until DESC LIMIT -1 OFFSET ?)",
                (ENTRIES,),
            )

        self._do(write, None)

    def spend(self, day: str, dollars: float) -> None:
        """Add to what was spent on `day`; what is two months old is dropped."""

        def write(db: sqlite3.Connection) -> None:
            add = "ON CONFLICT (day) DO UPDATE SET dollars = dollars + excluded.dollars"
            db.execute(f"INSERT INTO spending VALUES (?, ?) {add}", (day, dollars))  # noqa: S608 - a constant
            db.execute(
                "DELETE FROM spending WHERE day NOT IN (SELECT day FROM spending ORDER BY day DESC LIMIT ?)",
                (_KEPT_DAYS,),
            )

        self._do(write, None)

    def spent(self, day: str) -> float:
        """What was spent on `day`, in US dollars."""
        row = self._do(lambda db: db.execute("SELECT dollars FROM spending WHERE day = ?", (day,)).fetchone(), None)
        return float(row[0]) if row else 0.0

    def forget(self) -> None:
        """Drop every answer. What was spent stays."""
        self._do(lambda db: db.execute("DELETE FROM answers") and None, None)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                with self._connection:
                    return work(self._connection)
            except (sqlite3.Error, OSError) as error:
                self._report(error)
                return otherwise

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            _log.warning("%s is damaged; it is set aside, and a new one is begun", self._path)
            self._path.replace(self._path.with_name(self._path.name + ".damaged"))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        os.close(os.open(self._path, flags, 0o600))
        connection = sqlite3.connect(self._path, timeout=_BUSY, check_same_thread=False)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA secure_delete = ON")  # what has expired does not stay on free pages
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _report(self, error: Exception) -> None:
        if not self._broken:
            _log.warning("%s cannot be used; answers are kept in memory only: %s", self._path, error)
        self._broken = True
