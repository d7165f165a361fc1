from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from agent_transcripts import FILE, REPO, SECONDS, TIME, Row, Told, check, edits

from byline.agents.aider import AiderHistory
from byline.agents.amp import AmpThread
from byline.agents.cline import ClineTask
from byline.agents.continue_dev import ContinueSession
from byline.agents.cursor import CursorDatabase
from byline.agents.droid import DroidConversation
from byline.agents.folders import Inside
from byline.agents.windsurf import WindsurfConversation

REPLACE: Row = {"path": FILE, "old_str": "two", "new_str": "2"}
PATCH = f"*** Begin Patch\n*** Update File: {FILE}\n@@\n one\n-two\n+2\n*** End Patch"


# Amp: one document


def amp(*messages: Row) -> Row:
    return {"id": "T-1", "messages": [*messages], "env": {"initial": {"trees": [{"uri": f"file://{REPO}"}]}}}


def amp_call(name: str, asked: Row) -> Row:
    part = {"type": "tool_use", "complete": True, "id": "c1", "name": name, "input": asked}
    return {"role": "assistant", "content": [part], "usage": {"model": "claude-opus-4-6", "timestamp": TIME}}


def amp_result(status: str = "done") -> Row:
    return {"role": "user", "content": [{"type": "tool_result", "toolUseID": "c1", "run": {"status": status}}]}


