"""What the editor waits for: nothing heavy is imported before the greeting is answered."""

from __future__ import annotations

import subprocess
import sys

from support.raw_client import LSP, RawClient, running

HEAVY = {"anthropic", "git", "httpx", "httpx2", "openai", "pydantic", "rich", "tree_sitter", "typer"}
IMPORTING = (LSP[0], "-X", "importtime", *LSP[1:])  # each module is reported when its import ends

MODULES_AT_MOST = 420


def imported(client: RawClient) -> set[str]:
    """What the server has imported so far. Ends it."""
    client.close()
    return {line.rpartition("|")[2].strip() for line in client.errors().splitlines() if line.startswith("import time:")}


def test_the_greeting_is_answered_before_anything_heavy_is_imported() -> None:
    with running(IMPORTING) as client:
        client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        modules = imported(client)
    assert "lsprotocol.types" in modules  # or we would look at nothing
    assert {module.partition(".")[0] for module in modules} & HEAVY == set()
    assert len(modules) <= MODULES_AT_MOST


def test_the_version_is_told_without_the_server_or_the_command_line() -> None:
    asked = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "byline", "--version"], capture_output=True, text=True, check=True
    )
    assert asked.stdout.split() == ["byline", asked.stdout.split()[1]]
    modules = {line.rpartition("|")[2].strip() for line in asked.stderr.splitlines()}
    assert {module.partition(".")[0] for module in modules} & (HEAVY | {"pygls", "lsprotocol"}) == set()
    assert not [module for module in modules if module.startswith(("byline.lsp", "byline.cli"))]


def test_options_of_lsp() -> None:
    def run(*options: str) -> tuple[int, str, str]:
        done = subprocess.run([*LSP, *options], input="", capture_output=True, text=True, check=False, timeout=20)
        return done.returncode, done.stdout, done.stderr

    assert run("--stdio") == (1, "", "")  # no greeting, no farewell
    code, out, _ = run("--help")
    assert (code, "Example:" in out) == (0, True)
    code, out, err = run("--tcp")
    assert (code, out, "--help" in err) == (2, "", True)
