"""How long the answers take that a person waits for: hover, lenses, attribution; beside raw `git blame`."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.raw_client import RawClient

from bench.history import NAME, aged_repository, run_git
from bench.rows import Row
from bench.servers import BARE, BYLINE, greeted

LINES = 5_000
COMMITS = 60
ROUNDS = 5
WARM = 300


def measure() -> list[Row]:
    with aged_repository(LINES, COMMITS) as root:
        return [*_warm(root), *_cold(root), *_after_one_more_commit(root)]


def _warm(root: Path) -> list[Row]:
    uri = (root / NAME).as_uri()
    place = {"textDocument": {"uri": uri}, "position": {"line": 2_000, "character": 5}}
    document = {"textDocument": {"uri": uri}}
    with greeted(BARE, root) as client:
        _open(client, root)
        floor = _p99(lambda: client.request("textDocument/hover", place))
    with greeted(BYLINE, root) as client:
        _open(client, root)
        lens = _titled(client, uri)
        hover = _p99(lambda: client.request("textDocument/hover", place))
        lenses = _p99(lambda: client.request("textDocument/codeLens", document))
        bare = {key: value for key, value in lens.items() if key != "command"}
        resolve = _p99(lambda: client.request("codeLens/resolve", bare))
    return [
        Row("hover, warm, p99", "ms", floor, hover, "<= 10 ms", hover <= 10),
        Row(f"lenses of {LINES:,} lines, p99", "ms", None, lenses, "<= 20 ms", lenses <= 20),
        Row("lens resolve, p99", "ms", None, resolve, "<= 10 ms", resolve <= 10),
    ]


def _cold(root: Path) -> list[Row]:
    """From didOpen to the file lens with its title, and from there to the attribution of every line."""
    uri = (root / NAME).as_uri()
    raw, first, more = [], [], []
    for _ in range(ROUNDS):
        raw.append(_raw_blame(root))
        with greeted(BYLINE, root) as client:
            client.request("byline/status", {"uri": root.as_uri()})
            start = time.perf_counter()
            _open(client, root)
            _titled(client, uri)
            titled = time.perf_counter()
            client.request("byline/attribution", {"textDocument": {"uri": uri}, "range": None})
            first.append(1000 * (titled - start))
            more.append(1000 * (time.perf_counter() - titled))
    floor, lens, rest = median(raw), median(first), median(more)
    return [
        Row("first lens, cold, with its title", "ms", floor, lens, "<= 1.3 x + 50 ms", lens <= 1.3 * floor + 50),
        Row("attribution of the whole file after it", "ms", None, rest, "<= 100 ms", rest <= 100),
    ]


def _after_one_more_commit(root: Path) -> list[Row]:
    """The same file after one more commit: blame only what is new."""
    uri = (root / NAME).as_uri()
    wanted = {
        "textDocument": {"uri": uri},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 100, "character": 0}},
    }
    raw, took = [], []
    with greeted(BYLINE, root) as client:
        _open(client, root)
        _titled(client, uri)
        for _ in range(ROUNDS):
            head = client.request("byline/attribution", wanted)["result"]["head"]
            with (root / NAME).open("a") as file:
                file.write(f"more_{len(took)} = {len(took)}\n")
            run_git(root, "commit", "-qam", "one more")
            client.request("byline/status", {"uri": uri})
            start = time.perf_counter()
            assert client.request("byline/attribution", wanted)["result"]["head"] != head
            took.append(1000 * (time.perf_counter() - start))
            raw.append(_raw_blame(root))
    floor, byline = median(raw), median(took)
    budget = byline <= 0.25 * floor
    return [Row("100 lines after one more commit", "ms", floor, byline, "<= 0.25 x", budget)]


def _open(client: RawClient, root: Path) -> None:
    text = (root / NAME).read_text()
    document: dict[str, Any] = {"uri": (root / NAME).as_uri(), "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def _titled(client: RawClient, uri: str) -> dict[str, Any]:
    """The file lens with its title."""
    lens: dict[str, Any] = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"][0]
    if not lens.get("command"):
        lens = client.request("codeLens/resolve", lens)["result"]
    assert lens["command"]["title"]
    return lens


def _raw_blame(root: Path) -> float:
    start = time.perf_counter()
    subprocess.run(("git", "blame", "--porcelain", NAME), cwd=root, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def _p99(action: Callable[[], object]) -> float:
    action()
    times = []
    for _ in range(WARM):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[int(0.99 * WARM)]
