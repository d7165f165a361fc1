"""AI plug-ins: each edits in its own way, by stand-ins at the plug-ins' own paths, and is recognised by it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from editors.neovim.lines import check
from editors.neovim.session import ENTER, ESCAPE, Neovim
from support.repo import Repo

TEXT = "result = compute(alpha)"


@dataclass(frozen=True, slots=True)
class Case:
    """A plug-in's way to bring `TEXT` into an empty line, in insert mode or not, and whose it is then."""

    name: str
    accept: str
    said: str
    inserting: bool = True


def call(function: str) -> str:
    return f"{function}('{TEXT}')"


CASES = (
    Case("copilot.lua", call("require('copilot.suggestion').accept"), "ai copilot strong"),
    Case("supermaven", call("require('supermaven-nvim.completion_preview').accept"), "ai supermaven strong"),
    Case("minuet", call("require('minuet.virtualtext').accept"), "ai minuet strong"),
    Case("inline completion of Neovim 0.12", call("require('vim.lsp.inline_completion').get"), "ai None strong"),
    Case("avante suggestion", call("require('avante.suggestion').accept"), "ai avante strong"),
    Case("avante tool", call("require('avante.llm_tools.replace_in_file').func"), "ai avante strong", inserting=False),
    Case(
        "codecompanion inline",
        call("require('codecompanion.interactions.inline').place"),
        "ai codecompanion strong",
        inserting=False,
    ),
    Case(
        "codecompanion agent",
        call("require('codecompanion.interactions.chat.tools.builtin.insert_edit_into_file').edit"),
        "ai codecompanion strong",
        inserting=False,
    ),
    Case("sidekick", call("require('sidekick.nes').apply"), "ai copilot strong", inserting=False),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_plugin_writes_is_its_own(case: Case, neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.press("Go" if case.inserting else "Go" + ESCAPE)
        editor.lua(case.accept)
        editor.until(lambda: TEXT in editor.text)
        if case.inserting:
            editor.press(ESCAPE)
        check(editor, {TEXT: case.said})


MAPPINGS = {
    "copilot.vim": f"inoremap <expr> <Tab> copilot#Accept('{TEXT}')",
    "windsurf.nvim": f"""inoremap <expr> <Tab> luaeval("require('codeium.virtual_text').accept('{TEXT}')")""",
}


@pytest.mark.parametrize(("plugin", "tool"), [("copilot.vim", "copilot"), ("windsurf.nvim", "windsurf")])
def test_what_a_mapping_inserts_for_a_plugin_is_the_plugins(plugin: str, tool: str, neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.rpc.request("nvim_command", MAPPINGS[plugin])
        editor.press("Go\t" + ESCAPE)
        check(editor, {TEXT: f"ai {tool} strong"})


SOURCES = [("buffer", "human None probable"), ("copilot", "ai copilot strong"), ("mystery", "unknown")]


@pytest.mark.parametrize(("source", "said"), SOURCES)
@pytest.mark.parametrize("way", ["by keys", "by code"])
def test_what_a_completion_inserts_is_its_sources(source: str, said: str, way: str, neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.lua(
            """
            local cmp = require('cmp')
            cmp.source, cmp.text, cmp.by_keys = ...
            vim.keymap.set('i', '<Tab>', cmp.confirm)
            """,
            source,
            TEXT,
            way == "by keys",
        )
        editor.press("Go\t" + ESCAPE)
        check(editor, {TEXT: said})


def test_what_a_person_types_after_a_suggestion_is_seen(neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.press("Go")
        editor.lua(call("require('copilot.suggestion').accept"))
        editor.until(lambda: TEXT in editor.text)
        editor.press(ESCAPE + "A + beta" + ENTER + "gamma" + ESCAPE)
        check(editor, {TEXT + " + beta": "ai_modified copilot", "gamma": "human None proven"})


def test_undo_of_a_suggestion_leaves_nothing_and_redo_brings_the_ai_back(neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.press("Go" + ESCAPE)
        editor.lua(call("require('sidekick.nes').apply"))
        editor.press("u")
        assert TEXT not in editor.text
        editor.press("\x12")
        check(editor, {TEXT: "ai copilot strong"})
