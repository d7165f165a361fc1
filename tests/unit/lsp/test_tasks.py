"""Background tasks, debounce and throttle; on a loop whose clock the test moves."""

from __future__ import annotations

import asyncio
import gc
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from byline.lsp.problems import Problems
from byline.lsp.tasks import CancelledWorkError, CancelToken, Debounce, Tasks, Throttle, cancel_token


class FastLoop(asyncio.SelectorEventLoop):
    """A loop that never waits: when it would, its clock jumps to the next timer."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_NoWaiting(self))

    def time(self) -> float:
        return self.now


class _NoWaiting(selectors.DefaultSelector):
    def __init__(self, loop: FastLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        self._loop.now += timeout or 0
        return super().select(0)


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(work)


def wave(make: Callable[[Callable[[], None]], Callable[[], None]], calls: list[float]) -> list[float]:
    """When the action ran, for calls at these times."""
    acted: list[float] = []

    async def play() -> None:
        loop = asyncio.get_running_loop()
        call = make(lambda: acted.append(round(loop.time(), 3)))
        for at in calls:
            loop.call_at(at, call)
        await asyncio.sleep(100)

    run(play())
    return acted


@pytest.mark.parametrize(
    ("calls", "acts"),
    [([], []), ([1], [2]), ([1, 1.5, 2.4], [3.4]), ([1, 3, 3.9], [2, 4.9]), ([1, 1, 1], [2])],
)
def test_debounce(calls: list[float], acts: list[float]) -> None:
    assert wave(lambda action: Debounce(1, action), calls) == acts


@pytest.mark.parametrize(
    ("calls", "acts"),
    [([], []), ([1], [1]), ([1, 1.5, 1.9], [1, 2]), ([1, 1.5, 2.5, 9], [1, 2, 3, 9]), ([1, 1, 1], [1, 2])],
)
def test_throttle(calls: list[float], acts: list[float]) -> None:
    assert wave(lambda action: Throttle(1, action), calls) == acts


@pytest.mark.parametrize("kind", [Debounce, Throttle])
def test_what_was_asked_for_can_be_forgotten(kind: type[Debounce] | type[Throttle]) -> None:
    acted: list[int] = []

    async def play() -> None:
        wanted = kind(1, lambda: acted.append(1))
        wanted()
        acted.clear()
        wanted()
        wanted.cancel()
        await asyncio.sleep(10)

    run(play())
    assert acted == []


def test_a_task_is_kept_alive_and_its_failure_recorded() -> None:
    problems = Problems()

    async def play() -> None:
        tasks = Tasks(problems)
        done = asyncio.Event()

        async def work() -> None:
            await asyncio.sleep(1)
            done.set()

        async def fail() -> None:
            raise RuntimeError("text of the user's")

        tasks.start("work", work())
        tasks.start("fail", fail())
        gc.collect()
        await asyncio.wait_for(done.wait(), 5)

    run(play())
    assert [(p.where, p.what, p.count) for p in problems.all()] == [("fail", "RuntimeError", 1)]


def test_stop_cancels_everything_and_does_not_wait_for_what_will_not_end() -> None:
    async def play() -> None:
        problems = Problems()
        tasks = Tasks(problems)

        async def stubborn() -> None:
            for _ in range(3):
                try:
                    await asyncio.sleep(50)
                except asyncio.CancelledError:
                    continue

        polite = tasks.start("polite", asyncio.sleep(50))
        other = tasks.start("stubborn", stubborn())
        await asyncio.sleep(0)
        await tasks.stop(grace=1)
        assert polite.cancelled()
        assert not other.done()
        assert problems.all() == []

    run(play())


def test_a_token_outside_of_a_request_is_nobodys() -> None:
    token = cancel_token()
    token.check()
    assert not token.cancelled


def test_a_cancelled_token_ends_work() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledWorkError):
        token.check()


def test_problems_are_counted_by_kind_and_bounded() -> None:
    problems = Problems()
    for number in range(200):
        problems.noticed(f"place {number}", "odd")
        problems.noticed("always", "the same")
    found = problems.all()
    assert len(found) == 50
    assert (found[-1].where, found[-1].count) == ("always", 200)
