"""Writing a commit message in Neovim: finished messages as code actions, diagnostics, and `:Byline message`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from editors.neovim.session import ESCAPE, Neovim
from support.repo import Repo


@pytest.fixture
def editor(neovim: str, repo: Repo) -> Iterator[Neovim]:
    """A commit buffer is open, and the change that it is about is staged."""
    repo.write("app.py", "import os\n\n\ndef greet(name):\n    return os.name + name\n")
    repo.git("add", "app.py")
    repo.write(".git/COMMIT_EDITMSG", "\n# Please enter the commit message for your changes.\n")
    with Neovim(neovim, repo, ".git/COMMIT_EDITMSG") as editor:
        yield editor


def test_a_finished_message_is_a_code_action_away(editor: Neovim) -> None:
    """The first action that is offered fills the empty message, and leaves git's comments."""
    editor.lua("vim.ui.select = function(items, _, choose) choose(items[1], 1) end")
    editor.until(lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))
    editor.lua("vim.lsp.buf.code_action()")
    editor.until(lambda: editor.text[0].strip())
    assert "greet" in editor.text[0]
    assert editor.text[-1].startswith("# Please enter")


def test_what_breaks_a_rule_is_a_diagnostic(editor: Neovim) -> None:
    editor.press("ggia subject\rand a body right below it" + ESCAPE)
    codes = "return vim.tbl_map(function(found) return found.source .. ' ' .. found.code end, vim.diagnostic.get(0))"
    editor.until(lambda: "byline body-leading-blank" in editor.lua(codes))
    editor.until_seen("and a body right below it")
    assert "○ you" not in editor.screen, "who writes a message is no news"
