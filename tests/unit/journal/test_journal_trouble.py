"""What goes wrong around a journal, and what is left of it then."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from byline.journal import database
from byline.journal.directory import Place
from byline.journal.errors import DamagedJournalError, JournalError
from byline.journal.journal import Journal
from byline.journal.records import CursorRow, Document, Edit, EvidenceOf, Row, Snapshot, Splice
from byline.journal.store import Store
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Span

Start = Callable[..., Journal]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.02)


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition that is sure to come."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def says(journal: Journal, word: str) -> bool:
    return any(word in sentence for sentence in journal.problems)


@contextmanager
def locked(journal: Journal) -> Iterator[None]:
    """Another program is writing to the journal, and takes its time."""
    with closing(sqlite3.connect(journal.location / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def edit(number: int) -> Row:
    return EvidenceOf(number, Evidence(Source.SHAPE, Channel.TYPING))


def splice(version: int, text: str = "x") -> Splice:
    return Splice(1, version, (0, 0), (0, 0), text, (Span(len(text), 9),))


def snapshot(id: int) -> Snapshot:
    return Snapshot(id, "", "a.py", 1, id, "d", "x", [9], "save", 5)


def recorded(journal: Journal) -> list[int]:
    """How often each of the edits 1 … 9 is there."""
    found = journal.evidence(range(1, 10))
    return [len(found.get(number, ())) for number in range(1, 10)]


def test_another_process_keeps_the_lock(start: Start) -> None:
    journal = start()
    with locked(journal):
        journal.append(edit(1), edit(2))
        until(lambda: says(journal, "locked"))
        journal.append(edit(3))
        assert not journal.flush(0.05)
        assert recorded(journal) == [0] * 9
    assert journal.flush(5)
    assert recorded(journal) == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert journal.problems == ()


def test_the_disk_is_full(start: Start) -> None:
    journal = start()
    with full_disk(100_000):
        ticket = journal.append(edit(1), *(Document(i, "", "x" * 5000, 1) for i in range(100)))
        until(lambda: says(journal, "cannot be written"))
        with pytest.raises(JournalError, match="not be written in time"):
            journal.append_full(edit(2), timeout=0.05)
        assert journal.durable < ticket
    assert journal.flush(10)
    assert recorded(journal) == [1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert journal.problems == ()
    assert journal.integrity() is None


def test_too_much_waits(start: Start) -> None:
    """What finds no room is not acknowledged, and nothing is replayed past what is missing."""
    journal = start(room=6000)
    with locked(journal):
        journal.append(Document(1, "", "a.py", 5), snapshot(100))
        tickets = [journal.append(splice(version, "y" * 1000)) for version in range(1, 9)]
        assert says(journal, "not recorded")
    assert journal.flush(5)
    taken = [version for version, ticket in enumerate(tickets, 1) if ticket <= journal.durable]
    assert taken == list(range(1, len(taken) + 1))
    assert 1 <= len(taken) < 8
    journal.append(splice(9))
    journal.append(snapshot(101), splice(10))
    assert journal.flush(5)
    after = {info.id: info.sequence for info in journal.snapshots("", "a.py")}
    assert [s.version for s in journal.splices(1, after[100])] == taken
    assert [s.version for s in journal.splices(1, after[101])] == [10]


@pytest.mark.parametrize(
    "bad",
    [
        Edit(1, None, None, None, 5),
        Edit(1 << 70, None, None, "typing", 5),
        Edit(1, None, None, "typing", "soon"),
        CursorRow("", 0, "\ud800", None),
        "no row at all",
    ],
    ids=["a missing value", "too large a number", "a word for a number", "half a character", "something else"],
)
def test_one_row_is_at_fault(start: Start, bad: Row) -> None:
    """It costs what was appended with it, and nothing else; and nobody replays past it."""
    journal = start()
    with locked(journal):  # so that all of it is one group
        journal.append(edit(1), splice(1))
        journal.append(edit(2), splice(2), bad)
        journal.append(edit(3), splice(3))
    assert journal.flush(5)
    assert recorded(journal)[:3] == [1, 0, 1]
    assert [s.version for s in journal.splices(1)] == [1]
    assert says(journal, "could not be recorded")


def test_a_commit_that_seems_to_have_failed_is_not_repeated(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = start()
    write = Store.write
    calls = []

    def write_and_fail(self: Store, *args: object, **options: object) -> None:
        write(self, *args, **options)
        calls.append(args)
        if len(calls) == 1:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    monkeypatch.setattr(Store, "write", write_and_fail)
    journal.append(edit(1))
    assert journal.flush(5)
    assert len(calls) == 2
    assert recorded(journal)[0] == 1


def test_a_listener_fails(start: Start) -> None:
    journal = start()
    heard: list[int] = []
    journal.subscribe(lambda ticket: 1 // 0)
    journal.subscribe(heard.append)
    tickets = [journal.append_full(edit(1)), journal.append_full(edit(2))]
    until(lambda: heard == tickets)


def test_the_directory_is_removed_meanwhile(start: Start) -> None:
    journal = start()
    journal.append_full(edit(1))
    before = journal.changed()
    shutil.rmtree(journal.location)
    journal.append_full(edit(2))
    assert recorded(journal)[:2] == [0, 1]
    assert says(journal, "removed")
    assert journal.changed() != before
    journal.close()
    assert recorded(start())[:2] == [0, 1]


def test_a_question_finds_that_the_directory_was_removed(start: Start) -> None:
    journal = start()
    shutil.rmtree(journal.location)
    with pytest.raises(JournalError, match="cannot be read"):
        recorded(journal)
    until(lambda: says(journal, "removed"))
    assert recorded(journal) == [0] * 9


def overwrite(file: Path, start: int, data: bytes) -> None:
    with file.open("r+b") as raw:
        raw.seek(start)
        raw.write(data)


def not_closed(file: Path) -> None:
    """What stands beside a database while it is in use."""
    file.with_name("journal.db-wal").write_bytes(b"log")


def other_header(file: Path) -> None:
    overwrite(file, 0, b"not a database..")


def text(file: Path) -> None:
    file.write_text("something else\n" * 1000)


def other_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (id)")


def overwritten_pages(file: Path) -> None:
    overwrite(file, 4096, b"\xee" * 40_000)
    not_closed(file)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:8192])
    not_closed(file)


@pytest.mark.parametrize("damage", [other_header, text, other_program, overwritten_pages, cut_off])
def test_damage_is_found_at_the_start(start: Start, damage: Callable[[Path], None]) -> None:
    first = start()
    first.append(*(Document(i, "", f"{i}.py", 1) for i in range(2000)), edit(1))
    first.close()
    damage(first.location / "journal.db")
    second = start()
    assert says(second, "damaged")
    assert len(second.problems) == 1
    second.append_full(edit(2))
    assert recorded(second)[:2] == [0, 1]
    assert (second.location / "journal.db.damaged-1").is_file()
    second.close()
    third = start()
    assert third.problems == ()
    assert recorded(third)[:2] == [0, 1]


def test_damage_is_found_by_a_question(start: Start) -> None:
    first = start()
    first.append(*(EvidenceOf(i, Evidence(Source.SHAPE, Channel.TYPING, "p" * 50)) for i in range(5000)))
    first.close()
    overwrite(first.location / "journal.db", 40 * 4096, b"\xee" * (20 * 4096))
    second = start()
    with pytest.raises(DamagedJournalError, match="new one is begun"):
        second.evidence(range(5000))
    until(lambda: says(second, "set aside"))
    ticket = second.append_full(edit(2))
    assert second.durable >= ticket
    assert recorded(second)[1] == 1


def test_a_large_one_that_was_not_closed_is_checked_in_the_background(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byline.journal.store._SOON_CHECKED", 0)
    first = start()
    first.append(*(EvidenceOf(i, Evidence(Source.SHAPE, Channel.TYPING, "p" * 50)) for i in range(5000)))
    first.close()
    overwrite(first.location / "journal.db", 40 * 4096, b"\xee" * (20 * 4096))
    not_closed(first.location / "journal.db")
    second = start()
    until(lambda: says(second, "set aside"))


def test_other_windows_follow_to_the_new_journal(start: Start) -> None:
    first, second = start(), start()
    first.append_full(edit(1))
    (first.location / "journal.db").rename(first.location / "journal.db.damaged-1")
    first.append_full(edit(2))
    second.append_full(edit(3))
    assert recorded(first)[:3] == recorded(second)[:3] == [0, 1, 1]
    assert first.writer != second.writer


def test_a_number_that_another_window_took_meanwhile(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers with one number would hide each other's rows, and give the same ids."""
    first = start()
    first.append_full(edit(1))
    number = first.writer
    shutil.rmtree(first.location)
    monkeypatch.setattr("byline.journal.store.secrets.randbelow", lambda bound: number - 1)
    second = start()
    assert second.writer == number
    for _ in range(5):
        second.append_full(edit(2))
    first.append_full(edit(3))
    assert recorded(second)[:3] == [0, 5, 1]
    assert first.writer != number


