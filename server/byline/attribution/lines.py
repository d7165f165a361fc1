"""From a document to what is said of its git lines."""

from __future__ import annotations

from collections.abc import Sequence

from byline.provenance.attribution import ORIGINAL, LineState, State
from byline.provenance.document import Document
from byline.provenance.span import Marks, Span
from byline.provenance.state import Owners, line_state
from byline.provenance.text import git_line_groups


def file_states(document: Document, owners: Owners) -> tuple[list[LineState], list[tuple[int, ...]]]:
    """The state of every git line, and the owners that each consists of.

    A line that nothing since its base has touched, and whose base nothing is known of, is `original`.
    """
    states: list[LineState] = []
    owned: list[tuple[int, ...]] = []
    for group in git_line_groups(document.lines):
        text, marks = git_line(document, group)
        state = line_state(text, marks, owners)
        consists = _owners(marks)
        if state.state is State.UNKNOWN and is_untouched(consists):
            state = ORIGINAL
        states.append(state)
        owned.append(consists)
    return states, owned


def git_line(document: Document, group: range) -> tuple[str, Marks]:
    """The text (with its line break) and marks of one git line."""
    first = group.start
    if len(group) == 1:
        return document.lines[first], document.marks[first]
    spans: tuple[Span, ...] = ()
    for line in group:
        spans += document.spans(line)
    return "".join(document.lines[first : group.stop]), spans


def is_untouched(owners: Sequence[int]) -> bool:
    """Whether a line consists of base text only."""
    return all(owner < 0 for owner in owners)


def _owners(marks: Marks) -> tuple[int, ...]:
    if isinstance(marks, int):
        return (marks,)
    return tuple({span.owner for span in marks})
