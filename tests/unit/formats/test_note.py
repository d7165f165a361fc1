"""What a note says of a line, and what two notes say together."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from note_strategies import NOTES, marks, ranges

from byline.formats import (
    BadNote,
    Note,
    NoteMark,
    NoteRange,
    NoteSession,
    compress,
    gather,
    join,
    line_print,
    session_key,
    verified,
)
from byline.formats.note import CONFLICT
from byline.formats.ranges import MAX_DEPTH, PRINT_LENGTH, latest
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

AI = NoteRange(1, 1, State.AI, "s_1", "p_1", Level.DECLARED, ("agent",))
HUMAN = NoteRange(1, 1, State.HUMAN, level=Level.DECLARED, evidence=("typing",))
NOTHING = NoteRange(1, 1, State.UNKNOWN)


def both(a: NoteRange, b: NoteRange) -> NoteRange:
    """What holds for line 1 when one note says `a` and another `b`, whichever comes first."""
    one, other = gather("byline", claims=[("f", a)]), gather("byline", claims=[("f", b)])
    assert join(one, other) == join(other, one)
    result = join(one, other).at("f", 1)
    assert result
    return result


CONTESTED = replace(AI, session=None, prompt=None, evidence=("agent", CONFLICT))
CLAIMS = {
    "the same": (AI, AI, AI),
    "better support wins": (AI, replace(HUMAN, level=Level.PROVEN), replace(HUMAN, level=Level.PROVEN)),
    "something before nothing": (NOTHING, AI, AI),
    "something of no level before nothing": (NOTHING, replace(AI, level=Level.NONE), replace(AI, level=Level.NONE)),
    "an unknown author has no level": (replace(NOTHING, level=Level.PROVEN), AI, AI),
    "a gap is filled": (replace(AI, session=None, prompt=None), AI, AI),
    "two sessions: neither": (AI, replace(AI, session="s_2"), CONTESTED),
    "two prompts: neither": (AI, replace(AI, prompt="p_2"), CONTESTED),
    "a conflict stays one": (CONTESTED, AI, CONTESTED),
    "a person or an AI: nobody knows": (
        AI,
        HUMAN,
        replace(NOTHING, level=Level.DECLARED, evidence=("agent", CONFLICT, "typing")),
    ),
    "modified, says one": (
        AI,
        replace(AI, state=State.AI_MODIFIED, by=Kind.HUMAN),
        replace(AI, state=State.AI_MODIFIED, by=Kind.HUMAN),
    ),
    "by a person, says one": (
        replace(AI, state=State.AI_MODIFIED, by=Kind.UNKNOWN),
        replace(AI, state=State.AI_MODIFIED, by=Kind.HUMAN),
        replace(AI, state=State.AI_MODIFIED, by=Kind.HUMAN),
    ),
    "with a fingerprint": (AI, replace(HUMAN, print=line_print("x")), replace(HUMAN, print=line_print("x"))),
    "a person has no session": (replace(HUMAN, session="s_1"), HUMAN, HUMAN),
}


@pytest.mark.parametrize(("a", "b", "expected"), CLAIMS.values(), ids=CLAIMS)
def test_two_claims_about_one_line(a: NoteRange, b: NoteRange, expected: NoteRange) -> None:
    assert both(a, b) == expected


@given(NOTES, NOTES, NOTES)
def test_join_is_commutative_associative_and_idempotent(a: Note, b: Note, c: Note) -> None:
    assert join(a, b) == join(b, a)
    assert join(join(a, b), c) == join(a, join(b, c))
    assert join(a, a) == a
    assert join(join(a, b), b) == join(a, b)


@given(st.lists(ranges()))
def test_facts_come_in_any_order(facts: list[NoteRange]) -> None:
    forwards = gather("byline", claims=[("f", run) for run in facts])
    assert gather("byline", claims=[("f", run) for run in reversed(facts)]) == forwards
    for line in range(1, 13):
        one_by_one = Note("byline")
        for run in facts:
            if run.start <= line <= run.end:
                at = (line - run.start) * PRINT_LENGTH
                single = replace(run, start=line, end=line, print=run.print[at : at + PRINT_LENGTH])
                one_by_one = join(one_by_one, gather("byline", claims=[("f", single)]))
        found, expected = forwards.at("f", line), one_by_one.at("f", line)
        assert (found and found.claim) == (expected and expected.claim)


@given(st.lists(ranges(), max_size=12))
def test_the_latest_of_overlapping_ranges_holds(facts: list[NoteRange]) -> None:
    result = latest(facts)
    assert all(a.end < b.start for a, b in pairwise(result))
    for line in range(1, 13):
        expected = next((run for run in reversed(facts) if run.start <= line <= run.end), None)
        found = next((run for run in result if run.start <= line <= run.end), None)
        assert (found and found.claim) == (expected and expected.claim)


@given(st.lists(marks(), max_size=6))
def test_of_two_marks_the_newer_counts(statements: list[NoteMark]) -> None:
    note = gather("byline", marks=statements)
    for path in {mark.path for mark in statements}:
        for line in range(1, 13):
            covering = [m for m in statements if m.path == path and m.start <= line <= m.end]
            found = note.at(path, line)
            assert bool(found) == bool(covering)
            if found:
                newest = max(mark.time for mark in covering)
                assert found.state in {mark.state for mark in covering if mark.time == newest}


def test_a_mark_wins_over_ranges() -> None:
    proven = replace(AI, end=9, level=Level.PROVEN)
    said = NoteMark("f", 4, 5, State.HUMAN, time=7)
    note = Note("byline", {"s_1": NoteSession("s_1", "codex")}, {"f": (proven,)}, (said,))
    assert [run.state for run in (note.at("f", n) for n in (3, 4, 5, 6)) if run] == ["ai", "human", "human", "ai"]
    marked = note.at("f", 4)
    assert marked
    assert (marked.level, marked.evidence, note.session(marked)) == (Level.DECLARED, ("mark",), None)
    assert note.at("f", 10) is None
    assert note.at("g", 1) is None


def test_a_mark_that_names_an_ai_has_a_session_of_its_own() -> None:
    note = Note("byline", files={"f": (HUMAN,)}, marks=(NoteMark("f", 1, 1, State.AI, "aider", "gpt"),))
    run = note.at("f", 1)
    assert run
    assert note.session(run) == NoteSession.of("aider", "gpt", None)


def test_a_mark_that_names_no_ai_leaves_the_known_one() -> None:
    note = Note("byline", {"s_1": NoteSession("s_1", "codex")}, {"f": (AI,)}, (NoteMark("f", 1, 1, State.AI),))
    run = note.at("f", 1)
    assert run
    assert (run.session, run.prompt, run.evidence) == ("s_1", "p_1", ("mark",))


def test_one_line_each_is_compressed_to_ranges() -> None:
    lines = [replace(AI, start=n, end=n, print=line_print(f"line {n}")) for n in (3, 1, 2, 5)]
    other = replace(HUMAN, start=4, end=4)
    result = compress([*lines, other])
    assert [(run.start, run.end, run.state) for run in result] == [(1, 3, "ai"), (4, 4, "human"), (5, 5, "ai")]
    assert all(verified(result[0], n, f"line {n}") for n in (1, 2, 3))
    with pytest.raises(ValueError, match="overlap at line 2"):
        compress([*lines, replace(HUMAN, start=2, end=2)])


VERIFIED = {
    "the line": (2, "b", True),
    "with a line end": (2, "b\n", True),
    "with another line end": (2, "b\r\n", True),
    "changed": (2, "b ", False),
    "another line's text": (2, "a", False),
    "outside": (4, "b", False),
    "before": (0, "a", False),
}


@pytest.mark.parametrize(("line", "text", "expected"), VERIFIED.values(), ids=VERIFIED)
def test_a_line_is_checked_alone(line: int, text: str, expected: bool) -> None:
    run = replace(AI, start=1, end=3, print="".join(map(line_print, "abc")))
    assert verified(run, line, text) is expected
    assert verified(replace(run, print=""), line, text) is (1 <= line <= 3)


def test_a_fingerprint_is_24_bits_of_sha_256() -> None:
    assert line_print("return 42\r\n") == "4RXJ"  # printf 'return 42' | sha256sum | cut -c-6 | xxd -r -p | base64
    assert line_print("caf\udce9") != line_print("café")
    assert len(line_print("\ud800")) == PRINT_LENGTH
    assert line_print("a\r") == line_print("a")


def test_session_keys_are_those_of_the_git_ai_standard() -> None:
    assert session_key("cursor", "abc") == "s_" + hashlib.sha256(b"cursor:abc").hexdigest()[:14]
    assert NoteSession.of("cursor", "m", "abc").key == session_key("cursor", "abc")
    unnamed = {NoteSession.of(tool, model, None).key for tool in (None, "codex") for model in (None, "gpt")}
    assert len(unnamed) == 4


@pytest.mark.parametrize(
    "bad",
    [{"start": 0}, {"start": 2}, {"end": 10_000_001}, {"print": "abc"}, {"print": "abcdefgh"}],
    ids=str,
)
def test_a_range_that_makes_no_sense_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"range|fingerprint"):
        replace(AI, **bad)  # type: ignore[arg-type]


def test_a_mark_says_human_or_ai() -> None:
    with pytest.raises(ValueError, match="ai or human"):
        NoteMark("f", 1, 1, State.UNKNOWN)


def test_too_many_claims_about_one_line_are_refused() -> None:
    claims = [("f", replace(AI, session=f"s_{n}")) for n in range(MAX_DEPTH)]
    assert gather("byline", claims=claims).at("f", 1) == CONTESTED
    with pytest.raises(BadNote, match="line 1"):
        gather("byline", claims=[*claims, ("f", HUMAN)])