def test_the_lock_is_taken_at_the_start_of_a_transaction(journal: Journal) -> None:
    """A lock that is asked for after something was read is refused at once, however long one would wait for it."""
    place = Place(journal.location)
    with (
        closing(database.open_for_writing(place)) as one,
        closing(database.open_for_writing(place)) as two,
        database.transaction(one),
        pytest.raises(sqlite3.OperationalError, match="locked"),
        database.transaction(two),
    ):
        pytest.fail("both are in a transaction")


def test_the_log_is_folded_in_when_nothing_happens(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byline.journal.writer._IDLE", 0.01)
    journal = start()
    journal.append_full(edit(1))
    until(lambda: (journal.location / "journal.db-wal").stat().st_size == 0)
    journal.append_full(edit(2))
    assert recorded(journal)[:2] == [1, 1]


def test_a_newer_journal_is_only_read(start: Start) -> None:
    first = start()
    first.append_full(edit(1))
    first.close()
    with closing(sqlite3.connect(first.location / "journal.db")) as other:
        other.execute("PRAGMA user_version = 99")
    content = (first.location / "journal.db").read_bytes()
    second = start()
    assert second.read_only
    assert says(second, "newer Byline")
    ticket = second.append(edit(2))
    second.append(edit(3))
    assert second.durable < ticket
    assert says(second, "2 changes were not recorded: the journal is read-only")
    assert not second.flush(0)
    with pytest.raises(JournalError, match="takes no records"):
        second.append_full(edit(2))
    with pytest.raises(JournalError, match="read-only"), second.lease():
        pass
    assert recorded(second)[:2] == [1, 0]
    second.close()
    assert (first.location / "journal.db").read_bytes() == content


def test_reading_only_makes_nothing(start: Start, common: Path) -> None:
    journal = start(read_only=True)
    assert journal.read_only
    assert recorded(journal) == [0] * 9
    assert journal.outbox() == []
    assert journal.changed() == journal.changed()
    journal.compact(10**9)
    assert list(common.iterdir()) == []


def test_reading_only_sees_what_is_written_meanwhile(start: Start) -> None:
    writing, reading = start(), start(read_only=True)
    assert reading.changed() == (before := reading.changed())
    writing.append_full(edit(1))
    assert recorded(reading)[0] == 1
    assert reading.changed() != before


def test_the_lease_is_held_by_one_at_a_time(start: Start) -> None:
    first, second = start(), start()
    with first.lease(), pytest.raises(JournalError, match="try again"), second.lease(timeout=0.01):
        pass
    with second.lease(timeout=0.01), pytest.raises(JournalError, match="try again"), second.lease(timeout=0.01):
        pass


def test_closing_gives_up_after_a_while(start: Start) -> None:
    journal = start()
    with locked(journal):
        journal.append(edit(1))
        began = time.monotonic()
        journal.close(timeout=0.1)
        assert time.monotonic() - began < 3
