"""Finished messages in an editor: from asking for actions to the answer, for a change of 2,000 lines."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.raw_client import RawClient

from bench.commit_messages import CHANGED, history, stage
from bench.rows import Row
from bench.servers import BYLINE, greeted

RUNS = 60
STARTS = 5
STARTED = 2.0  # seconds after which a server has nothing more to do


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        root = Path(name)
        history(root)
        stage(root)
        fresh = [_first(root, forget=True) for _ in range(STARTS)]
        started = [_first(root) for _ in range(STARTS)]
        running = [_first(root, after=STARTED) for _ in range(STARTS)]
        with greeted(BYLINE, root) as client:
            uri = _open(client, root)
            _timed(client, uri)
            answered = sorted(_timed(client, uri) for _ in range(RUNS))[int(0.95 * RUNS)]
    what = f"messages in a commit buffer, {CHANGED * 100:,} changed lines"
    return [
        Row(f"{what}, p95", "ms", None, answered, "<= 100 ms", answered <= 100),
        _typical(f"{what}, first of a running server, style kept", running, 300),
        _typical(f"{what}, first after start, style kept", started, 600),
        _typical(f"{what}, first after start", fresh, 900),
    ]


def _typical(what: str, times: list[float], most: int) -> Row:
    typical = median(times)
    return Row(what, "ms", None, typical, f"<= {most} ms", typical <= most)


def _first(root: Path, *, forget: bool = False, after: float = 0.0) -> float:
    """Milliseconds until the first answer of a new server, asked for at once when a buffer is opened.

    That happens `after` so many seconds. With `forget`, the style has to be learned.
    """
    if forget:
        shutil.rmtree(root / ".git/byline/styles", ignore_errors=True)
    with greeted(BYLINE, root) as client:
        time.sleep(after)
        return _timed(client, _open(client, root))


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
