"""Commit messages without a model: the answer for a large change, and what has to be learned once for each HEAD."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.history import run_git
from bench.rows import Row
from byline.commit_messages.changes import staged_change
from byline.commit_messages.digest.digest import digest
from byline.commit_messages.rules import CONVENTIONAL_RULES
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.styles import Styles
from byline.commit_messages.writer import candidates
from byline.git.repository import Repository

COMMITS = 10_000
FILES = 200
CHANGED = 20  # files, with 100 changed lines each
LINES = 400
RUNS = 40
TYPES = ("feat", "fix", "docs", "test", "refactor", "chore")
AUTHOR = "Bench <bench@example.org>"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        root = Path(name)
        history(root)
        stage(root)
        repository = Repository.discover(root)
        floor, learned = _fastest(lambda: _log(root)), _fastest(lambda: Style.of(repository))
        style = Style.of(repository)
        Styles().of(repository, root)
        kept = _fastest(lambda: Styles().of(repository, root))
        answered = _p95(repository, style)
        repository.close()
    return [
        Row(f"style of {COMMITS:,} commits, beside git log", "ms", floor, learned, "<= 500 ms", learned <= 500),
        Row("the same where its weights are kept", "ms", floor, kept, "<= 250 ms", kept <= 250),
        Row(
            f"three messages, {CHANGED * 100:,} changed lines, p95", "ms", None, answered, "<= 100 ms", answered <= 100
        ),
    ]


def _p95(repository: Repository, style: Style) -> float:
    """Milliseconds for the whole way: what is staged, its digest, the messages."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        told = digest(repository, staged_change(repository))
        assert candidates(told, style, CONVENTIONAL_RULES, "refs/heads/main", author=AUTHOR)
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[int(0.95 * RUNS)]


def _fastest(act: Callable[[], object], runs: int = 3) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def _log(root: Path) -> None:
    run_git(root, "log", "--no-merges", "--name-status", "-M100%", "--max-count=1000")


def history(root: Path) -> None:
    dice = random.Random(7)
    stream = [_commit(0, "chore: begin", {_path(n): _module(n, 0) for n in range(FILES)})]
    for number in range(1, COMMITS):
        files = dice.sample(range(FILES), dice.randrange(1, 5))
        message = f"{TYPES[files[0] % len(TYPES)]}(part{files[0] % 12}): change {number}"
        stream.append(_commit(number, message, {_path(n): f"value_{number} = {n}\n" for n in files}))
    stream.append(_commit(COMMITS, "chore: fill", {_path(n): _module(n, 0) for n in range(FILES)}))
    run_git(root, "init", "-q", "-b", "main")
    subprocess.run(("git", "fast-import", "--quiet"), cwd=root, input=b"".join(stream), check=True)
    run_git(root, "reset", "-q", "--hard")


def stage(root: Path) -> None:
    for number in range(CHANGED):
        (root / _path(number)).write_text(_module(number, 1))
    run_git(root, "add", "--all")


def _path(number: int) -> str:
    return f"src/part{number % 12}/module_{number}.py"


def _module(number: int, version: int) -> str:
    """A module of functions of ten lines; with `version` 1, a quarter of the lines is another."""
    lines = []
    for line in range(LINES):
        if line % 10 == 0:
            lines.append(f"def compute_{number}_{line}(argument):\n")
        else:
            lines.append(f"    argument = step(argument, {line}, {version if line % 8 < 2 else 0})\n")
    return "".join(lines)


def _commit(number: int, message: str, files: dict[str, str]) -> bytes:
    when = 1_700_000_000 + 3600 * number
    parts = [f"commit refs/heads/main\ncommitter {AUTHOR} {when} +0000\ndata {len(message)}\n{message}\n"]
    parts += [f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files.items()]
    return "".join(parts).encode()


if __name__ == "__main__":
    from bench.rows import table

    print(table(measure()))
