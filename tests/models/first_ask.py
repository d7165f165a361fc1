"""Run as a program: the longest pauses of an event loop, in seconds, while the first ask of a process goes on.

Takes the provider's name. The loop looks at two clocks every 5 ms, more often than anybody types. The first number is
the longest pause in which this process was at work, in its processor's time; the second is the longest by the clock on
the wall, which other programs of a busy machine make longer.
"""

from __future__ import annotations

import asyncio
import sys
import time

from asking import WIRES, models_of, question
from fault_server import TEXT, FaultServer, answer


async def main(provider: str) -> tuple[float, float]:
    own: list[float] = []
    wall: list[float] = []

    async def typing() -> None:
        while True:
            started, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.005)
            wall.append(time.perf_counter() - started - 0.005)
            own.append(min(wall[-1], time.process_time() - worked))

    async with FaultServer(WIRES[provider](), answer()) as server:
        models = models_of(server)
        ticking = asyncio.create_task(typing())
        given = await models.ask(question(), deadline=60)
        ticking.cancel()
        assert given.text == TEXT
        await models.aclose()
    return max(own), max(wall)


if __name__ == "__main__":
    print(*asyncio.run(main(sys.argv[1])))
