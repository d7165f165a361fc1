"""Files whose every character tells who wrote it: an independent opinion on whose line is whose.

Each character that is ever written is written once, so that nobody has to follow edits to know its author. What cannot
be seen in the text any more (what was deleted from a line, whose line break it has) each line remembers for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

BASE, HUMAN, UNKNOWN, AI = "base", "human", "unknown", "ai"
"""Kinds of author. An AI's own name is that of its session; the others are named as their kind."""


class Ink(NamedTuple):
    """What a character was written with: by whom, and in which edit (later edits have higher numbers)."""

    author: str
    edit: int

    @property
    def kind(self) -> str:
        """The kind of the author."""
        return self.author if self.author in (BASE, HUMAN, UNKNOWN) else AI


class Trace(NamedTuple):
    """Text of the kind `lost` was deleted from a line by `deleter`.

    It is `in_doubt` once the line had no other text of that kind: what it says when an author of that kind writes
    there again is not laid down.
    """

    deleter: Ink
    lost: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line break, what its line break was written with, and what was deleted from the line."""

    text: str
    stop: Ink
    traces: frozenset[Trace] = frozenset()


Text = tuple[Line, ...]


def plain(text: Text) -> str:
    """What an editor shows."""
    return "".join(line.text + "\n" for line in text)


@dataclass
class Book:
    """Who wrote which character, in all files of a story."""

    inks: dict[str, Ink] = field(default_factory=dict)
    edits: int = 0
    _letters: count[int] = field(default_factory=lambda: count(0x4E00))

    def ink(self, author: str) -> Ink:
        """The ink of a new edit by `author`."""
        self.edits += 1
        return Ink(author, self.edits)

    def words(self, sizes: Sequence[int], ink: Ink) -> str:
        """New words of these lengths."""
        text = " ".join("".join(chr(next(self._letters)) for _ in range(size)) for size in sizes)
        self.inks |= dict.fromkeys(text.replace(" ", ""), ink)
        return text

    def block(self, lines: Sequence[Sequence[int]], ink: Ink) -> Text:
        """New lines with words of these lengths."""
        return tuple(Line(self.words(sizes, ink), ink) for sizes in lines)

    def without(self, line: Line, start: int, stop: int, ink: Ink) -> Line:
        """The line after `ink`'s author deleted some of its text, between two columns."""
        gone = {self.inks[c].kind for c in line.text[start:stop] if not c.isspace()} - {ink.kind}
        traces = line.traces | {Trace(ink, kind) for kind in gone}
        return self.settled(replace(line, text=line.text[:start] + line.text[stop:], traces=traces))

    def settled(self, line: Line) -> Line:
        """The line with those traces in doubt to which there is no text any more."""
        present = self._kinds(line)
        doubted = (t if t.lost in present else t._replace(in_doubt=True) for t in line.traces)
        return replace(line, traces=frozenset(doubted))

    def expected(self, text: Text) -> str:
        """What is to be said of each line, in the words of `support.checks`."""
        return " ".join(self.state(line) for line in text)

    def state(self, line: Line) -> str:
        """What may be said of a line: the letters of its states, and its session if that is beyond doubt."""
        certain = frozenset(t for t in line.traces if not t.in_doubt)
        sessions: set[str] = set()
        letters: set[str] = set()
        for traces in (certain, line.traces):
            states = self._states(line, traces)
            letters |= states
            sessions |= {self._session(line, traces)} if states & {"A", "M"} else set()
        return "|".join(sorted(letters)) + (f":{sessions.pop()}" if len(sessions) == 1 else "")

    def authors(self, line: Line) -> str:
        """The line with each character replaced by the initial of its author, for people."""
        letters = {BASE: ".", HUMAN: "h", UNKNOWN: "u", "s1": "1", "s2": "2"}
        return "".join(letters[self.inks[c].author] if c in self.inks else "_" for c in line.text)

    def _kinds(self, line: Line) -> Counter[str]:
        return Counter(self.inks[c].kind for c in line.text if not c.isspace())

    def _states(self, line: Line, traces: frozenset[Trace]) -> set[str]:
        kinds = self._kinds(line)
        if not kinds:
            return {_alone(line.stop.kind)}
        counting = {t for t in traces if t.lost in kinds}
        deleters = {t.deleter.kind for t in counting}
        others = (deleters | set(kinds)) & {HUMAN, UNKNOWN}
        rest = _of_people(others, kinds)
        if self._survives(line):
            return {"M" if others else "A"}
        if AI not in deleters:
            return {rest}
        if any(t.lost == AI for t in traces):  # what it wrote is gone, what it deleted still is: not laid down
            return {rest, "M" if others else "A"}
        return {"M"} if kinds[HUMAN] else {rest, "M"} if others else {"A"}

    def _survives(self, line: Line) -> bool:
        """Whether some word is still more than half an AI's."""
        return any(2 * sum(self.inks[c].kind == AI for c in word) > len(word) for word in line.text.split())

    def _session(self, line: Line, traces: frozenset[Trace]) -> str:
        """The session with most of the line's characters, the newest of equals; else the newest that deleted there."""
        inks = [self.inks[c] for c in line.text if not c.isspace()] or [line.stop]
        mine = [ink for ink in inks if ink.kind == AI]
        if not mine:
            present = {ink.kind for ink in inks}
            deleters = (t.deleter for t in traces if t.deleter.kind == AI and t.lost in present)
            return max(deleters, key=lambda ink: ink.edit).author
        weight = Counter(ink.author for ink in mine)
        newest = {ink.author: ink.edit for ink in sorted(mine, key=lambda ink: ink.edit)}
        return max(weight, key=lambda author: (weight[author], newest[author]))


def _alone(kind: str) -> str:
    return {BASE: "O", HUMAN: "H", UNKNOWN: "U", AI: "A"}[kind]


def _of_people(touched: set[str], letters: Counter[str]) -> str:
    """The state of a line in which no AI's text survives."""
    if touched == {HUMAN, UNKNOWN}:
        return "H" if letters[HUMAN] > letters[UNKNOWN] else "U"
    return _alone(next(iter(touched), BASE))
