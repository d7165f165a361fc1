"""Small files inside a git directory, read without trusting them: never a pipe, a device or more than a limit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

Stamp = tuple[int, int, int]
"""(inode, size, modification time in ns) of a file; equal stamps mean an unchanged file."""

SMALL = 1 << 20

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read_small(path: Path, limit: int = SMALL) -> bytes | None:
    """The content of a regular file of at most `limit` bytes; None for anything else."""
    try:
        fd = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        return None
    with os.fdopen(fd, "rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else None


def stamp(path: Path | str) -> Stamp | None:
    """What tells that a file has changed; None where there is none."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def is_regular(path: Path) -> bool:
    """Whether there is a regular file, which ends and can be read."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def expanded(name: str) -> Path:
    """A path from a configuration file, with `~` and `~user` replaced where there is such a user."""
    return Path(os.path.expanduser(name))  # noqa: PTH111  -- Path.expanduser raises where there is none
