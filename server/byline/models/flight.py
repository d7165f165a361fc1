"""One request for everybody who asks the same thing at the same time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from byline.models.question import Answer, OnText

_log = logging.getLogger(__name__)


class Flight:
    """A question under way, and those who wait for its answer. When the last of them goes, it is cancelled."""

    def __init__(self, ask: Callable[[OnText], Coroutine[Any, Any, Answer]]) -> None:
        self._listeners: list[OnText] = []
        self._told: list[str] = []
        self._waiting = 0
        self.task = asyncio.create_task(ask(self._tell))
        self.task.add_done_callback(_look_at)

    async def wait(self, on_text: OnText | None, seconds: float) -> Answer | None:
        """The answer; None when `seconds` are over. Raises what asking raises. Says the text so far at once."""
        if on_text is not None:
            self._listeners.append(on_text)
            if self._told:
                self._say(on_text, "".join(self._told))
        self._waiting += 1
        try:
            await asyncio.wait([self.task], timeout=seconds)
            return self.task.result() if self.task.done() else None
        finally:
            self._waiting -= 1
            if on_text in self._listeners:
                self._listeners.remove(on_text)
            if not self._waiting:
                self.task.cancel()

    def _tell(self, piece: str) -> None:
        self._told.append(piece)
        for listener in tuple(self._listeners):
            self._say(listener, piece)

    def _say(self, listener: OnText, piece: str) -> None:
        try:
            listener(piece)
        except Exception:  # noqa: BLE001 - it is somebody else's code, and the answer is paid for
            _log.exception("whoever shows the answer failed; the answer itself goes on")
            self._listeners.remove(listener)


def _look_at(task: asyncio.Task[Answer]) -> None:
    """An error that nobody waits for any more is no news; asyncio would report it."""
    if not task.cancelled():
        task.exception()
