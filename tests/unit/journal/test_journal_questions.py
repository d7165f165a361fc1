"""What was appended is what is answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from byline.journal.errors import JournalError
from byline.journal.journal import Journal
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
    Splice,
)
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Span, base_owner

SHAPE = Evidence(Source.SHAPE, Channel.TYPING)
AGENT = Evidence(Source.TRANSCRIPT, Channel.AGENT, None, "claude-code", "claude-opus-5", "s1", "k1")
LONE = "\udc80"  # what git's bytes that are not UTF-8 decode to


def snapshot(id: int, path: str = "a.py", *, digest: str = "d", worktree: str = "") -> Snapshot:
    return Snapshot(id, worktree, path, 1, id, digest, "x\ny", [7, (Span(1, -3), Span(0, 7, 8))], "save", 5)


def splice(version: int, document: int = 1) -> Splice:
    return Splice(document, version, (0, 1), (2, 3), f"v{version}", (Span(2, 9), Span(0, 9, -4)))


def fragment(text: str, worktree: str = "") -> Fragment:
    return Fragment("d", text, (Span(len(text), 9),), worktree, "a.py", 6)


def declaration(id: int, *, time: int = 5, old: str | None = "o") -> Declaration:
    return Declaration(id, "", "a.py", old, "new", AGENT, time)


def settled(commit: str, *edits: int, mark: int = 0) -> Settled:
    return Settled(commit, "wt", edits, mark)


def note(payload: bytes | None = b"n", commit: str = "c", ref: str = "refs/notes/byline") -> OutboxNote:
    return OutboxNote(ref, commit, payload)


DOCUMENT = Document(1, "", "a.py", 5)
ODD_PATH = f"dir/{LONE}\n.py"

CASES: dict[str, tuple[list[Row], Callable[[Journal], object], object]] = {
    "documents: newest first, of that file only": (
        [Document(9, "", "a.py", 5), Document(2, "", "a.py", 6), Document(3, "wt", "a.py", 7), Document(4, "", "b", 8)],
        lambda j: j.documents("", "a.py", 50),
        [Document(2, "", "a.py", 6), Document(9, "", "a.py", 5)],
    ),
    "documents: a limit": (
        [Document(9, "", "a.py", 5), Document(2, "", "a.py", 6)],
        lambda j: [d.id for d in j.documents("", "a.py", 1)],
        [2],
    ),
    "a document is open until it is closed": ([DOCUMENT], lambda j: j.is_closed(1), False),
    "closed": ([DOCUMENT, Closed(1)], lambda j: j.is_closed(1), True),
    "closed, and said again to have been opened": ([DOCUMENT, Closed(1), DOCUMENT], lambda j: j.is_closed(1), True),
    "not known is not closed": ([], lambda j: j.is_closed(1), False),
    "a snapshot comes back whole": ([snapshot(3)], lambda j: j.snapshot(3), snapshot(3)),
    "also of an odd path": ([snapshot(3, ODD_PATH)], lambda j: j.snapshot(3).path, ODD_PATH),
    "snapshots: newest first, of that file only": (
        [snapshot(3), snapshot(1), snapshot(2, "b.py"), snapshot(4, worktree="wt")],
        lambda j: [s.id for s in j.snapshots("", "a.py")],
        [1, 3],
    ),
    "snapshots: an odd path": ([snapshot(3, ODD_PATH)], lambda j: [s.id for s in j.snapshots("", ODD_PATH)], [3]),
    "find_snapshot: the newest of the path": (
        [snapshot(1), snapshot(2), snapshot(3, "b.py"), snapshot(4, digest="e")],
        lambda j: j.find_snapshot("", "d", "a.py").id,
        2,
    ),
    "find_snapshot: of any path": ([snapshot(1), snapshot(2, "b")], lambda j: j.find_snapshot("", "d", None).id, 2),
    "find_snapshot: nothing": ([snapshot(1)], lambda j: j.find_snapshot("wt", "d", None), None),
    "paths: the newest snapshot's first": (
        [snapshot(1, "a"), snapshot(2, "b"), snapshot(3, "a"), snapshot(4, "c", worktree="wt")],
        lambda j: j.paths("", 10),
        ["a", "b"],
    ),
    "splices: in order, of that document only": (
        [splice(1), splice(5, document=2), splice(2), splice(3)],
        lambda j: j.splices(1),
        [splice(1), splice(2), splice(3)],
    ),
    "splices: those after a snapshot": (
        [splice(1), snapshot(8), splice(2), splice(3)],
        lambda j: j.splices(1, j.snapshots("", "a.py")[0].sequence),
        [splice(2), splice(3)],
    ),
    "splices: none past a gap": (
        [splice(1), splice(2), Gap(1), splice(4)],
        lambda j: [s.version for s in j.splices(1)],
        [1, 2],
    ),
    "splices: from a snapshot after the gap": (
        [splice(1), Gap(1), snapshot(8), splice(4)],
        lambda j: [s.version for s in j.splices(1, j.snapshots("", "a.py")[0].sequence)],
        [4],
    ),
    "splices: another document's gap": ([splice(1), Gap(2), splice(2)], lambda j: len(j.splices(1)), 2),
    "edits: the known ones": (
        [Edit(1, 1, 2, "typing", 5), Edit(2, None, None, "other", 5), Edit(3, 1, 3, "paste", 6)],
        lambda j: j.edits([1, 2, 99]),
        {1: Edit(1, 1, 2, "typing", 5), 2: Edit(2, None, None, "other", 5)},
    ),
    "edits: told again": (
        [Edit(1, 1, 2, "other", 5), Edit(1, 1, 2, "undo", 5)],
        lambda j: j.edits([1])[1].channel,
        "undo",
    ),
    "evidence: oldest first": (
        [EvidenceOf(1, SHAPE), EvidenceOf(2, SHAPE), EvidenceOf(1, AGENT)],
        lambda j: j.evidence({1, 2, 3}),
        {1: [SHAPE, AGENT], 2: [SHAPE]},
    ),
    "evidence: of nothing": ([EvidenceOf(1, SHAPE)], lambda j: j.evidence([]), {}),
    "evidence: thousands of ids": (
        [EvidenceOf(i << 40, SHAPE) for i in range(3000)],
        lambda j: len(j.evidence(i << 40 for i in range(5000))),
        3000,
    ),
    "evidence: a word that cannot be encoded": (
        [EvidenceOf(1, Evidence(Source.CLIENT, Channel.AGENT, tool="\ud800"))],
        lambda j: j.evidence([1])[1][0].tool,
        "\ud800",
    ),
    "high water: none": ([EvidenceOf(1, SHAPE)], lambda j: j.high_water([2]), 0),
    "high water: grows": (
        [EvidenceOf(1, SHAPE), EvidenceOf(2, SHAPE), EvidenceOf(1, AGENT)],
        lambda j: j.high_water([1, 2]) > j.high_water([2]) > 0,
        True,
    ),
    "bases": (
        [Base(0, None, "a", None), Base(5, "c", ODD_PATH, "b")],
        lambda j: j.bases([0, 5, 7]),
        {0: Base(0, None, "a", None), 5: Base(5, "c", ODD_PATH, "b")},
    ),
    "find_base": (
        [Base(4, "c", "a", "b"), Base(3, "c", "a", "b"), Base(2, "d", "a", "b")],
        lambda j: j.find_base("c", "a").id,
        3,
    ),
    "find_base: nothing": ([Base(4, "c", "a", "b")], lambda j: j.find_base("c", "b"), None),
    "prompt": (
        [Prompt("k", f"add {LONE}", "aider", None, 5), Prompt("l", "", None, "s", 6)],
        lambda j: (j.prompt("k"), j.prompts(["k", "l", "m"]).keys(), j.prompt("m")),
        (Prompt("k", f"add {LONE}", "aider", None, 5), {"k": 0, "l": 0}.keys(), None),
    ),
    "fragments: newest first, of that worktree only": (
        [fragment("a"), fragment("b"), fragment("c"), fragment("d", "wt")],
        lambda j: j.fragments("", 2),
        [fragment("c"), fragment("b")],
    ),
    "declarations: oldest first, none that is too old": (
        [declaration(1, time=4), declaration(3, time=5), declaration(2, old=None, time=6)],
        lambda j: j.declarations("", "a.py", 5),
        [declaration(3), declaration(2, old=None, time=6)],
    ),
    "settled": ([settled("c", 5, 2, 5, mark=4)], lambda j: j.settled("c"), settled("c", 2, 5, mark=4)),
    "settled without edits": ([settled("c")], lambda j: j.settled("c"), settled("c")),
    "not settled": ([settled("c")], lambda j: j.settled("d"), None),
    "settled again": ([settled("c", 1), settled("c", 2)], lambda j: j.settled("c"), settled("c", 2)),
    "recently settled": (
        [settled("c", 1), settled("d", 2), settled("e", 3), settled("c", 1)],
        lambda j: [s.commit for s in j.recently_settled(2)],
        ["c", "e"],
    ),
    "commit_of: the one settled last": (
        [settled("c", 1, 2), settled("d", 2, 3)],
        lambda j: j.commit_of([1, 2, 4]),
        {1: "c", 2: "d"},
    ),
    "cursor": (
        [CursorRow("", 5, "a", None), CursorRow("wt", 7, "b", "h"), CursorRow("", 9, "c", "i")],
        lambda j: (j.cursor(""), j.cursor("wt"), j.cursor("other")),
        (CursorRow("", 9, "c", "i"), CursorRow("wt", 7, "b", "h"), None),
    ),
    "outbox: oldest first": (
        [note(commit="d"), note(None, commit="c"), note(ref="refs/notes/ai")],
        lambda j: j.outbox(),
        [note(commit="d"), note(None, commit="c"), note(ref="refs/notes/ai")],
    ),
    "outbox: a newer note replaces": ([note(b"1"), note(b"2")], lambda j: j.outbox(), [note(b"2")]),
}


@pytest.mark.parametrize(("rows", "ask", "answer"), CASES.values(), ids=CASES)
def test_answers(journal: Journal, rows: list[Row], ask: Callable[[Journal], object], answer: object) -> None:
    journal.append(*rows)
    assert journal.flush(5)
    assert ask(journal) == answer


@pytest.mark.parametrize(
    ("pending", "delivered", "left"),
    [
        ([note(b"1")], [note(b"1")], []),
        ([note(None)], [note(None)], []),
        ([note(b"1"), note(b"2")], [note(b"1")], [note(b"2")]),
        ([note(b"1"), note(None, "d")], [note(b"1")], [note(None, "d")]),
        ([note(b"1")], [note(b"1", ref="refs/notes/ai")], [note(b"1")]),
    ],
    ids=["delivered", "a removal delivered", "replaced meanwhile", "another is left", "another ref"],
)
def test_outbox(
    journal: Journal, pending: list[OutboxNote], delivered: list[OutboxNote], left: list[OutboxNote]
) -> None:
    journal.append_full(*pending)
    journal.append(*map(Delivered, delivered))
    assert journal.flush(5)
    assert journal.outbox() == left


def test_a_snapshot_that_is_not_there(journal: Journal) -> None:
    with pytest.raises(KeyError):
        journal.snapshot(1)


def test_answers_survive_reopening(start: Callable[..., Journal]) -> None:
    first = start()
    first.append(DOCUMENT, snapshot(3), splice(4))
    first.close()
    second = start()
    assert (second.snapshot(3), second.splices(1)) == (snapshot(3), [splice(4)])
    assert second.problems == ()


def test_ids_fit_their_owners(start: Callable[..., Journal]) -> None:
    one, two = start(), start()
    edits = [journal.new_id() for journal in (one, two) for _ in range(100)]
    bases = [journal.new_base() for journal in (one, two) for _ in range(100)]
    assert len(set(edits)) == len(set(bases)) == 200
    assert all(0 < edit < 1 << 63 for edit in edits)
    assert all(0 <= base < 1 << 40 and base_owner(base, (1 << 20) - 1) > -(1 << 63) for base in bases)


def test_a_later_writer_gives_higher_ids(start: Callable[..., Journal]) -> None:
    first = start()
    id = first.new_id()
    first.append_full(Closed(1))
    first.close()
    assert start().new_id() > id


def test_who_writes_nothing_uses_no_number_up(start: Callable[..., Journal]) -> None:
    writing, asking = start(), start()
    writing.append_full(Closed(1))
    asking.close()
    assert start().writer == asking.writer > writing.writer


def test_changed_shows_what_any_writer_commits(start: Callable[..., Journal]) -> None:
    asking, other = start(), start()
    before = asking.changed()
    assert asking.changed() == before
    other.append(DOCUMENT)
    assert other.flush(5)
    after = asking.changed()
    assert after != before
    asking.append(Closed(1))
    assert asking.flush(5)
    assert asking.changed() != after


def test_statistics_and_integrity(journal: Journal) -> None:
    journal.append(DOCUMENT, snapshot(3), EvidenceOf(1, SHAPE), EvidenceOf(1, AGENT))
    assert journal.flush(5)
    statistics = journal.statistics()
    assert (statistics.rows["documents"], statistics.rows["evidence"], statistics.rows["splices"]) == (1, 2, 0)
    assert statistics.bytes > 1000
    assert journal.integrity() is None


def test_a_closed_journal(journal: Journal) -> None:
    journal.append(DOCUMENT)
    journal.close()
    journal.close()
    ticket = journal.append(DOCUMENT)
    assert journal.durable < ticket
    with pytest.raises(JournalError, match="closed"):
        journal.is_closed(1)
    with pytest.raises(JournalError, match="no records"):
        journal.append_full(DOCUMENT)
