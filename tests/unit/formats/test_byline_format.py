"""Byline's own notes: what is written, what is read back, and that merging keeps everything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from note_strategies import NOTES

from byline.formats import (
    BadNote,
    Note,
    NoteMark,
    NoteRange,
    NoteSession,
    decode,
    gather,
    join,
    line_print,
    prompt_key,
    verified,
)
from byline.formats.byline import decode as read
from byline.formats.byline import encode
from byline.formats.limits import MAX_BYTES
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

FORMAT = '{"format":"byline","version":"1.0"}'
SESSION = NoteSession("s_1", "claude-code", "claude-opus-5", "0b8c")
NOTE = Note(
    "byline",
    {"s_1": SESSION},
    {
        "src/app.py": (
            NoteRange(3, 4, State.AI, "s_1", "p_1", Level.PROVEN, ("transcript", "agent"), None, "4RXJAAAA"),
            NoteRange(5, 5, State.AI_MODIFIED, "s_1", None, Level.STRONG, ("agent",), Kind.HUMAN, "_-_-"),
            NoteRange(9, 9, State.HUMAN, None, None, Level.DECLARED, ("typing",)),
        )
    },
    (NoteMark("src/app.py", 9, 9, State.AI, "aider", None, "4RXJ", 1_780_000_000),),
    {"p_1": "add “rate limiting”\nto the client"},
)
WRITTEN = """\
{"file":"src/app.py","ranges":[\
{"evidence":["transcript","agent"],"level":"proven","lines":[3,4],"print":"4RXJAAAA","prompt":"p_1","session":"s_1","state":"ai"},\
{"by":"human","evidence":["agent"],"level":"strong","lines":[5,5],"print":"_-_-","session":"s_1","state":"ai_modified"},\
{"evidence":["typing"],"level":"declared","lines":[9,9],"state":"human"}]}
{"format":"byline","version":"1.0"}
{"mark":"src/app.py","lines":[9,9],"print":"4RXJ","state":"ai","time":1780000000,"tool":"aider"}
{"prompt":"p_1","text":"add “rate limiting”\\nto the client"}
{"session":"s_1","id":"0b8c","model":"claude-opus-5","tool":"claude-code"}
"""


def lines(*records: str) -> bytes:
    return "".join(f"{record}\n" for record in (FORMAT, *records)).encode()


def test_the_written_form() -> None:
    assert encode(NOTE).decode() == WRITTEN
    assert read(WRITTEN.encode()) == NOTE
    assert decode("refs/notes/byline", WRITTEN.encode()) == NOTE


@given(NOTES)
def test_what_is_written_is_read_back(note: Note) -> None:
    assert read(encode(note)) == note
    assert encode(read(encode(note))) == encode(note)


@given(NOTES, NOTES)
def test_sorted_unique_lines_of_two_notes_are_their_join(a: Note, b: Note) -> None:
    together = sorted({*encode(a).splitlines(), *encode(b).splitlines()})
    assert read(b"".join(line + b"\n" for line in together)) == join(a, b)


@given(NOTES)
def test_the_same_note_gives_the_same_bytes_in_whatever_order_it_was_gathered(note: Note) -> None:
    again = gather(
        "byline",
        sessions=reversed(note.sessions.values()),
        claims=[(path, run) for path in reversed(note.files) for run in reversed(note.files[path])],
        marks=reversed(note.marks),
        prompts=reversed(note.prompts.items()),
        extra=reversed(note.extra),
    )
    assert encode(again) == encode(note)


def test_what_a_newer_minor_version_added_is_kept() -> None:
    records = [
        '{"format":"byline","version":"1.7"}',
        '{"review":"src/app.py","by":"Bob"}',
        '{"session":"s_1","tool":"codex","budget":{"b":1,"a":[1.5,true,null]}}',
        '{"file":"f","ranges":[{"lines":[1,2],"state":"ai","session":"s_1","mood":"calm"}],"mode":"100755"}',
        '{"mark":"f","lines":[1,1],"state":"human","because":"I said so"}',
    ]
    note = read(lines(*records))
    assert note.files == {"f": (NoteRange(1, 2, State.AI, "s_1"),)}
    assert note.sessions["s_1"].tool == "codex"
    assert note.marks == (NoteMark("f", 1, 1, State.HUMAN),)
    kept = encode(note).decode().splitlines()
    for record in (
        records[0],
        '{"review":"src/app.py","by":"Bob"}',
        '{"session":"s_1","budget":{"a":[1.5,true,null],"b":1}}',
        '{"file":"f","mode":"100755","ranges":[{"lines":[1,2],"mood":"calm"}]}',
        '{"mark":"f","because":"I said so","lines":[1,1]}',
    ):
        assert record in kept
    assert read(encode(note)) == note


def test_what_another_format_kept_stays_there() -> None:
    assert b"logical" not in encode(Note("git-ai", extra=('{"logical_commit_id":"x"}',)))


def test_a_path_that_is_no_utf_8_is_read_back() -> None:
    note = Note("byline", files={"caf\udce9.py": (NoteRange(1, 1, State.HUMAN),)})
    assert b'"caf\\udce9.py"' in encode(note)
    assert read(encode(note)) == note


def test_two_spellings_of_one_path_are_one() -> None:
    note = read(lines('{"file":"\\udcc3\\udca9","ranges":[{"lines":[1,1],"state":"ai"}]}'))
    assert set(note.files) == {"é"}


BAD = {
    "nothing": b"",
    "no format record": b'{"session":"s_1"}\n',
    "another format": b'{"format":"other","version":"1.0"}\n',
    "no version": b'{"format":"byline"}\n',
    "a newer major version": b'{"format":"byline","version":"2.0"}\n',
    "not UTF-8": FORMAT.encode() + b"\n\xff\n",
    "not JSON": lines("{"),
    "pretty-printed": json.dumps({"format": "byline", "version": "1.0"}, indent=1).encode(),
    "an array": lines("[]"),
    "an empty record": lines("{}"),
    "a key twice": lines('{"session":"a","session":"b"}'),
    "NaN": lines('{"x":NaN}'),
    "a number too large": lines('{"x":1e999}'),
    "an integer too large": lines('{"x":' + "9" * 5000 + "}"),
    "half a surrogate pair": lines('{"session":"\\ud800"}'),
    "half a surrogate pair, kept": lines('{"x":"\\ud800"}'),
    "too deep for Python": lines('{"x":' + "[" * 100_000),
    "too deep": lines('{"x":' + "[" * 100 + "]" * 100 + "}"),
    "ranges that are none": lines('{"file":"f","ranges":{}}'),
    "a range that is none": lines('{"file":"f","ranges":[7]}'),
    "a path outside": lines('{"file":"../f"}'),
    "an absolute path": lines('{"file":"/etc/passwd"}'),
    "a path with a NUL": lines('{"file":"a\\u0000"}'),
    "an empty path": lines('{"file":""}'),
    "no path": lines('{"file":null}'),
    "one line number": lines('{"file":"f","ranges":[{"lines":[1],"state":"ai"}]}'),
    "line 0": lines('{"file":"f","ranges":[{"lines":[0,1],"state":"ai"}]}'),
    "backwards": lines('{"file":"f","ranges":[{"lines":[2,1],"state":"ai"}]}'),
    "too many lines": lines('{"file":"f","ranges":[{"lines":[1,10000001],"state":"ai"}]}'),
    "true for a number": lines('{"file":"f","ranges":[{"lines":[true,1],"state":"ai"}]}'),
    "a float for a number": lines('{"file":"f","ranges":[{"lines":[1.0,1],"state":"ai"}]}'),
    "an unknown state": lines('{"file":"f","ranges":[{"lines":[1,1],"state":"maybe"}]}'),
    "an unknown level": lines('{"file":"f","ranges":[{"lines":[1,1],"state":"ai","level":"sure"}]}'),
    "an unknown modifier": lines('{"file":"f","ranges":[{"lines":[1,1],"state":"ai","by":"cat"}]}'),
    "a fingerprint too short": lines('{"file":"f","ranges":[{"lines":[1,2],"state":"ai","print":"aaaa"}]}'),
    "a fingerprint of other characters": lines('{"file":"f","ranges":[{"lines":[1,1],"state":"ai","print":"a b="}]}'),
    "evidence without end": lines(
        '{"file":"f","ranges":[{"lines":[1,1],"state":"ai","evidence":[' + '"a",' * 99 + '"a"]}]}'
    ),
    "a mark of an unknown author": lines('{"mark":"f","lines":[1,1],"state":"unknown"}'),
    "a mark before 1970": lines('{"mark":"f","lines":[1,1],"state":"ai","time":-1}'),
    "a name too long": lines('{"session":"' + "a" * 5000 + '"}'),
    "too many ranges": lines('{"file":"f","ranges":[' + '{"lines":[1,1],"state":"ai"},' * 20_001 + "{}]}"),
    "too large": lines('{"x":"' + "a" * MAX_BYTES["byline"] + '"}'),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_note_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadNote) as refused:
        read(data)
    assert 5 < len(str(refused.value)) < 120


def test_a_note_too_large_to_be_read_is_not_written() -> None:
    texts = {f"p_{n}": "x" * 200_000 for n in range(6)}
    with pytest.raises(BadNote, match="bytes"):
        encode(Note("byline", prompts=texts))
    many = tuple(NoteRange(n, n, State.HUMAN) for n in range(1, 40_004, 2))
    with pytest.raises(BadNote, match="ranges"):
        encode(Note("byline", files={"f": many}))


def test_a_name_that_is_no_text_is_not_written() -> None:
    with pytest.raises(BadNote, match="surrogate"):
        encode(Note("byline", {"s": NoteSession("s", "\ud800")}))


def test_a_thousand_changed_lines_cost_few_bytes() -> None:
    runs = tuple(
        NoteRange(n, n + 9, State.AI, "s_1", "p_1", Level.PROVEN, ("transcript",), print=line_print("x") * 10)
        for n in range(1, 2000, 20)
    )
    assert len(encode(Note("byline", {"s_1": SESSION}, {"src/app.py": runs}))) < 18_000


def test_the_example_of_the_documentation_is_what_it_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "note-format.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (example,) = re.findall(r"```jsonl\n(.*?)```", page, re.DOTALL)
    note = read(example.encode())
    assert encode(note).decode() == example
    shown = [note.at("src/client.py", number) for number in range(1, 6)]
    assert [run and run.state.value for run in shown] == ["ai", "ai", "ai_modified", "ai", "human"]
    for number, (run, text) in enumerate(zip(shown, source.splitlines(), strict=True), start=1):
        assert run
        assert verified(run, number, text)
    (session,) = note.sessions.values()
    assert session == NoteSession.of(session.tool, session.model, session.id)
    assert note.files["src/client.py"][0].prompt == prompt_key("add rate limiting to the API client")
