from __future__ import annotations

import json
from typing import Any

import pytest
from agent_transcripts import FILE, REPO, SECONDS, TIME, Row, Told, check, edits

from byline.agents.copilot_chats import CopilotChat, CopilotChatLog, Request, Requests
from byline.agents.copilot_events import CopilotEvents
from byline.agents.copilot_timeline import CopilotTimeline

URI = {"$mid": 1, "fsPath": FILE, "external": f"file://{FILE}", "path": FILE, "scheme": "file"}
APPLIED: Row = {"kind": "textEditGroup", "uri": URI, "edits": [[]], "done": True}
ASKED: Row = {"filePath": FILE, "oldString": "two", "newString": "2"}
PATCH = f"*** Begin Patch\n*** Update File: {FILE}\n@@\n one\n-two\n+2\n*** End Patch"


def made(name: str = "replace_string_in_file", asked: object = ASKED) -> Row:
    arguments = asked if isinstance(asked, str) else json.dumps(asked)
    return {"id": "call-1", "name": name, "arguments": arguments}


def request(*calls: Row, response: tuple[Row, ...] = (APPLIED,), **more: object) -> Row:
    return {
        "requestId": "request_1",
        "timestamp": 1_795_168_800_500,
        "modelId": "copilot/claude-sonnet-4",
        "message": {"text": "change two", "parts": []},
        "response": [*response],
        "result": {"metadata": {"toolCallRounds": [{"response": "", "toolCalls": [*calls]}]}},
        **more,
    }


def chat(*requests: Row) -> Row:
    return {"version": 3, "sessionId": "v1", "requests": [*requests], "inputState": {"inputText": ""}}


FULL: Told = {
    "tool": "copilot",
    "session": "v1",
    "model": "copilot/claude-sonnet-4",
    "prompt": "change two",
    "call": "call-1",
    "time": SECONDS,
    "path": FILE,
    "cwd": REPO,
    "hunks": (("two", "2"),),
    "kind": "edit",
    "succeeded": True,
}

CHATS = {
    "a replacement": (request(made()), [FULL]),
    "several": (
        request(made("multi_replace_string_in_file", {"replacements": [ASKED, {**ASKED, "oldString": "one"}]})),
        [{"path": FILE, "hunks": (("two", "2"), ("one", "2"))}],
    ),
    "a new file": (
        request(made("create_file", {"filePath": FILE, "content": "new\n"})),
        [{"kind": "create", "hunks": (("", "new\n"),), "after": "new\n"}],
    ),
    "a patch": (request(made("apply_patch", {"input": PATCH})), [{"hunks": (("one\ntwo\n", "one\n2\n"),)}]),
    "not applied": (request(made(), response=()), [{"succeeded": False}]),
    "not done": (request(made(), response=({**APPLIED, "done": False},)), [{"succeeded": False}]),
    "another call": (request(made("read_file", {"filePath": FILE})), []),
    "of which model is not known": (request(made(), modelId="copilot/auto"), [{"model": None}]),
    "of which model, told later": (
        request(
            modelId="copilot/auto",
            result={"metadata": {"resolvedModel": "gpt-5", "toolCallRounds": [{"toolCalls": [made()]}]}},
        ),
        [{"model": "gpt-5"}],
    ),
}


@pytest.mark.parametrize("name", CHATS)
def test_chats(name: str) -> None:
    asked, expected = CHATS[name]
    check(edits(CopilotChat("x", REPO, {}), [chat(asked)]), expected)
    check(edits(CopilotChatLog("x", REPO, {}), [{"kind": 0, "v": chat(asked)}]), expected)


LOGS: dict[str, list[Row]] = {
    "a request is added": [{"kind": 0, "v": chat()}, {"kind": 2, "k": ["requests"], "v": [request(made())]}],
    "a result is set": [
        {"kind": 0, "v": chat(request(response=()))},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [APPLIED]},
        {"kind": 1, "k": ["requests", 0, "result"], "v": request(made())["result"]},
    ],
    "a list is cut before it grows": [
        {"kind": 0, "v": chat({"requestId": "request_0"})},
        {"kind": 2, "k": ["requests"], "i": 0, "v": [request(made())]},
    ],
    "a value goes, a list begins": [
        {"kind": 0, "v": {"requests": [request()]}},
        {"kind": 3, "k": ["requests"]},
        {"kind": 1, "k": ["sessionId"], "v": "v1"},
        {"kind": 2, "k": ["requests"], "v": [request(made())]},
    ],
    "other changes": [
        {"kind": 0, "v": chat()},
        {"kind": 1, "k": ["inputState", "inputText"], "v": "add"},
        {"kind": 1, "k": ["requests", 7, "x"], "v": 1},
        {"kind": 2, "k": ["nowhere", "at all"], "v": [1]},
        {"kind": 2, "k": ["requests"], "v": "not a list"},
        {"kind": 2, "k": ["requests"], "v": [request(made())]},
    ],
}


@pytest.mark.parametrize("name", LOGS)
def test_logs(name: str) -> None:
    check(edits(CopilotChatLog("x", REPO, {}), LOGS[name]), [FULL])


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Row:
    return {
        "text": text,
        "range": {
            "startLineNumber": start[0],
            "startColumn": start[1],
            "endLineNumber": end[0],
            "endColumn": end[1],
        },
    }


def operation(epoch: int, *changes: Row, type_: str = "textEdit", **more: object) -> Row:
    return {"type": type_, "requestId": "request_1", "uri": URI, "epoch": epoch, "edits": [*changes], **more}


