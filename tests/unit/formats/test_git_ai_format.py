"""The Git AI Standard 3.0.0: everything that real notes hold is read, and only what the standard allows is written."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from note_strategies import NOTES

from byline.formats import BadNote, Note, NoteMark, NoteRange, NoteSession, decode, prompt_key, session_key
from byline.formats.git_ai import encode
from byline.formats.limits import MAX_BYTES
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

COMMIT = "5f" * 20
ANN = ("Ann", "ann@example.org")
HUMAN_KEY = "h_" + hashlib.sha256(b"Ann <ann@example.org>").hexdigest()[:14]
S1, S2, BARE = "s_0123456789abcd", "s_fedcba98765432", "0123456789abcdef"


def agent(tool: object = "codex", id: object = "conv-1", model: object = "gpt-5") -> dict[str, Any]:
    return {"agent_id": {"tool": tool, "id": id, "model": model}}


def stored(attestations: str, **metadata: object) -> bytes:
    known = {"schema_version": "authorship/3.0.0", "base_commit_sha": COMMIT, "prompts": {}}
    return f"{attestations}---\n{json.dumps(known | metadata, indent=2)}".encode()


def read(data: bytes) -> Note:
    return decode("refs/notes/ai", data)


def owners(note: Note, path: str = "f") -> dict[int, str]:
    """For each line of `path`: the session's key, or the state where there is none."""
    return {n: run.session or run.state.value for run in note.ranges(path) for n in range(run.start, run.end + 1)}


READ = {
    "a session": (f"f\n  {S1}::t_00000000000000 1,3-4\n", {1: S1, 3: S1, 4: S1}),
    "a session without a trace": (f"f\n  {S1} 1\n", {1: S1}),
    "a person": ("f\n  h_0123456789abcd 2\n", {2: "human"}),
    "an old key": (f"f\n  {BARE} 1\n", {1: BARE}),
    "an older key": ("f\n  0123456 1\n", {1: "0123456"}),
    "a key of 5": ("f\n  abcde 1\n", {1: "abcde"}),
    "a key of 8": ("f\n  0123abcd 1\n", {1: "0123abcd"}),
    "a UUID for a key": ("f\n  7b9e2a04-53d1-4c6f-9a8e-0d1c2b3a4f5e 1\n", {1: "7b9e2a04-53d1-4c6f-9a8e-0d1c2b3a4f5e"}),
    "the last of overlapping entries": (f"f\n  {S1} 1-4\n  {S2} 2-3\n", {1: S1, 2: S2, 3: S2, 4: S1}),
    "a person over an AI": (f"f\n  {S1} 1-3\n  h_1 2\n", {1: S1, 2: "human", 3: S1}),
    "ranges in any order": (f"f\n  {S1} 8-9,1-2,1\n", {1: S1, 2: S1, 8: S1, 9: S1}),
    "neighbours": (f"f\n  {S1} 1,2,3-4\n", {1: S1, 2: S1, 3: S1, 4: S1}),
    "an empty range": (f"f\n  {S1} 1,,3,\n", {1: S1, 3: S1}),
    "a file twice": (f"f\n  {S1} 1-2\ng\n  {S1} 1\nf\n  {S2} 2\n", {1: S1, 2: S2}),
    "a file without entries": (f"g\nf\n  {S1} 1\n", {1: S1}),
    "Windows line ends": (f"f\r\n  {S1} 1\r\n", {1: S1}),
    "blank lines": (f"\nf\n\n  {S1} 1\n\n", {1: S1}),
    "no attestation": ("", {}),
}


@pytest.mark.parametrize(("attestations", "expected"), READ.values(), ids=READ)
def test_attestations_are_read(attestations: str, expected: dict[int, str]) -> None:
    assert owners(read(stored(attestations))) == expected


@pytest.mark.parametrize(
    ("line", "path"),
    [("a b.py", "a b.py"), ('"a b.py"', "a b.py"), ("ä/日本.py", "ä/日本.py"), ('"', '"'), ('"---"', "---")],
)
def test_paths_are_read(line: str, path: str) -> None:
    assert set(read(stored(f"{line}\n  {S1} 1\n")).files) == {path}


def test_who_a_key_is() -> None:
    sessions = {S1: agent() | {"human_author": "Ann"}, "s_unused": agent("amp")}
    note = read(stored(f"f\n  {S1}::t_1 1\n  {BARE} 2\n  {S2} 3\n", sessions=sessions, prompts={BARE: agent("cursor")}))
    assert note.sessions == {
        S1: NoteSession(S1, "codex", "gpt-5", "conv-1"),
        "s_unused": NoteSession("s_unused", "amp", "gpt-5", "conv-1"),
        BARE: NoteSession(BARE, "cursor", "gpt-5", "conv-1"),
        S2: NoteSession(S2),  # nobody explains the key: an AI, and no more is known
    }
    assert [run.level for run in note.ranges("f")] == [Level.DECLARED] * 3


