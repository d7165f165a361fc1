"""Questions to the journal. Every answer is what all writers had committed when it was asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from byline.journal import codec, database
from byline.journal.database import Trouble
from byline.journal.errors import DamagedJournalError, JournalError
from byline.journal.records import (
    Base,
    CursorRow,
    Declaration,
    Document,
    Edit,
    Fragment,
    OutboxNote,
    Prompt,
    Settled,
    Snapshot,
    SnapshotInfo,
    Splice,
)
from byline.provenance.origin import Evidence


class Connections:
    """Connections for reading: each question borrows one, so that threads do not wait for each other."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """`connect` opens one more, or raises sqlite3.Error."""
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._generation = 0
        self._closed = False

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection for the one thread that asked."""
        if self._closed:
            raise JournalError("The journal is closed.")
        with self._lock:
            generation = self._generation
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            yield connection
        finally:
            with self._lock:
                stale = generation != self._generation
                if not stale:
                    self._idle.append(connection)
            if stale:
                connection.close()

    def close(self) -> None:
        """Close what is idle; from now on, nothing can be asked any more."""
        self._closed = True
        self.renew()

    def renew(self) -> None:
        """Use new connections from now on; those that are out are closed when they come back."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._generation += 1
        for connection in idle:
            connection.close()


class Reader:
    """The questions.

    All raise JournalError where the database does not answer, and DamagedJournalError for an answer that is damaged.
    """

    def __init__(self, connections: Connections, on_trouble: Callable[[], None]) -> None:
        """`on_trouble` is called, from the asking thread, when the database may be damaged or gone."""
        self._connections = connections
        self._on_trouble = on_trouble

    def documents(self, worktree: str, path: str, limit: int = 50) -> list[Document]:
        """The documents of a file, the one that was opened last first."""
        sql = "SELECT id, opened FROM documents WHERE worktree = ? AND path = ? ORDER BY sequence DESC LIMIT ?"
        rows = self._all(sql, codec.pack_name(worktree), codec.pack_name(path), limit)
        return [Document(id, worktree, path, opened) for id, opened in rows]

    def is_closed(self, document: int) -> bool:
        """Whether the document with this id was closed in good order; False for one that is not known."""
        return self._one("SELECT closed FROM documents WHERE id = ?", document) == (1,)

    def snapshots(self, worktree: str, path: str, limit: int = 50) -> list[SnapshotInfo]:
        """The snapshots of a file, newest first."""
        sql = """SELECT id, document, version, digest, reason, time, sequence FROM snapshots
            WHERE worktree = ? AND path = ? ORDER BY sequence DESC LIMIT ?"""
        return [SnapshotInfo(*r) for r in self._all(sql, codec.pack_name(worktree), codec.pack_name(path), limit)]

    def paths(self, worktree: str, limit: int = 200) -> list[str]:
        """The files of a worktree of which there are snapshots, the one with the newest first."""
        sql = "SELECT path FROM snapshots WHERE worktree = ? GROUP BY path ORDER BY max(sequence) DESC LIMIT ?"
        return [codec.unpack_name(path) for (path,) in self._all(sql, codec.pack_name(worktree), limit)]

    def find_snapshot(self, worktree: str, digest: str, path: str | None = None) -> SnapshotInfo | None:
        """The newest snapshot whose text has this digest, of `path` or, where that is None, of any file."""
        sql = """SELECT id, document, version, digest, reason, time, sequence FROM snapshots
            WHERE worktree = ? AND digest = ? AND (?3 IS NULL OR path = ?3) ORDER BY sequence DESC LIMIT 1"""
        wanted = None if path is None else codec.pack_name(path)
        row = self._one(sql, codec.pack_name(worktree), digest, wanted)
        return SnapshotInfo(*row) if row else None

    def snapshot(self, id: int) -> Snapshot:
        """The snapshot with this id. Raises KeyError if there is none (any more)."""
        sql = """SELECT id, worktree, path, document, version, digest, text, marks, reason, time
            FROM snapshots WHERE id = ?"""
        row = self._one(sql, id)
        if row is None:
            raise KeyError(id)
        _, worktree, path, document, version, digest, text, marks, reason, time = row
        return Snapshot(
            id,
            codec.unpack_name(worktree),
            codec.unpack_name(path),
            document,
            version,
            digest,
            codec.unpack_text(text),
            codec.unpack_marks(marks),
            reason,
            time,
        )

    def splices(self, document: int, after: int = 0) -> list[Splice]:
        """The splices of a document after the sequence number of one of its snapshots, in order.

        They end where splices were lost: nothing after a gap says anything about a text from before it.
        """
        sql = """SELECT document, version, start_line, start_column, end_line, end_column, text, spans FROM splices
            WHERE document = ?1 AND sequence > ?2 AND sequence < coalesce(
                (SELECT min(sequence) FROM gaps WHERE document = ?1 AND sequence > ?2), 9223372036854775807)
            ORDER BY sequence"""
        rows = self._all(sql, document, after)
        return [
            Splice(r[0], r[1], (r[2], r[3]), (r[4], r[5]), codec.unpack_text(r[6]), codec.unpack_spans(r[7]))
            for r in rows
        ]

    def edits(self, ids: Iterable[int]) -> dict[int, Edit]:
        """The edits with these ids, as far as they are known."""
        sql = "SELECT id, document, version, channel, time FROM edits WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: Edit(*row) for row in self._all(sql, _list(ids))}

    def evidence(self, ids: Iterable[int]) -> dict[int, list[Evidence]]:
        """The evidence on each of these edits, oldest first; an edit without any is left out."""
        sql = "SELECT edit, evidence FROM evidence WHERE edit IN (SELECT value FROM json_each(?)) ORDER BY sequence"
        found: dict[int, list[Evidence]] = {}
        rows = self._all(sql, _list(ids))
        known: dict[str, Evidence] = {}
        for edit, packed in rows:
            if packed not in known:
                known[packed] = codec.unpack_evidence(packed)
            found.setdefault(edit, []).append(known[packed])
        return found

    def high_water(self, ids: Iterable[int]) -> int:
        """The sequence number of the newest evidence on these edits, 0 if there is none: it grows when more arrives."""
        sql = "SELECT max(sequence) FROM evidence WHERE edit IN (SELECT value FROM json_each(?))"
        row = self._one(sql, _list(ids))
        return int(row[0] or 0) if row else 0

    def bases(self, ids: Iterable[int]) -> dict[int, Base]:
        """The bases with these ids, as far as they are known."""
        return {row.id: row for row in self._bases("id IN (SELECT value FROM json_each(?))", _list(ids))}

    def find_base(self, commit: str | None, path: str) -> Base | None:
        """The base that stands for `path` in `commit`, the oldest if there are several."""
        return next(self._bases("commit_id IS ? AND path = ? ORDER BY id", commit, codec.pack_name(path)), None)

    def prompt(self, key: str) -> Prompt | None:
        """The prompt under `key`."""
        return self.prompts([key]).get(key)

    def prompts(self, keys: Iterable[str]) -> dict[str, Prompt]:
        """The prompts under these keys, as far as they are known."""
        sql = "SELECT key, text, tool, session, time FROM prompts WHERE key IN (SELECT value FROM json_each(?))"
        rows = self._all(sql, _list(keys))
        return {r[0]: Prompt(r[0], codec.unpack_text(r[1]), *r[2:]) for r in rows}

    def fragments(self, worktree: str, limit: int = 1000) -> list[Fragment]:
        """The remembered deleted texts of a worktree, newest first."""
        sql = """SELECT digest, text, spans, path, time FROM fragments WHERE worktree = ?
            ORDER BY sequence DESC LIMIT ?"""
        rows = self._all(sql, codec.pack_name(worktree), limit)
        return [
            Fragment(r[0], codec.unpack_text(r[1]), codec.unpack_spans(r[2]), worktree, codec.unpack_name(r[3]), r[4])
            for r in rows
        ]

    def declarations(self, worktree: str, path: str, since: int = 0) -> list[Declaration]:
        """What was declared of a file at or after the time `since`, oldest first."""
        sql = """SELECT id, old, new, evidence, time, spent FROM declarations
            WHERE worktree = ? AND path = ? AND time >= ? ORDER BY sequence"""
        rows = self._all(sql, codec.pack_name(worktree), codec.pack_name(path), since)
        return [
            Declaration(
                id,
                worktree,
                path,
                None if old is None else codec.unpack_text(old),
                codec.unpack_text(new),
                codec.unpack_evidence(evidence),
                time,
                bool(spent),
            )
            for id, old, new, evidence, time, spent in rows
        ]

    def declared_after(self, worktree: str, mark: int) -> set[str]:
        """The files of which something was declared after the sequence number `mark`."""
        sql = "SELECT DISTINCT path FROM declarations WHERE worktree = ? AND sequence > ?"
        return {codec.unpack_name(path) for (path,) in self._all(sql, codec.pack_name(worktree), mark)}

    def newest_declaration(self, worktree: str, path: str) -> int:
        """The place of a file's newest declaration in the order of everything that was committed; 0 for none."""
        sql = "SELECT coalesce(max(sequence), 0) FROM declarations WHERE worktree = ? AND path = ?"
        return int(self._all(sql, codec.pack_name(worktree), codec.pack_name(path))[0][0])

    def settled(self, commit: str) -> Settled | None:
        """What was settled for `commit`; its edits come back in ascending order, each once."""
        return next(iter(self._settled("WHERE commit_id = ?", commit)), None)

    def recently_settled(self, limit: int = 100) -> list[Settled]:
        """The commits that were settled last, newest first."""
        return self._settled("ORDER BY sequence DESC LIMIT ?", limit)

    def sequence(self) -> int:
        """The newest place in the order of everything that was committed."""
        row = self._one("SELECT next - 1 FROM sequence")
        return int(row[0]) if row else 0

    def commit_of(self, ids: Iterable[int]) -> dict[int, str]:
        """For each of these edits that was settled, the commit that was settled last with it."""
        sql = """SELECT edit, commit_id FROM settled_edits JOIN settled USING (commit_id)
            WHERE edit IN (SELECT value FROM json_each(?)) ORDER BY sequence"""
        return dict(self._all(sql, _list(ids)))

    def cursor(self, worktree: str) -> CursorRow | None:
        """How far the worktree's HEAD log was read."""
        row = self._one("SELECT offset, anchor, head FROM cursors WHERE worktree = ?", codec.pack_name(worktree))
        return CursorRow(worktree, *row) if row else None

    def outbox(self) -> list[OutboxNote]:
        """The notes that are not yet delivered, oldest first."""
        sql = "SELECT ref, commit_id, payload FROM outbox WHERE state = 'pending' ORDER BY sequence"
        return [OutboxNote(*row) for row in self._all(sql)]

    def _bases(self, condition: str, *values: object) -> Iterator[Base]:
        sql = f"SELECT id, commit_id, path, blob_id FROM bases WHERE {condition}"  # noqa: S608 - ours
        for id, commit, path, blob in self._all(sql, *values):
            yield Base(id, commit, codec.unpack_name(path), blob)

    def _settled(self, condition: str, *values: object) -> list[Settled]:
        sql = f"""SELECT commit_id, worktree, mark, amended,
            (SELECT json_group_array(edit) FROM settled_edits WHERE settled_edits.commit_id = settled.commit_id)
            FROM settled {condition}"""  # noqa: S608 - the conditions are written above
        rows = self._all(sql, *values)
        return [Settled(r[0], codec.unpack_name(r[1]), tuple(sorted(json.loads(r[4]))), r[2], r[3]) for r in rows]

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(sql, *values)), None)

    def _all(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with self._asking() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """A connection to ask, with SQLite's errors in our words."""
        try:
            with self._connections.borrowed() as connection:
                yield connection
        except sqlite3.Error as error:
            kind = database.trouble(error)
            if kind is not Trouble.BUSY:
                self._on_trouble()
            if kind is Trouble.DAMAGE:
                raise DamagedJournalError(f"The journal is damaged ({error}); a new one is begun.") from error
            raise JournalError(f"The journal cannot be read ({error}); `byline doctor` shows its state.") from error


def _list(values: Iterable[int] | Iterable[str]) -> str:
    return json.dumps(list(values))
