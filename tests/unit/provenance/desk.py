"""A desk to try provenance on: documents that people, AIs and tools edit, and a short way to say whose a letter is."""

from __future__ import annotations

from dataclasses import dataclass, field

from byline.provenance.assign import Assignment, Change
from byline.provenance.attribution import NOTHING, LineState, State
from byline.provenance.document import Document, Splice
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Kind, Level, Origin
from byline.provenance.span import Marks, Span, base_owner
from byline.provenance.state import line_state
from byline.provenance.text import Position, content, end_of, split_lines

AUTHORS = {
    "h": Origin(Kind.HUMAN, Level.PROVEN),
    "g": Origin(Kind.HUMAN, Level.PROBABLE),
    "a": Origin(Kind.AI, Level.PROVEN, "claude-code", "opus", "session-a", "prompt-a"),
    "b": Origin(Kind.AI, Level.PROVEN, "codex", "gpt", "session-b", "prompt-b"),
    "u": Origin(Kind.UNKNOWN),
    "t": Origin(Kind.TOOL),
}
"""The authors of a test, by a letter each. A dot is base text."""

NOTED = {
    "ai": LineState(State.AI, AUTHORS["a"]),
    "ai_modified": LineState(State.AI_MODIFIED, AUTHORS["a"], Kind.HUMAN),
    "human": LineState(State.HUMAN, AUTHORS["h"]),
    "": NOTHING,
}


@dataclass
class Book:
    """The `Owners` of a test."""

    letters: dict[int, str] = field(default_factory=dict)
    bases: dict[int, LineState] = field(default_factory=dict)

    def origin(self, edit: int) -> Origin:
        return AUTHORS[self.letters[edit]]

    def base(self, owner: int) -> LineState:
        return self.bases.get(owner, NOTHING)

    def letter(self, owner: int) -> str:
        return "." if owner < 0 else self.letters[owner]


@dataclass(frozen=True)
class Done:
    """A change that was made: what was sent, what it replaced, and what takes it back exactly."""

    change: Change
    replaced: str
    splices: list[Splice]
    inverses: list[Splice]


class Desk:
    """Documents that share one memory and one numbering of edits."""

    def __init__(self) -> None:
        self.book = Book()
        self.memory = Memory()

    def open(self, text: str, *notes: str) -> Page:
        """A document of base text; `notes` say what is noted of its first lines."""
        base = len(self.book.bases)
        lines = split_lines(text)
        for line in range(len(lines)):
            self.book.bases[base_owner(base, line)] = NOTED[notes[line]] if line < len(notes) else NOTHING
        marks: list[Marks] = [base_owner(base, i) if line else () for i, line in enumerate(lines)]
        return Page(self, Document(lines, marks))

    def new_edit(self, author: str) -> int:
        edit = len(self.book.letters) + 1
        self.book.letters[edit] = author
        return edit


@dataclass
class Page:
    """One document on a desk."""

    desk: Desk
    document: Document

    @property
    def text(self) -> str:
        return self.document.text

    def change(self, start: Position, end: Position, text: str, author: str, channel: Channel | None = None) -> Done:
        change = Change(start, end, text)
        replaced = self.document.text_between(start, end)
        expected = self._before(start) + text + self._after(end)
        judged = Assignment(
            self.document, change, self.desk.new_edit(author), channel, self.desk.book, self.desk.memory
        ).splices()
        inverses = [self.document.apply(splice) for splice in judged]
        assert self.text == expected
        assert_covered(self.document)
        return Done(change, replaced, judged, inverses)

    def replace(self, old: str, new: str, author: str, channel: Channel | None = None) -> Done:
        """Replace the first `old` in the text."""
        at = self.text.index(old)
        return self.change(self.position(at), self.position(at + len(old)), new, author, channel)

    def delete(self, old: str, author: str, channel: Channel | None = None) -> Done:
        return self.replace(old, "", author, channel)

    def insert(self, text: str, author: str, channel: Channel | None = None, *, after: str = "") -> Done:
        """Insert `text` after the first `after`, or at the document's start."""
        place = self.position(self.text.index(after) + len(after))
        return self.change(place, place, text, author, channel)

    def rewrite(self, text: str, author: str, channel: Channel | None = None) -> Done:
        return self.change((0, 0), self.document.end, text, author, channel)

    def undo(self, done: Done, channel: Channel | None = Channel.UNDO, author: str = "u") -> Done:
        """What an editor sends when it takes `done` back."""
        change = done.change
        return self.change(change.start, end_of(change.start, change.text), done.replaced, author, channel)

    def redo(self, undone: Done, channel: Channel | None = Channel.REDO) -> Done:
        return self.undo(undone, channel)

    def position(self, offset: int) -> Position:
        for line, text in enumerate(self.document.lines):
            if offset <= len(content(text)) or line + 1 == len(self.document.lines):
                return (line, offset)
            offset -= len(text)
        raise AssertionError("a document has a line")

    def owners(self) -> list[str]:
        """For each line, for each character but the line break, the letter of its author."""
        lines = zip(self._letters(), self.document.lines, strict=True)
        return [letters[: len(content(line))] for letters, line in lines]

    def breaks(self) -> str:
        """For each line break the letter of its author."""
        ends = zip(self._letters(), self.document.lines, strict=True)
        return "".join(letters[len(content(line)) :][-1:] for letters, line in ends)

    def states(self) -> list[str]:
        """The state of every line that is not the empty end of the text."""
        marks = zip(self.document.lines, self.document.marks, strict=True)
        return [line_state(line, mark, self.desk.book).state.value for line, mark in marks if line]

    def tombstones(self) -> list[str]:
        """All tombstones, as `deleter/lost`."""
        letter = self.desk.book.letter
        spans = [s for line in range(len(self.document.lines)) for s in self.document.spans(line)]
        return [f"{letter(s.owner)}/{letter(s.lost)}" for s in spans if not s.length]

    def _letters(self) -> list[str]:
        lines = range(len(self.document.lines))
        letter = self.desk.book.letter
        return ["".join(letter(s.owner) * s.length for s in self.document.spans(line)) for line in lines]

    def _before(self, place: Position) -> str:
        return self.document.text_between((0, 0), place)

    def _after(self, place: Position) -> str:
        return self.document.text_between(place, self.document.end)


def assert_covered(document: Document) -> None:
    """Lines are protocol lines, and the spans of each cover it exactly; no span is empty but a tombstone."""
    assert document.lines == split_lines(document.text)
    assert len(document.lines) == len(document.marks)
    for index, line in enumerate(document.lines):
        spans: tuple[Span, ...] = document.spans(index)
        assert sum(span.length for span in spans) == len(line)
        for span in spans:
            assert span.length > 0 or (line == "" and span.length == 0) or span.lost != 0
            assert span.length == 0 or span.lost == 0
