"""What a person sees: everything is looked for on the rendered screen."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from editors.neovim.session import ENTER, ESCAPE, Neovim
from support.repo import Repo


@pytest.fixture
def editor(neovim: str, repo: Repo) -> Iterator[Neovim]:
    with Neovim(neovim, repo, "app.py") as editor:
        yield editor


def agent(editor: Neovim, text: str = "result = compute(alpha)") -> None:
    """An AI plug-in puts a line at the end."""
    editor.press("Go" + ESCAPE)
    editor.lua("require('avante.llm_tools.replace_in_file').func(...)", text)
    editor.until(lambda: text in editor.text)


def test_the_lens_of_the_file_names_its_authors_and_then_the_ai(editor: Neovim) -> None:
    editor.until_seen("you, 1")
    agent(editor)
    editor.until_seen("25 % AI · ")


def test_the_lens_is_drawn_anew_after_typing(editor: Neovim) -> None:
    editor.until_seen("you, 1")
    editor.press("ggA  # alpha" + ESCAPE)
    editor.until_seen("33 % human")


def test_the_current_line_says_who_wrote_it_after_a_pause(editor: Neovim) -> None:
    agent(editor)
    line = editor.until_seen("● avante")
    assert line.startswith("result = compute(alpha)")
    assert "“write it with care”" in line


def test_nothing_stands_on_a_line_that_is_being_typed(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("● avante")
    editor.press("A")
    editor.until(lambda: "● avante" not in editor.screen)
    editor.press(" + beta" + ESCAPE)
    assert "avante, changed since" in editor.until_seen("◐")


def test_the_words_go_with_the_cursor(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("● avante")
    editor.press("gg")
    editor.until(lambda: "● avante" not in editor.screen)
    editor.press("G")
    editor.until_seen("● avante")


def test_an_answer_about_a_text_that_is_gone_is_dropped(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("● avante")
    editor.lua("""
        local client = require('byline.client')
        local request = client.request
        client.request = function(bufnr, method, params, answer)
          _G.held = function() answer({ summary = { total = 1, ai = 1, ai_modified = 0, human = 0 }, lines = {
            { line = 1, text = '', state = 'ai', tool = 'stale' } } }) end
          client.request = request
          return true
        end
    """)
    editor.press("gg")
    editor.until(lambda: editor.lua("return held ~= nil"))
    editor.press("Onew" + ESCAPE)
    editor.lua("held()")
    editor.until_seen("○ you")
    assert "stale" not in editor.screen


def test_code_actions_are_listed_and_marking_changes_the_state(editor: Neovim) -> None:
    editor.press("ggyyGp")
    assert editor.lines[-1]["state"] == "unknown"
    editor.press("gra")
    assert "1: " in editor.until_seen("Byline: Explain who wrote this")
    chosen = editor.until_seen("Byline: Mark as written by me").strip().split(":")[0]
    editor.press(chosen + ENTER)
    editor.until(lambda: editor.lines[-1]["state"] == "human")


def test_explain_shows_the_card_beside_the_cursor(editor: Neovim) -> None:
    agent(editor)
    editor.command("Byline explain")
    editor.until_seen("╭")
    editor.until_seen("Why: the editor saw the agent make this edit")


def test_prompt_shows_the_prompt_beside_the_cursor(editor: Neovim) -> None:
    agent(editor)
    editor.command("Byline prompt")
    editor.until_seen("│avante, 1 line")
    editor.until_seen("│write it with care")


def test_the_lens_opens_the_prompts(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("AI · ")
    editor.press("gg")
    editor.lua("vim.lsp.codelens.run()")
    editor.until_seen("│write it with care")


def test_a_hostile_prompt_is_shown_as_text(editor: Neovim) -> None:
    hostile = "a\\27[2Jb\\226\\128\\174c"
    editor.press("Go" + ESCAPE)
    editor.lua(f"""
        vim.api.nvim_exec_autocmds('User', {{ pattern = 'AvanteInputSubmitted', data = {{ request = '{hostile}' }} }})
        require('avante.suggestion').accept('result = compute(alpha)')
    """)
    assert "“a�[2Jb�c”" in editor.until_seen("● avante")
    editor.command("Byline prompt")
    editor.until_seen("│a�[2Jb�c")


def test_mark_states_who_wrote_the_lines(editor: Neovim) -> None:
    editor.command("1,2Byline mark ai codex")
    editor.until_seen("2 lines marked as written by codex")
    assert [(line["state"], line.get("tool")) for line in editor.lines[:2]] == [("ai", "codex")] * 2
    editor.command("1Byline mark human")
    editor.until_seen("1 line marked as written by a person")
    assert editor.lines[0]["state"] == "human"


def test_signs_are_off_until_they_are_wanted(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("AI · ")
    assert editor.until_seen("result = ").startswith("result")
    editor.command("Byline toggle signs")
    editor.until_seen("● result = ")
    editor.press("Gohello" + ESCAPE)
    editor.until_seen("○ hello")
    editor.command("Byline toggle signs")
    editor.until(lambda: editor.until_seen("result = ").startswith("result"))


def test_toggle_takes_away_and_brings_back(editor: Neovim) -> None:
    agent(editor)
    editor.until_seen("AI · ")
    editor.until_seen("● avante")
    editor.command("Byline toggle")
    editor.until(lambda: "AI · " not in editor.screen and "●" not in editor.screen)
    editor.command("Byline toggle")
    editor.until_seen("AI · ")
    editor.until_seen("● avante")


def test_the_status_line_has_the_share(editor: Neovim) -> None:
    editor.command("set laststatus=2 statusline=%f\\ %{%v:lua.require'byline'.statusline()%}")
    agent(editor)
    editor.until_seen("app.py 25 % AI")
    assert (editor.lua("return vim.b.byline_status"), editor.lua("return vim.g.byline_status")) == ("25 % AI", "on")


def test_inlay_hints_are_drawn_where_they_are_wanted(neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py", {"hints": {"enabled": True}, "blame": {"enabled": False}}) as editor:
        agent(editor)
        assert "result = compute(alpha) ● avante" in editor.until_seen("● avante")


def test_a_command_that_the_server_does_not_have_is_said_in_one_line(editor: Neovim) -> None:
    editor.lua("""
        local client = require('byline.client').of(vim.api.nvim_get_current_buf())
        client.server_capabilities.executeCommandProvider.commands = {}
    """)
    editor.command("Byline report")
    editor.until_seen("This version of the server has no byline.openReport")


def test_nothing_pops_up_unasked(editor: Neovim) -> None:
    agent(editor)
    editor.press("Gohello" + ESCAPE + "ggyyp")
    editor.save_and_commit()
    assert editor.lua("return told") == []
    assert editor.lua("return vim.fn.execute('messages')").strip() == ""


def test_a_question_of_the_server_waits_until_nobody_types(editor: Neovim) -> None:
    editor.press("Goalpha")
    editor.lua("""
        local actions = { { title = 'Yes' }, { title = 'No' } }
        local question = { type = 3, message = 'May transcripts be read?', actions = actions }
        coroutine.wrap(function()
          local handler = require('byline.handlers')['window/showMessageRequest']
          _G.answer = handler(nil, question, { client_id = 1 })
        end)()
    """)
    editor.press(" beta")
    assert "May transcripts" not in editor.screen
    editor.press(ESCAPE)
    editor.until_seen("May transcripts be read?")
    editor.press("2" + ENTER)
    editor.until(lambda: editor.lua("return answer ~= nil"))
    assert editor.lua("return answer") == {"title": "No"}
    assert "alpha beta" in editor.text


def test_a_commit_buffer_has_a_server_and_its_typing_is_kept(neovim: str, repo: Repo) -> None:
    repo.write(".git/COMMIT_EDITMSG", ["", "# Please enter the commit message"])
    with Neovim(neovim, repo, ".git/COMMIT_EDITMSG") as editor:
        assert editor.lua("return vim.bo.filetype") == "gitcommit"
        root = editor.lua("return require('byline.client').of(vim.api.nvim_get_current_buf()).root_dir")
        assert root == str(repo.root)
        editor.lua("require('byline.ask').run = function(_, _, _, answer) answer({ message = 'feat: alpha' }) end")
        editor.command("Byline message")
        editor.until(lambda: editor.text[0] == "feat: alpha")
        editor.command("Byline message")
        editor.until(lambda: editor.lua("return vim.bo.buftype") == "nofile")
        assert json.loads(editor.lua("return vim.json.encode(vim.fn.getbufline('#', 1, 1))")) == ["feat: alpha"]
