"""Run as a program: the longest pause of an event loop, in seconds, while the first ask of a process goes on.

Takes the provider's name. The loop looks at the clock every 5 ms, as often as somebody types at most.
"""

from __future__ import annotations

import asyncio
import sys
import time

from asking import WIRES, models_of, question
from fault_server import TEXT, FaultServer, answer


async def main(provider: str) -> float:
    pauses: list[float] = []

    async def typing() -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.005)
            pauses.append(time.perf_counter() - started - 0.005)

    async with FaultServer(WIRES[provider](), answer()) as server:
        models = models_of(server)
        ticking = asyncio.create_task(typing())
        given = await models.ask(question(), deadline=60)
        ticking.cancel()
        assert given.text == TEXT
        await models.aclose()
    return max(pauses)


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1])))
