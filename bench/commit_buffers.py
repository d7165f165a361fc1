"""Finished messages in an editor: from asking for actions to the answer, for a change of 2,000 lines."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.support.raw_client import RawClient

from bench.commit_messages import CHANGED, history, stage
from bench.rows import Row
from bench.servers import BYLINE, greeted

RUNS = 60


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        root = Path(name)
        history(root)
        stage(root)
        with greeted(BYLINE, root) as client:
            uri = _open(client, root)
            first = _timed(client, uri)
            times = sorted(_timed(client, uri) for _ in range(RUNS))
    answered = times[int(0.95 * RUNS)]
    what = f"messages in a commit buffer, {CHANGED * 100:,} changed lines"
    return [
        Row(f"{what}, p95", "ms", None, answered, "<= 100 ms", answered <= 100),
        Row(f"{what}, at once after the first opening", "ms", None, first, "", None),
    ]


def _open(client: RawClient, root: Path) -> str:
    uri = (root / ".git/COMMIT_EDITMSG").as_uri()
    item = {"uri": uri, "languageId": "gitcommit", "version": 1, "text": "\n# Please enter the commit message\n"}
    client.notify("textDocument/didOpen", {"textDocument": item})
    return uri


def _timed(client: RawClient, uri: str) -> float:
    """Milliseconds until there are finished messages."""
    place = {"line": 0, "character": 0}
    params: dict[str, Any] = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    start = time.perf_counter()
    assert len(client.request("textDocument/codeAction", params)) >= 1
    return 1000 * (time.perf_counter() - start)
