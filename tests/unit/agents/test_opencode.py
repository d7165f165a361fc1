from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from agent_transcripts import FILE, REPO, Row, check

from byline.agents.folders import Inside
from byline.agents.opencode import OpenCodeDatabase, OpenCodePart
from byline.agents.record import AgentEdit

SCHEMA = """
CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT NOT NULL, time_updated INTEGER NOT NULL);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, time_created INTEGER,
  time_updated INTEGER, data TEXT);
CREATE TABLE session_message (id TEXT, session_id TEXT, type TEXT, seq INTEGER, time_created INTEGER, data TEXT);
"""
MILLISECONDS = 1_795_168_800_500
EDIT: Row = {"filePath": FILE, "oldString": "two", "newString": "2"}
ASSISTANT: Row = {"role": "assistant", "modelID": "gpt-5", "providerID": "openai", "path": {"cwd": REPO, "root": REPO}}


def part(name: str, asked: Row, metadata: Row | None = None, status: str = "completed") -> Row:
    times = {"start": MILLISECONDS - 500, "end": MILLISECONDS}
    state = {"status": status, "input": asked, "output": "ok", "metadata": metadata or {}, "time": times}
    return {"type": "tool", "tool": name, "callID": "call-1", "state": state}


class Store:
    """A database of OpenCode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)
        self._time = 0

    def session(self, name: str = "ses_1", directory: str = REPO, parent: str | None = None) -> None:
        self._put("session", name, parent, directory, 1)

    def message(self, data: Row, *parts: Row, session: str = "ses_1") -> None:
        self._time += 1
        name = f"msg_{self._time}"
        self._put("message", name, session, self._time, self._time, json.dumps(data))
        for index, each in enumerate(parts):
            self._put("part", f"{name}_{index}", name, session, self._time, self._time, json.dumps(each))

    def message_of_version_2(self, kind: str, data: Row) -> None:
        self._time += 1
        self._put("session_message", f"m{self._time}", "ses_1", kind, self._time, self._time, json.dumps(data))

    def commit(self) -> None:
        self._connection.commit()

    def edits(self) -> list[AgentEdit]:
        self.commit()
        return list(OpenCodeDatabase(Inside([Path(REPO)])).feed(os.fsencode(self.path)))

    def _put(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "opencode.db")


DIFF = "Index: app.py\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
PATCH = "*** Begin Patch\n*** Update File: src/app.py\n@@\n one\n-two\n+2\n*** End Patch"

CASES = {
    "an edit": (
        part("edit", EDIT, {"filediff": {"file": FILE, "before": "one\ntwo\n", "after": "one\n2\n"}}),
        [
            {
                "tool": "opencode",
                "session": "ses_1",
                "model": "gpt-5",
                "prompt": "change two",
                "call": "call-1",
                "time": MILLISECONDS / 1000,
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
    "an edit without its texts": (part("edit", EDIT, {"filediff": {"file": FILE, "additions": 1}}), [{"before": None}]),
    "a new file": (
        part("write", {"filePath": FILE, "content": "new\n"}, {"exists": False}),
        [{"kind": "create", "hunks": (("", "new\n"),), "after": "new\n"}],
    ),
    "a file written over": (
        part("write", {"filePath": FILE, "content": "new\n"}, {"exists": True}),
        [{"kind": "edit", "hunks": (), "after": "new\n"}],
    ),
    "several edits": (
        part("multiedit", {"filePath": FILE, "edits": [EDIT, {"oldString": "one", "newString": "1"}]}),
        [{"hunks": (("two", "2"), ("one", "1"))}],
    ),
    "a patch": (part("apply_patch", {"patchText": PATCH}), [{"path": FILE, "hunks": (("one\ntwo\n", "one\n2\n"),)}]),
    "a patch with its files": (
        part(
            "apply_patch",
            {"patchText": PATCH},
            {
                "files": [
                    {"filePath": FILE, "type": "update", "patch": DIFF},
                    {"filePath": "/repo/new.py", "type": "add", "before": "", "after": "new\n"},
                    {"filePath": "/repo/old.py", "type": "delete", "before": "old\n", "after": ""},
                    {"filePath": "/repo/a.py", "movePath": "/repo/b.py", "type": "move", "patch": DIFF},
                ]
            },
        ),
        [
            {"path": FILE, "kind": "edit", "hunks": (("one\ntwo\n", "one\n2\n"),)},
            {"path": "/repo/new.py", "kind": "create", "hunks": (("", "new\n"),), "before": None, "after": "new\n"},
            {"path": "/repo/old.py", "kind": "delete", "hunks": (("old\n", ""),), "before": "old\n", "after": None},
            {"path": "/repo/b.py", "kind": "move"},
        ],
    ),
    "a failure": (part("edit", EDIT, status="error"), [{"succeeded": False}]),
    "not ended": (part("edit", EDIT, status="running"), []),
    "another call": (part("bash", {"command": "ls"}), []),
}


@pytest.mark.parametrize("name", CASES)
def test_parts(name: str, store: Store) -> None:
    made, expected = CASES[name]
    store.session()
    noise = {"type": "text", "text": "<context>", "synthetic": True}
    store.message({"role": "user"}, {"type": "text", "text": "change two"}, noise)
    store.message(ASSISTANT, {"type": "text", "text": "I will"}, made)
    check(store.edits(), expected)


def test_a_session_with_a_parent_has_its_prompt(store: Store) -> None:
    store.session()
    store.session("ses_2", parent="ses_1")
    store.message({"role": "user"}, {"type": "text", "text": "change two"})
    store.message({"role": "user"}, {"type": "text", "text": "look around"}, session="ses_2")
    store.message(ASSISTANT, part("edit", EDIT), session="ses_2")
    check(store.edits(), [{"session": "ses_2", "prompt": "change two"}])


def test_sessions_of_other_folders_are_not_read(store: Store) -> None:
    store.session(directory="/other")
    store.message(ASSISTANT, part("edit", EDIT))
    assert store.edits() == []


def test_the_second_layout(store: Store) -> None:
    store.session()
    made = {**part("edit", EDIT), "name": "edit", "id": "call-2"}
    store.message_of_version_2("user", {"text": "change two"})
    store.message_of_version_2("assistant", {"model": {"id": "gpt-6", "providerID": "openai"}, "content": [made]})
    check(store.edits(), [{"call": "call-2", "model": "gpt-6", "prompt": "change two", "hunks": (("two", "2"),)}])


def test_many_parts_come_in_turns(store: Store) -> None:
    store.session()
    for number in range(900):
        store.message(ASSISTANT, part("edit", {**EDIT, "newString": str(number)}))
    store.commit()
    conversation = OpenCodeDatabase(Inside([Path(REPO)]))
    found: set[str] = set()
    turns = 0
    while turns == 0 or conversation.behind:
        found |= {edit.hunks[0].new for edit in conversation.feed(os.fsencode(store.path))}
        turns += 1
    assert found == {str(number) for number in range(900)}
    assert turns == 3


def test_files_of_before(tmp_path: Path) -> None:
    storage = tmp_path / "storage"

    def put(place: str, data: Row) -> Path:
        path = storage / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data))
        return path

    put("message/ses_1/msg_2.json", {**ASSISTANT, "sessionID": "ses_1", "parentID": "msg_1"})
    put("part/msg_1/prt_1.json", {"type": "text", "text": "change two"})
    path = put("part/msg_2/prt_2.json", part("edit", EDIT))
    expected = [{"session": "ses_1", "model": "gpt-5", "prompt": "change two", "cwd": REPO, "hunks": (("two", "2"),)}]
    check(list(OpenCodePart(path).feed(path.read_bytes())), expected)
