"""The tables, and how an older journal becomes a current one.

`sequence` columns hold the place of a row in one order that all writers share: it is the order of commits, since a
number is taken only inside a transaction that holds the write lock. Texts, paths and marks are bytes (see `codec`).
"""

from __future__ import annotations

import sqlite3

from byline.journal.errors import DamagedJournalError, NewerJournalError

APPLICATION_ID = 0x42794C6E  # "ByLn"

_FIRST = (
    "CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL) STRICT",
    "INSERT INTO sequence VALUES (1, 1)",
    # `ticket`: the last append of this writer that is committed, so that none is ever written twice.
    """CREATE TABLE writers (
        id INTEGER PRIMARY KEY, token TEXT NOT NULL, opened INTEGER NOT NULL, ticket INTEGER NOT NULL) STRICT""",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, worktree BLOB NOT NULL, path BLOB NOT NULL,
        opened INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX documents_of_path ON documents (worktree, path, sequence)",
    "CREATE TABLE bases (id INTEGER PRIMARY KEY, commit_id TEXT, path BLOB NOT NULL, blob_id TEXT) STRICT",
    "CREATE INDEX bases_of_commit ON bases (commit_id, path)",
    """CREATE TABLE edits (
        id INTEGER PRIMARY KEY, document INTEGER, version INTEGER, channel TEXT NOT NULL,
        time INTEGER NOT NULL) STRICT""",
    "CREATE TABLE evidence (sequence INTEGER PRIMARY KEY, edit INTEGER NOT NULL, evidence TEXT NOT NULL) STRICT",
    "CREATE INDEX evidence_of_edit ON evidence (edit, sequence)",
    """CREATE TABLE splices (
        sequence INTEGER PRIMARY KEY, document INTEGER NOT NULL, version INTEGER NOT NULL,
        start_line INTEGER NOT NULL, start_column INTEGER NOT NULL, end_line INTEGER NOT NULL,
        end_column INTEGER NOT NULL, text BLOB NOT NULL, spans BLOB NOT NULL) STRICT""",
    "CREATE INDEX splices_of_document ON splices (document, sequence)",
    "CREATE TABLE gaps (sequence INTEGER PRIMARY KEY, document INTEGER NOT NULL) STRICT",
    """CREATE TABLE snapshots (
        sequence INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, worktree BLOB NOT NULL, path BLOB NOT NULL,
        document INTEGER, version INTEGER, digest TEXT NOT NULL, text BLOB NOT NULL, marks BLOB NOT NULL,
        reason TEXT NOT NULL, time INTEGER NOT NULL) STRICT""",
    "CREATE INDEX snapshots_of_path ON snapshots (worktree, path, sequence)",
    "CREATE INDEX snapshots_of_digest ON snapshots (worktree, digest, sequence)",
    "CREATE INDEX snapshots_of_document ON snapshots (document, sequence)",
    """CREATE TABLE prompts (
        key TEXT PRIMARY KEY, text BLOB NOT NULL, tool TEXT, session TEXT, time INTEGER NOT NULL) STRICT""",
    """CREATE TABLE fragments (
        sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL, text BLOB NOT NULL, spans BLOB NOT NULL,
        worktree BLOB NOT NULL, path BLOB NOT NULL, time INTEGER NOT NULL) STRICT""",
    "CREATE INDEX fragments_of_worktree ON fragments (worktree, sequence)",
    """CREATE TABLE declarations (
        sequence INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, worktree BLOB NOT NULL, path BLOB NOT NULL,
        old BLOB, new BLOB NOT NULL, evidence TEXT NOT NULL, time INTEGER NOT NULL) STRICT""",
    "CREATE INDEX declarations_of_path ON declarations (worktree, path, time)",
    """CREATE TABLE settled (
        commit_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, worktree BLOB NOT NULL, mark INTEGER NOT NULL,
        time INTEGER NOT NULL) STRICT""",
    """CREATE TABLE settled_edits (
        edit INTEGER NOT NULL, commit_id TEXT NOT NULL, PRIMARY KEY (edit, commit_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX settled_edits_of_commit ON settled_edits (commit_id)",
    """CREATE TABLE cursors (
        worktree BLOB PRIMARY KEY, offset INTEGER NOT NULL, anchor TEXT NOT NULL, head TEXT) STRICT""",
    """CREATE TABLE outbox (
        ref TEXT NOT NULL, commit_id TEXT NOT NULL, sequence INTEGER NOT NULL, payload BLOB,
        state TEXT NOT NULL CHECK (state IN ('pending', 'done')), time INTEGER NOT NULL,
        PRIMARY KEY (ref, commit_id)) STRICT""",
    "CREATE INDEX outbox_by_state ON outbox (state, sequence)",
)

# `spent`: the text was found and is claimed, so that the same text, pasted later, is nobody's.
# `amended`: the commit that this one took the place of.
_SPENT_AND_AMENDED = (
    "ALTER TABLE declarations ADD COLUMN spent INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX declarations_by_arrival ON declarations (worktree, sequence)",
    "ALTER TABLE settled ADD COLUMN amended TEXT",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SPENT_AND_AMENDED)
"""The statements that lead from each version to the next; a published entry never changes, new ones are added."""

VERSION = len(MIGRATIONS)


def check_version(connection: sqlite3.Connection, newest: int = VERSION) -> int:
    """The version of the journal in `connection`, 0 for an empty database.

    Raises NewerJournalError for a version above `newest`, DamagedJournalError for what is no journal at all.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if (version or tables) and owner != APPLICATION_ID:
        raise DamagedJournalError("the database is not a journal of Byline's")
    if version > newest:
        raise NewerJournalError(
            f"The journal has version {version}, made by a newer Byline; this one knows version {newest}. "
            "It is only read, and nothing new is recorded: update Byline."
        )
    return version


def is_outdated(connection: sqlite3.Connection) -> bool:
    """Whether a journal in `connection` was made by an older Byline, and is to be migrated before it is asked."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    return owner == APPLICATION_ID and int(connection.execute("PRAGMA user_version").fetchone()[0]) < VERSION


def migrate(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring the journal in `connection` to the current version, all or nothing.

    Raises what `check_version` raises, and sqlite3.Error.
    """
    newest = len(migrations)
    if check_version(connection, newest) == newest:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = check_version(connection, newest)  # again: another process may have been quicker
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {newest}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
