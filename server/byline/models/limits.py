"""How much is sent in a minute: a guard against one's own mistakes, below what providers allow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from byline.models.errors import RateLimited

_MINUTE = 60.0


class Bucket:
    """Holds up to a minute's worth, refills steadily, and may be overdrawn: who overdraws it waits for his part."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._level = self._most
        self._filled = clock()

    def take(self, amount: float) -> float:
        """Take `amount` out. Returns the seconds until it would have been there."""
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._filled) * self._most / _MINUTE)
        self._filled = now
        self._level -= amount
        return max(0.0, -self._level * _MINUTE / self._most)

    def put_back(self, amount: float) -> None:
        """What was taken and not used; a negative amount is what was used beyond that."""
        self._level += amount


class Rate:
    """The rates of one model, in requests and in tokens; what waits is served in the order in which it came."""

    def __init__(self, requests: int, tokens: int, clock: Callable[[], float]) -> None:
        self._requests = Bucket(requests, clock)
        self._tokens = Bucket(tokens, clock)
        self._most_tokens = tokens

    async def wait(self, tokens: int, patience: float) -> None:
        """Return when one request of about `tokens` may be sent.

        Raises RateLimited at once where that takes longer than `patience` seconds. Nothing is taken then, nor if it is
        cancelled.
        """
        tokens = min(tokens, self._most_tokens)
        delay = max(self._requests.take(1), self._tokens.take(tokens))
        try:
            if delay > patience:
                raise RateLimited(
                    f"Your own limit is reached (`models.requestsPerMinute`, `models.tokensPerMinute`): wait "
                    f"{delay:.0f} s, or raise it.",
                    retry_after=delay,
                )
            await asyncio.sleep(delay)
        except BaseException:
            self._requests.put_back(1)
            self._tokens.put_back(tokens)
            raise

    def settle(self, estimated: int, used: int) -> None:
        """Correct what was taken for a request, once it is known."""
        self._tokens.put_back(min(estimated, self._most_tokens) - used)
