"""What a person does at the keyboard, and what Byline makes of it: real keys in a real terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from editors.neovim.lines import Said, check
from editors.neovim.session import ENTER, ESCAPE, Neovim
from support.repo import Repo

CTRL_N, CTRL_R = "\x0e", "\x12"

SERVER = "require('server_inside').start()"


@dataclass(frozen=True, slots=True)
class Case:
    """What is done, one after the other (keys, or something else), and what is said of lines then."""

    name: str
    steps: tuple[str | Callable[[Neovim], object], ...]
    said: Said


def pasted(text: str) -> Callable[[Neovim], object]:
    return lambda editor: editor.paste(text)


def without_brackets(text: str) -> Callable[[Neovim], object]:
    def send(editor: Neovim) -> None:
        editor.terminal.send(text)
        editor.until(lambda: text in editor.text)

    return send


def lua(code: str) -> Callable[[Neovim], object]:
    return lambda editor: editor.lua(code)


def from_outside(text: str) -> Callable[[Neovim], object]:
    """Another program adds a line over Neovim's socket: no key and no Lua code is behind it."""
    return lambda editor: editor.rpc.request("nvim_buf_set_lines", 0, -1, -1, False, [text])


def on_disk(*lines: str) -> Callable[[Neovim], object]:
    """Another program writes the file, and Neovim notices."""

    def write(editor: Neovim) -> None:
        editor.repo.write("app.py", lines)
        editor.command("checktime")
        editor.until(lambda: editor.text == list(lines))

    return write


TYPED = "Goalpha beta" + ESCAPE
LONG = "distance = measure(alpha, beta, gamma)"
HUMAN, PROBABLY, UNKNOWN = "human None proven", "human None probable", "unknown"

