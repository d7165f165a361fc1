"""Documents as the editor sends them, and Byline's own messages as they are checked."""

from __future__ import annotations

import random

import pytest
from lsprotocol import types

from support.client import editing
from support.raw_client import FRAME, RawClient, code

URI = "file:///dir/a%20b.py"
LETTERS = "ab\u00e9\u4e2d\U0001f600\U0001d11e\n\r\x0c\u2028\x85\x1c"


def opened(client: RawClient, text: str, uri: str = URI) -> None:
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def changed(client: RawClient, *changes: dict, version: int = 2, uri: str = URI) -> None:
    client.notify(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
    )


def text(client: RawClient, uri: str = URI) -> str:
    return client.request("test/text", {"uri": uri})["result"]["text"]


def at(line: int, start: int, end: int, new: str) -> dict:
    where = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
    return {"range": where, "text": new}


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///dir/a%20b.py", "/dir/a b.py"),
        ("file://localhost/a.py", "/a.py"),
        ("file://elsewhere/a.py", "None"),
        ("file:///a/../../etc/passwd", "None"),
        ("file:///a%00b", "None"),
        ("untitled:Untitled-1", "None"),
        ("git:/a.py?x", "None"),
    ],
)
def test_only_local_files_have_a_path(shared: RawClient, uri: str, path: str) -> None:
    opened(shared, "x", uri)
    assert shared.request("test/text", {"uri": uri})["result"] == {"text": "x", "version": 1, "path": path}


def test_changes_apply_in_order_each_to_the_result_of_the_one_before(shared: RawClient) -> None:
    opened(shared, "one\ntwo\n")
    changed(shared, at(0, 0, 3, "1\n1.5"), at(1, 0, 3, ""), at(2, 3, 99, "!"), version=9)
    assert shared.request("test/text", {"uri": URI})["result"]["text"] == "1\n\ntwo!\n"
    changed(shared, {"text": "all new"}, at(0, 99, 99, "."))
    assert text(shared) == "all new."


def test_an_open_document_that_is_opened_again_gets_the_new_text(shared: RawClient) -> None:
    opened(shared, "old")
    opened(shared, "new")
    assert text(shared) == "new"


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        (
            "textDocument/didChange",
            {"textDocument": {"uri": "file:///never", "version": 1}, "contentChanges": []},
            "open",
        ),
        ("textDocument/didChange", {"textDocument": {"uri": URI, "version": "2"}, "contentChanges": []}, "`version`"),
        ("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}}, "`contentChanges`"),
        (
            "textDocument/didChange",
            {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [at(0, -1, 0, "")]},
            "`character`",
        ),
        (
            "textDocument/didChange",
            {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"range": {}, "text": "x"}]},
            "`start`",
        ),
        ("textDocument/didOpen", {"textDocument": {"uri": URI, "version": 1}}, "`languageId`"),
        ("textDocument/didOpen", 7, "`textDocument`"),
        ("textDocument/didSave", {"textDocument": 7}, "`textDocument`"),
        ("textDocument/didClose", None, "`textDocument`"),
    ],
)
def test_wrong_notifications_change_nothing_and_are_noted(
    frame: RawClient, method: str, params: object, words: str
) -> None:
    opened(frame, "kept")
    frame.notify(method, params)
    assert text(frame) == "kept"
    (problem,) = frame.request("test/problems")["result"]
    assert problem["where"] == method
    assert words in problem["what"]


@pytest.mark.parametrize(("like", "encoding"), [("visual-studio-code", "utf-16"), ("neovim", "utf-8")])
async def test_a_real_editors_random_edits_arrive_as_they_were_made(like: str, encoding: str) -> None:
    """Characters of every width, and characters that Python, but not the protocol, takes for line ends."""
    dice = random.Random(5)
    async with editing(like=like, command=FRAME) as editor:
        assert editor.encoding == encoding
        editor.open(URI, "".join(dice.choices(LETTERS, k=400)))
        for _ in range(120):
            places = sorted((dice.randrange(60), dice.randrange(12)) for _ in range(2))
            where = types.Range(*(types.Position(*place) for place in places))
            editor.change(URI, types.TextDocumentContentChangePartial(where, "".join(dice.choices(LETTERS, k=4))))
            seen = await editor.ask("test/text", {"uri": URI})
            assert seen["text"] == editor.texts[URI]
            assert seen["version"] == editor.versions[URI]


PLACE = {"start": {"line": 0, "character": 0}, "end": {"line": 3, "character": 0}}


def test_a_message_of_our_own_is_checked_and_may_have_fields_we_do_not_know(shared: RawClient) -> None:
    params = {"textDocument": {"uri": URI}, "range": PLACE, "as": "ai", "tool": None, "added later": {"jsonrpc": "2.0"}}
    assert shared.request("byline/mark", params)["result"] == {"lines": 3, "as": "ai"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"as": "secret-robot"}, "as"),
        ({"textDocument": {}}, "textDocument.uri"),
        ({"range": {"start": {"line": "secret-1", "character": 0}, "end": PLACE["end"]}}, "range.start.line"),
        ({"range": {"start": {"line": -1, "character": 0}, "end": PLACE["end"]}}, "range.start.line"),
        ({"tool": "secret" * 200}, "tool"),
    ],
)
def test_what_is_wrong_with_a_message_of_our_own_is_named_and_not_repeated(
    shared: RawClient, wrong: dict, field: str
) -> None:
    answer = shared.request("byline/mark", {"textDocument": {"uri": URI}, "range": PLACE, "as": "human", **wrong})
    assert code(answer) == -32602
    assert f": {field}: " in answer["error"]["message"]
    assert "secret" not in str(answer)


def test_a_context_may_say_more_and_less_than_we_know(shared: RawClient) -> None:
    clip = {"sha256": "a" * 64, "internal": True, "src_uri": URI}
    origins = [{"channel": "agent", "tool": "claude-code", "later": 1}, {"channel": "telepathy", "clip": clip}]
    shared.notify("byline/editContext", {"textDocument": {"uri": URI, "version": 3}, "origins": origins})
    seen = shared.notified("test/context")
    assert [(o["channel"], o["tool"]) for o in seen["origins"]] == [("agent", "claude-code"), ("other", None)]
    assert seen["origins"][1]["clip"]["srcUri"] == URI
