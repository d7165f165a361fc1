"""Documents under random editing, against a model that cannot be wrong.

Every letter that is ever written is written once: the letter itself says who wrote it, wherever it turns up again.
What is asked after each step: every letter belongs to its author, spans cover the text, and each line has the state
that follows from its letters alone.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from desk import Desk, Done, Page, assert_covered
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from byline.provenance.document import Document, Splice
from byline.provenance.memory import is_distinctive
from byline.provenance.origin import Channel, Kind
from byline.provenance.text import Position, content

KINDS = {"h": Kind.HUMAN, "g": Kind.HUMAN, "a": Kind.AI, "b": Kind.AI, "u": Kind.UNKNOWN, "t": Kind.UNKNOWN, ".": None}
AI = {"a": Channel.AGENT, "b": Channel.CHAT_APPLY}

pages = st.integers(0, 2)
places = st.tuples(st.integers(0, 1_000), st.integers(0, 1_000))
people = st.sampled_from("hgu")
agents = st.sampled_from("ab")
words = st.lists(st.integers(1, 6), min_size=1, max_size=4)
blocks = st.lists(words, min_size=1, max_size=4)


@dataclass
class Sheet:
    """A page and what its editor remembers of it."""

    page: Page
    stop: str
    origin: Document
    recorded: list[Splice] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    undone: list[Done] = field(default_factory=list)

    def place(self, where: tuple[int, int]) -> Position:
        line = where[0] % len(self.page.document.lines)
        return (line, where[1] % (len(content(self.page.document.lines[line])) + 1))

    def between(self, one: tuple[int, int], other: tuple[int, int]) -> tuple[Position, Position]:
        start, end = sorted((self.place(one), self.place(other)))
        return start, end

    def lines(self, one: int, other: int) -> tuple[Position, Position]:
        """The places before and after some whole lines."""
        first, last = sorted((one % len(self.page.document.lines), other % len(self.page.document.lines)))
        if last + 1 < len(self.page.document.lines):
            return (first, 0), (last + 1, 0)
        return (first, 0), self.page.document.end


class Provenance(RuleBasedStateMachine):
    @initialize(base=st.tuples(blocks, blocks, blocks))
    def open(self, base: tuple[list[list[int]], ...]) -> None:
        self.desk = Desk()
        self.letters = (chr(code) for code in count(0x3400))
        self.author: dict[str, str] = {}
        self.sheets: list[Sheet] = []
        for stop, sizes in zip(("\n", "\n", "\r\n"), base, strict=True):
            page = self.desk.open(self.write(sizes, ".", stop) + stop)
            self.sheets.append(Sheet(page, stop, page.document.copy()))

    def write(self, block: list[list[int]], author: str, stop: str) -> str:
        """Lines of new words of the given sizes."""
        text = stop.join(" ".join("".join(next(self.letters) for _ in range(n)) for n in line) for line in block)
        self.author |= {c: author for c in text if not c.isspace()}
        return text

    def make(self, sheet: Sheet, start: Position, end: Position, text: str, who: str, channel: Channel | None) -> None:
        done = sheet.page.change(start, end, text, who, channel)
        sheet.recorded += done.splices
        sheet.done.append(done)
        sheet.undone.clear()

    @rule(page=pages, where=places, size=st.integers(1, 4), who=people, told=st.booleans())
    def type(self, page: int, where: tuple[int, int], size: int, who: str, told: bool) -> None:
        sheet = self.sheets[page]
        line, column = sheet.place(where)
        for offset, letter in enumerate(self.write([[size]], who, "")):
            place = (line, column + offset)
            self.make(sheet, place, place, letter, who, Channel.TYPING if told else None)

    @rule(page=pages, where=places, indent=st.integers(0, 4), told=st.booleans())
    def enter(self, page: int, where: tuple[int, int], indent: int, told: bool) -> None:
        sheet = self.sheets[page]
        place = sheet.place(where)
        self.make(sheet, place, place, sheet.stop + " " * indent, "h", Channel.TYPING if told else None)

    @rule(page=pages, where=places, block=blocks, who=agents)
    def insert_lines(self, page: int, where: tuple[int, int], block: list[list[int]], who: str) -> None:
        sheet = self.sheets[page]
        place = (sheet.place(where)[0], 0)
        self.make(sheet, place, place, self.write(block, who, sheet.stop) + sheet.stop, who, AI[who])

    @rule(page=pages, one=st.integers(0, 99), other=st.integers(0, 99), block=blocks, who=agents)
    def replace_lines(self, page: int, one: int, other: int, block: list[list[int]], who: str) -> None:
        sheet = self.sheets[page]
        start, end = sheet.lines(one, other)
        self.make(sheet, start, end, self.write(block, who, sheet.stop) + sheet.stop, who, AI[who])

    @rule(page=pages, which=st.integers(0, 99), size=st.integers(1, 6), who=agents, whole=st.booleans())
    def replace_word(self, page: int, which: int, size: int, who: str, whole: bool) -> None:
        """One word becomes another; the client sends the whole line, or the whole text."""
        sheet = self.sheets[page]
        found = sheet.page.text.split()
        if not found:
            return
        old = found[which % len(found)]
        new = self.write([[size]], who, "")
        line = next(i for i, line in enumerate(sheet.page.document.lines) if old in line.split())
        start, end = ((0, 0), sheet.page.document.end) if whole else sheet.lines(line, line)
        text = sheet.page.document.text_between(start, end)
        self.make(sheet, start, end, text.replace(old, new, 1), who, AI[who])

    @rule(page=pages, one=places, other=places, who=st.sampled_from("hua"))
    def delete(self, page: int, one: tuple[int, int], other: tuple[int, int], who: str) -> None:
        sheet = self.sheets[page]
        start, end = sheet.between(one, other)
        self.make(sheet, start, end, "", who, AI.get(who))

    @rule(page=pages, where=places, size=st.integers(1, 4), told=st.booleans())
    def backspace(self, page: int, where: tuple[int, int], size: int, told: bool) -> None:
        sheet = self.sheets[page]
        line, column = sheet.place(where)
        for end in range(column, max(0, column - size), -1):
            self.make(sheet, (line, end - 1), (line, end), "", "h", Channel.TYPING if told else None)

    @rule(origin=pages, goal=pages, one=st.integers(0, 99), other=st.integers(0, 99), where=places, told=st.booleans())
    def cut_and_paste(self, origin: int, goal: int, one: int, other: int, where: tuple[int, int], told: bool) -> None:
        here, there = self.sheets[origin], self.sheets[goal]
        start, end = here.lines(one, other)
        text = here.page.document.text_between(start, end)
        if here.stop == there.stop and is_distinctive(text):
            self.make(here, start, end, "", "h", None)
            place = (there.place(where)[0], 0)
            self.make(there, place, place, text, "u", Channel.PASTE if told else None)

    @rule(
        page=pages,
        channel=st.sampled_from([Channel.FORMAT, Channel.AGENT, Channel.OTHER, None]),
        spaces=st.lists(st.integers(0, 3), min_size=1, max_size=5),
    )
    def format(self, page: int, channel: Channel | None, spaces: list[int]) -> None:
        sheet = self.sheets[page]
        kinds = (" ", "   ", sheet.stop, f"{sheet.stop}    ")
        found = sheet.page.text.split()
        gaps = [kinds[spaces[i % len(spaces)]] for i in range(len(found))]
        text = "".join(gap + word for gap, word in zip(gaps, found, strict=True))
        who = {Channel.FORMAT: "t", Channel.AGENT: "a"}.get(channel, "u")
        self.make(sheet, (0, 0), sheet.page.document.end, text + sheet.stop, who, channel)

    @precondition(lambda self: any(sheet.done for sheet in self.sheets))
    @rule(page=pages, times=st.integers(1, 4))
    def undo(self, page: int, times: int) -> None:
        sheet = self.sheets[page]
        for _ in range(min(times, len(sheet.done))):
            undone = sheet.page.undo(sheet.done.pop())
            sheet.recorded += undone.splices
            sheet.undone.append(undone)

    @precondition(lambda self: any(sheet.undone for sheet in self.sheets))
    @rule(page=pages, times=st.integers(1, 4))
    def redo(self, page: int, times: int) -> None:
        sheet = self.sheets[page]
        for _ in range(min(times, len(sheet.undone))):
            redone = sheet.page.redo(sheet.undone.pop())
            sheet.recorded += redone.splices
            sheet.done.append(redone)

    @rule(page=pages)
    def replay(self, page: int) -> None:
        """What was recorded makes the same document again."""
        sheet = self.sheets[page]
        copy = sheet.origin.copy()
        for splice in sheet.recorded:
            copy.apply(splice)
        assert (copy.lines, copy.marks) == (sheet.page.document.lines, sheet.page.document.marks)

    @invariant()
    def every_letter_is_its_authors(self) -> None:
        for sheet in self.sheets:
            for line, owners in zip(sheet.page.document.lines, sheet.page.owners(), strict=True):
                expected = "".join(self.author.get(c, " ") for c in content(line))
                found = "".join(" " if c.isspace() else o for c, o in zip(line, owners, strict=False))
                assert found == expected, line

    @invariant()
    def spans_cover_the_text(self) -> None:
        for sheet in self.sheets:
            assert_covered(sheet.page.document)

    @invariant()
    def states_follow_from_the_letters(self) -> None:
        for sheet in self.sheets:
            document = sheet.page.document
            for index, state in enumerate(sheet.page.states()):
                line = content(document.lines[index])
                letter = self.desk.book.letter
                traces = {(letter(s.owner), letter(s.lost)) for s in document.spans(index) if not s.length}
                if line.strip():
                    assert state == self.state(line, traces), line

    def state(self, line: str, traces: set[tuple[str, str]]) -> str:
        """The state of a line, from its letters and from what traces (deleter, lost) say that it lost."""
        letters = Counter(KINDS[self.author[c]] for c in line if not c.isspace())
        lost = {KINDS[gone] for _, gone in traces}
        deleters = {KINDS[who] for who, gone in traces if KINDS[who] is not KINDS[gone] and KINDS[gone] in letters}
        human = Kind.HUMAN in deleters or Kind.HUMAN in letters
        unknown = Kind.UNKNOWN in deleters or Kind.UNKNOWN in letters
        mine = [2 * sum(KINDS[self.author[c]] is Kind.AI for c in word) > len(word) for word in line.split()]
        if any(mine) or (Kind.AI in deleters and Kind.AI not in lost):
            return "ai_modified" if human or unknown else "ai"
        if human and not (unknown and letters[Kind.UNKNOWN] >= letters[Kind.HUMAN]):
            return "human"
        return "ai" if Kind.AI in letters and not unknown else "unknown"


thorough = bool(os.environ.get("BYLINE_FUZZ"))
TestProvenance = Provenance.TestCase
TestProvenance.settings = settings(max_examples=2_000 if thorough else 60, stateful_step_count=80 if thorough else 25)
