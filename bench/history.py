"""Repositories with a history, made in a moment by git's own fast-import."""

from __future__ import annotations

import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "module.py"


@contextmanager
def aged_repository(lines: int, commits: int) -> Iterator[Path]:
    """A repository in which `commits` commits each rewrote some of the `lines` lines of one Python file."""
    dice = random.Random(7)
    text = [_line(i, 0) for i in range(lines)]
    stream: list[bytes] = []
    for number in range(commits):
        if number:
            for i in dice.sample(range(lines), max(1, lines // commits)):
                text[i] = _line(i, number)
        stream.append(_commit(number, "".join(text).encode()))
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as name:
        root = Path(name)
        run_git(root, "init", "-q", "-b", "main")
        subprocess.run(("git", "fast-import", "--quiet"), cwd=root, input=b"".join(stream), check=True)
        run_git(root, "reset", "-q", "--hard")
        yield root


def run_git(root: Path, *arguments: str) -> bytes:
    """Run git as the person of the benchmarks."""
    identity = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    return subprocess.run(("git", *identity, *arguments), cwd=root, check=True, capture_output=True).stdout


def _line(index: int, version: int) -> str:
    if index % 50 == 0:
        return f"class Part{index}:\n"
    return f"    value_{index} = compute(argument_{version}, {index})\n"


def _commit(number: int, text: bytes) -> bytes:
    when = 1_700_000_000 + 3600 * number
    message = f"change {number}".encode()
    head = f"commit refs/heads/main\ncommitter Ann <ann@example.org> {when} +0000\ndata {len(message)}\n"
    return head.encode() + message + f"\nM 100644 inline {NAME}\ndata {len(text)}\n".encode() + text + b"\n"
