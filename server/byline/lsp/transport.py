"""Messages as bytes: framing, one thread that reads and one that writes.

The base protocol (specification 3.17, "Base Protocol") puts a header with `Content-Length` before each JSON body. One
thread reads whole messages, decodes them and hands them to the event loop in a single hop; another writes, so that a
client that does not read never stops the loop. Everything is bounded.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

MAX_BODY = 64 * 1024 * 1024
_MAX_HEADER_LINE = 4096
_MAX_HEADER_LINES = 32
_MAX_WAITING_MESSAGES = 512
_MAX_UNSENT = 64 * 1024 * 1024
_CHUNK = 1 << 20
_LENGTH = re.compile(rb"(?<![\w-])content-length:[ \t]*(\d{1,15})\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that could not be read; `reason` is a sentence without any of its text."""

    reason: str


def read_message(stream: BinaryIO) -> object:
    """Block for the next message: its decoded JSON, or `Malformed`. Raises `EOFError` where the stream ends.

    After a bad header, reading goes on with the next one that can be found; a body that is too long is read past.
    """
    length = _read_header(stream)
    if isinstance(length, Malformed):
        return length
    if length > MAX_BODY:
        _skip(stream, length)
        return Malformed(f"The message has {length} bytes; at most {MAX_BODY} are accepted.")
    body = _read_exactly(stream, length)
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        return Malformed("The message is not UTF-8.")
    except RecursionError:
        return Malformed("The message is nested too deeply.")
    except ValueError:
        return Malformed("The message is not JSON.")


def _read_header(stream: BinaryIO) -> int | Malformed:
    """The content length, after the blank line that ends the header.

    It is searched for, not only matched: behind a message whose length was wrong, the next header begins in mid-line.
    """
    length: int | None = None
    for _ in range(_MAX_HEADER_LINES):
        line = stream.readline(_MAX_HEADER_LINE)
        if not line:
            raise EOFError
        if not line.strip():
            return Malformed("The header has no usable Content-Length.") if length is None else length
        if match := _LENGTH.search(line):
            length = int(match[1])
    return Malformed("The header is too long.")


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _skip(stream: BinaryIO, length: int) -> None:
    while length:
        length -= len(_read_exactly(stream, min(length, _CHUNK)))


class Reader(threading.Thread):
    """Reads messages until the stream ends and hands each to `deliver`, in order.

    `deliver` and `ended` are called on this thread. At most some hundred messages may be on their way: `done` says
    that one of them was dealt with.
    """

    def __init__(self, stream: BinaryIO, deliver: Callable[[object], None], ended: Callable[[], None]) -> None:
        super().__init__(name="byline-reader", daemon=True)
        self._stream = stream
        self._deliver = deliver
        self._ended = ended
        self._room = threading.Semaphore(_MAX_WAITING_MESSAGES)

    def run(self) -> None:
        """Read until the end."""
        try:
            while True:
                message = read_message(self._stream)
                self._room.acquire()
                self._deliver(message)
        except (EOFError, OSError, ValueError):  # the end, a broken pipe, a stream closed under our feet
            self._ended()

    def done(self) -> None:
        """One delivered message was dealt with."""
        self._room.release()


class Writer:
    """Writes messages in the order in which they were sent, from any thread, without making the sender wait.

    If the client stops reading, up to `_MAX_UNSENT` bytes are kept; after that, or when the pipe breaks, `lost` is
    called once (on any thread) and everything else is dropped.
    """

    def __init__(self, stream: BinaryIO, lost: Callable[[], None]) -> None:
        self._stream = stream
        self._lost = lost
        self._unsent: deque[bytes] = deque()
        self._size = 0
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="byline-writer", daemon=True)
        self._thread.start()

    def write(self, body: bytes) -> None:
        """Send one message; `body` is its JSON."""
        with self._changed:
            if self._closed:
                return
            self._unsent.append(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._size += len(body)
            overflow = self._size > _MAX_UNSENT
            self._changed.notify()
        if overflow:
            self._give_up()

    def close(self, timeout: float = 1.0) -> None:
        """Write what is left, for at most `timeout` seconds, and accept nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        while (data := self._take()) is not None:
            try:
                self._stream.write(data)
                self._stream.flush()
            except (OSError, ValueError):
                self._give_up()
                return

    def _take(self) -> bytes | None:
        """All that waits, as one piece; None once closed and empty."""
        with self._changed:
            while not self._unsent:
                if self._closed:
                    return None
                self._changed.wait()
            data = b"".join(self._unsent)
            self._unsent.clear()
            self._size = 0
            return data

    def _give_up(self) -> None:
        with self._changed:
            already = self._closed
            self._closed = True
            self._unsent.clear()
            self._changed.notify()
        if not already:
            self._lost()
