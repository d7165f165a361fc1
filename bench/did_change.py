"""One character typed at random places of a long file: how many changes a second, and how long the worst of them."""

from __future__ import annotations

import random
import time

from tests.support.raw_client import RawClient

from bench.rows import Row
from bench.servers import BARE, BYLINE, greeted, open_document, repository

NAME = "long.py"
SIZES = {5_000: (400, 4_000), 50_000: (100, 2_000)}  # lines: changes sent to the bare server, to Byline
SINGLE = 600


def measure() -> list[Row]:
    rows = []
    for lines, (few, many) in SIZES.items():
        text = "".join(f"value_{i} = call(argument, {i})\n" for i in range(lines))
        with repository({NAME: text}) as root:
            uri = (root / NAME).as_uri()
            with greeted(BARE, root) as client:
                floor, usual = type_into(client, uri, text, lines, few)
            with greeted(BYLINE, root) as client:
                byline, worst = type_into(client, uri, text, lines, many)
        promised = lines == 50_000
        budget = (">= 10 x", byline >= 10 * floor) if promised else ("-", None)
        rows.append(Row(f"didChange a second, {lines:,} lines", "/s", floor, byline, *budget))
        if promised:
            rows.append(
                Row(f"didChange and an answer, {lines:,} lines, p99", "ms", usual, worst, "<= 2 ms", worst <= 2)
            )
    return rows


def type_into(client: RawClient, uri: str, text: str, lines: int, count: int) -> tuple[float, float]:
    """Changes a second, sent without waiting; then the 99th percentile, in ms, of a change and an answer after it.

    The answer's own round trip is in it: what is shown is an upper bound of what the change takes.
    """
    open_document(client, uri, text)
    dice = random.Random(1)
    places = [dice.randrange(lines) for _ in range(count + SINGLE)]
    start = time.perf_counter()
    for version, line in enumerate(places[:count], 2):
        insert(client, uri, version, line)
    client.request("bench/barrier")
    rate = count / (time.perf_counter() - start)
    waits = []
    for version, line in enumerate(places[count:], count + 2):
        start = time.perf_counter()
        insert(client, uri, version, line)
        client.request("bench/barrier")
        waits.append(1000 * (time.perf_counter() - start))
    return rate, sorted(waits)[int(0.99 * len(waits))]


def insert(client: RawClient, uri: str, version: int, line: int) -> None:
    place = {"line": line, "character": 3}
    change = {"range": {"start": place, "end": place}, "text": "x"}
    client.notify(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
    )
