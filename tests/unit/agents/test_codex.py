from __future__ import annotations

import json

import pytest
from agent_transcripts import FILE, REPO, SECONDS, TIME, Row, Told, check, edits

from byline.agents.codex import CodexConversation
from byline.agents.prompts import Sessions

PATCH = "*** Begin Patch\n*** Update File: src/app.py\n@@ def f():\n one\n-two\n+2\n*** End Patch"
HUNKS = (("one\ntwo\n", "one\n2\n"),)
DIFF = "@@ -1,2 +1,2 @@\n one\n-two\n+2\n"


def row(type_: str, **payload: object) -> Row:
    return {"timestamp": TIME, "type": type_, "payload": payload}


META = row("session_meta", id="c1", cwd=REPO, cli_version="0.128.0", source="cli")
TURN = row("turn_context", cwd=REPO, model="gpt-5.5")
ASKED = row("event_msg", type="user_message", message="add logging")
HEAD = [META, TURN, ASKED]
FULL: Told = {
    "tool": "codex",
    "session": "c1",
    "model": "gpt-5.5",
    "prompt": "add logging",
    "time": SECONDS,
    "cwd": REPO,
    "path": FILE,
    "kind": "edit",
    "hunks": HUNKS,
    "before": None,
    "after": None,
    "changed_by_user": False,
    "succeeded": True,
}


def call(name: str, text: str, call_id: str = "call_1") -> Row:
    return row("response_item", type="custom_tool_call", name=name, input=text, call_id=call_id)


def function(name: str, arguments: Row, call_id: str = "call_1") -> Row:
    return row("response_item", type="function_call", name=name, arguments=json.dumps(arguments), call_id=call_id)


def output(text: object, type_: str = "custom_tool_call_output") -> Row:
    return row("response_item", type=type_, call_id="call_1", output=text)


def applied(changes: Row, call_id: str = "call_1", **more: object) -> Row:
    told = {"success": True, "status": "completed", **more}
    return row("event_msg", type="patch_apply_end", call_id=call_id, changes=changes, **told)


def item(changes: Row, **more: object) -> Row:
    told = {"type": "FileChange", "id": "exec-1", "status": "completed", "changes": changes, **more}
    return row("event_msg", type="item_completed", item=told)


UPDATE = {FILE: {"type": "update", "unified_diff": DIFF, "move_path": None}}
SUCCESS = "Success. Updated the following files:\nM src/app.py"
JSON_OUTPUT = json.dumps({"output": SUCCESS, "metadata": {"exit_code": 0}})
SHELL = {"command": ["bash", "-lc", f"apply_patch <<'EOF'\n{PATCH}\nEOF\n"]}
SCRIPT = f"const r = await tools.apply_patch({json.dumps(PATCH)});\ntext(r);"
TEMPLATE = f"text(await tools.apply_patch(String.raw`{PATCH}`));"

