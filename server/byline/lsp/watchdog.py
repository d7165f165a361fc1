"""Who keeps the event loop busy: each stretch of work between two pauses is timed under its handler's name."""

from __future__ import annotations

import logging
import types
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

LIMIT = 0.050
"""Seconds: nothing on the event loop may take longer."""

Result = TypeVar("Result")


@contextmanager
def watched(name: str, limit: float = LIMIT) -> Iterator[None]:
    """Log a warning if the body takes more than `limit` seconds."""
    start = perf_counter()
    try:
        yield
    finally:
        taken = perf_counter() - start
        if taken > limit:
            logger.warning("%s kept the event loop busy for %d ms (at most %d)", name, taken * 1000, limit * 1000)


async def watched_steps(name: str, work: Coroutine[Any, Any, Result]) -> Result:
    """Await `work` and watch every step of it; pauses do not count."""
    return await _steps(name, work)


@types.coroutine
def _steps(name: str, work: Coroutine[Any, Any, Result]) -> Generator[Any, Any, Result]:
    sent: Any = None
    thrown: BaseException | None = None
    while True:
        with watched(name):
            try:
                pause = work.send(sent) if thrown is None else work.throw(thrown)
            except StopIteration as stop:
                result: Result = stop.value
                return result
        sent, thrown = None, None
        try:
            sent = yield pause
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:  # noqa: BLE001 - what is thrown in, a cancellation above all, is for `work`
            thrown = error
