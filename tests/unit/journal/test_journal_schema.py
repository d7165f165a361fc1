from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from byline.journal import schema
from byline.journal.errors import DamagedJournalError, NewerJournalError

STEP = ("ALTER TABLE prompts ADD COLUMN colour TEXT", "UPDATE prompts SET colour = 'red'")
BROKEN = ("ALTER TABLE prompts ADD COLUMN colour TEXT", "UPDATE nothing SET colour = 'red'")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    schema.migrate(connection)
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    assert {name for name, strict in tables if not strict} == {"sqlite_schema"}
    assert len(tables) > 10


def test_an_older_journal_is_brought_up(connection: sqlite3.Connection) -> None:
    schema.migrate(connection)
    connection.execute("INSERT INTO prompts VALUES ('k', x'00', NULL, NULL, 5)")
    schema.migrate(connection, (*schema.MIGRATIONS, STEP))
    assert connection.execute("SELECT key, colour FROM prompts").fetchall() == [("k", "red")]
    assert version(connection) == schema.VERSION + 1


def test_migrating_again_changes_nothing(connection: sqlite3.Connection) -> None:
    schema.migrate(connection)
    before = connection.total_changes
    schema.migrate(connection)
    assert connection.total_changes == before


def test_a_migration_that_fails_leaves_the_old_one(connection: sqlite3.Connection) -> None:
    schema.migrate(connection)
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(connection, (*schema.MIGRATIONS, BROKEN))
    assert version(connection) == schema.VERSION
    assert "colour" not in {row[1] for row in connection.execute("PRAGMA table_info(prompts)")}
    assert not connection.in_transaction


def test_a_newer_journal_is_not_touched(connection: sqlite3.Connection) -> None:
    schema.migrate(connection, (*schema.MIGRATIONS, STEP))
    with pytest.raises(NewerJournalError, match="update Byline"):
        schema.migrate(connection)
    assert version(connection) == schema.VERSION + 1


@pytest.mark.parametrize("statement", ["CREATE TABLE theirs (id)", "PRAGMA user_version = 1"])
def test_another_program_s_database(connection: sqlite3.Connection, statement: str) -> None:
    connection.execute(statement)
    with pytest.raises(DamagedJournalError, match="not a journal"):
        schema.migrate(connection)
