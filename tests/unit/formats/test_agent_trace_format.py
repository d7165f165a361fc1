"""Agent Trace records, as the specification has them and as its writers write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from byline.formats import BadNote, Note, NoteSession
from byline.formats.agent_trace import decode
from byline.provenance.origin import Level

REVISION = "a1" * 20
CHAT = "https://chat.example.org/c/77"


def conversation(*ranges: tuple[int, int], kind: str | None = "ai", **more: object) -> dict[str, Any]:
    contributor = {"contributor": {"type": kind, "model_id": "anthropic/claude-opus-5"}} if kind else {}
    spans = [{"start_line": a, "end_line": b, "content_hash": "murmur3:0"} for a, b in ranges]
    return {"url": CHAT, "ranges": spans} | contributor | more


def record(*conversations: dict[str, Any], path: str = "f", **changes: object) -> dict[str, Any]:
    return {
        "version": "0.1.0",
        "id": "6a1f0c52-9d3e-4b7a-8f21-c0d9e8b7a6f5",
        "timestamp": "2026-01-23T14:30:00Z",
        "vcs": {"type": "git", "revision": REVISION},
        "tool": {"name": "cursor", "version": "2.4.0"},
        "files": [{"path": path, "conversations": list(conversations)}],
    } | changes


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(entry) + "\n" for entry in records).encode()


def states(note: Note, path: str = "f") -> list[tuple[int, int, str]]:
    return [(run.start, run.end, run.state.value) for run in note.ranges(path)]


def test_a_record_says_which_lines_a_conversation_wrote() -> None:
    notes = decode(lines(record(conversation((1, 4), (9, 9)))))
    assert list(notes) == [REVISION]
    note = notes[REVISION]
    run = note.at("f", 9)
    assert run
    assert note.session(run) == NoteSession.of("cursor", "anthropic/claude-opus-5", CHAT)
    assert (states(note), run.level) == ([(1, 4, "ai"), (9, 9, "ai")], Level.PROBABLE)


KINDS = {
    "ai": "ai",
    "mixed": "ai_modified",
    "human": "human",
    "unknown": "unknown",
    "robot": "unknown",
    None: "unknown",
}


@pytest.mark.parametrize(("kind", "state"), KINDS.items(), ids=map(str, KINDS))
def test_who_contributed(kind: str | None, state: str) -> None:
    note = decode(lines(record(conversation((1, 1), kind=kind))))[REVISION]
    assert states(note) == [(1, 1, state)]
    assert bool(note.sessions) == (state in ("ai", "ai_modified"))


def test_a_range_has_the_last_word_on_its_contributor() -> None:
    span = {"start_line": 2, "end_line": 2, "contributor": {"type": "human"}}
    note = decode(lines(record(conversation() | {"ranges": [{"start_line": 1, "end_line": 3}, span]})))[REVISION]
    assert states(note) == [(1, 1, "ai"), (2, 2, "human"), (3, 3, "ai")]


def test_the_later_record_holds_and_revisions_are_kept_apart() -> None:
    other = {"type": "git", "revision": "b2" * 20}
    notes = decode(
        lines(
            record(conversation((1, 3))),
            record(conversation((2, 2), kind="human")),
            record(conversation((1, 1)), vcs=other),
            record(conversation((7, 7)), vcs=None),
        )
    )
    assert states(notes[REVISION]) == [(1, 1, "ai"), (2, 2, "human"), (3, 3, "ai")]
    assert states(notes["b2" * 20]) == [(1, 1, "ai")]
    assert states(notes[None]) == [(7, 7, "ai")]


LENIENT = {
    "the writers' own version": lines(record(conversation((1, 1)), version="1.0")),
    "one record over several lines": json.dumps(record(conversation((1, 1))), indent=2).encode(),
    "one record on one line": json.dumps(record(conversation((1, 1)))).encode(),
    "blank lines": b"\n\n" + lines(record(conversation((1, 1)))) + b"\n",
    "unknown fields": lines(record(conversation((1, 1), mood="calm"), metadata={"confidence": 0.95})),
    "no tool": lines(record(conversation((1, 1)), tool=None)),
}


@pytest.mark.parametrize("data", LENIENT.values(), ids=LENIENT)
def test_what_writers_do_is_read(data: bytes) -> None:
    assert states(decode(data)[REVISION]) == [(1, 1, "ai")]


def test_pseudo_files_are_left_out() -> None:
    pseudo = [record(conversation((1, 1)), path=path) for path in (".sessions", ".shell-history")]
    assert decode(lines(*pseudo))[REVISION].files == {}
    assert decode(b"") == {}


BAD = {
    "not UTF-8": b"\xff",
    "no object": b"[]\n",
    "no version": lines(record() | {"version": None}),
    "no files": lines(record() | {"files": None}),
    "no path": lines(record(path="")),
    "a path outside": lines(record(path="a/../../b")),
    "no ranges": lines(record({"url": CHAT})),
    "line 0": lines(record(conversation((0, 1)))),
    "backwards": lines(record(conversation((2, 1)))),
    "a line number that is none": lines(record(conversation() | {"ranges": [{"start_line": "1", "end_line": 1}]})),
    "a bad record among good ones": lines(record(conversation((1, 1)))) + b"{\n",
    "too many ranges": lines(record(conversation(*[(1, 1)] * 20_001))),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_record_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadNote) as refused:
        decode(data)
    assert 5 < len(str(refused.value)) < 120
