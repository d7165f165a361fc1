"""Locks between processes. The kernel holds them, and lets go of them when their holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byline.journal.errors import JournalError

if sys.platform != "win32":
    import fcntl

_PATIENCE = 5.0  # seconds
_POLL = 0.005  # seconds between two tries


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Keep other processes from preparing or setting aside anything in `directory` meanwhile, as far as possible.

    Raises OSError where `directory` cannot be opened. Goes on without the lock where the file system has none, or
    when its holder does not give it back for some seconds. Not to be nested for one directory.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(descriptor, _PATIENCE)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def leased(file: Path, timeout: float) -> Iterator[None]:
    """Be the only one, of all threads and processes, that holds `file`, which is made (0600) if it is missing.

    Raises JournalError if it cannot be opened, or another one does not let go of it within `timeout` seconds. Where the
    file system has no locks, everybody gets it.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise JournalError(f"{file} cannot be opened: {error.strerror}. Make it writable.") from error
    try:
        if not _lock(descriptor, timeout):
            raise JournalError(f"Another process has been at work in this repository for {timeout:.0f} s; try again.")
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, patience: float) -> bool:
    """Lock the open file until it is closed; False if somebody else has it for `patience` seconds."""
    if sys.platform == "win32":
        return True
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL)
        except OSError:  # this file system has no locks: what they guard is rare, and recoverable
            return True
        else:
            return True
