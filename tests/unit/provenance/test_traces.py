"""Traces of deleted text that stand beside what is deleted next."""

from __future__ import annotations

from byline.provenance.assign import Assignment, Change
from byline.provenance.attribution import NOTHING, LineState, State
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Kind, Origin
from byline.provenance.span import Span, base_owner
from byline.provenance.state import line_state

AI, PERSON = 1, 2


class Owners:
    """Edit 1 is an AI's, every other a person's."""

    def origin(self, edit: int) -> Origin:
        return Origin(Kind.AI if edit == AI else Kind.HUMAN)

    def base(self, owner: int) -> LineState:
        return NOTHING


def test_deleting_the_line_above_leaves_the_trace_in_a_line() -> None:
    trace = Span(0, PERSON, AI)
    document = Document(["above\n", "kept = 1\n", ""], [AI, (trace, Span(9, AI)), ()])
    change = Change((0, 0), (1, 0), "")
    for splice in Assignment(document, change, PERSON, Channel.TYPING, Owners(), Memory()).splices():
        document.apply(splice)
    assert document.lines == ["kept = 1\n", ""]
    assert document.marks[0] == (trace, Span(9, AI))


def test_an_ai_of_whose_text_nothing_is_left_did_not_write_the_line() -> None:
    """It had replaced a word of the line, and a person deleted its word again: what remains is base text."""
    base, gone = base_owner(7, 0), base_owner(7, 1)
    marks = (Span(4, base), Span(0, AI, gone), Span(0, PERSON, AI), Span(1, base))
    assert line_state("kept\n", marks, Owners()).state is State.UNKNOWN
