"""The rows that wait to be written.

They leave when they are committed, and not before: whatever the database answers, nothing is lost while this process
lives and the backlog has room.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from itertools import islice

from byline.journal import writing
from byline.journal.records import Gap, Row, Splice

NEVER = (1 << 63) - 1
"""The ticket of rows that were not taken: `durable` never reaches it."""

LONGEST_WAIT = 0.1  # seconds that the oldest row waits before its group is closed
LULL = 0.006  # seconds without a new row that close a group
_LARGEST_GROUP = 5000  # entries


@dataclass(frozen=True, slots=True)
class Entry:
    """What one append brought. `full`: it counts as durable only when the disk itself has it."""

    ticket: int
    rows: tuple[Row, ...]
    size: int
    full: bool


class Backlog:
    """A queue of entries in the order of their tickets, from any thread to the one that writes."""

    def __init__(self, room: int) -> None:
        """`room`: about how many bytes of rows may wait."""
        self.durable = 0
        self.refused = 0  # appends that found no room
        self._room = room
        self._used = 0
        self._entries: deque[Entry] = deque()
        self._last = 0  # the newest ticket
        self._torn: set[int] = set()  # documents of which splices were refused since all was written last
        self._woken = False
        self._closed = False
        self._ended = False
        self._changed = threading.Condition()  # guards all of the above
        self._hurry = threading.Event()  # somebody waits: close the group at once

    def __len__(self) -> int:
        return len(self._entries)

    def append(self, rows: tuple[Row, ...], *, full: bool = False) -> int:
        """Queue `rows` and return their ticket, NEVER if there is no room for them. Does not wait."""
        size = sum(map(writing.size, rows))
        with self._changed:
            if self._closed or self._ended:
                self.refused += 1
                return NEVER
            if self._entries and self._used + size > self._room:
                self._refuse(rows)
                return NEVER
            return self._enqueue(rows, size, full=full)

    def wait(self, ticket: int | None, timeout: float | None) -> bool:
        """Wait until `ticket` (None: the newest) is durable; whether it is after `timeout` seconds."""
        with self._changed:
            wanted = self._last if ticket is None else ticket
            self._hurry.set()
            self._changed.wait_for(lambda: self.durable >= wanted or self._ended, timeout)
            return self.durable >= wanted

    def wake(self) -> None:
        """Let `next_group` return soon, with or without entries."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def close(self) -> None:
        """Take nothing more; what waits is still handed out."""
        with self._changed:
            self._closed = True
            self._hurry.set()
            self._changed.notify_all()

    def end(self) -> None:
        """Nothing will be written any more: whoever waits need not."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def next_group(self, idle: float | None) -> list[Entry]:
        """The entries to commit together: what came until there was a lull, or the oldest waited long enough.

        None of them when `idle` seconds (None: no limit) passed, when it was woken, or when it was closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._entries or self._closed or self._woken, idle)
            self._woken = False
            seen = len(self._entries)
        end = time.monotonic() + LONGEST_WAIT
        while seen and not self._hurry.wait(LULL) and time.monotonic() < end and len(self._entries) > seen:
            seen = len(self._entries)
        with self._changed:
            group = list(islice(self._entries, _LARGEST_GROUP))
            if len(group) == len(self._entries) and not self._closed:
                self._hurry.clear()
            return group

    def done(self, group: list[Entry]) -> None:
        """`group`, the oldest entries, is committed."""
        with self._changed:
            for entry in group:
                self._entries.popleft()
                self._used -= entry.size
            if not self._entries:
                self._torn.clear()
            self.durable = group[-1].ticket
            self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait, but not for long once it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)
            if self._closed:
                self._changed.wait(min(seconds, 0.05))

    def _enqueue(self, rows: tuple[Row, ...], size: int, *, full: bool = False) -> int:
        self._last += 1
        self._entries.append(Entry(self._last, rows, size, full))
        self._used += size
        if len(self._entries) == 1:
            self._changed.notify_all()
        if full:
            self._hurry.set()
        return self._last

    def _refuse(self, rows: tuple[Row, ...]) -> None:
        """Leave a mark where splices are missing, so that nobody replays past it."""
        self.refused += 1
        torn = documents_of_splices(rows) - self._torn
        if torn:
            self._torn |= torn
            self._enqueue(tuple(Gap(document) for document in sorted(torn)), 0)


def documents_of_splices(rows: tuple[Row, ...]) -> set[int]:
    """The documents that splices among `rows` belong to."""
    return {row.document for row in rows if isinstance(row, Splice)}
