"""whogitit's notes, versions 2 and 3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from byline.formats import BadNote, Note, decode, prompt_key, session_key, verified
from byline.formats.whogitit import decode as read
from byline.provenance.origin import Kind, Level

SESSION_ID = "4d9f6c1e-2b7a-4f0e-8c55-1a2b3c4d5e6f"
EDIT = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"


def line(number: int, text: str, kind: str, prompt: int | None = None) -> dict[str, Any]:
    source: dict[str, Any] = {"type": kind}
    if kind.startswith("AI"):
        source["edit_id"] = EDIT
    return {
        "line_number": number,
        "content": text,
        "source": source,
        "edit_id": source.get("edit_id"),
        "prompt_index": prompt,
        "confidence": 1.0,
    }


LINES = [
    line(1, "import os", "Original"),
    line(2, "def f():", "AI", 4),
    line(3, "    return 1", "AI", 4),
    line(4, "    return 2", "AIModified", 7),
    line(5, "# mine", "Human"),
    line(6, "?", "Unknown"),
    line(7, "x = 1", "AI", 5),
]
PROMPTS = [
    {"index": 4, "text": "write f", "timestamp": "2026-01-31T21:29:18Z", "affected_files": ["f.py"]},
    {"index": 7, "text": '"use \\"two\\""', "timestamp": "2026-01-31T21:30:18Z", "affected_files": []},
    {"index": 9, "text": "never used", "timestamp": "2026-01-31T21:31:18Z", "affected_files": []},
]


def record(**changes: object) -> dict[str, Any]:
    return {
        "version": 3,
        "session": {
            "session_id": SESSION_ID,
            "model": {"id": "claude-opus-4-5", "provider": "anthropic"},
            "started_at": "2026-01-31T21:29:18Z",
            "prompt_count": 2,
        },
        "prompts": PROMPTS,
        "files": [{"path": "f.py", "lines": LINES}, {"path": "g.py", "lines": [line(1, "y", "AI", 4)]}],
    } | changes


def stored(**changes: object) -> bytes:
    return json.dumps(record(**changes), indent=1).encode()


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("ref", ["refs/notes/whogitit", "refs/notes/ai-blame"])
def test_every_line_has_its_state_and_prompt(version: int, ref: str) -> None:
    note = decode(ref, stored(version=version))
    key = session_key("claude-code", SESSION_ID)
    session = note.sessions[key]
    assert (session.tool, session.model, session.id) == ("claude-code", "claude-opus-4-5", SESSION_ID)
    write_f, use_two = prompt_key("write f"), prompt_key('use "two"')
    assert [(r.start, r.end, r.state, r.session, r.prompt, r.level, r.by) for r in note.ranges("f.py")] == [
        (1, 1, "original", None, None, Level.NONE, None),
        (2, 3, "ai", key, write_f, Level.DECLARED, None),
        (4, 4, "ai_modified", key, use_two, Level.PROBABLE, Kind.HUMAN),
        (5, 5, "human", None, None, Level.PROBABLE, None),
        (6, 6, "unknown", None, None, Level.NONE, None),
        (7, 7, "ai", key, None, Level.DECLARED, None),  # the index is a name: the sixth prompt is not index 5
    ]
    assert note.prompts == {write_f: "write f", use_two: 'use "two"'}


def test_a_line_is_checked_against_its_text() -> None:
    run = read(stored()).at("f.py", 3)
    assert run
    assert verified(run, 3, "    return 1\r\n")
    assert not verified(run, 3, "    return 1 ")


def test_only_the_paths_asked_for_are_read() -> None:
    note = read(stored(), {"g.py"})
    assert set(note.files) == {"g.py"}
    assert set(note.prompts) == {prompt_key("write f")}


@pytest.mark.parametrize("text", ['"', '""x""', '"half', "“quoted”", '"not \\x json"'])
def test_a_prompt_that_only_looks_quoted_stays(text: str) -> None:
    note = read(stored(prompts=[{"index": 4, "text": text}]))
    assert list(note.prompts.values()) == [text]


def test_optional_parts_may_be_missing() -> None:
    assert read(stored(prompts=[], files=[])).files == {}
    session = {"session_id": SESSION_ID}
    assert next(iter(read(stored(session=session)).sessions.values())).model is None


def changed(**fields: object) -> bytes:
    return stored(files=[{"path": "f", "lines": [line(1, "x", "AI", 4) | fields]}])


BAD = {
    "nothing": b"",
    "not UTF-8": b"\xff",
    "no object": b"[]",
    "version 1": stored(version=1),
    "version 4": stored(version=4),
    "no session": stored(session=None),
    "a line twice": stored(files=[{"path": "f", "lines": [line(1, "x", "AI"), line(1, "y", "AI")]}]),
    "line 0": changed(line_number=0),
    "a line number that is none": changed(line_number="1"),
    "a text that is none": changed(content=None),
    "a source that is not known": changed(source={"type": "Alien"}),
    "no source": changed(source=None),
    "a prompt index that is none": changed(prompt_index="4"),
    "a path outside": stored(files=[{"path": "../f", "lines": []}]),
    "lines that are none": stored(files=[{"path": "f", "lines": {}}]),
    "files that are none": stored(files="f"),
    "a prompt without an index": stored(prompts=[{"text": "x"}]),
    "a prompt without a text": stored(prompts=[{"index": 1}]),
    "too large": b" " * (4 << 20) + b"{}",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_note_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadNote) as refused:
        read(data)
    assert 5 < len(str(refused.value)) < 120


def test_a_ref_without_notes_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="refs/notes/commits"):
        decode("refs/notes/commits", b"")
    assert isinstance(decode("refs/notes/whogitit", stored()), Note)
