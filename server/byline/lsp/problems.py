"""What went wrong inside: counted, logged once in a while, and shown where somebody asks. Never a pop-up.

An exception's message may repeat text from a document, so only its type and the places in our code are logged.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections import OrderedDict
from dataclasses import dataclass

logger = logging.getLogger(__name__)

_MAX_KINDS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that failed `count` times: `where` (a method or a task) and `what` (a kind of error, or a sentence)."""

    where: str
    what: str
    count: int


class Problems:
    """The problems since the start, each kind once. May be used from any thread."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = threading.Lock()

    def failed(self, where: str, error: BaseException) -> None:
        """An exception that nobody expected, in `where`. The first of its kind is logged with its traceback."""
        if self._count(where, type(error).__name__) == 1:
            places = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%s failed: %s\n%s", where, type(error).__name__, places)

    def noticed(self, where: str, what: str) -> None:
        """Something wrong that needs no traceback; `what` is a sentence without any of the user's text."""
        if self._count(where, what) == 1:
            logger.warning("%s: %s", where, what)

    def all(self) -> list[Problem]:
        """All kinds of problems, the most recent last."""
        with self._lock:
            return [Problem(where, what, count) for (where, what), count in self._counts.items()]

    def _count(self, where: str, what: str) -> int:
        key = (where, what)
        with self._lock:
            count = self._counts.pop(key, 0) + 1
            self._counts[key] = count
            if len(self._counts) > _MAX_KINDS:
                self._counts.popitem(last=False)
            return count
