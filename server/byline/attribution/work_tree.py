"""Reading files of a work tree that may be hostile: nothing outside of it, and nothing that is no plain file."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_inside(root: Path, name: str, limit: int) -> str | None:
    """The text of a regular file below `root`, no link followed; None if there is none, it is larger, or not text."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.split("/")[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(name.rsplit("/", 1)[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        with os.fdopen(file, "rb", closefd=False) as stream:
            data = stream.read(limit + 1)
    finally:
        os.close(file)
    if len(data) > limit or b"\0" in data[:8000]:
        return None
    return data.decode("utf-8", "surrogateescape")
