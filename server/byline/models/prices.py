"""What an answer cost. Prices change without notice: what is not listed has no known price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from byline.models.question import Tokens


class Price(NamedTuple):
    """US dollars for a million tokens: sent, received, and sent but known to the provider's cache already."""

    sent: float
    received: float
    cached: float


# From the providers' price pages, November 2026. The second price is for prompts of more than `_LONG` tokens.
_PRICES: Mapping[str, tuple[Price, Price]] = {
    "claude-haiku-5-5": (Price(0.10, 0.50, 0.01), Price(0.50, 2.50, 0.05)),
    "claude-sonnet-5-5": (Price(2, 10, 0.2), Price(2, 10, 0.2)),
    "claude-opus-5-5": (Price(4, 20, 0.4), Price(4, 20, 0.4)),
    "claude-fable-5-2": (Price(8, 40, 0.8), Price(8, 40, 0.8)),
    "gpt-5.4": (Price(2.5, 15, 0.25), Price(5, 22.5, 0.5)),
    "gpt-5.4-mini": (Price(0.75, 4.5, 0.075), Price(0.75, 4.5, 0.075)),
    "gpt-5.4-nano": (Price(0.2, 1.25, 0.02), Price(0.2, 1.25, 0.02)),
}
_LONG: Mapping[str, int] = {"claude-haiku-5-5": 100_000, "gpt-5.4": 270_000}


def cost(model: str, tokens: Tokens) -> float | None:
    """US dollars for `tokens` of `model` at its maker's own endpoint; None where the price is not known."""
    known = _PRICES.get(model)
    if known is None:
        return None
    price = known[tokens.sent > _LONG.get(model, tokens.sent)]
    fresh = tokens.sent - tokens.cached
    return (fresh * price.sent + tokens.cached * price.cached + tokens.received * price.received) / 1_000_000