@pytest.mark.parametrize("name", ["unknown", "", None])
def test_a_name_that_says_nothing_is_not_known(name: str | None) -> None:
    note = read(stored(f"f\n  {S1} 1\n", sessions={S1: agent(model=name)}))
    assert note.sessions[S1] == NoteSession(S1, "codex", None, "conv-1")


def test_the_text_of_a_prompt_is_known_where_there_was_only_one() -> None:
    def said(*texts: str) -> dict[str, Any]:
        answers: list[object] = [{"type": "assistant", "text": "Sure"}, {"type": "tool_use", "name": "Edit"}, 7]
        return agent() | {"messages": [*answers, *({"type": "user", "text": text} for text in texts)]}

    note = read(stored("f\n  aaaaaaa 1\n  bbbbbbb 2\n", prompts={"aaaaaaa": said("add x"), "bbbbbbb": said("a", "b")}))
    assert note.prompts == {prompt_key("add x"): "add x"}
    assert [run.prompt for run in note.ranges("f")] == [prompt_key("add x"), None]


def test_a_note_of_another_commit_and_an_unknown_minor_version_is_read() -> None:
    note = read(stored(f"f\n  {S1} 1\n", base_commit_sha="00" * 20, schema_version="authorship/3.4.1"))
    assert owners(note) == {1: S1}


def test_unknown_metadata_survives_a_rewrite() -> None:
    note = read(stored(f"f\n  {S1} 1\n", logical_commit_id="x-1", future={"b": [1], "a": None}))
    metadata = json.loads(encode(note, commit=COMMIT, committer=ANN).decode().partition("---\n")[2])
    assert metadata["logical_commit_id"] == "x-1"
    assert metadata["future"] == {"b": [1], "a": None}


NOTE = Note(
    "byline",
    {"s_1": NoteSession("s_1", "claude-code", "claude-opus-5", "0b8c"), S2: NoteSession(S2, None, None, None)},
    {
        "src/my app.py": (
            NoteRange(1, 2, State.AI, "s_1", "p_1"),
            NoteRange(3, 3, State.HUMAN),
            NoteRange(4, 6, State.AI_MODIFIED, "s_1", "p_1", by=Kind.HUMAN),
            NoteRange(7, 7, State.UNKNOWN),
            NoteRange(8, 8, State.ORIGINAL),
            NoteRange(9, 9, State.AI, "s_1", "p_1"),
            NoteRange(10, 10, State.AI, "s_1", "p_2"),
            NoteRange(11, 11, State.AI, S2),
        ),
        "only-unknown.py": (NoteRange(1, 9, State.UNKNOWN),),
    },
    (NoteMark("marked.py", 2, 2, State.HUMAN),),
)
KEY = session_key("claude-code", "0b8c")


def trace(key: str, prompt: str | None) -> str:
    return "t_" + hashlib.sha256((key if prompt is None else f"{key}:{prompt}").encode()).hexdigest()[:14]


def test_the_written_form() -> None:
    attestations, _, metadata = encode(NOTE, commit=COMMIT, committer=ANN).decode().partition("---\n")
    assert attestations == (
        "marked.py\n"
        f"  {HUMAN_KEY} 2\n"
        '"src/my app.py"\n'
        f"  {KEY}::{trace(KEY, 'p_1')} 1-2,9\n"
        f"  {HUMAN_KEY} 3,4-6\n"
        f"  {KEY}::{trace(KEY, 'p_2')} 10\n"
        f"  {S2}::{trace(S2, None)} 11\n"
    )
    assert json.loads(metadata) == {
        "schema_version": "authorship/3.0.0",
        "base_commit_sha": COMMIT,
        "prompts": {},
        "humans": {HUMAN_KEY: {"author": "Ann <ann@example.org>"}},
        "sessions": {
            KEY: {"agent_id": {"tool": "claude-code", "id": "0b8c", "model": "claude-opus-5"}},
            S2: {"agent_id": {"tool": "unknown", "id": "", "model": "unknown"}},
        },
    }


def test_modified_lines_can_carry_the_session() -> None:
    text = encode(NOTE, commit=COMMIT, committer=ANN, ai_modified="session").decode()
    assert f"  {KEY}::{trace(KEY, 'p_1')} 1-2,4-6,9\n" in text
    assert f"  {HUMAN_KEY} 3\n" in text


