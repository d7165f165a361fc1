"""Agents' transcripts: 100 MB read from the beginning, and a poll in which nothing changed beside 500 old ones."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.rows import Row
from byline.agents.tools import READERS
from byline.agents.watch import Watch

SIZE = 100_000_000
OLD = 500
RUNS = 15
LONG_AGO = 1_700_000_000
OUTPUT = "0123456789abcdef" * 1_500  # what a call shows: most of a transcript
ROOT = Path("/repo")


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        home = Path(name)
        rows = [
            speed("Claude Code", "claude-code", home, home / ".claude/projects/-repo/s1.jsonl", claude_rows),
            speed("Codex", "codex", home, home / ".codex/sessions/2026/11/20/rollout-1.jsonl", codex_rows),
        ]
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        quiet = quiet_poll(Path(name))
    rows.append(Row(f"poll without news, {OLD} old transcripts", "ms", None, quiet, "<= 5 ms", quiet <= 5))
    return rows


def speed(title: str, tool: str, home: Path, path: Path, write: Callable[[int], Iterator[object]]) -> Row:
    """MB a second beside only reading the file's lines; the longest poll is in the row's name."""
    path.parent.mkdir(parents=True)
    with path.open("w") as file:
        number = 0
        while file.tell() < SIZE:
            number += 1
            file.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in write(number))
    size = path.stat().st_size / 1e6
    start = time.perf_counter()
    with path.open("rb") as file:
        for _ in file:
            pass
    floor = size / (time.perf_counter() - start)
    watch = Watch([tool], lambda: [ROOT], {"HOME": str(home)}, since=0)
    start, longest, edits, more = time.perf_counter(), 0.0, 0, True
    while more:
        began = time.perf_counter()
        batch = watch.poll()
        longest = max(longest, time.perf_counter() - began)
        edits, more = edits + len(batch.edits), batch.more
    rate = size / (time.perf_counter() - start)
    what = f"transcript of {title}, {edits} edits, longest poll {1000 * longest:.0f} ms"
    return Row(what, "MB/s", floor, rate, ">= 100 MB/s", rate >= 100)


def quiet_poll(home: Path) -> float:
    """Milliseconds of a poll of all tools in which nothing changed; the quickest, for it is far below a time slice."""
    projects = home / ".claude" / "projects"
    for number in range(OLD):
        path = projects / f"-project-{number % 50}" / f"{number}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        cwd = str(ROOT if number % 2 else ROOT.with_name("other"))
        path.write_text(json.dumps({"type": "user", "cwd": cwd, "message": {"content": "go"}}) + "\n")
    for path in projects.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    watch = Watch([reader.tool for reader in READERS], lambda: [ROOT], {"HOME": str(home)}, since=0)
    while watch.poll().more:
        pass
    waits = []
    for _ in range(RUNS):
        start = time.perf_counter()
        watch.poll()
        waits.append(1000 * (time.perf_counter() - start))
    return min(waits)


def claude_rows(number: int) -> Iterator[object]:
    """What was read, and every tenth time an edit."""
    same = {"sessionId": "s1", "cwd": str(ROOT), "timestamp": "2026-11-20T10:00:00Z"}

    def call(name: str, asked: object) -> object:
        part = {"type": "tool_use", "id": f"{name}{number}", "name": name, "input": asked}
        return {"type": "assistant", "message": {"model": "m", "content": [part]}, **same}

    def result(name: str, told: object) -> object:
        part = {"type": "tool_result", "tool_use_id": f"{name}{number}", "content": OUTPUT}
        return {"type": "user", "message": {"role": "user", "content": [part]}, "toolUseResult": told, **same}

    yield call("Read", {"file_path": "/repo/app.py"})
    yield result("Read", {"type": "text", "file": {"filePath": "/repo/app.py", "content": OUTPUT}})
    if number % 10 == 0:
        yield call("Edit", {"file_path": "/repo/app.py", "old_string": "a", "new_string": f"b{number}"})
        yield result("Edit", {"originalFile": "a\n" * 5_000, "structuredPatch": []})


def codex_rows(number: int) -> Iterator[object]:
    """The output of a command, and every tenth time a patch."""

    def row(kind: str, **payload: object) -> object:
        return {"timestamp": "2026-11-20T10:00:00Z", "type": kind, "payload": payload}

    if number == 1:
        yield row("session_meta", id="c1", cwd=str(ROOT))
    yield row("response_item", type="function_call_output", call_id=f"c{number}", output=OUTPUT)
    if number % 10 == 0:
        diff = f"@@ -1 +1 @@\n-a\n+b{number}\n"
        changes = {"/repo/app.py": {"type": "update", "unified_diff": diff}}
        yield row("event_msg", type="patch_apply_end", call_id=f"p{number}", success=True, changes=changes)
