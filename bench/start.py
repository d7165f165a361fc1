"""How long an editor waits for the server, and what the server then weighs."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from statistics import median

from tests.support.raw_client import running

from bench.rows import Row
from bench.servers import BARE, BYLINE

ROUNDS = 9


def measure() -> list[Row]:
    times: dict[tuple[str, ...], list[float]] = {BARE: [], BYLINE: []}
    sizes: dict[tuple[str, ...], list[float]] = {BARE: [], BYLINE: []}
    for _ in range(ROUNDS):  # one after the other, so that a busy moment hits both
        for command in times:
            seconds, megabytes = greet(command)
            times[command].append(1000 * seconds)
            sizes[command].append(megabytes)
    floor, byline = median(times[BARE]), median(times[BYLINE])
    rows = [Row("start to initialize answered", "ms", floor, byline, "<= 1.25 x", byline <= 1.25 * floor)]
    if all(sizes[BYLINE]):
        size = median(sizes[BYLINE])
        rows.append(Row("memory after initialize", "MB", median(sizes[BARE]), size, "<= 60 MB", size <= 60))
    return rows


def greet(command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds from start to the answer, and megabytes resident then (0 where the system does not tell)."""
    start = time.perf_counter()
    with running(command) as client:
        client.request("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": {}})
        seconds = time.perf_counter() - start
        return seconds, resident_megabytes(client.process.pid)


def resident_megabytes(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(match[1]) / 1024 if match else 0.0
