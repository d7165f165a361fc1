"""A model that does what it is told, without a wire; a clock that stands still; and what is asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from byline.models import EnvironmentKeys, ModelError, Models, ModelSettings, Question, Tokens
from byline.models.endpoints import Endpoint
from byline.models.keys import Key
from byline.models.question import Call, OnText, Reply
from byline.privacy import redact

ENV = {"ANTHROPIC_API_KEY": "key-of-claude", "OPENAI_API_KEY": "key-of-openai"}
TOKENS = Tokens(1000, 100)


def question(text: str = "diff", **more: Any) -> Question:
    return Question(more.pop("task", "message"), redact("Say it."), redact(text), **more)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Scripted:
    """A client whose answers are given: a text, an error, or an event to wait for before the text `late`."""

    def __init__(self, endpoint: Endpoint, *script: str | ModelError | asyncio.Event) -> None:
        self.endpoint = endpoint
        self.script = script
        self.calls: list[Call] = []
        self.keys: list[Key | None] = []
        self.closed = False

    async def answer(self, call: Call, key: Key | None, began: Callable[[], None], on_text: OnText) -> Reply:
        self.calls.append(call)
        self.keys.append(key)
        step = self.script[min(len(self.calls), len(self.script)) - 1]
        if isinstance(step, ModelError):
            raise step
        began()
        if isinstance(step, asyncio.Event):
            on_text("la")
            await step.wait()
            on_text("te")
            return Reply("late", call.model, TOKENS)
        on_text(step)
        return Reply(step, call.model, TOKENS)

    async def aclose(self) -> None:
        self.closed = True


class Desk:
    """Models with scripted clients, which are under their provider's name."""

    def __init__(self, env: dict[str, str] | None = None, keys: Any = None, store: Any = None, **settings: Any) -> None:
        self.clock = Clock()
        self.env = dict(ENV) if env is None else env
        self.scripts: dict[str, tuple[str | ModelError | asyncio.Event, ...]] = {"claude": ("yes",), "openai": ("ja",)}
        self.clients: dict[str, Scripted] = {}
        self.models = Models(
            ModelSettings(**settings),
            keys or EnvironmentKeys(self.env),
            store,
            env=self.env,
            clock=self.clock,
            wall_clock=self.clock,
            chance=lambda: 0.0,
            client=self._client,
        )

    def _client(self, endpoint: Endpoint) -> Scripted:
        self.clients[endpoint.provider] = Scripted(endpoint, *self.scripts[endpoint.provider])
        return self.clients[endpoint.provider]

    def calls(self, provider: str) -> int:
        """How often a provider was really asked."""
        return len(self.clients[provider].calls) if provider in self.clients else 0
