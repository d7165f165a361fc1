"""The five states, one row for each sentence about them and for each combination that could be read in two ways.

A line is written as pieces, `author<text>`, and tombstones, `deleter/lost`. Authors since the base: `h` a person, `a`
and (newer) `b` AI sessions, `u` unknown, `t` a tool. Base text: `o` nothing is known, `A` noted ai, `B` noted ai of
another session, `M` noted ai_modified by a person, `H` noted human.
"""

from __future__ import annotations

import re

import pytest

from byline.provenance.attribution import NOTHING, LineState, State
from byline.provenance.origin import UNKNOWN, Kind, Origin
from byline.provenance.span import Span, base_owner
from byline.provenance.state import line_state, owner_kind

EDITS = {"h": 1, "a": 2, "u": 3, "t": 4, "b": 5, "H": -1, "A": -2, "B": -3, "M": -4, "o": -5}
ORIGINS = {
    "h": Origin(Kind.HUMAN),
    "a": Origin(Kind.AI, tool="claude-code", session="1"),
    "b": Origin(Kind.AI, tool="claude-code", session="2"),
    "u": Origin(Kind.UNKNOWN, evidence=("paste",)),
    "t": Origin(Kind.TOOL),
    "H": Origin(Kind.HUMAN, tool="noted"),
    "A": Origin(Kind.AI, tool="codex", session="3"),
    "B": Origin(Kind.AI, tool="codex", session="4"),
    "M": Origin(Kind.AI, tool="gemini-cli", session="5"),
}
BASES = {
    "H": LineState(State.HUMAN, ORIGINS["H"]),
    "A": LineState(State.AI, ORIGINS["A"]),
    "B": LineState(State.AI, ORIGINS["B"]),
    "M": LineState(State.AI_MODIFIED, ORIGINS["M"], Kind.HUMAN),
    "o": NOTHING,
}
LETTERS = {edit: letter for letter, edit in EDITS.items()}


class Owners:
    def origin(self, edit: int) -> Origin:
        return ORIGINS[LETTERS[edit]]

    def base(self, owner: int) -> LineState:
        return BASES[LETTERS[owner]]


def parse(line: str) -> tuple[str, tuple[Span, ...]]:
    text, spans = "", []
    for author, piece, deleter, lost in re.findall(r"(\w)<([^>]*)>|(\w)/(\w)", line):
        text += piece
        spans.append(Span(len(piece), EDITS[author]) if author else Span(0, EDITS[deleter], EDITS[lost]))
    return text, tuple(spans)


def check(line: str, expected: str) -> None:
    """`expected` is the state, the letter of the origin that it rests on (none where unknown), and the modifier."""
    found = line_state(*parse(line), Owners())
    letter = next((letter for letter, origin in ORIGINS.items() if origin == found.origin), "")
    assert " ".join(filter(None, (found.state.value, letter, found.modified_by))) == expected


TOUCHED_BY_NOTHING = {
    "o<x = 1>": "unknown",
    "A<x = 1>": "ai A",
    "H<x = 1>": "human H",
    "M<x = 1>": "ai_modified M human",
    # White space touches nothing, wherever it stands and whoever put it there.
    "a<    >o<x = 1>": "unknown",
    "h<    >A<x = 1>u<  >": "ai A",
    "A<x>h< >A<=>h< >A<1>": "ai A",
    # Nor do brackets, quotes, commas and semicolons alone, in a line with letters or digits ...
    "a<(>H<x>a<)>": "human H",
    'o<x>h<",>': "unknown",
    "A<x = [1]>h<;>": "ai A",
    # ... but in one without they are all there is.
    "h<}>A<)>": "ai_modified A human",
    "o<}>h<,>": "human h",
    # Two base lines joined: each speaks for its own part, and the one of which nothing is known for none.
    "A<x = >o<1>": "ai A",
    "A<x = >A<1>": "ai A",
    "A<limit>B<1>": "ai A",
    "A<x>B<limit>": "ai B",
    "A<limit>H< = 1>": "ai_modified A human",
    "M<limit>A< = 1>": "ai_modified M human",
    # What does not count does not speak either: an AI's bracket or indent makes no line the AI's.
    "o<call(one, two>A<)>": "unknown",
    "A<    >o<call(one, two)>": "unknown",
    "A<    >H<call>A<()>": "human H",
}

