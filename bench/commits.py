"""How soon a commit has its note."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.raw_client import RawClient

from bench.history import run_git
from bench.rows import Row
from bench.servers import BYLINE, greeted, repository

FILES = 20
ROUNDS = 5


def measure() -> list[Row]:
    files = {f"part_{n:02}.py": "".join(f"old_{n}_{i} = {i}\n" for i in range(200)) for n in range(FILES)}
    with repository(files) as root, greeted(BYLINE, root) as client:
        texts = dict(files)
        for name, text in texts.items():
            document = {"uri": (root / name).as_uri(), "languageId": "python", "version": 1, "text": text}
            client.notify("textDocument/didOpen", {"textDocument": document})
        took, floor = [], []
        for number in range(ROUNDS):
            for name in texts:
                _add_line(client, root, texts, name, number)
            client.request("byline/status", {"uri": root.as_uri()})
            run_git(root, "commit", "-qam", f"round {number}")
            start = time.perf_counter()
            _wait_for_note(root)
            took.append(1000 * (time.perf_counter() - start))
            start = time.perf_counter()
            run_git(root, "notes", "--ref", "floor", "add", "-m", "a note")
            floor.append(1000 * (time.perf_counter() - start))
    byline = median(took)
    return [Row(f"note after a commit of {FILES} files", "ms", median(floor), byline, "<= 300 ms", byline <= 300)]


def _add_line(client: RawClient, root: Path, texts: dict[str, str], name: str, number: int) -> None:
    uri = (root / name).as_uri()
    line = texts[name].count("\n")
    new = f"new_{number} = {number}\n"
    where = {"line": line, "character": 0}
    identity: dict[str, Any] = {"uri": uri, "version": number + 2}
    origin = {"channel": "agent", "tool": "claude-code", "session": "bench", "model": None, "prompt": "add a line"}
    client.notify("byline/editContext", {"textDocument": identity, "origins": [{**origin, "proof": None}]})
    change = {"range": {"start": where, "end": where}, "text": new}
    client.notify("textDocument/didChange", {"textDocument": identity, "contentChanges": [change]})
    texts[name] += new
    (root / name).write_text(texts[name])
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})


def _wait_for_note(root: Path) -> None:
    head = run_git(root, "rev-parse", "HEAD").strip()
    while subprocess.run(
        ("git", "notes", "--ref", "byline", "show", head), cwd=root, check=False, capture_output=True
    ).returncode:
        pass