AMP_ASKED: Row = {"role": "user", "content": [{"type": "text", "text": "change two"}]}
AMP = {
    "an edit": (
        [AMP_ASKED, amp_call("edit_file", REPLACE), amp_result()],
        [
            {
                "tool": "amp",
                "session": "T-1",
                "model": "claude-opus-4-6",
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
        [amp_call("create_file", {"path": FILE, "content": "new\n"}), amp_result()],
        [{"kind": "create", "hunks": (("", "new\n"),)}],
    ),
    "refused": ([amp_call("edit_file", REPLACE), amp_result("rejected-by-user")], [{"succeeded": False}]),
    "running": ([amp_call("edit_file", REPLACE), amp_result("in-progress")], []),
    "another call": ([amp_call("Read", {"path": FILE}), amp_result()], []),
}


@pytest.mark.parametrize("name", AMP)
def test_amp(name: str) -> None:
    messages, expected = AMP[name]
    check(edits(AmpThread(Path("T-1.json")), [amp(*messages)]), expected)


# Droid: rows, and the model beside them


def droid(role: str, *parts: Row) -> Row:
    return {"type": "message", "id": "m", "timestamp": TIME, "message": {"role": role, "content": [*parts]}}


def droid_call(name: str, asked: Row) -> Row:
    return droid("assistant", {"type": "tool_use", "id": "c1", "name": name, "input": asked})


def droid_result(content: str = '{"success":true}', **more: object) -> Row:
    return droid("user", {"type": "tool_result", "tool_use_id": "c1", "content": content, **more})


DROID_START: Row = {"type": "session_start", "id": "d1", "cwd": REPO}
DROID_ASKED = droid(
    "user",
    {"type": "text", "text": "change two"},
    {"type": "text", "text": "Contents of /repo/src/app.py (lines 1-2 of 2):\none\ntwo\n"},
)
DROID = {
    "a patch": (
        [DROID_START, DROID_ASKED, droid_call("ApplyPatch", {"input": PATCH}), droid_result()],
        [
            {
                "tool": "droid",
                "session": "d1",
                "model": "gpt-5",
                "prompt": "change two",
                "call": "c1",
                "time": SECONDS,
                "cwd": REPO,
                "path": FILE,
                "hunks": (("one\ntwo\n", "one\n2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "an edit": (
        [DROID_START, droid_call("Edit", {**REPLACE, "path": "src/app.py"}), droid_result("ok")],
        [{"path": FILE, "hunks": (("two", "2"),), "succeeded": True}],
    ),
    "a new file": (
        [DROID_START, droid_call("Create", {"file_path": FILE, "content": "new\n"}), droid_result()],
        [{"kind": "create", "after": "new\n"}],
    ),
    "failed": (
        [DROID_START, droid_call("ApplyPatch", {"input": PATCH}), droid_result('{"success":false}')],
        [{"succeeded": False}],
    ),
    "refused": (
        [DROID_START, droid_call("ApplyPatch", {"input": PATCH}), droid_result("no", is_error=True)],
        [{"succeeded": False}],
    ),
    "no result": ([DROID_START, droid_call("ApplyPatch", {"input": PATCH})], []),
}  # fmt: skip


@pytest.mark.parametrize("name", DROID)
def test_droid(name: str, tmp_path: Path) -> None:
    rows, expected = DROID[name]
    (tmp_path / "d1.settings.json").write_text('{"model": "gpt-5"}')
    check(edits(DroidConversation(tmp_path / "d1.jsonl"), rows), expected)


# Windsurf: steps with both texts


def windsurf(before: str, after: str, accepted: str = "ACCEPT", status: str = "done") -> Row:
    action = {
        "path": f"file://{FILE}",
        "original_content": before,
        "new_content": after,
        "acknowledgement_type": f"ACKNOWLEDGEMENT_TYPE_{accepted}",
    }
    return {"type": "code_action", "status": status, "code_action": action}


WINDSURF_ASKED: Row = {"type": "user_input", "status": "done", "user_input": {"user_response": "change two"}}
WINDSURF = {
    "an edit": (
        [WINDSURF_ASKED, windsurf("one\ntwo\n", "one\n2\n")],
        [
            {
                "tool": "windsurf",
                "session": "w1",
                "model": None,
                "prompt": "change two",
                "path": FILE,
                "cwd": None,
                "time": None,
                "before": "one\ntwo\n",
                "after": "one\n2\n",
                "hunks": (("one\ntwo\n", "one\n2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "a new file": ([windsurf("", "new\n")], [{"kind": "create", "before": None, "after": "new\n"}]),
    "rejected": ([windsurf("a", "b", "REJECT")], [{"succeeded": False}]),
    "not done": ([windsurf("a", "b", status="error")], [{"succeeded": False}]),
}


@pytest.mark.parametrize("name", WINDSURF)
def test_windsurf(name: str) -> None:
    rows, expected = WINDSURF[name]
    check(edits(WindsurfConversation(Path("w1.jsonl")), rows), expected)


# Continue: one document


def continues(name: str, asked: Row, status: str = "done") -> Row:
    function = {"name": name, "arguments": json.dumps(asked)}
    state = {"toolCallId": "c1", "toolCall": {"function": function}, "status": status, "parsedArgs": asked}
    return {
        "sessionId": "k1",
        "workspaceDirectory": REPO,
        "history": [
            {"message": {"role": "user", "content": "change two"}, "contextItems": []},
            {"message": {"role": "assistant", "content": ""}, "toolCallStates": [state]},
        ],
    }


MULTI: Row = {"file_path": FILE, "edits": [{"old_string": "two", "new_string": "2"}]}
CONTINUE = {
    "several edits": (
        continues("MultiEdit", MULTI),
        [{"tool": "continue", "session": "k1", "prompt": "change two", "call": "c1", "cwd": REPO, "path": FILE,
          "hunks": (("two", "2"),), "succeeded": True}],
    ),
    "a new file": (
        continues("create_new_file", {"filepath": "src/app.py", "contents": "new\n"}),
        [{"path": FILE, "kind": "create", "after": "new\n"}],
    ),
    "written over": (continues("Write", {"filepath": FILE, "content": "new\n"}), [{"hunks": (), "after": "new\n"}]),
    "cancelled": (continues("MultiEdit", MULTI, "canceled"), [{"succeeded": False}]),
    "generating": (continues("MultiEdit", MULTI, "generating"), []),
    "another call": (continues("Read", {"filepath": FILE}), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTINUE)
def test_continue(name: str) -> None:
    session, expected = CONTINUE[name]
    check(edits(ContinueSession(Path("k1.json")), [session]), expected)


# Cline and Roo: one document, with calls as parts or as XML

DIFF = "------- SEARCH\ntwo\n=======\n2\n+++++++ REPLACE"
ROO_DIFF = "<<<<<<< SEARCH\n:start_line:2\n-------\ntwo\n=======\n2\n>>>>>>> REPLACE"
SAVED = "The content was successfully saved to src/app.py."
DETAILS = f"<environment_details>\n# Current Working Directory ({REPO}) Files\nsrc/\n</environment_details>"


def said(*texts: str) -> Row:
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts], "ts": 1_795_168_800_500}


def cline_call(name: str, asked: Row) -> Row:
    part = {"type": "tool_use", "id": "c1", "name": name, "input": asked}
    return {"role": "assistant", "content": [part], "modelInfo": {"modelId": "claude-x", "providerId": "p"}}


def cline_xml(text: str) -> Row:
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


CLINE_ASKED = said("<task>\nchange two\n</task>", DETAILS)
CLINE = {
    "a part": (
        [
            CLINE_ASKED,
            cline_call("replace_in_file", {"path": "src/app.py", "diff": DIFF}),
            said(f"[replace_in_file for 'src/app.py'] Result:\n{SAVED}", DETAILS),
        ],
        [
            {
                "tool": "cline",
                "session": "170",
                "model": "claude-x",
                "prompt": "change two",
                "call": "c1",
                "time": SECONDS,
                "cwd": REPO,
                "path": FILE,
                "hunks": (("two\n", "2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "XML": (
        [
            CLINE_ASKED,
            cline_xml(f"I will.\n<replace_in_file>\n<path>src/app.py</path>\n<diff>{DIFF}</diff>\n</replace_in_file>"),
            said("[replace_in_file for 'src/app.py'] Result:", SAVED),
        ],
        [{"path": FILE, "hunks": (("two\n", "2\n"),), "call": None, "succeeded": False}],
    ),
    "Roo's": (
        [
            CLINE_ASKED,
            cline_xml(f"<apply_diff>\n<path>src/app.py</path>\n<diff>\n{ROO_DIFF}\n</diff>\n</apply_diff>"),
            said("[apply_diff for 'src/app.py'] Result:\n<file_write_result>\n<operation>modified</operation>"),
        ],
        [{"hunks": (("two\n", "2\n"),), "succeeded": True}],
    ),
    "a whole file": (
        [
            CLINE_ASKED,
            cline_call("write_to_file", {"absolutePath": FILE, "content": "new\n"}),
            said(f"[write_to_file for 'src/app.py'] Result:\n{SAVED}"),
        ],
        [{"path": FILE, "hunks": (), "after": "new\n", "succeeded": True}],
    ),
    "changed by the person": (
        [
            CLINE_ASKED,
            cline_call("replace_in_file", {"path": "src/app.py", "diff": DIFF}),
            said(
                "[replace_in_file for 'src/app.py'] Result:\nThe user made the following updates to your content:\n…"
                " has been successfully saved to src/app.py."
            ),
        ],
        [{"changed_by_user": True, "succeeded": True}],
    ),
    "denied": (
        [
            CLINE_ASKED,
            cline_call("replace_in_file", {"path": "src/app.py", "diff": DIFF}),
            said("[replace_in_file for 'src/app.py'] Result:\nThe user denied this operation."),
        ],
        [{"succeeded": False}],
    ),
    "no result": ([CLINE_ASKED, cline_call("replace_in_file", {"path": "src/app.py", "diff": DIFF})], []),
    "a later prompt": (
        [
            CLINE_ASKED,
            said("[TASK RESUMPTION] …", "New instructions:\n<user_message>\nand three\n</user_message>"),
            cline_call("replace_in_file", {"path": "src/app.py", "diff": DIFF}),
            said(f"[replace_in_file for 'src/app.py'] Result:\n{SAVED}"),
        ],
        [{"prompt": "and three"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLINE)
def test_cline(name: str) -> None:
    messages, expected = CLINE[name]
    check(edits(ClineTask(Path("170/api_conversation_history.json")), [messages]), expected)


# Aider: a Markdown log

AIDER_HEAD = """
# aider chat started at 2026-11-20 10:00:00

> Aider v0.86.1  
> Model: openrouter/openai/gpt-4o-mini with diff edit format  

#### change two  
#### and be quick  

Here is the block:

src/app.py
```python
<<<<<<< SEARCH
two
=======
2
>>>>>>> REPLACE
```

> Tokens: 2.4k sent, 104 received.  
"""  # noqa: W291 - as Aider writes it
AIDER = {
    "applied": (
        AIDER_HEAD + "> Applied edit to src/app.py  \n> Commit 1b2614a feat: two\n",
        [
            {
                "tool": "aider",
                "session": "2026-11-20 10:00:00",
                "model": "openrouter/openai/gpt-4o-mini",
                "prompt": "change two\nand be quick",
                "path": FILE,
                "cwd": REPO,
                "hunks": (("two\n", "2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "not applied": (AIDER_HEAD + "\n#### go on\n\n> Applied edit to src/app.py\n", []),
    "another file": (AIDER_HEAD + "> Applied edit to src/other.py\n", []),
    "a new file": (
        "#### go\n\n**new.py**\n```\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE\n```\n\n> Applied edit to new.py\n",
        [{"path": "/repo/new.py", "kind": "create", "hunks": (("", "new\n"),)}],
    ),
    "cut off": ("#### go\n\nnew.py\n```\n<<<<<<< SEARCH\n=======\nnew\n\n> Applied edit to new.py\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", AIDER)
def test_aider(name: str) -> None:
    text, expected = AIDER[name]
    check(edits(AiderHistory(REPO), text.encode().split(b"\n")), expected)


# Cursor: its editor's database

EMPTY = "composer.content.e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def cursor(path: Path, *entries: tuple[str, object]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)")
    for key, value in entries:
        text = value if isinstance(value, str) else json.dumps(value)
        connection.execute("INSERT INTO cursorDiskKV VALUES (?, ?)", (key, text))
    connection.commit()
    connection.close()


def bubble(before: str | None, after: str | None, path: str = FILE, status: str = "completed") -> tuple[str, Row]:
    made = {
        "toolCallId": "c1",
        "name": "edit_file_v2",
        "status": status,
        "params": json.dumps({"relativeWorkspacePath": path}),
        "result": json.dumps({"beforeContentId": before, "afterContentId": after}),
    }
    return "bubbleId:chat:b2", {"type": 2, "createdAt": TIME, "text": "", "toolFormerData": made}


CURSOR_ASKED: tuple[str, Row] = (
    "bubbleId:chat:b1",
    {"type": 1, "createdAt": "2026-11-20T09:59:00Z", "text": "change two", "modelInfo": {"modelName": "claude-5"}},
)
CURSOR_TEXTS = (("composer.content.a", "one\ntwo\n"), ("composer.content.b", "one\n2\n"))
CURSOR: dict[str, tuple[tuple[str, Row], list[Told]]] = {
    "an edit": (
        bubble("composer.content.a", "composer.content.b"),
        [
            {
                "tool": "cursor",
                "session": "chat",
                "model": "claude-5",
                "prompt": "change two",
                "call": "c1",
                "time": SECONDS,
                "path": FILE,
                "before": "one\ntwo\n",
                "after": "one\n2\n",
                "hunks": (("one\ntwo\n", "one\n2\n"),),
                "succeeded": True,
            }
        ],
    ),
    "a new file": (bubble(EMPTY, "composer.content.b"), [{"kind": "create", "before": None, "after": "one\n2\n"}]),
    "its text before is gone": (bubble("gone", "composer.content.b"), [{"hunks": (), "after": "one\n2\n"}]),
    "its text is gone": (bubble("composer.content.a", "gone"), []),
    "not ended": (bubble("composer.content.a", "composer.content.b", status="pending"), []),
    "elsewhere": (bubble("composer.content.a", "composer.content.b", path="/other/a.py"), []),
    "no absolute path": (bubble("composer.content.a", "composer.content.b", path="src/app.py"), []),
}


@pytest.mark.parametrize("name", CURSOR)
def test_cursor(name: str, tmp_path: Path) -> None:
    made, expected = CURSOR[name]
    path = tmp_path / "state.vscdb"
    cursor(path, *CURSOR_TEXTS, CURSOR_ASKED, made)
    conversation = CursorDatabase(Inside([Path(REPO)]))
    check(list(conversation.feed(os.fsencode(path))), expected)
    assert list(conversation.feed(os.fsencode(path))) == []


def test_the_model_and_the_prompt_of_a_cursor_message_are_the_newest_before_it(tmp_path: Path) -> None:
    def said(name: str, time: str, **more: object) -> tuple[str, Row]:
        return (f"bubbleId:chat:{name}", {"createdAt": f"2026-11-20T{time}Z", **more})

    path = tmp_path / "state.vscdb"
    cursor(
        path,
        *CURSOR_TEXTS,
        said("z1", "09:00:00", type=1, text="first", modelInfo={"modelName": "gpt-5"}),
        said("y2", "09:30:00", type=1, text="second", modelInfo={"modelName": "claude-5"}),
        said("x3", "09:40:00", type=2, text="I will", modelInfo={"modelName": "default"}),
        said("c4", "11:00:00", type=1, text="third", modelInfo={"modelName": "grok"}),
        bubble("composer.content.a", "composer.content.b"),
    )
    found = list(CursorDatabase(Inside([Path(REPO)])).feed(os.fsencode(path)))
    check(found, [{"model": "claude-5", "prompt": "second"}])


def test_a_cursor_message_that_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "state.vscdb"
    conversation = CursorDatabase(Inside([Path(REPO)]))
    cursor(path, *CURSOR_TEXTS, CURSOR_ASKED, bubble("composer.content.a", None, status="pending"))
    assert list(conversation.feed(os.fsencode(path))) == []
    cursor(path, bubble("composer.content.a", "composer.content.b"))
    check(list(conversation.feed(os.fsencode(path))), [{"prompt": "change two", "after": "one\n2\n"}])
