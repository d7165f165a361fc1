"""What a person should know about the journal now: one sentence for each kind of trouble."""

from __future__ import annotations

import logging
from threading import Lock

log = logging.getLogger(__name__)


class Problems:
    """Sentences under keys; saying one again replaces it. Any thread may use it."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}
        self._lock = Lock()

    def say(self, key: str, sentence: str) -> None:
        """Let `sentence` stand under `key` until it is cleared. It is logged when the key is new."""
        with self._lock:
            new = key not in self._sentences
            self._sentences[key] = sentence
        if new:
            log.warning("%s", sentence)

    def clear(self, key: str) -> None:
        """The trouble under `key` is over."""
        with self._lock:
            self._sentences.pop(key, None)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that stand, in the order in which they were first said."""
        with self._lock:
            return tuple(self._sentences.values())
