"""Settings, help, health and completion."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from editors.neovim.session import PLUGIN, Neovim
from support.repo import Repo


def run_lua(neovim: str, code: str) -> str:
    """What a piece of Lua prints in a Neovim that knows the plug-in."""
    steps = (f"set rtp^={PLUGIN}", "runtime plugin/byline.lua", f"lua io.write({code})", "qa!")
    command = [neovim, "--clean", "--headless", *(word for step in steps for word in ("-c", step))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_every_setting_is_in_the_help_as_the_schema_has_it(neovim: str) -> None:
    expected = run_lua(neovim, "table.concat(require('byline.config').help(), '\\n')")
    assert expected.count("*byline-setting-") > 5
    written = (PLUGIN / "doc" / "byline.txt").read_text()
    assert expected in written, "write it with: nvim --clean -l editors/neovim/scripts/write_help.lua"


def test_every_setting_is_on_the_page(neovim: str) -> None:
    keys = run_lua(neovim, "vim.iter(require('byline.config').SCHEMA):map(function(s) return s.key end):join(' ')")
    page = (PLUGIN.parents[1] / "docs" / "editors" / "neovim.md").read_text()
    assert [key for key in keys.split() if f"`{key}`" not in page] == []


def test_helptags_accepts_the_help_and_help_finds_it(neovim: str, tmp_path: Path) -> None:
    doc = tmp_path / "doc"
    doc.mkdir()
    (doc / "byline.txt").write_text((PLUGIN / "doc" / "byline.txt").read_text())
    script = f"set rtp^={tmp_path} | helptags {doc} | help byline-setting-trust | echo expand('%:t') | qa!"
    done = subprocess.run([neovim, "--clean", "--headless", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "byline.txt"


def test_checkhealth_is_clean(neovim: str, repo: Repo) -> None:
    with Neovim(neovim, repo, "app.py") as editor:
        editor.command("checkhealth byline")
        editor.until(lambda: any("a server runs for" in line for line in editor.text))
        assert [line for line in editor.text if "ERROR" in line or "WARNING" in line] == []
        assert any("the server is started by" in line for line in editor.text)


WRONG: list[tuple[str, str]] = [
    ("{ blame = { dely = 1 } }", "there is no setting blame.dely"),
    ("{ blame = true }", "blame must be a table, not a boolean"),
    ("{ blame = { delay = 'long' } }", "blame.delay must be a number, not a string"),
    ("{ cmd = 'byline' }", "cmd must be a table, not a string"),
    ("{ colour = 1 }", "there is no setting colour"),
]


@pytest.mark.parametrize(("opts", "problem"), WRONG)
def test_wrong_settings_are_refused_in_a_sentence(opts: str, problem: str, neovim: str) -> None:
    assert problem in run_lua(neovim, f"select(2, pcall(require('byline').setup, {opts}))")


TRUSTED: list[tuple[str, bool]] = [
    ("false", False),
    ("true", True),
    ("{ '/home/ann/mine' }", True),
    ("{ '/home/ann/min' }", False),
    ("{ '/home/ann/mine/repo' }", True),
    ("{ '/home/ann/mine/repo/deeper' }", False),
    ("function(root) return root == '/home/ann/mine/repo' end", True),
    ("function() return 'yes' end", False),
]


@pytest.mark.parametrize(("trust", "trusted"), TRUSTED)
def test_trust_is_what_the_person_says(trust: str, trusted: bool, neovim: str) -> None:
    code = f"(function() local c = require('byline.config') c.set({{ trust = {trust} }}) "
    assert run_lua(neovim, code + "return tostring(c.trusted('/home/ann/mine/repo')) end)()") == str(trusted).lower()


COMPLETED: list[tuple[str, list[str]]] = [
    ("Byline ", ["blame", "explain", "mark", "message", "prompt", "report", "toggle"]),
    ("Byline m", ["mark", "message"]),
    ("Byline mark ", ["ai", "human"]),
    ("1,2Byline mark h", ["human"]),
    ("'<,'>Byline toggle ", ["blame", "lens", "signs"]),
    ("Byline blame ", []),
]


@pytest.mark.parametrize(("line", "candidates"), COMPLETED)
def test_commands_are_completed(line: str, candidates: list[str], neovim: str) -> None:
    code = f'table.concat(vim.fn.getcompletion("{line}", "cmdline"), " ")'
    assert run_lua(neovim, code).split() == candidates


FINDING: list[tuple[str, dict[str, bool], str]] = [
    ("byline in PATH", {"byline": True, "python3": True}, "byline lsp"),
    ("python that can import it", {"byline": False, "python3": True}, "-P -m byline lsp"),
    ("neither", {"byline": False, "python3": False}, "false"),
]


@pytest.mark.parametrize(("name", "present", "found"), FINDING, ids=[name for name, _, _ in FINDING])
def test_the_server_is_found(name: str, present: dict[str, bool], found: str, neovim: str, tmp_path: Path) -> None:
    for program, here in present.items():
        if here:
            (tmp_path / program).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            (tmp_path / program).chmod(0o755)
    code = f"""(function()
        vim.env.PATH = '{tmp_path}'
        local found
        require('byline.client').command(function(cmd) found = cmd end)
        vim.wait(5000, function() return found ~= nil end, 5)
        return found and table.concat(found, ' ') or tostring(found)
    end)()""".replace("\n", " ")
    assert found in run_lua(neovim, code)


def test_a_missing_server_is_said_once(neovim: str, repo: Repo) -> None:
    told: Any = run_lua(
        neovim,
        """(function()
        vim.env.PATH = ''
        local count = 0
        vim.notify = function(message) if message:find('Byline finds no server') then count = count + 1 end end
        local client = require('byline.client')
        for _ = 1, 3 do client.command(function() end) end
        return tostring(count)
    end)()""".replace("\n", " "),
    )
    assert told == "1"
