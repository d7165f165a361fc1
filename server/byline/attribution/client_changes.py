"""What a client sends as changes, in a document's own positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from byline.provenance.assign import Change
from byline.provenance.document import Document, Splice
from byline.provenance.span import Span
from byline.provenance.text import Position, content

Column = Callable[[str, int], int]
"""From a line's text and a column in the client's units to a column in code points."""

ClientPosition = tuple[int, int]
"""Line and column, 0-based, the column in the client's units."""


@dataclass(frozen=True, slots=True)
class ClientChange:
    """A content change as sent: from `start` to `end` there is now `text`; None and None for the whole text."""

    start: ClientPosition | None
    end: ClientPosition | None
    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """Changes in code points; for each, what it replaces, and whether that is a whole line."""

    changes: list[Change]
    replaced: list[str]
    whole_lines: list[bool]


def resolve(document: Document, changes: Sequence[ClientChange], column: Column) -> Resolved:
    """What `changes`, each made to the result of the one before, mean for `document`, which is left as it was."""
    found = Resolved([], [], [])
    inverses: list[Splice] = []
    for sent in changes:
        change = _change(document, sent, column)
        found.changes.append(change)
        found.replaced.append(document.text_between(change.start, change.end))
        found.whole_lines.append(_covers_a_line(document, change))
        if len(changes) > 1:
            inverses.append(document.apply(Splice(change.start, change.end, change.text, _nobody(change.text))))
    for inverse in reversed(inverses):
        document.apply(inverse)
    return found


def position_in(document: Document, position: ClientPosition, column: Column) -> Position:
    """A position of ours for one of the client's, which is moved into the text if it is outside."""
    line, units = position
    if 0 <= line < len(document.lines):
        return document.clamp((line, column(document.lines[line], units)))
    return document.clamp(position)


def _change(document: Document, sent: ClientChange, column: Column) -> Change:
    if sent.start is None or sent.end is None:
        return Change((0, 0), document.end, sent.text)
    start, end = sorted((position_in(document, sent.start, column), position_in(document, sent.end, column)))
    return Change(start, end, sent.text)


def _covers_a_line(document: Document, change: Change) -> bool:
    (first, left), (last, right) = change.start, change.end
    if left:
        return False
    return last > first or right == len(content(document.lines[first])) > 0


def _nobody(text: str) -> tuple[Span, ...]:
    """Spans for a text that is tried out and taken back."""
    return (Span(len(text), 1),) if text else ()
