"""Answers that were given before, so that the same question is not paid for twice within an hour."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Protocol

from cachetools import TTLCache

from byline.models.endpoints import Endpoint
from byline.models.question import Call, Question, Reply, Tokens

TTL = 3600  # seconds
ENTRIES = 1000
_VERSION = 1  # another one where what is kept, or how a model is asked, changes


class ResponseStore(Protocol):
    """A place that outlives the process. Its methods may block, are called in threads, and raise nothing."""

    def get(self, key: str) -> str | None:
        """What was put under `key` at most an hour ago; None where there is nothing."""

    def put(self, key: str, value: str) -> None:
        """Keep `value` under `key` for an hour."""

    def spend(self, day: str, dollars: float) -> None:
        """Add to what was spent on `day` (YYYY-MM-DD, UTC)."""

    def spent(self, day: str) -> float:
        """What was spent on `day`, in US dollars, by all processes that share this store."""


def digest(*parts: object) -> str:
    """A name for `parts`, which are JSON and questions: equal for equal ones, and for no others."""
    canonical = json.dumps([_VERSION, *parts], sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Question):
        return [value.task, value.system.text, value.user.text, value.schema, value.max_tokens]
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a digest of {type(value).__name__} is not defined")


def key_of(call: Call, endpoint: Endpoint) -> str:
    """The name of the answer to `call`: everything that could change it is in it."""
    return digest(call.question, call.model, call.effort, endpoint.provider, endpoint.path(""))


class Responses:
    """Answers in memory, and behind them in a store where there is one; none at all where nobody wants that."""

    def __init__(self, store: ResponseStore | None, clock: Callable[[], float], *, keep: bool) -> None:
        self._store = store
        self._keep = keep
        self._memory: TTLCache[str, Reply] = TTLCache(ENTRIES, TTL, clock)

    async def get(self, key: str) -> Reply | None:
        """The answer under `key`; None where there is none that is fresh."""
        if not self._keep:
            return None
        found: Reply | None = self._memory.get(key)
        if found is None and self._store is not None:
            # It does not go into memory: how old it is already, only the store knows.
            found = _decoded(await asyncio.to_thread(self._store.get, key))
        return found

    def remember(self, key: str, reply: Reply) -> None:
        """Keep a complete, checked answer in memory."""
        if self._keep:
            self._memory[key] = reply

    async def store(self, key: str, reply: Reply) -> None:
        """Keep it in the store too."""
        if self._keep and self._store is not None:
            await asyncio.to_thread(self._store.put, key, _encoded(reply))


def _encoded(reply: Reply) -> str:
    tokens = reply.tokens
    return json.dumps([reply.text, reply.model, tokens.sent, tokens.received, tokens.cached])


def _decoded(value: str | None) -> Reply | None:
    try:
        text, model, *counts = json.loads(value or "null")
    except (ValueError, TypeError, RecursionError):
        return None
    if not (isinstance(text, str) and isinstance(model, str) and len(counts) == 3):
        return None
    return Reply(text, model, Tokens(*(count if isinstance(count, int) else 0 for count in counts)))
