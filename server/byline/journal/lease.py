"""Roles: what only one process may do at a time. The kernel gives a lease back when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: without leases two windows may do the same work; the notes are compared before writing
    fcntl = None  # type: ignore[assignment]

_FILE = "settle.lock"


@contextmanager
def settling(directory: Path) -> Iterator[None]:
    """Wait for, and hold, the right to settle in the journal at `directory`. Raises OSError."""
    handle = os.open(directory / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
