"""Transcripts as the tools write them, put together from what matters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from byline.agents.reader import Conversation
from byline.agents.record import AgentEdit

REPO = "/repo"
FILE = "/repo/src/app.py"
TIME = "2026-11-20T10:00:00.500Z"
SECONDS = 1795168800.5

Row = dict[str, Any]
Told = dict[str, Any]


def line(row: object) -> bytes:
    """A row as one line of JSON, without its break."""
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def edits(conversation: Conversation, rows: Iterable[object]) -> list[AgentEdit]:
    """What a conversation says of `rows` (values to be written as JSON, or bytes as they are)."""
    pieces = (row if isinstance(row, bytes) else line(row) for row in rows)
    return [edit for piece in pieces for edit in conversation.feed(piece)]


def check(found: list[AgentEdit], expected: list[Told]) -> None:
    """`found` are as many edits as `expected`, each with the values that are named there; hunks as pairs of text."""
    shown = [
        {
            key: tuple((hunk.old, hunk.new) for hunk in edit.hunks) if key == "hunks" else getattr(edit, key)
            for key in told
        }
        for edit, told in zip(found, expected, strict=False)
    ]
    assert shown == expected[: len(shown)]
    assert len(found) == len(expected), found[len(expected) :] or expected[len(found) :]


def claude(type_: str, content: object, **more: object) -> Row:
    """A row of Claude Code with a message."""
    message: Row = {"role": type_, "content": content}
    if type_ == "assistant":
        message |= {"id": "msg_1", "model": more.pop("model", "claude-opus-5")}
    return {"type": type_, "sessionId": "s1", "cwd": REPO, "timestamp": TIME, "message": message, **more}


def claude_call(name: str, call: str = "toolu_1", **arguments: object) -> Row:
    """The row with a call of Claude Code."""
    return claude("assistant", [{"type": "tool_use", "id": call, "name": name, "input": arguments}])


def claude_result(result: object = None, call: str = "toolu_1", said: str = "ok", **more: object) -> Row:
    """The row with the result of a call."""
    part: Row = {"type": "tool_result", "tool_use_id": call, "content": said}
    if "is_error" in more:
        part["is_error"] = more.pop("is_error")
    if result is not None:
        more["toolUseResult"] = result
    return claude("user", [part], **more)


def claude_edit(old: str, new: str, call: str = "toolu_1", path: str = FILE, **result: object) -> list[Row]:
    """A call of Edit and its result, as they are when nothing special happens."""
    told = {"filePath": path, "oldString": old, "newString": new, "originalFile": None, "structuredPatch": [], **result}
    return [claude_call("Edit", call, file_path=path, old_string=old, new_string=new), claude_result(told, call)]
