"""Clients that send what makes no sense: the server lives, says so, and names nobody wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from support.buffer import AGENT, Buffer, origin
from support.checks import check_live
from support.scenario import Scene
from support.wire import RpcError

pytestmark = pytest.mark.usefixtures("an_ordinary_file_stays_right")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((999, 0), (999, 5)),
        ((0, 999), (0, 9999)),
        ((1, 3), (0, 0)),
        ((2**31 - 1, 2**31 - 1), (2**31 - 1, 2**31 - 1)),
    ],
    ids=["below the end", "right of the end", "backwards", "far away"],
)
def test_a_range_that_is_not_there(scene: Scene, start: tuple[int, int], end: tuple[int, int]) -> None:
    f, other = scene.open("app.py", "first = 1\nsecond = 2\n"), scene.open("other.py", "one = 1\n")
    other.ai(append="two = 2\n")
    place = {name: {"line": at[0], "character": at[1]} for name, at in (("start", start), ("end", end))}
    f.version += 1
    f.editor.wire.notify(
        "textDocument/didChange",
        {"textDocument": f.document, "contentChanges": [{"range": place, "text": "new = measure(9)\n" * 3}]},
    )
    view = f.attribution()
    assert view["version"] == f.version
    assert not [line for line in view["lines"] if line["state"] in ("ai", "ai_modified", "human")]
    check_live(other, "O A:s1")
    f.close()
    check_live(scene.open("app.py"), "O O")


def test_documents_that_were_never_opened(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    ghost = Buffer(f.editor, scene.root / "ghost.py", "", "python")
    ghost.ai(append="second = 2\n")
    ghost.saves()
    ghost.close()
    with pytest.raises(RpcError, match="open"):
        ghost.attribution()
    with pytest.raises(RpcError, match="open"):
        ghost.mark("human", 1, 1)
    check_live(f, "O")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("byline/editContext", {"origins": "agent"}),
        ("byline/editContext", None),
        ("byline/editContext", {"textDocument": {"uri": "nonsense", "version": "x"}, "origins": [origin("agent")]}),
        ("textDocument/didChange", {"textDocument": {"uri": 7}, "contentChanges": [{}]}),
        ("textDocument/didOpen", {"textDocument": {}}),
        ("textDocument/didClose", None),
        ("byline/nothing", AGENT),
    ],
)
def test_notifications_that_make_no_sense(scene: Scene, method: str, params: Any) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.editor.wire.notify(method, params)
    f.types(append="third = 3\n")
    check_live(f, "O A:s1 H")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("byline/attribution", {"textDocument": None}),
        ("byline/mark", {"textDocument": {"uri": "file:///x"}, "range": "all", "as": "robot"}),
        ("byline/declare", {"path": "", "hunks": [{"old": 1}]}),
        ("byline/status", {"uri": 7}),
        ("byline/nothing", {}),
        ("workspace/executeCommand", {"command": "byline.markAsAi", "arguments": ["?"]}),
    ],
)
def test_requests_that_make_no_sense(scene: Scene, method: str, params: Any) -> None:
    f = scene.open("app.py", "first = 1\n")
    with pytest.raises(RpcError) as refusal:
        f.editor.wire.request(method, params)
    assert refusal.value.message.strip()
    check_live(f, "O")


def test_contexts_that_fit_no_change(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="second = 2\n")
    wire = f.editor.wire
    for version in (-5, 0, 1, f.version + 50, 2**31 - 1):
        document = {"uri": f.uri, "version": version}
        wire.notify("byline/editContext", {"textDocument": document, "origins": [origin("agent", tool="x")] * 3})
    f.types(append="third = 3\n")
    check_live(f, "O H H")
