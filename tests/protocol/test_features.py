"""What an editor shows: lenses, cards, hints, actions, commands, and what it is told unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.client import Editor, editing, wait_for
from support.repo import Repo

CODE = "class Store:\n    def get(self):\n        return 1\n\n    def put(self):\n        return 2\n"
AGENT = {"channel": "agent", "tool": "claude-code", "model": "opus", "session": "s1", "prompt": "add a limit"}
HOSTILE = "[x](command:evil) <b>$(zap)</b> `code` ![i](http://e.example)\u202e\n# head"
LINE_KEYS = {
    "line", "text", "state", "commit", "author", "time", "tool", "model", "session", "prompt", "level", "evidence",
    "source",
}  # fmt: skip


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one committed file, of which nothing is recorded."""
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"store.py": CODE})
    return repo


@pytest.fixture
async def editor(repo: Repo) -> AsyncIterator[Editor]:
    """An editor on that repository, with all that can be drawn switched on."""
    async with editing(repo.root, options={"inlayHints": {"enabled": True}}) as editor:
        yield editor


def show(editor: Editor, repo: Repo, path: str = "store.py") -> str:
    """Open a file; its URI."""
    file = repo.root / path
    editor.open(file.as_uri(), file.read_text() if file.exists() else "")
    return file.as_uri()


def write(editor: Editor, uri: str, line: int, text: str, said: Mapping[str, Any] = AGENT) -> None:
    """Insert whole lines before `line`, and say where they come from."""
    version = editor.versions[uri] + 1
    editor.tell("byline/editContext", {"textDocument": {"uri": uri, "version": version}, "origins": [dict(said)]})
    editor.insert(uri, line, 0, text)


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def lines(first: int, last: int) -> types.Range:
    return types.Range(types.Position(first, 0), types.Position(last, 0))


async def lenses(editor: Editor, uri: str) -> list[types.CodeLens]:
    return list(await editor.text_document_code_lens_async(types.CodeLensParams(document(uri))) or ())


async def titles(editor: Editor, uri: str) -> list[str]:
    """Every lens's title, those that are not known yet resolved."""
    found = await lenses(editor, uri)
    whole = [lens if lens.command else await editor.code_lens_resolve_async(lens) for lens in found]
    return [lens.command.title for lens in whole if lens.command]


async def card(editor: Editor, uri: str, line: int) -> str:
    hover = await editor.text_document_hover_async(types.HoverParams(document(uri), types.Position(line, 0)))
    return hover.contents.value if hover and isinstance(hover.contents, types.MarkupContent) else ""


async def run(editor: Editor, command: str, argument: Mapping[str, Any]) -> Any:
    return await editor.workspace_execute_command_async(types.ExecuteCommandParams(command, [dict(argument)]))


async def states(editor: Editor, uri: str) -> list[str]:
    answer = await editor.ask("byline/attribution", {"textDocument": {"uri": uri}, "range": None})
    return [line["state"] for line in answer["lines"]]


# --- lenses -----------------------------------------------------------------------------------------------------------


