from __future__ import annotations

import pytest
from agent_transcripts import (
    FILE,
    REPO,
    SECONDS,
    TIME,
    Told,
    check,
    claude,
    claude_call,
    claude_edit,
    claude_result,
    edits,
)

from byline.agents.claude_code import ClaudeCodeConversation
from byline.agents.prompts import Sessions

ASKED = claude("user", "add logging")
NOTEBOOK = "/repo/a.ipynb"
TEXT = "one\ntwo\nthree\n"
EDITED: Told = {"path": FILE, "hunks": (("two", "2"),), "kind": "edit", "succeeded": True}


CASES = {
    "an edit, with all that is known": (
        [ASKED, *claude_edit("two", "2", originalFile=TEXT, userModified=False)],
        [
            {
                **EDITED,
                "tool": "claude-code",
                "session": "s1",
                "model": "claude-opus-5",
                "prompt": "add logging",
                "call": "toolu_1",
                "time": SECONDS,
                "cwd": REPO,
                "before": TEXT,
                "after": "one\n2\nthree\n",
                "changed_by_user": False,
            }
        ],
    ),
    "slim: no original": (claude_edit("two", "2"), [{**EDITED, "before": None, "after": None}]),
    "everywhere": (
        [
            claude_call("Edit", file_path=FILE, old_string="a", new_string="b", replace_all=True),
            claude_result({"originalFile": "a a\n", "replaceAll": True}),
        ],
        [{"hunks": (("a", "b"),), "after": "b b\n"}],
    ),
    "a deletion takes the line break along": (
        [
            claude_call("Edit", file_path=FILE, old_string="two", new_string=""),
            claude_result({"originalFile": TEXT}),
        ],
        [{"hunks": (("two", ""),), "after": "one\nthree\n"}],
    ),
    "an edit that does not fit its original": (
        claude_edit("four", "4", originalFile=TEXT),
        [{"before": TEXT, "after": None}],
    ),
    "an edit of nothing creates": (
        claude_edit("", "new\n", originalFile=""),
        [{"kind": "create", "hunks": (("", "new\n"),), "before": None, "after": "new\n"}],
    ),
    "several edits at once": (
        [
            claude_call(
                "MultiEdit",
                file_path=FILE,
                edits=[{"old_string": "one", "new_string": "1"}, {"old_string": "1\ntwo", "new_string": "1\n2"}],
            ),
            claude_result({"filePath": FILE, "edits": [], "originalFileContents": TEXT}),
        ],
        [{"hunks": (("one", "1"), ("1\ntwo", "1\n2")), "before": TEXT, "after": "1\n2\nthree\n"}],
    ),
    "a new file": (
        [
            claude_call("Write", file_path=FILE, content="new\n"),
            claude_result({"type": "create", "filePath": FILE, "content": "new\n", "originalFile": None}),
        ],
        [{"kind": "create", "hunks": (("", "new\n"),), "before": None, "after": "new\n", "succeeded": True}],
    ),
    "a file written over": (
        [
            claude_call("Write", file_path=FILE, content="new\n"),
            claude_result({"type": "update", "filePath": FILE, "content": "new\n", "originalFile": "old\n"}),
        ],
        [{"kind": "edit", "hunks": (("old\n", "new\n"),), "before": "old\n", "after": "new\n"}],
    ),
    "a file written over, slim": (
        [
            claude_call("Write", file_path=FILE, content="new\n"),
            claude_result({"type": "update", "filePath": FILE, "content": "", "originalFile": None}),
        ],
        [{"kind": "edit", "hunks": (), "before": None, "after": "new\n"}],
    ),
    "a notebook": (
        [
            claude_call("NotebookEdit", notebook_path=NOTEBOOK, new_source="print(2)", cell_id="c1"),
            claude_result(
                {
                    "new_source": "print(2)",
                    "old_source": "print(1)",
                    "notebook_path": NOTEBOOK,
                    "error": "",
                    "original_file": "{1}",
                    "updated_file": "{2}",
                }
            ),
        ],
        [
            {
                "path": NOTEBOOK,
                "hunks": (("print(1)", "print(2)"),),
                "before": "{1}",
                "after": "{2}",
                "succeeded": True,
            }
        ],
    ),
    "a notebook that failed": (
        [
            claude_call("NotebookEdit", notebook_path=NOTEBOOK, new_source="print(2)"),
            claude_result({"new_source": "print(2)", "notebook_path": NOTEBOOK, "error": "no such cell"}),
        ],
        [{"succeeded": False}],
    ),
    "changed by the person before it was written": (
        [
            *claude_edit("two", "2")[:1],
            claude_result({"oldString": "two", "newString": "zwei", "originalFile": TEXT, "userModified": True}),
        ],
        [{**EDITED, "changed_by_user": True, "after": "one\nzwei\nthree\n"}],
    ),
    "written with changes by the person": (
        [
            claude_call("Write", file_path=FILE, content="new\n"),
            claude_result({"type": "create", "filePath": FILE, "content": "mine\n", "userModified": True}),
        ],
        [{"hunks": (("", "new\n"),), "after": "mine\n", "changed_by_user": True}],
    ),
    "only staged": (claude_edit("two", "2", staged=True), [{"succeeded": False}]),
    "refused": (
        [
            *claude_edit("two", "2")[:1],
            claude_result("Error: The user doesn't want to proceed", is_error=True),
        ],
        [{"succeeded": False}],
    ),
    "a result in words": (
        [
            *claude_edit("two", "2")[:1],
            claude_result("done", said="The file /repo/src/app.py has been updated successfully."),
        ],
        [{**EDITED, "before": None}],
    ),
    "a result in words that say nothing": (
        [*claude_edit("two", "2")[:1], claude_result(said="hm")],
        [{"succeeded": False}],
    ),
    "no result yet": ([ASKED, *claude_edit("two", "2")[:1]], []),
    "a result without a call": (claude_edit("two", "2")[1:], []),
    "one message in several rows": (
        [
            ASKED,
            claude("assistant", [{"type": "text", "text": "I will"}]),
            *claude_edit("one", "1", "toolu_1")[:1],
            *claude_edit("two", "2", "toolu_2")[:1],
            *claude_edit("one", "1", "toolu_1")[1:],
            *claude_edit("two", "2", "toolu_2")[1:],
        ],
        [{"call": "toolu_1", "hunks": (("one", "1"),)}, {"call": "toolu_2", "hunks": (("two", "2"),)}],
    ),
    "made by nobody": (
        [
            claude("assistant", claude_edit("two", "2")[0]["message"]["content"], model="<synthetic>"),
            *claude_edit("two", "2")[1:],
        ],
        [{"model": None}],
    ),
    "a relative path": (claude_edit("two", "2", path="src/app.py"), [{"path": FILE}]),
    "a fork keeps the session that it copies": (
        [{**row, "sessionId": "s2", "forkedFrom": {"sessionId": "s1"}} for row in claude_edit("two", "2")],
        [{"session": "s1"}],
    ),
    "other calls": (
        [
            claude_call("Read", file_path=FILE),
            claude_result({"type": "text", "file": {"filePath": FILE, "content": TEXT}}),
            claude_call("Bash", "toolu_2", command="rm app.py"),
            claude_result({"stdout": ""}, "toolu_2"),
        ],
        [],
    ),
    "rows of other kinds": (
        [
            {"type": "file-history-snapshot", "snapshot": {"user": 1}},
            {"type": "queue-operation", "operation": "enqueue"},
            {"type": "summary", "summary": "user"},
            b"not json",
            b'["user"]',
            *claude_edit("two", "2"),
        ],
        [EDITED],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows(name: str) -> None:
    rows, expected = CASES[name]
    check(edits(ClaudeCodeConversation("s1"), rows), expected)


PROMPTS = {
    "words": ([claude("user", "add logging")], "add logging"),
    "parts": ([claude("user", [{"type": "text", "text": "add"}, {"type": "text", "text": "logging"}])], "add\nlogging"),
    "the newest": ([claude("user", "first"), claude("user", "second")], "second"),
    "meta": ([claude("user", "first"), claude("user", "Caveat: …", isMeta=True)], "first"),
    "a summary": ([claude("user", "first"), claude("user", "This session …", isCompactSummary=True)], "first"),
    "an interruption": ([claude("user", "first"), claude("user", "[Request interrupted by user]")], "first"),
    "a reminder around": (
        [claude("user", "<system-reminder>be nice</system-reminder>\nadd logging")],
        "add logging",
    ),
    "a command": (
        [claude("user", "<command-message>x</command-message><command-name>/fix</command-name>"
                        "<command-args>the tests</command-args>")],
        "/fix the tests",
    ),
    "a command's output": ([claude("user", "<local-command-stdout>hi</local-command-stdout>")], None),
    "an opened file": ([claude("user", [{"type": "text", "text": "<ide_opened_file>x</ide_opened_file>"},
                                        {"type": "text", "text": "add logging"}])], "add logging"),
    "by a person": ([claude("user", "add logging", origin={"kind": "human"})], "add logging"),
    "by a task": ([claude("user", "done", origin={"kind": "task-notification"})], None),
    "by the system": ([claude("user", "go on", promptSource="system")], None),
    "typed while busy": (
        [claude("user", "first"),
         {"type": "attachment", "timestamp": TIME, "sessionId": "s1",
          "attachment": {"type": "queued_command", "prompt": "also tests", "commandMode": "prompt"}}],
        "also tests",
    ),
    "a notification while busy": (
        [claude("user", "first"),
         {"type": "attachment",
          "attachment": {"type": "queued_command", "prompt": "done", "commandMode": "task-notification"}}],
        "first",
    ),
    "from an agent while busy": (
        [claude("user", "first"),
         {"type": "attachment",
          "attachment": {"type": "queued_command", "prompt": "x", "origin": {"kind": "peer"}}}],
        "first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts(name: str) -> None:
    rows, expected = PROMPTS[name]
    check(edits(ClaudeCodeConversation("s1"), [*rows, *claude_edit("two", "2")]), [{"prompt": expected}])


SUB_AGENTS = {
    "by the prompt's id": ({"promptId": "p1"}, "first"),
    "by time": ({}, "second"),
    "of another session": ({"sessionId": "s9"}, None),
}


@pytest.mark.parametrize("name", SUB_AGENTS)
def test_a_sub_agent_has_its_sessions_prompt(name: str) -> None:
    more, expected = SUB_AGENTS[name]
    sessions = Sessions()
    asked = [claude("user", "first", promptId="p1"), claude("user", "second", promptId="p2")]
    assert edits(ClaudeCodeConversation("s1", sessions), asked) == []
    rows = [claude("user", "Find all callers", **more), *claude_edit("two", "2")]
    inner = [{**row, "isSidechain": True, "agentId": "a1", **more} for row in rows]
    check(edits(ClaudeCodeConversation("agent-a1", sessions), inner), [{"prompt": expected}])


def test_the_first_folder_is_known() -> None:
    conversation = ClaudeCodeConversation("s1")
    edits(conversation, [{"type": "summary", "summary": "x"}, claude("user", "go", cwd="/other/place")])
    assert conversation.cwd == "/other/place"