def test_an_ai_that_nobody_can_name_is_still_an_ai() -> None:
    text = encode(Note("byline", files={"f": (NoteRange(1, 1, State.AI),)}), commit=COMMIT, committer=ANN)
    run = read(text).at("f", 1)
    assert run
    assert run.state is State.AI


def test_nothing_to_say_is_a_note_without_attestations() -> None:
    text = encode(Note("byline"), commit=COMMIT, committer=ANN).decode()
    assert text.startswith("---\n{")
    assert "humans" not in text
    assert "sessions" not in text


@pytest.mark.parametrize("path", ['a"b', "a\nb", "a\rb", "caf\udce9"])
def test_a_path_that_the_format_cannot_hold_is_left_out(path: str) -> None:
    note = Note("byline", files={path: (NoteRange(1, 1, State.HUMAN),), "ok": (NoteRange(1, 1, State.HUMAN),)})
    assert set(read(encode(note, commit=COMMIT, committer=ANN)).files) == {"ok"}


@pytest.mark.parametrize("path", ["---", "  x", "a\tb", "a\u00a0", "日本 語.py", "h_1 2"])
def test_a_path_that_could_be_misread_is_quoted(path: str) -> None:
    note = Note("byline", files={path: (NoteRange(1, 1, State.HUMAN),)})
    assert set(read(encode(note, commit=COMMIT, committer=ANN)).files) == {path}


ENTRY = re.compile(r"  (?:h_[0-9a-f]{14}|s_[0-9a-f]{14}::t_[0-9a-f]{14}) [0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*")


@given(NOTES)
def test_what_is_written_keeps_to_the_standard_and_is_read_back(note: Note) -> None:
    data = encode(note, commit=COMMIT, committer=ANN, ai_modified="session")
    attestations, _, text = data.decode().partition("---\n")
    metadata = json.loads(text)
    for line in attestations.splitlines():
        if line.startswith("  "):
            assert ENTRY.fullmatch(line)
            key = line.split()[0].partition("::")[0]
            assert key in metadata["humans" if key.startswith("h_") else "sessions"]
            firsts = [int(part.partition("-")[0]) for part in line.split()[1].split(",")]
            assert firsts == sorted(firsts)
    back = read(data)
    for path in note.paths:
        if "\udcff" not in path:
            said = {n: run.state for run in note.ranges(path) for n in range(run.start, run.end + 1)}
            expected = {
                n: State.HUMAN if state is State.HUMAN else State.AI
                for n, state in said.items()
                if state not in (State.UNKNOWN, State.ORIGINAL)
            }
            assert {n: run.state for run in back.ranges(path) for n in range(run.start, run.end + 1)} == expected
    assert encode(replace(note), commit=COMMIT, committer=ANN, ai_modified="session") == data


BAD = {
    "nothing": b"",
    "not UTF-8": b"\xff\n---\n{}",
    "no divider": b"f\n  s_1 1\n{}",
    "no metadata": b"f\n  s_1 1\n---\n",
    "metadata that is no object": b"---\n[]",
    "another version": stored("", schema_version="authorship/4.0.0"),
    "no version": b'---\n{"prompts":{}}',
    "an entry without a file": stored("  s_1 1\n"),
    "an entry without a key": stored("f\n   1\n"),
    "line 0": stored("f\n  s_1 0\n"),
    "backwards": stored("f\n  s_1 4-2\n"),
    "a negative line": stored("f\n  s_1 -4\n"),
    "too many lines": stored("f\n  s_1 1-99999999\n"),
    "words for numbers": stored("f\n  s_1 one\n"),
    "another script's digits": stored("f\n  s_1 \u0663\n"),
    "too many ranges": stored("f\n  s_1 " + "1," * 20_001 + "\n"),
    "a path outside": stored("../f\n  s_1 1\n"),
    "a session that is none": stored("", sessions={"s_1": 7}),
    "sessions that are none": stored("", sessions=[1]),
    "a tool that is no text": stored("", sessions={"s_1": agent(tool=["x"])}),
    "a tool too long": stored("", sessions={"s_1": agent(tool="x" * 5000)}),
    "half a surrogate pair": stored("", sessions={"s_1": agent(tool="\ud800")}),
    "deep metadata": b'---\n{"schema_version":"authorship/3.0.0","x":' + b"[" * 100_000,
    "too large": b" " * (MAX_BYTES["git-ai"] + 1),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_note_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadNote) as refused:
        read(data)
    assert 5 < len(str(refused.value)) < 120
