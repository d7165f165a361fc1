"""The two servers that are compared, and how they are driven."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.raw_client import RawClient, running

BARE = (sys.executable, "-m", "bench.bare_server")
BYLINE = (sys.executable, "-m", "byline", "lsp")


@contextmanager
def greeted(command: tuple[str, ...], root: Path) -> Iterator[RawClient]:
    """A running server of `command` that has been greeted with `root` as its folder."""
    with running(command) as client:
        uri = root.as_uri()
        client.initialize(rootUri=uri, workspaceFolders=[{"uri": uri, "name": root.name}])
        yield client


@contextmanager
def repository(files: dict[str, str]) -> Iterator[Path]:
    """A repository of one commit with these files."""
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).write_text(text, encoding="utf-8")
        identity = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
        for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "files")):
            subprocess.run(("git", *arguments), cwd=root, check=True)
        yield root


def open_document(client: RawClient, uri: str, text: str) -> None:
    """Open a document and wait until it was dealt with."""
    document: dict[str, Any] = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    whole = {"textDocument": {"uri": uri}, "range": None}
    client.request("byline/attribution", whole)  # Byline's own answer comes once the file is prepared; others refuse
    client.request("bench/barrier")
