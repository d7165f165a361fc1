"""Files that others write, read as they grow: whole lines, whole documents, never more than was asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from stat import S_ISREG

MAX_LINE = 32 << 20
MAX_DOCUMENT = 32 << 20
_FIRST = 64 << 10  # enough to learn whose a transcript is
_CHUNK = 1 << 20
_PRINT = 64  # bytes before the place that was reached: they tell whether it is still the same text
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class Budget:
    """How much may still be read, in bytes, and until when, on the monotonic clock."""

    left: int
    until: float

    def spend(self, count: int) -> None:
        """Count `count` bytes as read."""
        self.left -= count

    @property
    def is_spent(self) -> bool:
        """Whether to stop and go on another time."""
        return self.left <= 0 or time.monotonic() > self.until


class ReplacedError(Exception):
    """The file is another one than before, or was rewritten: what was understood of it does not count."""


class Tail:
    """How far one growing file was read. It is opened for each reading: a transcript may be deleted at any time."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.behind = False
        """Whether there is more to read."""
        self._file: tuple[int, int] | None = None
        self._offset = 0
        self._print = b""
        self._skipping = False

    def lines(self, budget: Budget) -> Iterator[bytes]:
        """The complete lines that follow, without their breaks, until the budget is spent.

        Raises OSError if it cannot be read, ReplacedError if it is not what it was: the next call begins anew.
        """
        file = os.open(self.path, _READ)
        try:
            size = self._checked(file)
            waits = False
            while self._offset < size and not waits:
                block = self._block(file)
                waits = not block
                budget.spend(len(block))
                self._print = (self._print + block)[-_PRINT:]
                self._offset += len(block)
                yield from self._after_long_line(block).split(b"\n")[:-1]
                if budget.is_spent:  # asked last, so that every turn gets a little further
                    break
            self.behind = self._offset < size and not waits
        finally:
            os.close(file)

    def _checked(self, file: int) -> int:
        """The size of the file, if what was read of it is still there."""
        status = os.fstat(file)
        if not S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        known, self._file = self._file, (status.st_dev, status.st_ino)
        if known is None:
            return status.st_size
        same = known == self._file and status.st_size >= self._offset
        if not same or _read(file, self._offset - len(self._print), len(self._print)) != self._print:
            self._offset, self._print, self._skipping, self.behind = 0, b"", False, True
            raise ReplacedError
        return status.st_size

    def _block(self, file: int) -> bytes:
        """The next whole lines, the last one's break included; empty if none is complete yet."""
        length = _CHUNK if self._offset else _FIRST
        while True:
            block = _read(file, self._offset, length)
            end = block.rfind(b"\n") + 1
            if end or self._skipping:
                return block[:end] if end else block
            if len(block) < length:
                return b""
            if length >= MAX_LINE:
                self._skipping = True
                return block
            length = min(4 * length, MAX_LINE)

    def _after_long_line(self, block: bytes) -> bytes:
        """What of `block` does not belong to a line that is too long to be read."""
        if not self._skipping:
            return block
        _, end, rest = block.partition(b"\n")
        self._skipping = not end
        return rest


def read_document(path: str, budget: Budget) -> bytes:
    """The whole of a file. Raises OSError if it cannot be read or is larger than `MAX_DOCUMENT`."""
    file = os.open(path, _READ)
    try:
        status = os.fstat(file)
        if not S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_size > MAX_DOCUMENT:
            raise OSError(f"larger than {MAX_DOCUMENT >> 20} MiB")
        data = _read(file, 0, status.st_size)
    finally:
        os.close(file)
    budget.spend(len(data) + 1)
    return data


def read_head(path: str | os.PathLike[str], most: int = 4096) -> str:
    """The first `most` bytes of a small file beside a transcript, as text; empty where there is none."""
    try:
        file = os.open(path, _READ)
    except (OSError, ValueError):
        return ""
    try:
        return _read(file, 0, most).decode("utf-8", "replace") if S_ISREG(os.fstat(file).st_mode) else ""
    except OSError:
        return ""
    finally:
        os.close(file)


def _read(file: int, offset: int, length: int) -> bytes:
    """`length` bytes from `offset`, fewer only at the file's end."""
    pieces = []
    os.lseek(file, offset, os.SEEK_SET)
    while length > 0 and (piece := os.read(file, length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
