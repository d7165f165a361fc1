from __future__ import annotations

import json

import pytest
from agent_transcripts import FILE, REPO, SECONDS, TIME, Row, check, edits

from byline.agents.gemini_cli import GeminiConversation, GeminiDocument

HEAD: Row = {"sessionId": "g1", "projectHash": "abc", "startTime": TIME, "kind": "main"}
SHOWN: Row = {
    "fileDiff": "…",
    "fileName": "app.py",
    "filePath": FILE,
    "originalContent": "one\ntwo\n",
    "newContent": "one\n2\n",
    "isNewFile": False,
    "diffStat": {"model_added_lines": 1, "user_added_lines": 0, "user_removed_lines": 0},
}
REPLACE: Row = {"file_path": "src/app.py", "old_string": "two", "new_string": "2"}


def asked(text: str, name: str = "u1", **more: object) -> Row:
    return {"id": name, "timestamp": TIME, "type": "user", "content": [{"text": text}], **more}


def answer(*calls: Row) -> Row:
    return {
        "id": "g",
        "timestamp": TIME,
        "type": "gemini",
        "content": "",
        "model": "gemini-3-pro",
        "toolCalls": [*calls],
    }


def call(name: str = "replace", args: Row = REPLACE, shown: object = SHOWN, **more: object) -> Row:
    told = {"id": "call-1", "name": name, "args": args, "status": "success", "timestamp": TIME, "resultDisplay": shown}
    return {**told, **more}


CASES = {
    "a replacement": (
        [HEAD, asked("change two"), answer(call()), {"$set": {"lastUpdated": TIME}}],
        [
            {
                "tool": "gemini-cli",
                "session": "g1",
                "model": "gemini-3-pro",
                "prompt": "change two",
                "call": "call-1",
                "time": SECONDS,
                "path": FILE,
                "cwd": REPO,
                "before": "one\ntwo\n",
                "after": "one\n2\n",
                "hunks": (("two", "2"),),
                "kind": "edit",
                "changed_by_user": False,
                "succeeded": True,
            }
        ],
    ),
    "written anew": (
        [answer(call("write_file", {"file_path": FILE, "content": "new\n"}, {**SHOWN, "newContent": "new\n"}))],
        [{"hunks": (("one\ntwo\n", "new\n"),), "after": "new\n", "kind": "edit"}],
    ),
    "a new file": (
        [
            answer(
                call(
                    "write_file",
                    {"file_path": FILE, "content": "new\n"},
                    {**SHOWN, "originalContent": "", "newContent": "new\n", "isNewFile": True},
                )
            )
        ],
        [{"kind": "create", "hunks": (("", "new\n"),), "before": None, "after": "new\n"}],
    ),
    "in part the person's": (
        [answer(call(shown={**SHOWN, "diffStat": {"user_added_lines": 2}}))],
        [{"changed_by_user": True}],
    ),
    "changed in the editor": (
        [
            answer(
                call(
                    "write_file",
                    {
                        "file_path": FILE,
                        "content": "mine\n",
                        "ai_proposed_content": "its\n",
                        "modified_by_user": True,
                    },
                    {**SHOWN, "newContent": "mine\n"},
                )
            )
        ],
        [{"changed_by_user": True, "hunks": (("one\ntwo\n", "its\n"),), "after": "mine\n"}],
    ),
    "cancelled": ([answer(call(status="cancelled", shown=None))], [{"succeeded": False, "before": None}]),
    "failed": ([answer(call(status="error", shown="no match"))], [{"succeeded": False}]),
    "not ended": ([answer(call(status="executing"))], []),
    "written again when it has ended": ([answer(), answer(call(status="scheduled")), answer(call())], [{}]),
    "other calls": ([answer(call("read_file", {"file_path": FILE}, ""))], []),
    "the newest prompt": (
        [asked("first"), asked("second", "u2"), asked("first"), answer(call())],
        [{"prompt": "second"}],
    ),
    "a step back": (
        [asked("first"), asked("second", "u2"), {"$rewindTo": "u2"}, answer(call())],
        [{"prompt": "first"}],
    ),
    "what was shown, not what it stands for": (
        [asked("see @a --- content of a ---", displayContent=[{"text": "see @a"}]), answer(call())],
        [{"prompt": "see @a"}],
    ),
    "a result is no prompt": (
        [asked("first"), {"type": "user", "content": [{"functionResponse": {"id": "x"}}]}, answer(call())],
        [{"prompt": "first"}],
    ),
    "a sub-agent's prompt is not the person's": (
        [{**HEAD, "kind": "subagent"}, asked("look around"), answer(call())],
        [{"prompt": None}],
    ),
    "messages set at once": ([{"$set": {"messages": [asked("go"), answer(call())]}}], [{"prompt": "go"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rows(name: str) -> None:
    rows, expected = CASES[name]
    check(edits(GeminiConversation("x", REPO), rows), expected)


def test_a_whole_document() -> None:
    chat = {**HEAD, "messages": [asked("change two"), answer(call())]}
    conversation = GeminiDocument("x", REPO)
    expected = [{"session": "g1", "prompt": "change two", "hunks": (("two", "2"),)}]
    check(edits(conversation, [chat]), expected)
    check(edits(conversation, [json.dumps(chat, indent=2).encode()]), expected)


def test_without_a_folder_a_relative_path_is_nowhere() -> None:
    assert edits(GeminiConversation("x"), [answer(call(shown=None))]) == []
