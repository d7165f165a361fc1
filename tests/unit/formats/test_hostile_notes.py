"""No note, however it was made, does more than be refused; and none takes long."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from note_strategies import NOTES

from byline.formats import NOTE_REFS, BadNote, Note, agent_trace, decode
from byline.formats.byline import encode
from byline.formats.git_ai import encode as encode_git_ai

READERS: Mapping[str, Callable[[bytes], object]] = {
    **{ref: lambda data, ref=ref: decode(ref, data) for ref in NOTE_REFS},
    "agent-trace": agent_trace.decode,
}


def survives(data: bytes) -> None:
    for read in READERS.values():
        with suppress(BadNote):
            read(data)


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    survives(data)


KEYS = (
    st.sampled_from(
        [
            "format",
            "version",
            "file",
            "ranges",
            "lines",
            "state",
            "mark",
            "session",
            "prompt",
            "text",
            "prompts",
            "source",
        ]
    )
    | st.sampled_from(
        [
            "files",
            "path",
            "line_number",
            "content",
            "type",
            "index",
            "schema_version",
            "agent_id",
            "messages",
            "sessions",
        ]
    )
    | st.sampled_from(["conversations", "start_line", "end_line", "vcs", "tool", "model", "session_id", "contributor"])
)
WORDS = st.sampled_from(["byline", "1.0", "ai", "AI", "authorship/3.0.0", "f", "../f", "\ud800", "user"]) | st.text(
    max_size=4
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=5), min_size=1, max_size=4))
def test_any_json(records: list[dict[str, object]]) -> None:
    text = "\n".join(map(json.dumps, records)).encode()
    survives(text)
    survives(b'{"format":"byline","version":"1.0"}\n' + text)
    survives(b"f\n  s_1 1\n---\n" + json.dumps(records[0] | {"schema_version": "authorship/3.0.0"}).encode())
    survives(json.dumps(records[0] | {"version": 3, "session": {}}).encode())


@given(NOTES, st.integers(0), st.binary(max_size=3), st.integers(0, 5))
def test_a_damaged_note(note: Note, at: int, dirt: bytes, gone: int) -> None:
    for data in (encode(note), encode_git_ai(note, commit="0" * 40, committer=("A", "a@b"))):
        place = at % (len(data) + 1)
        survives(data[:place] + dirt + data[place + gone :])


FORMAT = '{"format":"byline","version":"1.0"}\n'
METADATA = '\n---\n{"schema_version":"authorship/3.0.0","base_commit_sha":"0","prompts":{}}'
CHANCE = random.Random(7)


def anywhere() -> tuple[int, int]:
    first, last = sorted(CHANCE.randint(1, 9_999_999) for _ in range(2))
    return first, last


def git_ai(size: int, ranges: Callable[[int], tuple[int, int]]) -> str:
    return "f\n  s_1 " + ",".join(f"{a}-{b}" for a, b in map(ranges, range(size))) + METADATA


def own(*records: Mapping[str, object]) -> str:
    return FORMAT + "".join(f"{json.dumps(record)}\n" for record in records)


def file(first: int, last: int, **more: object) -> Mapping[str, object]:
    return {"file": "f", "ranges": [{"lines": [first, last], "state": "ai"} | more]}


BOMBS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "nested": ("refs/notes/ai", lambda size: git_ai(size, lambda n: (n + 1, 10_000_000 - n))),
    "staggered": ("refs/notes/ai", lambda size: git_ai(size, lambda n: (size - n, 9_000_000 + n))),
    "scattered": ("refs/notes/ai", lambda size: git_ai(size, lambda _: anywhere())),
    "files": ("refs/notes/ai", lambda size: "\n".join(f"f{n}\n  s_1 1" for n in range(size)) + METADATA),
    "depth": ("refs/notes/byline", lambda size: own(*(file(n, n + 40) for n in range(1, size)))),
    "prints": ("refs/notes/byline", lambda size: own(*(file(1, size, print=f"abc{n}" * size) for n in range(8)))),
    "kept": ("refs/notes/byline", lambda size: own(*({"x": n} for n in range(size)))),
    "brackets": ("refs/notes/byline", lambda size: FORMAT + '{"x":' + "[" * size),
}


@pytest.mark.parametrize(("ref", "bomb"), BOMBS.values(), ids=BOMBS)
def test_time_grows_with_the_size_of_a_note_and_not_faster(ref: str, bomb: Callable[[int], str]) -> None:
    def seconds(size: int) -> float:
        data = bomb(size).encode()
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            with suppress(BadNote):
                decode(ref, data)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(600), seconds(4_800)
    # Eight times the note; sixty-four times the work if it were quadratic.
    assert large < 28 * small + 0.02, f"{small * 1e3:.1f} ms and {large * 1e3:.1f} ms"
