"""Notes for property tests: few paths, lines and names, so that facts meet, repeat and contradict each other."""

from __future__ import annotations

from hypothesis import strategies as st

from byline.formats import Note, NoteMark, NoteRange, NoteSession, gather, line_print
from byline.formats.note import CONFLICT
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

PATHS = st.sampled_from(["a.py", "src/ä b.py", "bytes-\udcff.txt"])
NAMES = st.none() | st.sampled_from(["", "claude-code", "codex", "näme"])
TEXTS = st.sampled_from(["x = 1", "return None", ""])


@st.composite
def prints(draw: st.DrawFn, count: int) -> str:
    return "".join(line_print(draw(TEXTS)) for _ in range(count)) if draw(st.booleans()) else ""


@st.composite
def ranges(draw: st.DrawFn) -> NoteRange:
    start, count = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    return NoteRange(
        start,
        start + count - 1,
        draw(st.sampled_from(State)),
        draw(st.none() | st.sampled_from(["s_1", "s_2"])),
        draw(st.none() | st.sampled_from(["p_1", "p_2"])),
        draw(st.sampled_from([Level.NONE, Level.PROVEN])),
        draw(st.sampled_from([(), ("transcript",), ("typing", "mark"), ("mark", "typing"), (CONFLICT,)])),
        draw(st.none() | st.sampled_from(Kind)),
        draw(prints(count)),
    )


@st.composite
def marks(draw: st.DrawFn) -> NoteMark:
    start, count = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    state = draw(st.sampled_from([State.AI, State.HUMAN]))
    time = draw(st.integers(0, 2))
    return NoteMark(draw(PATHS), start, start + count - 1, state, draw(NAMES), draw(NAMES), draw(prints(count)), time)


SESSIONS = st.builds(NoteSession, st.sampled_from(["s_1", "s_2"]), NAMES, NAMES, NAMES)
PROMPTS = st.tuples(st.sampled_from(["p_1", "p_2"]), st.sampled_from(["add a line", 'say "hello"\n', "日本"]))
EXTRA = st.sampled_from(
    ['{"novel":1}', '{"session":"s_1","colour":"red"}', '{"file":"a.py","ranges":[{"lines":[1,2],"x":[]}]}']
)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """A note in the form that `join` and `decode` give it."""
    sessions, extra = draw(st.lists(SESSIONS, max_size=3)), draw(st.lists(EXTRA, max_size=2))
    if any("s_1" in record for record in extra):
        sessions.append(NoteSession("s_1"))  # what is kept of a session comes with the session
    return gather(
        "byline",
        sessions=sessions,
        claims=draw(st.lists(st.tuples(PATHS, ranges()), max_size=5)),
        marks=draw(st.lists(marks(), max_size=3)),
        prompts=draw(st.lists(PROMPTS, max_size=2)),
        extra=extra,
    )


NOTES = notes()
