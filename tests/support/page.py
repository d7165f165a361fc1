"""A document in an editor beside a model of it: what is done to the one happens to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.buffer import Buffer, Origin, Step, keys_of, origin
from support.model import Book, Ink, Line, Text, plain

SESSIONS = {"s1": "claude-code", "s2": "codex"}


def said_by(session: str, channel: str = "agent") -> Origin:
    """What the editor says of an AI's change."""
    return origin(channel, tool=SESSIONS[session], model="a-model", session=session, prompt=f"asked of {session}")


@dataclass
class Page:
    """One document. `text` is what it shows; `saved`, `staged` and `committed` are None where there is no such file.

    Rows and columns are 0-based.
    """

    buffer: Buffer
    root: Path
    book: Book
    text: Text
    saved: Text | None = None
    staged: Text | None = None
    committed: Text | None = None
    past: list[Text] = field(default_factory=list)
    future: list[Text] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The path within the work tree."""
        return self.buffer.path.relative_to(self.root).as_posix()

    @property
    def expected(self) -> str:
        """What is to be said of the lines that the editor shows."""
        return self.book.expected(self.text)

    def words(self) -> list[tuple[int, int, str]]:
        """Row, column and text of each word."""
        return [(row, line.text.index(word), word) for row, line in enumerate(self.text) for word in line.text.split()]

    def insert(self, row: int, column: int, inserted: str, said: Origin | None, *, by_key: bool = False) -> None:
        """Text without a line break comes into a line."""
        line = self.text[row]
        new = replace(line, text=line.text[:column] + inserted + line.text[column:])
        self._make(self._at(row, column), "", inserted, self._with(row, new), said, by_key=by_key)

    def delete(self, row: int, start: int, stop: int, ink: Ink, said: Origin | None, *, by_key: bool = False) -> None:
        """Text without a line break is deleted, at once or letter by letter from its end."""
        gone = self.text[row].text[start:stop]
        after = self._with(row, self.book.without(self.text[row], start, stop, ink))
        self._make(self._at(row, start), gone, "", after, said, by_key=by_key)

    def exchange(self, row: int, old: str, new: str, ink: Ink, said: Origin | None, *, how: str = "word") -> None:
        """A word becomes another: the editor sends the `word`, the whole `line`, or each of the `keys`."""
        line = self.text[row]
        column = line.text.index(old)
        less = self.book.without(line, column, column + len(old), ink)
        more = self.book.settled(replace(less, text=less.text[:column] + new + less.text[column:]))
        after = self._with(row, more)
        if how == "line":
            self._make(self._at(row), line.text + "\n", more.text + "\n", after, said)
        else:
            self._make(self._at(row, column), old, new, after, said, by_key=how == "keys")

    def add_rows(self, row: int, new: Text, said: Origin | None, *, by_key: bool = False, below: bool = False) -> None:
        """New lines in front of a line; or `below`, which begins with the line break at the end of the line before."""
        text = plain(new)
        after = (*self.text[:row], *new, *self.text[row:])
        if below and row:
            self._make(self._at(row) - 1, "", "\n" + text[:-1], after, said, by_key=by_key)
        else:
            self._make(self._at(row), "", text, after, said, by_key=by_key)

    def exchange_rows(self, first: int, stop: int, new: Text, said: Origin | None) -> None:
        """Other lines, or none, in the place of some."""
        after = (*self.text[:first], *new, *self.text[stop:])
        self._make(self._at(first), plain(self.text[first:stop]), plain(new), after, said)

    def split(self, row: int, column: int, indent: int, ink: Ink, said: Origin | None) -> None:
        """Somebody presses Enter within a line of which nothing was deleted."""
        line = self.text[row]
        first, second = Line(line.text[:column], ink), Line(" " * indent + line.text[column:], line.stop)
        after = (*self.text[:row], first, second, *self.text[row + 1 :])
        self._make(self._at(row, column), "", "\n" + " " * indent, after, said)

    def join(self, row: int, said: Origin | None) -> None:
        """Somebody deletes the line break between a line and the next."""
        one, other = self.text[row], self.text[row + 1]
        whole = Line(one.text + other.text, other.stop, one.traces | other.traces)
        after = (*self.text[:row], self.book.settled(whole), *self.text[row + 2 :])
        self._make(self._at(row, len(one.text)), "\n", "", after, said)

    def is_formatted(self, indents: Sequence[int], trailing: int, said: Origin | None) -> None:
        """Lines with text get other white space at their ends."""
        text = tuple(
            replace(line, text=" " * indents[row % len(indents)] + line.text.strip() + " " * trailing)
            if line.text.strip()
            else line
            for row, line in enumerate(self.text)
        )
        self._make(0, plain(self.text), plain(text), text, said)

    def undo(self) -> None:
        """The last change is undone."""
        self.buffer.undoes()
        self.future.append(self.text)
        self.text = self.past.pop()

    def redo(self) -> None:
        """What was undone last is done again. Whether a deletion leaves a trace then as well is not laid down."""
        self.buffer.redoes()
        self.past.append(self.text)
        known = {trace for line in self.text for trace in line.traces}
        self.text = tuple(
            replace(line, traces=frozenset(t if t in known else t._replace(in_doubt=True) for t in line.traces))
            for line in self.future.pop()
        )

    def save(self) -> None:
        """The editor saves."""
        self.buffer.saves()
        self.saved = self.text

    def reopen(self) -> None:
        """The editor closes the document, forgets what was not saved, and opens it again."""
        assert self.saved is not None
        self.text, self.past, self.future = self.saved, [], []
        self.buffer.done.clear()
        self.buffer.undone.clear()
        self.buffer.reopens(plain(self.text))

    def _with(self, row: int, line: Line) -> Text:
        return (*self.text[:row], line, *self.text[row + 1 :])

    def _at(self, row: int, column: int = 0) -> int:
        return len(plain(self.text[:row])) + column

    def _make(self, offset: int, old: str, new: str, after: Text, said: Origin | None, *, by_key: bool = False) -> None:
        step = Step(offset, old, new)
        if not by_key:
            self.buffer.change([step], said)
        elif new:
            for key in keys_of(step):
                self.buffer.change([key], said)
        else:
            for end in range(len(old), 0, -1):
                self.buffer.change([Step(offset + end - 1, old[end - 1], "")], said)
        self.buffer.done.append(step)
        self.buffer.undone.clear()
        self.past.append(self.text)
        self.future.clear()
        self.text = after
        assert self.buffer.text == plain(after)
