"""Modules that lie in the working directory, which may be anybody's repository, are not ours to import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.raw_client import frame

PLANTED = ("anthropic", "attrs", "cattrs", "git", "lsprotocol", "pydantic", "pygls", "re2", "sqlite3", "typer")
GREETING = frame(
    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}})
    .encode()
)  # fmt: skip


@pytest.mark.parametrize(("command", "given", "said"), [("lsp", GREETING, b"capabilities"), ("config", b"", b"record")])
def test_nothing_is_imported_from_the_working_directory(
    tmp_path: Path, command: str, given: bytes, said: bytes
) -> None:
    for name in PLANTED:
        (tmp_path / f"{name}.py").write_text("open('was-run', 'a').close()\nraise SystemExit('planted')\n")
    done = subprocess.run(
        (sys.executable, "-m", "byline", command), cwd=tmp_path, input=given, capture_output=True, timeout=60
    )
    assert said in done.stdout, done.stderr.decode()
    assert not (tmp_path / "was-run").exists()