CASES = (
    Case("typed", (TYPED,), {"alpha beta": HUMAN}),
    Case("lines and indent", (f"Goif alpha:{ENTER}beta{ESCAPE}",), {"if alpha:": HUMAN, "    beta": HUMAN}),
    Case("not ascii", ("Goäöü 𝒳 日本" + ESCAPE,), {"äöü 𝒳 日本": HUMAN}),
    Case("changed word", (TYPED, "0ciwgamma" + ESCAPE), {"gamma beta": HUMAN}),
    Case("replace mode", (TYPED, "0Rzz" + ESCAPE), {"zzpha beta": HUMAN}),
    Case("repeated", (TYPED, "0D", "ione two" + ESCAPE, "o" + ESCAPE, "."), {"one two": HUMAN}),
    Case("repeated insertion", ("Goalpha beta" + ESCAPE, "."), {"alpha beta": PROBABLY}),
    Case("macro", ("qaGoalpha beta" + ESCAPE + "q", "u", "@a"), {"alpha beta": PROBABLY}),
    Case("macro from elsewhere", (lua("vim.fn.setreg('q', 'Goalpha beta\\27')"), "@q"), {"alpha beta": UNKNOWN}),
    Case("undo and redo", (TYPED, "u", CTRL_R), {"alpha beta": HUMAN}),
    Case("undone deletion", (TYPED, "dd", "u"), {"alpha beta": HUMAN}),
    Case("cut and put elsewhere", (f"Go{LONG}" + ESCAPE, "dd", "gg", "P"), {LONG: HUMAN}),
    Case("pasted", ("Go" + ESCAPE, "i", pasted("alpha beta"), ESCAPE), {"alpha beta": UNKNOWN}),
    Case("pasted lines", ("Go" + ESCAPE, pasted("alpha\nbeta")), {"alpha": UNKNOWN, "beta": UNKNOWN}),
    Case(
        "pasted without brackets",
        ("Go", without_brackets("alpha = beta(gamma, delta, epsilon)"), ESCAPE),
        {"alpha = beta(gamma, delta, epsilon)": UNKNOWN},
    ),
    Case(
        "register in insert mode",
        (lua("vim.fn.setreg('a', 'alpha beta')"), f"Go{CTRL_R}a{ESCAPE}"),
        {"alpha beta": UNKNOWN},
    ),
    Case("put from elsewhere", (lua("vim.fn.setreg('a', {'alpha beta'}, 'l')"), 'G"ap'), {"alpha beta": UNKNOWN}),
    Case("substituted", (TYPED, f":s/.*/gamma delta/{ENTER}"), {"gamma delta": UNKNOWN}),
    Case("filtered", (TYPED, f":.!echo gamma delta{ENTER}"), {"gamma delta": UNKNOWN}),
    Case("normal from a script", (lua("vim.cmd('normal! Goalpha beta')"),), {"alpha beta": UNKNOWN}),
    Case(
        "keys from a script",
        (
            lua("vim.api.nvim_feedkeys('Goalpha beta\\27', 'n', false)"),
            lambda editor: editor.until(lambda: "alpha beta" in editor.text),
        ),
        {"alpha beta": UNKNOWN},
    ),
    Case(
        "abbreviation", (f":iabbrev ab alpha beta gamma{ENTER}", "Goab" + ENTER + ESCAPE), {"alpha beta gamma": UNKNOWN}
    ),
    Case(
        "closing bracket of a mapping",
        (f":inoremap ( ()<Left>{ENTER}", "Goalpha(beta" + ESCAPE),
        {"alpha(beta)": "human"},
    ),
    Case("completion", (TYPED, f"oal{CTRL_N}{ESCAPE}"), {"alpha": "human"}),
    Case("snippet", ("Go", lua("vim.snippet.expand('alpha(${1:beta})')"), ESCAPE + ESCAPE), {"alpha(beta)": PROBABLY}),
    Case(
        "formatted by conform",
        ("Goalpha=beta" + ESCAPE, lua("require('conform.runner').format()")),
        {"alpha = beta": HUMAN},
    ),
    Case(
        "formatted by a server",
        ("Goalpha=beta" + ESCAPE, lua(SERVER), lua("vim.lsp.buf.format({ name = 'other' })")),
        {"alpha = beta": HUMAN},
    ),
    Case(
        "renamed by a server",
        (
            "Goalpha=beta" + ESCAPE,
            "0",
            lua(SERVER),
            lua("vim.lsp.buf.rename('gamma')"),
            lambda editor: editor.until(lambda: "gamma=beta" in editor.text),
        ),
        {"gamma=beta": "human"},
    ),
    Case("commented out", (TYPED, "gcc"), {"# alpha beta": "human"}),
    Case(
        "unknown plug-in",
        ("Go" + ESCAPE, lua("require('somebody.plugin').insert('alpha beta')")),
        {"alpha beta": UNKNOWN},
    ),
    Case("another program", ("G", from_outside("alpha beta")), {"alpha beta": UNKNOWN}),
    Case("another program, a few letters", ("Go" + ESCAPE + "j", from_outside("alpha")), {"alpha": UNKNOWN}),
    Case("another program, after Enter", ("Go" + ENTER, from_outside("alpha beta"), ESCAPE), {"alpha beta": UNKNOWN}),
    Case("after a command line", (f":echo 1{ENTER}", TYPED), {"alpha beta": HUMAN}),
    Case(
        "reloaded",
        (TYPED, f":silent write{ENTER}", on_disk("import os", "", "print(os.name)", "alpha beta", "gamma delta")),
        {"alpha beta": HUMAN, "gamma delta": UNKNOWN},
    ),
    Case(
        "edited anew",
        (TYPED, f":silent write{ENTER}", "Gogamma" + ESCAPE, f":edit!{ENTER}", "Godelta" + ESCAPE),
        {"alpha beta": HUMAN, "delta": HUMAN},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lines_have_the_state_that_the_keys_give_them(case: Case, neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        for step in case.steps:
            if isinstance(step, str):
                editor.press(step)
            else:
                step(editor)
        check(editor, case.said)