ONE_KIND = {
    "a<x = 1>": "ai a",
    "h<x = 1>": "human h",
    "u<x = 1>": "unknown u",
    "t<x = 1>": "unknown t",
    "o<x = >a<1>": "ai a",  # an AI's edit of a line of which nothing is known
    "o<x = >h<1>": "human h",
    "o<x = >u<1>": "unknown u",
    "o<x >a<+>o< 1>": "ai a",  # an operator is neither white space nor a bracket
    "o<x >h<+>o< 1>": "human h",
    "a<x = >A<1>": "ai a",
    "H<x = >h<12>": "human h",
}

AI_WITH_OTHERS = {
    "a<limit = >h<25>": "ai_modified a human",
    "a<limit = >u<25>": "ai_modified a unknown",
    "a<limit>h<25>u<abc>": "unknown u",  # one word, not more than half of it the AI's, and 3 letters beat 2
    "A<limit = >h<25>": "ai_modified A human",  # a person's edit of a committed AI line
    "A<limit = >u<25>": "ai_modified A unknown",
    "M<limit = >a<25>": "ai_modified M human",  # what stands of it was modified before
    "h<limit = >a<25>": "ai_modified a human",  # an AI's edit of a person's line, typed since the base
    "H<limit = >a<25>": "ai_modified a human",  # or noted
    "u<limit = >a<25>": "ai_modified a unknown",
    "h<x = >u<y >a<z>": "ai_modified a human",
    "h<x = >t<y >a<z>": "ai_modified a human",
    "t<x = >a<z>": "ai_modified a unknown",  # a tool's text that nobody owns is unknown
}

SURVIVING = {
    "a<lim>h<it>": "ai_modified a human",  # 3 of 5
    "a<li>h<mit>": "human h",
    "a<ab>h<cd>": "human h",  # half is not more than half
    "a<ab>o<cd>": "ai a",  # nobody else touched the line
    "a<_a>h<b>": "ai_modified a human",  # an underscore is part of its word
    "h<x >a<==>h< y>": "human h",  # an operator is no word: the AI's text is gone
    "h<x >a<==>h< y>u<zzz>": "unknown u",
    "a<==>": "ai a",
    "a<==>h<)>": "ai_modified a human",  # in a line without words any character will do
    "a<)>h<==>": "ai_modified a human",
    "A<li>h<mit>": "human h",
    "A<li>h<mit = >A<3>": "ai_modified A human",
    "a<é>h<x>": "human h",
    "a<数>h< = 1>": "ai_modified a human",
    "a<3>h< + x>": "ai_modified a human",  # a number is a word
}

HUMAN_WITH_UNKNOWN = {
    "h<abc >u<de>": "human h",
    "h<ab >u<cde>": "unknown u",
    "h<ab >u<cd>": "unknown u",  # a tie
    "h<ab>u<+>": "human h",
    "h<+>u<->": "unknown u",  # a tie at nothing
    "h<ab(((((>u<cde>": "unknown u",  # letters and digits decide, not characters
    "H<abc >u<de>": "human H",
    "h<ab>t<c>": "human h",
    "o<abcdef >h<ab >u<c>": "human h",
}

SEVERAL_SESSIONS = {
    "a<limit>b< = 1>": "ai a",
    "a<x = >b<limit>": "ai b",
    "a<ab >b<cd>": "ai b",  # a tie goes to the newest
    "b<ab >a<cd>": "ai b",
    "a<ab >A<cd>": "ai a",  # what an edit wrote is newer than any base
    "a<limit>b< = 1>h< + x>": "ai_modified a human",
    "a<((((((>b<x>": "ai b",
}

