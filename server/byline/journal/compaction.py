"""What the journal forgets, and what it never does.

Keystrokes are kept until the commit that took them up has been settled for a number of days. Older than that:

1. A snapshot goes, unless it is the newest of its file, is the last word on edits that are not settled for good (it
   holds more of one of them than any newer snapshot that stays), or is followed by splices with such edits.
2. Splices go that no snapshot is left to replay from.
3. Edits go, with their evidence, to which no snapshot, splice or remembered deletion points any more.
4. Remembered deletions, declarations and delivered notes go.

Settled commits, cursors, pending notes and prompts stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from byline.journal import codec, database, writing
from byline.provenance.span import Marks, Span

_SLICE = 200  # rows that one transaction deletes: other writers get their turn in between
_PAGES = 500  # that one transaction gives back
_DAY = 86_400  # seconds


def compact(connection: sqlite3.Connection, now: int, keep_days: float, max_bytes: int) -> int:
    """Forget what is old at the time `now`; if `max_bytes` are still exceeded, what is younger too, down to nothing.

    Returns the size in bytes that is left. Edits that are not settled keep their spans whatever the size. Raises
    sqlite3.Error, and DamagedJournalError for rows that cannot be read.
    """
    while True:
        _Compaction(connection, now - int(keep_days * _DAY)).run()
        _give_back(connection)
        size = _size(connection)
        if size <= max_bytes or keep_days <= 0:
            return size
        keep_days = keep_days / 2 if keep_days > 1 else 0


class _Compaction:
    """One pass over the journal, for rows older than `cutoff` (Unix seconds)."""

    def __init__(self, connection: sqlite3.Connection, cutoff: int) -> None:
        self._connection = connection
        self._cutoff = cutoff
        sql = "SELECT edit FROM settled_edits JOIN settled USING (commit_id) GROUP BY edit HAVING max(time) <= ?"
        self._settled = {edit for (edit,) in connection.execute(sql, (cutoff,))}

    def run(self) -> None:
        self._delete("snapshots", "sequence", self._superfluous_snapshots())
        self._delete("splices", "sequence", self._unreachable_splices())
        for table in ("fragments", "declarations"):
            self._delete(table, "sequence", self._keys(f"SELECT sequence FROM {table} WHERE time < ?", self._cutoff))  # noqa: S608
        done = "SELECT sequence FROM outbox WHERE state = 'done' AND time < ?"
        self._delete("outbox", "sequence", self._keys(done, self._cutoff))
        self._forget_edits()
        with database.transaction(self._connection):
            self._connection.execute(
                """DELETE FROM documents WHERE opened < ? AND NOT EXISTS
                (SELECT 1 FROM snapshots WHERE document = documents.id) AND NOT EXISTS
                (SELECT 1 FROM splices WHERE document = documents.id) AND NOT EXISTS
                (SELECT 1 FROM edits WHERE document = documents.id)""",
                (self._cutoff,),
            )
            self._connection.execute("DELETE FROM gaps WHERE document NOT IN (SELECT id FROM documents)")

    def _superfluous_snapshots(self) -> Iterator[int]:
        """Rule 1, by sequence."""
        files = self._connection.execute(
            "SELECT DISTINCT worktree, path FROM snapshots WHERE time < ?", (self._cutoff,)
        )
        for worktree, path in files.fetchall():
            most: Counter[int] = Counter()  # of each unsettled edit, the characters or lines that are kept elsewhere
            seen: set[int] = set()
            rows = self._connection.execute(
                """SELECT sequence, document, time, marks FROM snapshots
                WHERE worktree = ? AND path = ? ORDER BY sequence DESC""",
                (worktree, path),
            )
            for position, (sequence, document, time, marks) in enumerate(rows.fetchall()):
                held = self._unsettled(codec.unpack_marks(marks))
                is_last = document is not None and document not in seen
                seen.add(document)
                keeps = position == 0 or time >= self._cutoff or any(n > most[edit] for edit, n in held.items())
                if keeps or (is_last and self._goes_on(document, sequence)):
                    most |= held
                else:
                    yield sequence

    def _goes_on(self, document: int, after: int) -> bool:
        """Whether splices after this sequence number hold an edit that is not settled for good."""
        sql = "SELECT spans FROM splices WHERE document = ? AND sequence > ?"
        rows = self._connection.execute(sql, (document, after))
        return any(self._unsettled([codec.unpack_spans(spans)]) for (spans,) in rows.fetchall())

    def _unreachable_splices(self) -> Iterator[int]:
        """Rule 2, by sequence; a document without any snapshot may be one whose first is still on its way."""
        sql = """SELECT sequence FROM splices AS s WHERE sequence < coalesce(
                (SELECT min(sequence) FROM snapshots WHERE document = s.document),
                (SELECT 9223372036854775807 FROM documents WHERE id = s.document AND opened < ?), 0)"""
        return self._keys(sql, self._cutoff)

    def _forget_edits(self) -> None:
        """Rule 3. Rows that arrive meanwhile are looked at in the transaction that deletes."""
        seen = 0
        named: set[int] = set()
        old = list(self._keys("SELECT id FROM edits WHERE time < ?", self._cutoff))
        for start in range(0, len(old) + 1, _SLICE):
            newest = writing.next_sequence(self._connection)
            named.update(self._owners_from(seen))
            seen = newest
            with database.transaction(self._connection):
                named.update(self._owners_from(seen))
                gone = json.dumps([edit for edit in old[start : start + _SLICE] if edit not in named])
                for table, key in (("evidence", "edit"), ("settled_edits", "edit"), ("edits", "id")):
                    self._connection.execute(
                        f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",  # noqa: S608
                        (gone,),
                    )

    def _owners_from(self, sequence: int) -> Iterator[int]:
        """All owners in snapshots, splices and fragments with at least this sequence number."""
        for (marks,) in self._connection.execute("SELECT marks FROM snapshots WHERE sequence >= ?", (sequence,)):
            for owner, _ in _holdings(codec.unpack_marks(marks)):
                yield owner
        for table in ("splices", "fragments"):
            sql = f"SELECT spans FROM {table} WHERE sequence >= ?"  # noqa: S608
            for (spans,) in self._connection.execute(sql, (sequence,)):
                for owner, _ in _holdings([codec.unpack_spans(spans)]):
                    yield owner

    def _unsettled(self, marks: Iterable[Marks]) -> Counter[int]:
        """How much of each edit that is not settled for good `marks` hold."""
        held: Counter[int] = Counter()
        for owner, amount in _holdings(marks):
            if owner > 0 and owner not in self._settled:
                held[owner] += amount
        return held

    def _keys(self, sql: str, *values: object) -> Iterator[int]:
        return (key for (key,) in self._connection.execute(sql, values).fetchall())

    def _delete(self, table: str, key: str, keys: Iterable[int]) -> None:
        gone = list(keys)
        for start in range(0, len(gone), _SLICE):
            with database.transaction(self._connection):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",  # noqa: S608
                    (json.dumps(gone[start : start + _SLICE]),),
                )


def _holdings(marks: Iterable[Marks]) -> Iterator[tuple[int, int]]:
    """Every owner in `marks`, with how much it has there: a whole line counts 1000, a tombstone 1."""
    for mark in marks:
        if isinstance(mark, int):
            yield mark, 1000
        else:
            yield from _of_spans(mark)


def _of_spans(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    for span in spans:
        yield span.owner, span.length or 1
        if span.lost:
            yield span.lost, 1


def _give_back(connection: sqlite3.Connection) -> None:
    """Return free pages to the file system, some at a time."""
    free = _pragma(connection, "freelist_count")
    while free:
        # Frees one page each time it is stepped, and gives empty rows that only `executescript` steps through.
        connection.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
        before, free = free, _pragma(connection, "freelist_count")
        if free >= before:
            return


def _size(connection: sqlite3.Connection) -> int:
    """The bytes that the database takes, without those that are free to be used again."""
    used = _pragma(connection, "page_count") - _pragma(connection, "freelist_count")
    return used * _pragma(connection, "page_size")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
