"""Work beside the requests: background tasks, cancel tokens, and two ways of not doing things too often."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import partial
from typing import Any

from byline.lsp.problems import Problems
from byline.lsp.watchdog import watched_steps


class CancelledWorkError(Exception):
    """Raised inside work that was asked to stop; a request that ends with it is answered as cancelled."""


class CancelToken:
    """Asks work in a thread to stop. The work looks at it between two pieces; nothing is interrupted."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask. Once is enough, more does no harm."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether anybody asked."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `CancelledWorkError` if anybody asked."""
        if self._event.is_set():
            raise CancelledWorkError


current_token: ContextVar[CancelToken] = ContextVar("current_token")
"""The token of the request that is being handled, in its threads too."""


def cancel_token() -> CancelToken:
    """The token of the request being handled; outside of one, a token that nobody cancels."""
    return current_token.get(None) or CancelToken()


class Tasks:
    """Background tasks of one event loop: kept alive, their failures recorded, stopped together."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Run `work` in the background; `name` is what a failure is recorded under."""
        task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(watched_steps(name, work), name=name)
        self._running.add(task)
        task.add_done_callback(partial(self._ended, name))
        return task

    async def stop(self, grace: float = 1.0) -> None:
        """Cancel all tasks and wait for their ends, for at most `grace` seconds."""
        running = list(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=grace)

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._problems.failed(name, error)


class Debounce:
    """Acts once calls have stopped for `delay` seconds. Belongs to the event loop's thread.

    ::

        calls    | |  ||          |
        action            |           |
                       <->delay    <->
    """

    def __init__(self, delay: float, action: Callable[[], object]) -> None:
        self._delay = delay
        self._action = action
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """Ask for the action; asking again puts it off."""
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._delay, self._act)

    def cancel(self) -> None:
        """Forget what was asked for."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _act(self) -> None:
        self._timer = None
        self._action()


class Throttle:
    """Acts at once, then at most every `interval` seconds; the last call is never lost. Belongs to the loop's thread.

    ::

        calls    | ||| |              |
        action   |     |     |        |
                  <---> interval
    """

    def __init__(self, interval: float, action: Callable[[], object]) -> None:
        self._interval = interval
        self._action = action
        self._timer: asyncio.TimerHandle | None = None
        self._again = False

    def __call__(self) -> None:
        """Ask for the action, now or as soon as the interval is over."""
        if self._timer:
            self._again = True
            return
        self._act()

    def cancel(self) -> None:
        """Forget what was asked for and start afresh."""
        if self._timer:
            self._timer.cancel()
        self._timer, self._again = None, False

    def _act(self) -> None:
        self._again = False
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._over)
        self._action()

    def _over(self) -> None:
        self._timer = None
        if self._again:
            self._act()
