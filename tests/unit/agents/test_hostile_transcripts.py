"""Whatever stands in a transcript, no reader fails, and none gives out text that was not in it."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import test_claude_code
import test_codex
import test_copilot
import test_gemini_cli
import test_other_tools
from agent_transcripts import FILE, REPO, claude_call, claude_result, edits, line
from hypothesis import given
from hypothesis import strategies as st

from byline.agents.aider import AiderHistory
from byline.agents.amp import AmpThread
from byline.agents.claude_code import ClaudeCodeConversation
from byline.agents.cline import ClineTask
from byline.agents.codex import CodexConversation
from byline.agents.continue_dev import ContinueSession
from byline.agents.copilot_chats import CopilotChat, CopilotChatLog
from byline.agents.copilot_events import CopilotEvents
from byline.agents.copilot_timeline import CopilotTimeline
from byline.agents.cursor import CursorDatabase
from byline.agents.droid import DroidConversation
from byline.agents.folders import Inside
from byline.agents.gemini_cli import GeminiConversation, GeminiDocument
from byline.agents.opencode import OpenCodeDatabase, OpenCodePart
from byline.agents.reader import Conversation
from byline.agents.record import AgentEdit
from byline.agents.windsurf import WindsurfConversation

Pieces = list[bytes]
PATH = Path("/nowhere/storage/part/x/y.json")

BEGIN: dict[str, Callable[[], Conversation]] = {
    "claude-code": lambda: ClaudeCodeConversation("s"),
    "codex": lambda: CodexConversation("s"),
    "gemini-cli": lambda: GeminiConversation("s", REPO),
    "gemini-cli, whole": lambda: GeminiDocument("s", REPO),
    "opencode, files": lambda: OpenCodePart(PATH),
    "copilot": lambda: CopilotChat("s", REPO, {}),
    "copilot, log": lambda: CopilotChatLog("s", REPO, {}),
    "copilot, timeline": lambda: CopilotTimeline("s", REPO, {}),
    "copilot-cli": lambda: CopilotEvents("copilot-cli", "s", REPO),
    "aider": lambda: AiderHistory(REPO),
    "cline": lambda: ClineTask(PATH),
    "windsurf": lambda: WindsurfConversation(PATH),
    "continue": lambda: ContinueSession(PATH),
    "amp": lambda: AmpThread(PATH),
    "droid": lambda: DroidConversation(PATH),
}


def rows(*tables: Sequence[object]) -> Pieces:
    return [row if isinstance(row, bytes) else line(row) for table in tables for row in table]


SAMPLES: dict[str, Pieces] = {
    "claude-code": rows(*(found for found, _ in test_claude_code.CASES.values())),
    "codex": rows(*(found for found, _ in test_codex.CASES.values())),
    "gemini-cli": rows(*(found for found, _ in test_gemini_cli.CASES.values())),
    "copilot": rows([test_copilot.chat(found) for found, _ in test_copilot.CHATS.values()]),
    "copilot, log": rows(*test_copilot.LOGS.values()),
    "copilot, timeline": rows([found for found, _ in test_copilot.TIMELINES.values()]),
    "copilot-cli": rows(*(found for found, _ in test_copilot.EVENTS.values())),
    "aider": [found for text, _ in test_other_tools.AIDER.values() for found in text.encode().split(b"\n")],
    "cline": rows([found for found, _ in test_other_tools.CLINE.values()]),
    "windsurf": rows(*(found for found, _ in test_other_tools.WINDSURF.values())),
    "continue": rows([found for found, _ in test_other_tools.CONTINUE.values()]),
    "amp": rows([test_other_tools.amp(*found) for found, _ in test_other_tools.AMP.values()]),
    "droid": rows(*(found for found, _ in test_other_tools.DROID.values())),
}


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes(pieces: Pieces) -> None:
    for begin in BEGIN.values():
        assert edits(begin(), pieces) == []


ALL = b"\n".join(piece for pieces in SAMPLES.values() for piece in pieces)
KEYS = sorted({key.decode() for key in re.findall(rb'"(\w+)":', ALL)})
WORDS = sorted({word.decode() for word in re.findall(rb'"([\w.-]+)"', ALL)})
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    PLAIN | st.sampled_from([*WORDS, FILE, REPO]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(VALUES, max_size=4))
def test_any_values(values: list[object]) -> None:
    pieces = [json.dumps(value).encode("utf-8", "surrogatepass") for value in values]
    for begin in BEGIN.values():
        edits(begin(), pieces)


@st.composite
def damaged(draw: st.DrawFn, pieces: Pieces) -> Pieces:
    """Some of `pieces` in a row, and in one of them bytes changed, cut out or put in from another."""
    start = draw(st.integers(0, len(pieces) - 1))
    found = list(pieces[start : start + draw(st.integers(1, 8))])
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(found) - 1))
        piece = bytearray(found[index])
        at, length = draw(st.integers(0, len(piece))), draw(st.integers(0, 12))
        match draw(st.sampled_from(["change", "cut", "splice", "end", "twice"])):
            case "change" if at < len(piece):
                piece[at] = draw(st.integers(0, 255))
            case "cut":
                del piece[at : at + length]
            case "splice":
                other = draw(st.sampled_from(pieces))
                where = draw(st.integers(0, len(other)))
                piece[at : at + length] = other[where : where + draw(st.integers(0, 60))]
            case "end":
                del piece[at:]
            case _:
                found.insert(index, bytes(piece))
        found[index] = bytes(piece)
    return found


def strings(value: object) -> Iterator[str]:
    """All texts in a JSON value, also in those that are JSON again."""
    if isinstance(value, str):
        yield value
        if "\\" in value:  # a literal in a program
            yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), value)
        if value.startswith(("{", "[")):
            yield from decoded(value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def decoded(piece: bytes) -> Iterator[str]:
    yield piece.decode("utf-8", "replace")
    try:
        yield from strings(json.loads(piece))
    except (ValueError, RecursionError):
        return


def given_out(edit: AgentEdit) -> Iterator[str]:
    """What an edit quotes: its texts word by word, for changes may join what stood apart."""
    yield from (text for text in (edit.session, edit.model, edit.call) if text)
    for hunk in edit.hunks:
        yield from re.findall(r"\w+", hunk.old + " " + hunk.new)
    for text in (edit.prompt, edit.before):
        yield from re.findall(r"\w+", text or "")


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_transcripts(name: str) -> None:
    @given(damaged(SAMPLES[name]))
    def damage(pieces: Pieces) -> None:
        known = "\n".join(text for piece in pieces for text in decoded(piece))
        for edit in edits(BEGIN[name](), pieces):
            assert edit.path.startswith("/")
            assert "\0" not in edit.path
            for quoted in given_out(edit):
                assert quoted in known or quoted in ("s", "storage", "x", "y"), (quoted, pieces)

    damage()


@pytest.mark.parametrize("name", BEGIN)
def test_deep_and_huge_values(name: str) -> None:
    deep = b'{"type":"user","toolCalls":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    huge = b'{"type":"message","timestamp":' + b"9" * 10_000 + b"}"
    assert edits(BEGIN[name](), [deep, huge, b"[" * 1_000_000, b'"\\ud800"']) == []


@pytest.mark.parametrize(
    "path", ["", "\0", "a\0b", "/repo/\ud800.py", "file://[", "file:relative", "https://x/y", 7, None, ["/repo/a"], {}]
)
def test_what_is_no_path(path: object) -> None:
    pieces = [claude_call("Edit", file_path=path, old_string="a", new_string="b"), claude_result({})]
    found = edits(ClaudeCodeConversation("s"), pieces)
    assert [edit.path for edit in found] in ([], ["/repo/https:/x/y"])


def test_paths_are_normalised() -> None:
    pieces = [
        claude_call("Edit", file_path="src/../../etc/./passwd", old_string="a", new_string="b"),
        claude_result({}),
    ]
    [edit] = edits(ClaudeCodeConversation("s"), pieces)
    assert edit.path == "/etc/passwd"


def test_calls_without_an_end_do_not_pile_up() -> None:
    conversation = ClaudeCodeConversation("s")
    for number in range(3_000):
        call = claude_call("Edit", f"toolu_{number}", file_path=FILE, old_string="a", new_string="b")
        edits(conversation, [call])
    kept = [n for n in range(3_000) if edits(conversation, [claude_result({}, f"toolu_{n}")])]
    assert kept == list(range(2_000, 3_000))


DATABASES: dict[str, tuple[str, Callable[[], Conversation]]] = {
    "cursor": ("cursorDiskKV (key, value)", lambda: CursorDatabase(Inside([Path(REPO)]))),
    "opencode": ("session (id, directory, parent_id, time_updated)", lambda: OpenCodeDatabase(Inside([Path(REPO)]))),
}


CELLS = st.none() | st.integers(0, 9) | st.text(max_size=5) | st.binary(max_size=9)


@pytest.mark.parametrize("name", DATABASES)
def test_any_rows_of_a_database(name: str, tmp_path: Path) -> None:
    table, begin = DATABASES[name]
    columns = table.count(",") + 1
    path = tmp_path / "a.db"

    @given(st.lists(st.tuples(*[CELLS] * columns), max_size=4))
    def damage(values: list[tuple[object, ...]]) -> None:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"CREATE TABLE {table}")
        connection.executemany(f"INSERT INTO {table.split()[0]} VALUES ({', '.join('?' * columns)})", values)
        connection.close()
        assert list(begin().feed(os.fsencode(path))) == []

    damage()