TOMBSTONES = {
    "a<x = >h/a": "ai_modified a human",
    "a<x = >u/a": "ai_modified a unknown",
    "A<x = >h/A": "ai_modified A human",
    "M<x = >a/M": "ai_modified M human",  # the AI's own kind: what was modified before stays so
    "o<x = >h/o": "human h",
    "o<x = >a/o": "ai a",  # an AI takes a parameter out of a line of which nothing is known
    "o<x = >u/o": "unknown u",
    "H<x = >a/H": "ai_modified a human",
    "h<x = >a/h": "ai_modified a human",
    # It counts only while other text of the deleted owner's kind survives.
    "h<x = >h/a": "human h",
    "a<x = >h/o": "ai a",
    "a<)>h<x>h/a": "human h",  # a bracket does not survive
    "o<x = >h/a": "unknown",
    "A<x = >h/a": "ai_modified A human",  # of the kind, not of the very edit
    # One's own kind's text leaves none that counts, also where that is learnt only later.
    "a<x = >b/a": "ai a",
    "A<x = >a/A": "ai A",
    "h<x = >h/H": "human h",
    "t<x = >u/t": "unknown t",
    # The AI's deletion stands, also where it wrote an operator; what it wrote and lost again is gone altogether.
    "h<x >a/h a<->h< y>": "ai_modified a human",
    "h<x >a/h h/a h<z y>": "human h",
    "h<x = >a/h h<y>": "ai_modified a human",
    "o<x = >a/o h<y>": "ai_modified a human",
    "u<x = >a/u": "ai_modified a unknown",
    # Neither a person nor an AI: the text decides.
    "h<ab >u/h": "human h",
    "h<+ >u/h": "unknown u",
}

BLANK = {
    "a<\n>": "ai a",
    "h<   >a<\n>": "ai a",  # its own line break's edit
    "a<   >o<\n>": "unknown",
    "a<  >h<\r>u<\n>": "unknown u",
    "h<   >": "human h",
    "a/h h<  >A<\n>": "ai A",
    "": "unknown",
    "h/a": "unknown",
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(line, expected, id=f"{line!r}")
        for table in (
            TOUCHED_BY_NOTHING,
            ONE_KIND,
            AI_WITH_OTHERS,
            SURVIVING,
            HUMAN_WITH_UNKNOWN,
            SEVERAL_SESSIONS,
            TOMBSTONES,
            BLANK,
        )
        for line, expected in table.items()
    ],
)
def test_state(line: str, expected: str) -> None:
    check(line, expected)


@pytest.mark.parametrize("letter", "hautHABMo")
def test_line_of_one_owner_is_judged_alike_in_both_forms(letter: str) -> None:
    owner = EDITS[letter]
    assert line_state("x = 1\n", owner, Owners()) == line_state("x = 1\n", (Span(6, owner),), Owners())
    assert line_state("\n", owner, Owners()) == line_state("\n", (Span(1, owner),), Owners())


def test_line_break_has_no_say_in_a_line_with_text() -> None:
    assert line_state("x = 1\r\n", (Span(5, EDITS["a"]), Span(2, EDITS["h"])), Owners()).state is State.AI


def test_of_one_session_the_prompt_of_the_larger_part_is_shown() -> None:
    class TwoPrompts(Owners):
        def origin(self, edit: int) -> Origin:
            return Origin(Kind.AI, tool="codex", session="1", prompt=f"prompt {edit}")

    assert line_state("limit = 1", (Span(5, 7), Span(4, 8)), TwoPrompts()).origin.prompt == "prompt 7"


def test_session_that_wrote_last_wins_a_tie_with_whatever_edit() -> None:
    class Sessions(Owners):
        def origin(self, edit: int) -> Origin:
            return Origin(Kind.AI, session="old and new" if edit in (1, 9) else "between")

    spans = (Span(3, 1), Span(1, 1), Span(2, 9), Span(1, 9), Span(5, 5))
    assert line_state("abc de fghij", spans, Sessions()).origin.session == "old and new"


def test_kind_of_an_owner() -> None:
    kinds = {letter: owner_kind(owner, Owners()) for letter, owner in EDITS.items()}
    assert kinds == {
        "h": Kind.HUMAN,
        "a": Kind.AI,
        "b": Kind.AI,
        "u": Kind.UNKNOWN,
        "t": Kind.UNKNOWN,
        "H": Kind.HUMAN,
        "A": Kind.AI,
        "B": Kind.AI,
        "M": Kind.AI,
        "o": None,
    }


def test_nothing_said_of_a_base_line_counts_as_nothing() -> None:
    assert LineState(State.ORIGINAL).kind is None
    assert LineState(State.UNKNOWN, UNKNOWN).kind is None
    assert base_owner(0, 0) == -1