CASES = {
    "an event after the call": ([*HEAD, call("apply_patch", PATCH), applied(UPDATE), output(SUCCESS)], [FULL]),
    "an item": ([*HEAD, call("exec", SCRIPT), item(UPDATE), output("Script completed\nOutput:")], [FULL]),
    "an event with an id of its own": (
        [*HEAD, call("exec", SCRIPT), applied(UPDATE, "exec-1"), output("Script completed")],
        [{**FULL, "call": "exec-1"}],
    ),
    "a new file": (
        [*HEAD, applied({FILE: {"type": "add", "content": "new\n"}})],
        [{"kind": "create", "hunks": (("", "new\n"),), "after": "new\n"}],
    ),
    "a new file as a diff": (
        [*HEAD, applied({FILE: {"type": "add", "unified_diff": "@@ -0,0 +1 @@\n+new\n"}})],
        [{"kind": "create", "hunks": (("", "new\n"),)}],
    ),
    "a deleted file": (
        [*HEAD, applied({FILE: {"type": "delete", "content": "old\n"}})],
        [{"kind": "delete", "hunks": (("old\n", ""),), "before": "old\n"}],
    ),
    "a moved file": (
        [*HEAD, applied({FILE: {"type": "update", "unified_diff": DIFF, "move_path": "src/new.py"}})],
        [{"kind": "move", "path": "/repo/src/new.py", "hunks": HUNKS}],
    ),
    "an event of failure": ([*HEAD, applied(UPDATE, success=False, status="failed")], [{"succeeded": False}]),
    "an item of failure": ([*HEAD, item(UPDATE, status="declined")], [{"succeeded": False}]),
    "a change without its text": ([*HEAD, applied({FILE: {"type": "update"}})], []),
    "no event: the output counts": ([*HEAD, call("apply_patch", PATCH), output(JSON_OUTPUT)], [FULL]),
    "no event, output in parts": (
        [*HEAD, call("exec", SCRIPT), output([{"type": "input_text", "text": "Script completed\nWall time"}])],
        [FULL],
    ),
    "a script with a template": ([*HEAD, call("exec", TEMPLATE), output("Script completed")], [FULL]),
    "a script that failed": ([*HEAD, call("exec", SCRIPT), output("Script failed\nError")], [{"succeeded": False}]),
    "an older function": (
        [*HEAD, function("apply_patch", {"patch": PATCH}), output(SUCCESS, "function_call_output")],
        [FULL],
    ),
    "a shell command": ([*HEAD, function("shell", SHELL), output(JSON_OUTPUT, "function_call_output")], [FULL]),
    "an output of failure": (
        [*HEAD, call("apply_patch", PATCH), output(json.dumps({"output": "no", "metadata": {"exit_code": 1}}))],
        [{"succeeded": False}],
    ),
    "no output yet": ([*HEAD, call("apply_patch", PATCH)], []),
    "the model may change": (
        [*HEAD, row("turn_context", cwd="/repo/src", model="gpt-6"), applied({"app.py": UPDATE[FILE]})],
        [{"model": "gpt-6", "cwd": "/repo/src", "path": FILE}],
    ),
    "a fork is its own session": ([META, row("session_meta", id="c0", cwd="/x"), applied(UPDATE)], [{"session": "c1"}]),
}


@pytest.mark.parametrize("name", CASES)
def test_rows(name: str) -> None:
    rows, expected = CASES[name]
    check(edits(CodexConversation("rollout-x"), rows), expected)


def message(text: str) -> Row:
    return row("response_item", type="message", role="user", content=[{"type": "input_text", "text": text}])


PROMPTS = {
    "from messages, where no event says it": ([message("add logging")], "add logging"),
    "not the harness's": ([message("<environment_context>x</environment_context>")], None),
    "not the instructions": ([message("# AGENTS.md instructions for /repo\n\nbe nice")], None),
    "events are better": ([ASKED, message("# Context from my editor")], "add logging"),
    "an item": (
        [row("event_msg", type="item_completed", item={"type": "UserMessage", "content": [{"text": "go"}]})],
        "go",
    ),
    "with the editor's context before it": (
        [row("event_msg", type="user_message", message="# Context\n\n## My request for Codex:\nadd logging\n")],
        "add logging",
    ),
}


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts(name: str) -> None:
    rows, expected = PROMPTS[name]
    check(edits(CodexConversation("x"), [META, *rows, applied(UPDATE)]), [{"prompt": expected}])


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"parent_thread_id": "c1", "thread_source": "subagent"}, "add logging"),
        ({"source": {"subagent": {"thread_spawn": {"parent_thread_id": "c1"}}}}, "add logging"),
        ({"source": {"subagent": "review"}}, None),
    ],
)
def test_a_sub_agent_has_its_parents_prompt(meta: Row, expected: str | None) -> None:
    sessions = Sessions()
    edits(CodexConversation("x", sessions), HEAD)
    inner = [row("session_meta", id="c2", cwd=REPO, **meta), message("Find all callers"), applied(UPDATE)]
    check(edits(CodexConversation("y", sessions), inner), [{"session": "c2", "prompt": expected}])
