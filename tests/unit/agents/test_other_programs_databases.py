"""A database that belongs to another program is read without leaving a trace, whatever state it is in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from byline.agents.sqlite import UnreadableError, opened


def database(path: Path, journal: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (1)")
    return connection


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize("journal", ["wal", "delete"])
@pytest.mark.parametrize("in_use", [True, False])
def test_nothing_is_written(tmp_path: Path, journal: str, in_use: bool) -> None:
    path = tmp_path / "a b?.db"
    connection = database(path, journal)
    if not in_use:
        connection.close()
    before = names(path)
    content = path.read_bytes()
    with opened(str(path)) as opened_database:
        assert opened_database.rows("SELECT x FROM t") == [(1,)]
        assert opened_database.tables() == {"t": {"x"}}
        with pytest.raises(UnreadableError):
            opened_database.rows("INSERT INTO t VALUES (2)")
    assert names(path) == before
    assert path.read_bytes() == content
    connection.close()


def test_what_a_crash_left_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = database(path, "wal")
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    Path(f"{copy}-wal").write_bytes(Path(f"{path}-wal").read_bytes())
    with pytest.raises(UnreadableError, match="not closed properly"), opened(str(copy)):
        pass
    assert not Path(f"{copy}-shm").exists()
    connection.close()


def test_a_long_query_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(path, "delete").close()
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with opened(str(path)) as opened_database, pytest.raises(UnreadableError):
        opened_database.rows(endless)


@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"SQLite format 3\0" + b"\2" * 5000])
def test_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(UnreadableError), opened(str(path)) as opened_database:
        opened_database.rows("SELECT x FROM t")
