"""What is forgotten, and what never is. Times are in days; now is day 100, and 14 are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest

from byline.journal import compaction
from byline.journal.journal import Journal
from byline.journal.records import (
    Closed,
    Declaration,
    Delivered,
    Document,
    Edit,
    EvidenceOf,
    Fragment,
    OutboxNote,
    Prompt,
    Row,
    Settled,
    Snapshot,
    Splice,
)
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Marks, Span

DAY = 86_400
NOW = 100 * DAY
LONG_AGO, RECENTLY = 10, 95

SHAPE = Evidence(Source.SHAPE, Channel.TYPING)


class Calendar:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.day = 0

    def __call__(self) -> float:
        return self.day * DAY


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(start: Callable[..., Journal], calendar: Calendar) -> Journal:
    return start(clock=calendar)


def on(day: int, *rows: Row) -> tuple[int, tuple[Row, ...]]:
    return day, rows


def document(id: int = 1, path: str = "a.py", day: int = LONG_AGO) -> Document:
    return Document(id, "", path, day * DAY)


def edit(id: int, day: int = LONG_AGO) -> tuple[Row, ...]:
    return Edit(id, 1, id, "typing", day * DAY), EvidenceOf(id, SHAPE)


def snapshot(id: int, *marks: Marks, document: int | None = 1, path: str = "a.py", day: int = LONG_AGO) -> Snapshot:
    return Snapshot(id, "", path, document, id, "d", "x\n" * len(marks), list(marks), "save", day * DAY)


def splice(version: int, owner: int, document: int = 1) -> Splice:
    return Splice(document, version, (0, 0), (0, 0), "x", (Span(1, owner),))


def settled(*edits: int) -> Settled:
    return Settled("c" + str(edits[0]), "", edits, 0)


def fragment(owner: int, day: int) -> Fragment:
    return Fragment("d", "gone", (Span(4, owner),), "", "a.py", day * DAY)


def kept(journal: Journal) -> dict[str, list[int]]:
    """The ids of the snapshots, the versions of the splices, and the edits that are known, with evidence or without."""
    paths = journal.paths("")
    documents = [d.id for path in paths for d in journal.documents("", path)] or [1]
    return {
        "snapshots": sorted(s.id for path in paths for s in journal.snapshots("", path)),
        "splices": sorted(s.version for id in documents for s in journal.splices(id)),
        "edits": sorted(journal.edits(range(1, 100)).keys() & journal.evidence(range(1, 100)).keys()),
    }


HISTORY = [document(), snapshot(20, -1), splice(1, 1), snapshot(21, 1), splice(2, 2), snapshot(22, 1, 2), Closed(1)]
EDITS = [*edit(1), *edit(2)]
TIME_LINE = list[tuple[int, tuple[Row, ...]]]

CASES: dict[str, tuple[TIME_LINE, dict[str, list[int]]]] = {
    "settled long ago: the last look stays, and what it points to": (
        [on(LONG_AGO, *EDITS, *HISTORY, settled(1, 2))],
        {"snapshots": [22], "splices": [], "edits": [1, 2]},
    ),
    "settled long ago, and written over since": (
        [on(LONG_AGO, *EDITS, *HISTORY, settled(1, 2), snapshot(23, -1, document=None))],
        {"snapshots": [23], "splices": [], "edits": []},
    ),
    "settled not long ago": (
        [on(LONG_AGO, *EDITS, *HISTORY, snapshot(23, -1)), on(RECENTLY, settled(1, 2))],
        {"snapshots": [22, 23], "splices": [], "edits": [1, 2]},
    ),
    "settled long ago, and again not long ago": (
        [on(LONG_AGO, *EDITS, *HISTORY, snapshot(23, -1), settled(1, 2)), on(RECENTLY, Settled("z", "", (2,), 0))],
        {"snapshots": [22, 23], "splices": [], "edits": [1, 2]},
    ),
    "never settled, and not in the newest snapshot": (
        [on(LONG_AGO, *EDITS, *HISTORY, snapshot(23, -1))],
        {"snapshots": [22, 23], "splices": [], "edits": [1, 2]},
    ),
    "never settled: where there is most of it": (
        [on(LONG_AGO, *edit(1), document(), snapshot(20, 1, 1, 1), snapshot(21, 1), snapshot(22, 1, 1), snapshot(23))],
        {"snapshots": [20, 22, 23], "splices": [], "edits": [1]},
    ),
    "typed and deleted again, never settled": (
        [on(LONG_AGO, *EDITS, document(), snapshot(20, -1), splice(1, 1), splice(2, 2), snapshot(21, -1))],
        {"snapshots": [21], "splices": [], "edits": []},
    ),
    "never settled, in splices alone: the window was killed": (
        [on(LONG_AGO, *EDITS, document(), snapshot(20, -1), splice(1, 1), splice(2, 2), snapshot(30, -1, document=2))],
        {"snapshots": [20, 30], "splices": [1, 2], "edits": [1, 2]},
    ),
    "settled, in splices alone": (
        [on(LONG_AGO, *EDITS, document(), snapshot(20, -1), splice(1, 1), snapshot(30, -1, document=2), settled(1))],
        {"snapshots": [30], "splices": [], "edits": []},
    ),
    "recent: all of it": (
        [
            on(
                RECENTLY,
                *edit(1, RECENTLY),
                document(day=RECENTLY),
                snapshot(20, -1, day=RECENTLY),
                splice(1, 1),
                snapshot(21, 1, day=RECENTLY),
                settled(1),
            )
        ],
        {"snapshots": [20, 21], "splices": [1], "edits": [1]},
    ),
    "a document without a snapshot so far": (
        [on(RECENTLY, *edit(1), document(day=RECENTLY), splice(1, 1), snapshot(30, -1, document=2))],
        {"snapshots": [30], "splices": [1], "edits": [1]},
    ),
    "every file has its own last look": (
        [on(LONG_AGO, snapshot(20, -1), snapshot(21, -1, path="b.py"), snapshot(22, -2))],
        {"snapshots": [21, 22], "splices": [], "edits": []},
    ),
    "a remembered deletion holds its edit": (
        [on(RECENTLY, *edit(1), *edit(2), fragment(1, RECENTLY))],
        {"snapshots": [], "splices": [], "edits": [1]},
    ),
    "a tombstone holds both its edits": (
        [on(LONG_AGO, *edit(1), *edit(2), *edit(3), snapshot(20, (Span(0, 1, 2), Span(3, -1))))],
        {"snapshots": [20], "splices": [], "edits": [1, 2]},
    ),
}


@pytest.mark.parametrize(("time_line", "expected"), CASES.values(), ids=CASES)
def test_what_is_kept(
    journal: Journal, calendar: Calendar, time_line: TIME_LINE, expected: dict[str, list[int]]
) -> None:
    for day, rows in time_line:
        calendar.day = day
        assert journal.append_full(*rows)
    calendar.day = 100
    journal.compact(NOW)
    assert kept(journal) == expected
    journal.compact(NOW)
    assert kept(journal) == expected
    assert journal.integrity() is None


def note(commit: str) -> OutboxNote:
    return OutboxNote("refs/notes/byline", commit, b"n")


def declaration(id: int, day: int) -> Declaration:
    return Declaration(id, "", "a.py", None, "new", SHAPE, day * DAY)


def test_what_else_grows_old(journal: Journal, calendar: Calendar) -> None:
    calendar.day = LONG_AGO
    journal.append_full(note("a"), note("b"), Delivered(note("a")), fragment(1, LONG_AGO), declaration(2, LONG_AGO))
    journal.append_full(Prompt("k", "add", None, None, LONG_AGO), settled(1), document(7, "b.py"))
    calendar.day = RECENTLY
    journal.append_full(note("c"), Delivered(note("c")), fragment(1, RECENTLY), declaration(3, RECENTLY))
    journal.compact(NOW)
    assert journal.outbox() == [note("b")]
    assert journal.statistics().rows["outbox"] == 2
    assert journal.fragments("") == [fragment(1, RECENTLY)]
    assert journal.declarations("", "a.py") == [declaration(3, RECENTLY)]
    assert journal.prompt("k") is not None
    assert journal.settled("c1") is not None
    assert journal.documents("", "b.py") == []


def fill(journal: Journal, owner: int) -> None:
    """Some megabytes of snapshots of one file, all of them a day old."""
    for number in range(20):
        text = "".join(f"{number} {line * 7919 % 1000003}\n" for line in range(20_000))
        marks = [owner] * 20_001
        journal.append(Snapshot(100 + number, "", "a.py", 1, number, "d", text, marks, "save", 99 * DAY))
    assert journal.append_full(Edit(owner, 1, 1, "typing", 99 * DAY))


def test_the_size_is_bounded(journal: Journal, calendar: Calendar) -> None:
    calendar.day = 99
    fill(journal, 1)
    journal.append_full(settled(1))
    journal.compact(NOW, max_bytes=1 << 30)
    assert len(kept(journal)["snapshots"]) == 20
    before = journal.statistics().bytes
    journal.compact(NOW, max_bytes=500_000)
    assert kept(journal)["snapshots"] == [119]
    assert journal.problems == ()
    journal.close()
    assert (journal.location / "journal.db").stat().st_size < before / 5


def test_the_bound_gives_way_to_work_that_was_never_committed(journal: Journal, calendar: Calendar) -> None:
    calendar.day = 99
    fill(journal, 1)
    journal.compact(NOW, max_bytes=1000)
    assert kept(journal)["snapshots"] == [119]
    assert any("never committed" in problem for problem in journal.problems)
    journal.compact(NOW, max_bytes=1 << 30)
    assert journal.problems == ()


def test_an_old_edit_is_named_while_the_search_goes_on(
    journal: Journal, start: Callable[..., Journal], calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append_full(*edit(4), *edit(5))
    other = start(clock=calendar)
    transaction = compaction.database.transaction

    def after_one_more_row(connection: sqlite3.Connection) -> AbstractContextManager[None]:
        other.append_full(fragment(5, RECENTLY))
        return transaction(connection)

    monkeypatch.setattr(compaction, "database", SimpleNamespace(transaction=after_one_more_row))
    journal.compact(NOW)
    assert journal.edits([4, 5]).keys() == {5}


def test_a_later_sequence_is_never_used_twice(journal: Journal) -> None:
    journal.append_full(document(), snapshot(20, -1), splice(1, 1), Closed(1))
    sequence = journal.snapshots("", "a.py")[0].sequence
    journal.append_full(settled(1))
    journal.compact(NOW, keep_days=0)
    journal.append_full(snapshot(21, -1))
    assert journal.snapshots("", "a.py")[0].sequence > sequence
