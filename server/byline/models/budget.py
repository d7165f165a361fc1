"""How much may be spent in a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from byline.models.errors import QuotaExceeded
from byline.models.responses import ResponseStore


class Budget:
    """A bound on what is spent in a day (UTC), over all processes that share a store. Zero is no bound.

    It is looked at before a request, whose price is known only afterwards: the last one may go beyond it.
    """

    def __init__(self, cents: int, store: ResponseStore | None, wall_clock: Callable[[], float]) -> None:
        self._dollars = cents / 100
        self._store = store
        self._now = wall_clock
        self._day = ""
        self._here = 0.0

    async def check(self) -> None:
        """Raises QuotaExceeded when the day's budget is used up."""
        if not self._dollars:
            return
        today = self._today()
        spent = self._here
        if self._store is not None:
            spent = max(spent, await asyncio.to_thread(self._store.spent, today))
        if spent >= self._dollars:
            raise QuotaExceeded(
                f"Today's budget of ${self._dollars:.2f} for models is used up: raise `models.budgetCents`, or wait "
                f"until midnight (UTC)."
            )

    async def add(self, dollars: float) -> None:
        """Count what an answer cost."""
        today = self._today()
        self._here += dollars
        if self._store is not None and dollars:
            await asyncio.to_thread(self._store.spend, today, dollars)

    def _today(self) -> str:
        today = datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m-%d")
        if today != self._day:
            self._day, self._here = today, 0.0
        return today
