"""Cancelling an ask really ends the request, wherever it is, and says nothing about the model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from asking import WIRES, models_of, question
from fault_server import TEXT, FaultServer, Step, answer, begin, refuse, silence, stream

from byline.models import Models

LONG_AGO = 5.0  # seconds: more than any of this takes


@dataclass(frozen=True)
class Stage:
    """What the server does, and how one knows that the ask has come so far: so many requests, so much text."""

    name: str
    step: Step
    requests: int = 1
    text: str = ""


STAGES = [
    Stage("waiting for an answer", silence),
    Stage("accepted", stream(end="hang")),
    Stage("in the middle of the text", begin(9, "hang"), text="f"),
    Stage("before the next try", refuse(503, retry_after="10")),
    Stage("while it trickles", stream(lambda wire: wire.delta("x"), end="again", pause=0.01), text="xxx"),
]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG_AGO):
        while not condition():
            await asyncio.sleep(0.002)


async def check_over(models: Models, server: FaultServer) -> None:
    """The request is gone from both ends, nothing follows it, and the model is as well as before."""
    for exchange in server.exchanges:
        await asyncio.wait_for(exchange.gone.wait(), LONG_AGO)
    await until(lambda: not models._flights)
    seen = len(server.exchanges)
    assert [health.state for health in models.health()][:1] == ["ready"]
    assert all(counts["failures"] == {} for counts in models.metrics()["models"])
    await models.aclose()
    assert len(server.exchanges) == seen


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
async def test_at_a_stage(provider: str, stage: Stage) -> None:
    async with FaultServer(WIRES[provider](), stage.step) as server:
        models = models_of(server)
        shown: list[str] = []
        asking = asyncio.create_task(models.ask(question(), on_text=shown.append))
        await server.asked(stage.requests)
        await until(lambda: "".join(shown).startswith(stage.text))
        started = time.monotonic()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert time.monotonic() - started < 0.25
        await check_over(models, server)


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("turns", range(0, 60, 2))
async def test_after_so_many_turns_of_the_loop(provider: str, turns: int) -> None:
    """Wherever that is: the test need not know what is awaited there."""
    async with FaultServer(WIRES[provider](), answer()) as server:
        models = models_of(server)
        await models.ask(question("warm"), fresh=True)  # or all turns would go by while libraries are imported
        asking = asyncio.create_task(models.ask(question(), fresh=True))
        for _ in range(turns):
            await asyncio.sleep(0)
        done = asking.done()
        asking.cancel()
        try:
            assert (await asking).text == TEXT
            assert done
        except asyncio.CancelledError:
            assert not done
        assert server.billed <= 2
        await check_over(models, server)


async def test_one_of_two_who_wait() -> None:
    """Who goes does not take the answer from who stays."""
    for wire in WIRES.values():
        async with FaultServer(wire(), stream(lambda w: b"".join(w.events(TEXT, w.stops["end"])), pause=0.1)) as server:
            models = models_of(server)
            goes, stays = (asyncio.create_task(models.ask(question())) for _ in range(2))
            await server.asked()
            goes.cancel()
            assert (await stays).text == TEXT
            assert goes.cancelled()
            assert len(server.exchanges) == 1
            await models.aclose()
