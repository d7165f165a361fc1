"""Records as SQL statements: what each kind of row writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from byline.journal import codec
from byline.journal.records import (
    Base,
    Closed,
    CursorRow,
    Declaration,
    Delivered,
    Document,
    Edit,
    EvidenceOf,
    Fragment,
    Gap,
    OutboxNote,
    Prompt,
    Row,
    Settled,
    Snapshot,
    Spent,
    Splice,
)

Statement = tuple[str, dict[str, Any]]
"""SQL and its named parameters; `:sequence` and `:now` are filled in when it is executed."""


def statements(row: Row) -> list[Statement]:
    """What writes `row`. Packing large texts takes time: done before the transaction, it holds up nobody else."""
    return _WRITERS[type(row)](row)


def execute(connection: sqlite3.Connection, batch: Iterable[Statement], now: int) -> None:
    """Execute `batch` in the transaction that `connection` is in; each statement takes the next sequence number."""
    sequence = next_sequence(connection)
    for sql, values in batch:
        connection.execute(sql, values | {"sequence": sequence, "now": now})
        sequence += 1
    connection.execute("UPDATE sequence SET next = ?", (sequence,))


def next_sequence(connection: sqlite3.Connection) -> int:
    """The sequence number that the next row will have."""
    return int(connection.execute("SELECT next FROM sequence").fetchone()[0])


def size(row: Row) -> int:
    """About how many bytes `row` takes in memory."""
    return 300 + sum(len(text) for text in (getattr(row, name, None) for name in ("text", "new", "payload")) if text)


def _document(row: Document) -> list[Statement]:
    return [
        (
            """INSERT INTO documents (id, sequence, worktree, path, opened)
            VALUES (:id, :sequence, :worktree, :path, :opened) ON CONFLICT (id) DO NOTHING""",
            {"id": row.id, "opened": row.opened, **_place(row)},
        )
    ]


def _closed(row: Closed) -> list[Statement]:
    return [("UPDATE documents SET closed = 1 WHERE id = :document", {"document": row.document})]


def _base(row: Base) -> list[Statement]:
    return [
        (
            "INSERT OR REPLACE INTO bases (id, commit_id, path, blob_id) VALUES (:id, :commit, :path, :blob)",
            {"id": row.id, "commit": row.commit, "path": codec.pack_name(row.path), "blob": row.blob},
        )
    ]


def _edit(row: Edit) -> list[Statement]:
    return [
        (
            """INSERT OR REPLACE INTO edits (id, document, version, channel, time)
            VALUES (:id, :document, :version, :channel, :time)""",
            {
                "id": row.id,
                "document": row.document,
                "version": row.version,
                "channel": _word(row.channel),
                "time": row.time,
            },
        )
    ]


def _evidence(row: EvidenceOf) -> list[Statement]:
    return [
        (
            "INSERT INTO evidence (sequence, edit, evidence) VALUES (:sequence, :edit, :evidence)",
            {"edit": row.edit, "evidence": codec.pack_evidence(row.evidence)},
        )
    ]


def _splice(row: Splice) -> list[Statement]:
    return [
        (
            """INSERT INTO splices
            (sequence, document, version, start_line, start_column, end_line, end_column, text, spans)
            VALUES
            (:sequence, :document, :version, :start_line, :start_column, :end_line, :end_column, :text, :spans)""",
            {
                "document": row.document,
                "version": row.version,
                "start_line": row.start[0],
                "start_column": row.start[1],
                "end_line": row.end[0],
                "end_column": row.end[1],
                "text": codec.pack_text(row.text),
                "spans": codec.pack_spans(row.spans),
            },
        )
    ]


def _snapshot(row: Snapshot) -> list[Statement]:
    return [
        (
            """INSERT INTO snapshots
            (sequence, id, worktree, path, document, version, digest, text, marks, reason, time)
            VALUES (:sequence, :id, :worktree, :path, :document, :version, :digest, :text, :marks, :reason, :time)""",
            {
                "id": row.id,
                "document": row.document,
                "version": row.version,
                "digest": row.digest,
                "text": codec.pack_text(row.text),
                "marks": codec.pack_marks(row.marks),
                "reason": row.reason,
                "time": row.time,
                **_place(row),
            },
        )
    ]


def _prompt(row: Prompt) -> list[Statement]:
    return [
        (
            """INSERT OR REPLACE INTO prompts (key, text, tool, session, time)
            VALUES (:key, :text, :tool, :session, :time)""",
            {
                "key": _word(row.key),
                "text": codec.pack_text(row.text),
                "tool": _word(row.tool),
                "session": _word(row.session),
                "time": row.time,
            },
        )
    ]


def _fragment(row: Fragment) -> list[Statement]:
    return [
        (
            """INSERT INTO fragments (sequence, digest, text, spans, worktree, path, time)
            VALUES (:sequence, :digest, :text, :spans, :worktree, :path, :time)""",
            {
                "digest": row.digest,
                "text": codec.pack_text(row.text),
                "spans": codec.pack_spans(row.spans),
                "time": row.time,
                **_place(row),
            },
        )
    ]


def _declaration(row: Declaration) -> list[Statement]:
    return [
        (
            """INSERT OR IGNORE INTO declarations (sequence, id, worktree, path, old, new, evidence, time, spent)
            VALUES (:sequence, :id, :worktree, :path, :old, :new, :evidence, :time, :spent)""",
            {
                "id": row.id,
                "old": None if row.old is None else codec.pack_text(row.old),
                "new": codec.pack_text(row.new),
                "evidence": codec.pack_evidence(row.evidence),
                "time": row.time,
                "spent": int(row.spent),
                **_place(row),
            },
        )
    ]


def _spent(row: Spent) -> list[Statement]:
    return [("UPDATE declarations SET spent = 1 WHERE id = :id", {"id": row.declaration})]


def _settled(row: Settled) -> list[Statement]:
    return [
        (
            """INSERT OR REPLACE INTO settled (commit_id, sequence, worktree, mark, time, amended)
            VALUES (:commit, :sequence, :worktree, :mark, :now, :amended)""",
            {
                "commit": row.commit,
                "worktree": codec.pack_name(row.worktree),
                "mark": row.mark,
                "amended": row.amended,
            },
        ),
        ("DELETE FROM settled_edits WHERE commit_id = :commit", {"commit": row.commit}),
        (
            "INSERT OR IGNORE INTO settled_edits (edit, commit_id) SELECT value, :commit FROM json_each(:edits)",
            {"commit": row.commit, "edits": json.dumps(row.edits)},
        ),
    ]


def _cursor(row: CursorRow) -> list[Statement]:
    return [
        (
            """INSERT OR REPLACE INTO cursors (worktree, offset, anchor, head)
            VALUES (:worktree, :offset, :anchor, :head)""",
            {
                "worktree": codec.pack_name(row.worktree),
                "offset": row.offset,
                "anchor": row.anchor,
                "head": row.head,
            },
        )
    ]


def _outbox_note(row: OutboxNote) -> list[Statement]:
    return [
        (
            """INSERT OR REPLACE INTO outbox (ref, commit_id, sequence, payload, state, time)
            VALUES (:ref, :commit, :sequence, :payload, 'pending', :now)""",
            {"ref": row.ref, "commit": row.commit, "payload": row.payload},
        )
    ]


def _delivered(row: Delivered) -> list[Statement]:
    note = row.note
    return [
        (
            """UPDATE outbox SET state = 'done', time = :now
            WHERE ref = :ref AND commit_id = :commit AND payload IS :payload""",
            {"ref": note.ref, "commit": note.commit, "payload": note.payload},
        )
    ]


def _gap(row: Gap) -> list[Statement]:
    return [("INSERT INTO gaps (sequence, document) VALUES (:sequence, :document)", {"document": row.document})]


def _place(row: Document | Snapshot | Fragment | Declaration) -> dict[str, bytes]:
    return {"worktree": codec.pack_name(row.worktree), "path": codec.pack_name(row.path)}


def _word(word: str | None) -> str | None:
    """`word` as SQLite can store it: half a surrogate pair, which no tool's name has, becomes a replacement mark."""
    return word and word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_WRITERS: Mapping[type, Callable[[Any], list[Statement]]] = {
    Document: _document,
    Closed: _closed,
    Base: _base,
    Edit: _edit,
    EvidenceOf: _evidence,
    Splice: _splice,
    Snapshot: _snapshot,
    Prompt: _prompt,
    Fragment: _fragment,
    Declaration: _declaration,
    Spent: _spent,
    Settled: _settled,
    CursorRow: _cursor,
    OutboxNote: _outbox_note,
    Delivered: _delivered,
    Gap: _gap,
}