async def test_a_file_of_which_nothing_is_recorded_shows_gits_authors(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    first, *_ = await titles(editor, uri)
    assert first.startswith(("Ann, ", "you, "))
    assert first.endswith("ago")


async def test_a_lens_that_is_known_is_complete_and_resolves_to_itself(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    found = await wait_for(lambda: lenses(editor, uri), lambda found: all(lens.command for lens in found))
    assert [lens.range.start.line for lens in found] == [0, 0]
    for lens in found:
        assert await editor.code_lens_resolve_async(lens) == lens


async def test_lenses_stand_still_while_one_types_below_them(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    before = [lens.range for lens in await lenses(editor, uri)]
    for character in "x = 1":
        editor.insert(uri, 6, len(editor.texts[uri].splitlines()[6:] and editor.texts[uri].splitlines()[6]), character)
        assert [lens.range for lens in await lenses(editor, uri)] == before


async def test_a_lens_tells_the_shares_and_the_prompt(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 3, "        # one\n        # two\n")
    whole, container = await titles(editor, uri)
    assert whole.startswith("25 % AI · 75 % unknown — Claude Code, 1 prompt")
    assert container == "AI (2 of 8 lines) — “add a limit”"


@pytest.mark.parametrize("data", [None, 7, {}, {"uri": 1}, {"uri": "file:///x", "first": 3, "last": 1}])
async def test_a_lens_that_is_not_ours_is_refused(editor: Editor, repo: Repo, data: Any) -> None:
    show(editor, repo)
    with pytest.raises(JsonRpcException, match="not one of this server's"):
        await editor.code_lens_resolve_async(types.CodeLens(lines(0, 0), data=data))


# --- cards, hints, actions --------------------------------------------------------------------------------------------


async def test_a_card_says_who_and_why(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 0, "import os\n")
    told = await card(editor, uri, 0)
    assert "**Claude Code**" in told
    assert "“add a limit”" in told
    assert "*Why:*" in told
    assert len(told.splitlines()) <= 8
    assert "Ann" in await card(editor, uri, 1)
    assert await card(editor, uri, 99) == ""


async def test_what_others_wrote_is_never_markup(editor: Editor, repo: Repo) -> None:
    repo.commit({"bad.py": "x = 1\n"}, HOSTILE, "--author", "[y](command:evil) <evil@x.org>")
    uri = show(editor, repo, "bad.py")
    write(editor, uri, 0, "import os\n", {**AGENT, "tool": HOSTILE, "model": HOSTILE, "prompt": HOSTILE})
    shown = [await card(editor, uri, 0), await card(editor, uri, 1)]
    drawn = await titles(editor, uri)
    await run(editor, "byline.showPrompt", {"uri": uri})
    await wait_for(lambda: _messages(editor), len)
    for text in (*shown, *(await _messages(editor))):
        assert text
        assert "](" not in text
        assert "\u202e" not in text
    assert not [text for text in shown if "<b>" in text or "![" in text]
    assert not [text for text in (*drawn, *shown) if "$(" in text]


async def test_hints_stand_where_the_author_changes(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 1, "    limit = 10\n    size = 20\n")

    async def hints(first: int, last: int) -> list[tuple[int, str]]:
        found = await editor.text_document_inlay_hint_async(types.InlayHintParams(document(uri), lines(first, last)))
        return [(hint.position.line, str(hint.label)) for hint in found or ()]

    assert await hints(0, 9) == [(1, "● Claude Code")]
    assert await hints(2, 9) == [], "the stretch begins above the range"
    assert await hints(500, 900) == []


@pytest.mark.parametrize(
    ("only", "offered"),
    [(None, True), (["source"], True), (["source.byline"], True), (["quickfix"], False), (["source.fixAll"], False)],
)
async def test_actions_are_of_the_kind_that_was_asked_for(
    editor: Editor, repo: Repo, only: list[str] | None, offered: bool
) -> None:
    uri = show(editor, repo)
    context = types.CodeActionContext([], only=only)
    found = await editor.text_document_code_action_async(types.CodeActionParams(document(uri), lines(0, 1), context))
    all_of_them = ["Explain who wrote this", "Mark as written by me", "Mark as written by AI"]  # there is no prompt
    assert [action.title.removeprefix("Byline: ") for action in found or ()] == (all_of_them if offered else [])


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_lines_are_marked_by_commands(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    first = {"uri": uri, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}}
    assert await run(editor, "byline.markAsAi", {**first, "tool": "codex"}) == {"lines": 1}
    assert await states(editor, uri) == ["ai", *["unknown"] * 5]
    assert await run(editor, "byline.markAsHuman", first) == {"lines": 1}
    assert await states(editor, uri) == ["human", *["unknown"] * 5]


async def test_prompts_are_shown_once_for_all_their_lines(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 0, "import os\nimport re\n")
    told = await run(editor, "byline.showPrompt", {"uri": uri})
    prompt = {"prompt": "add a limit", "tool": "claude-code", "model": "opus", "session": "s1", "lines": [1, 2]}
    assert told == {"prompts": [prompt]}
    assert (await wait_for(lambda: _messages(editor), len))[-1] == "Claude Code: add a limit"


async def test_a_line_is_explained_and_lines_are_copied(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 0, "import os\n")
    explained = await run(editor, "byline.explainLine", {"uri": uri})
    assert "Claude Code" in explained["explanation"]
    copied = await run(editor, "byline.copyAttribution", {"uri": uri})
    assert len(copied["text"].splitlines()) == len(copied["lines"]) == 7
    assert all(set(line) == LINE_KEYS for line in copied["lines"])


async def test_what_is_drawn_can_be_switched_off_for_a_while(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    assert await run(editor, "byline.toggle", {}) == {"enabled": False}
    assert await lenses(editor, uri) == []
    assert await run(editor, "byline.toggle", {}) == {"enabled": True}
    assert await lenses(editor, uri)


@pytest.mark.parametrize(
    "argument", [{}, {"uri": 7}, {"uri": "file:///not/open"}, {"uri": "file:///x", "range": {"start": -1}}]
)
async def test_a_command_without_a_place_is_refused(editor: Editor, repo: Repo, argument: Mapping[str, Any]) -> None:
    show(editor, repo)
    with pytest.raises(JsonRpcException, match=r"takes one object|not open"):
        await run(editor, "byline.markAsAi", argument)


# --- what the editor is told ------------------------------------------------------------------------------------------


async def test_the_editor_is_told_of_changes_and_commits(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 0, "import os\n")
    await wait_for(lambda: _told(editor, "byline/attributionChanged"), len)
    (repo.root / "store.py").write_text(editor.texts[uri])
    editor.text_document_did_save(types.DidSaveTextDocumentParams(document(uri)))
    await editor.wait_until(uri, lambda status: uri in status["journalled"])
    commit = repo.commit()
    (recorded,) = await wait_for(lambda: _told(editor, "byline/commitRecorded"), len)
    counted = {"total": 1, "ai": 1, "ai_modified": 0, "human": 0, "original": 0, "unknown": 0}
    assert recorded == {"root": str(repo.root), "commit": commit, "kind": "commit", "summary": counted}
    assert {"uri": uri, "version": 2} in await _told(editor, "byline/attributionChanged")


@pytest.mark.parametrize("how", ["section", "pushed"])
async def test_settings_come_from_the_editor(repo: Repo, how: str) -> None:
    async with editing(repo.root) as editor:
        uri = show(editor, repo)
        assert await lenses(editor, uri)
        off = {"byline": {"codeLens": {"enabled": False}}}
        if how == "section":
            editor.set_configuration(off)
        pushed = off if how == "pushed" else None
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(pushed))
        await wait_for(lambda: lenses(editor, uri), lambda found: not found)


async def test_folders_come_and_go(editor: Editor, repo: Repo, tmp_path: Path) -> None:
    other = Repo.init(tmp_path / "other")
    other.commit({"app.py": "x = 1\n"})
    folder = types.WorkspaceFolder(uri=other.root.as_uri(), name="other")
    event = types.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    here, there = show(editor, repo), show(editor, other, "app.py")
    write(editor, there, 0, "y = 2\n")
    assert await states(editor, there) == ["ai", "unknown"]
    assert set(await states(editor, here)) == {"unknown"}
    said = {"path": "app.py", "hunks": [{"old": "", "new": "y = 2\n"}], "tool": "x", "model": None}
    answer = await editor.ask("byline/declare", {**said, "session": None, "prompt": None})
    assert answer == {"verified": False, "ranges": []}, "it is another tool's already"
    assert (await editor.ask("byline/status", {"uri": there}))["root"] == str(other.root)


async def test_a_second_did_open_replaces_the_text(editor: Editor, repo: Repo) -> None:
    uri = show(editor, repo)
    write(editor, uri, 0, "import os\n")
    editor.open(uri, "x = 1\n")
    answer = await editor.ask("byline/attribution", {"textDocument": {"uri": uri}, "range": None})
    assert (answer["version"], [line["text"] for line in answer["lines"]]) == (1, ["x = 1"])
    assert set(answer["lines"][0]) == LINE_KEYS
    assert answer["lines"][0]["level"] is None


async def test_a_range_is_of_the_editors_lines(editor: Editor, repo: Repo) -> None:
    uri = (repo.root / "old_mac.txt").as_uri()
    editor.open(uri, "one\rtwo\nthree\nfour\n", "plaintext")
    where = {"start": {"line": 2, "character": 0}, "end": {"line": 3, "character": 0}}
    answer = await editor.ask("byline/attribution", {"textDocument": {"uri": uri}, "range": where})
    assert [(line["line"], line["text"]) for line in answer["lines"]] == [(2, "three")]


async def _messages(editor: Editor) -> list[str]:
    return [message.message for message in editor.messages]


async def _told(editor: Editor, method: str) -> list[Any]:
    return [_plain(params) for name, params in editor.told if name == method]


def _plain(params: Any) -> Any:
    """What the client's library made of an object, as an object again."""
    if hasattr(params, "_asdict"):
        return {name: _plain(value) for name, value in params._asdict().items()}
    return params
