"""What was asked, what came of it, how long it took and what it cost: counts only, no text."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from byline.models.question import Provider, Tokens

_REMEMBERED = 500


class Account:
    """The counts of one model of one provider."""

    def __init__(self) -> None:
        self.requests = 0
        self.answers = 0
        self.cache_hits = 0
        self.failures: Counter[str] = Counter()
        self.tokens = Tokens()
        self.dollars = 0.0
        self.unpriced = 0
        self.seconds: deque[float] = deque(maxlen=_REMEMBERED)

    def answered(self, seconds: float, *, cached: bool) -> None:
        """Count an answer."""
        if cached:
            self.cache_hits += 1
        else:
            self.answers += 1
            self.seconds.append(seconds)

    def charge(self, tokens: Tokens, dollars: float | None) -> None:
        """Count what a request took, whether it was answered well or not."""
        if not tokens.total:
            return
        old = self.tokens
        self.tokens = Tokens(old.sent + tokens.sent, old.received + tokens.received, old.cached + tokens.cached)
        if dollars is None:
            self.unpriced += 1
        else:
            self.dollars += dollars

    def as_json(self) -> dict[str, Any]:
        """The counts. Seconds are those of the newest 500 answers; the cost leaves out what has no known price."""
        return {
            "requests": self.requests,
            "answers": self.answers,
            "cacheHits": self.cache_hits,
            "failures": dict(sorted(self.failures.items())),
            "tokens": {
                "sent": self.tokens.sent,
                "received": self.tokens.received,
                "cached": self.tokens.cached,
            },
            "cost": {"dollars": round(self.dollars, 6), "unpriced": self.unpriced},
            "seconds": {"p50": _quantile(self.seconds, 0.5), "p95": _quantile(self.seconds, 0.95)},
        }


class Accounts:
    """The counts of all models since the process began."""

    def __init__(self) -> None:
        self._of: dict[tuple[Provider, str], Account] = {}

    def of(self, provider: Provider, model: str) -> Account:
        """The account of one model."""
        return self._of.setdefault((provider, model), Account())

    def as_json(self) -> dict[str, Any]:
        """A list of the models that were asked, and the sum of what they cost."""
        models = [
            {"provider": provider, "model": model} | account.as_json()
            for (provider, model), account in sorted(self._of.items())
            if account.requests or account.cache_hits or account.failures
        ]
        return {"models": models, "dollars": round(sum(account.dollars for account in self._of.values()), 6)}


def _quantile(values: deque[float], share: float) -> float | None:
    """The nearest-rank quantile; None of nothing."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else None