def timeline(*operations: Row, content: str | None = "one\ntwo\n", now: int = 9) -> Row:
    told: Any = {"uri": URI, "requestId": "request_1", "content": content, "telemetryInfo": {"modelId": "m"}}
    baselines = [] if content is None else [[f"file://{FILE}::request_1", told]]
    return {"version": 2, "timeline": {"fileBaselines": baselines, "operations": [*operations], "currentEpoch": now}}


REQUESTS: Requests = {"request_1": Request("copilot/gpt-5", "change two", SECONDS)}
TIMELINES = {
    "two operations": (
        timeline(operation(2, edit((1, 1), (1, 4), "1")), operation(1, edit((2, 1), (2, 4), "2"))),
        [
            {
                "session": "v1",
                "model": "copilot/gpt-5",
                "prompt": "change two",
                "time": SECONDS,
                "call": "request_1",
                "path": FILE,
                "kind": "edit",
                "before": "one\ntwo\n",
                "after": "1\n2\n",
                "hunks": (("one\ntwo\n", "1\n2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "a new file": (
        timeline(operation(1, type_="create"), operation(2, edit((1, 1), (1, 1), "new\n")), content=None),
        [{"kind": "create", "hunks": (("", "new\n"),), "before": None, "after": "new\n"}],
    ),
    "undone": (timeline(operation(5, edit((1, 1), (1, 4), "1")), now=4), [{"succeeded": False}]),
    "an edit that does not fit": (timeline(operation(1, edit((7, 1), (7, 4), "1"))), []),
    "no text before": (timeline(operation(1, edit((1, 1), (1, 4), "1")), content=None), []),
    "renamed": (timeline(operation(1, type_="rename")), []),
    "nothing changed": (timeline(), []),
}  # fmt: skip


@pytest.mark.parametrize("name", TIMELINES)
def test_timelines(name: str) -> None:
    state, expected = TIMELINES[name]
    check(edits(CopilotTimeline("v1", REPO, REQUESTS), [state]), expected)


def test_a_timeline_has_the_prompts_of_its_chat() -> None:
    requests: Requests = {}
    edits(CopilotChat("v1", REPO, requests), [chat(request())])
    state = timeline(operation(1, edit((1, 1), (1, 4), "1")))
    expected = [{"prompt": "change two", "model": "copilot/claude-sonnet-4"}]
    check(edits(CopilotTimeline("v1", REPO, requests), [state]), expected)


def event(type_: str, **data: object) -> Row:
    return {"type": type_, "data": data, "id": "e", "timestamp": TIME, "parentId": None}


START = event("session.start", sessionId="t1", context={"cwd": REPO})
PERSON = event("user.message", content="change two")


def tool(name: str, arguments: object, **end: object) -> list[Row]:
    return [
        event("tool.execution_start", toolCallId="c1", toolName=name, arguments=arguments),
        event("tool.execution_complete", toolCallId="c1", **(end or {"success": True})),
    ]


REPLACE = {"path": FILE, "old_str": "two", "new_str": "2"}
EVENTS = {
    "in the terminal": (
        [START, event("session.model_change", newModel="gpt-5"), PERSON, *tool("edit", REPLACE)],
        [
            {
                "tool": "copilot-cli",
                "session": "t1",
                "model": "gpt-5",
                "prompt": "change two",
                "call": "c1",
                "time": SECONDS,
                "cwd": REPO,
                "path": FILE,
                "hunks": (("two", "2"),),
                "succeeded": True,
            }
        ],
    ),
    "a new file": (
        [START, *tool("create", {"path": "src/app.py", "file_text": "new\n"}, result={"result_type": "success"})],
        [{"path": FILE, "kind": "create", "hunks": (("", "new\n"),), "succeeded": True}],
    ),
    "a patch as it is": ([START, *tool("apply_patch", PATCH)], [{"hunks": (("one\ntwo\n", "one\n2\n"),)}]),
    "a patch in an object": ([START, *tool("apply_patch", {"input": PATCH})], [{"path": FILE}]),
    "in the editor": ([START, *tool("replace_string_in_file", ASKED)], [{"hunks": (("two", "2"),)}]),
    "with a command": (
        [START, *tool("str_replace_editor", {"command": "insert", "path": FILE, "insert_line": 3, "new_str": "x\n"})],
        [{"kind": "edit", "hunks": (("", "x\n"),)}],
    ),
    "with a command that creates": (
        [START, *tool("str_replace_editor", {"command": "create", "path": FILE, "file_text": "x\n"})],
        [{"kind": "create", "hunks": (("", "x\n"),)}],
    ),
    "failed": ([START, *tool("edit", REPLACE, success=False)], [{"succeeded": False}]),
    "the model of the call": ([START, *tool("edit", REPLACE, success=True, model="gpt-6")], [{"model": "gpt-6"}]),
    "not ended": ([START, *tool("edit", REPLACE)[:1]], []),
    "another call": ([START, *tool("view", {"path": FILE})], []),
    "an agent asks": (
        [PERSON, {**event("user.message", content="look"), "agentId": "a1"}, *tool("edit", REPLACE)],
        [{"prompt": "change two"}],
    ),
    "the system steers": (
        [PERSON, event("user.message", content="go on", source="system"), *tool("edit", REPLACE)],
        [{"prompt": "change two"}],
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(name: str) -> None:
    rows, expected = EVENTS[name]
    check(edits(CopilotEvents("copilot-cli", "x"), rows), expected)
