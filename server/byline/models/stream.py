"""Reading what a model writes while it writes: server-sent events, bounded, and every way in which they can break.

Everything here happens after the provider said 200: the call may be billed, so each error says that it has begun.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, NamedTuple

from byline.models.endpoints import Endpoint
from byline.models.errors import BadOutput, ModelError, Refused, Unavailable
from byline.models.question import OnText, Tokens

if TYPE_CHECKING:
    import httpx2

MAX_TEXT = 1_000_000  # characters
_MAX_EVENT = 1_000_000  # bytes
_MAX_EVENTS = 500_000
_MAX_BODY = 4_000_000  # bytes


class Event(NamedTuple):
    """One event: its name (`message` where it has none) and its data."""

    name: str
    data: str


class Speaker(NamedTuple):
    """Who writes, for the errors."""

    endpoint: Endpoint
    model: str

    def cut(self, detail: str = "") -> Unavailable:
        """The answer ended in the middle."""
        problem = f"{self.endpoint.provider} at {self.endpoint.host} ended its answer in the middle: ask again."
        return Unavailable(problem, detail=detail, **self._about)

    def nonsense(self, what: str) -> BadOutput:
        """The answer is not in the provider's own format."""
        problem = f"{self.endpoint.provider} at {self.endpoint.host} {what}: check its address, or ask again."
        return BadOutput(problem, **self._about)

    def truncated(self, max_tokens: int, tokens: Tokens) -> BadOutput:
        """The answer is longer than it may be."""
        problem = f"`{self.model}` did not finish within {max_tokens} tokens: ask for less, or with less effort."
        return BadOutput(problem, tokens=tokens, **self._about)

    def refused(self, tokens: Tokens) -> Refused:
        """The model declined."""
        problem = f"`{self.model}` declined to answer this question: ask another model, or leave out what it minds."
        return Refused(problem, tokens=tokens, **self._about)

    @property
    def _about(self) -> dict[str, Any]:
        return {"provider": self.endpoint.provider, "model": self.model, "begun": True}


class Writing:
    """The text of an answer as it grows."""

    def __init__(self, speaker: Speaker, on_text: OnText) -> None:
        self._speaker = speaker
        self._on_text = on_text
        self._parts: list[str] = []
        self._size = 0

    def add(self, piece: object) -> None:
        """One more piece. Raises BadOutput if it is no text, or too much."""
        if not isinstance(piece, str):
            raise self._speaker.nonsense("does not speak its own format")
        self._size += len(piece)
        if self._size > MAX_TEXT:
            raise self._speaker.nonsense("does not stop writing")
        if piece:
            self._parts.append(piece)
            self._on_text(piece)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)


async def events(response: httpx2.Response, speaker: Speaker) -> AsyncIterator[Event]:
    """The events of `response` in order. Raises Unavailable where they break off, BadOutput for what are none."""
    import httpx2

    count = 0
    try:
        async for event in httpx2.EventSource(response, max_event_size=_MAX_EVENT):
            count += 1
            if count > _MAX_EVENTS:
                raise speaker.nonsense("does not stop writing")
            yield Event(event.event, event.data)
    except httpx2.SSEError:
        raise speaker.nonsense("answers with something else than a model's words") from None
    except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        raise speaker.cut(type(error).__name__) from None


async def body(response: httpx2.Response, speaker: Speaker) -> object:
    """The JSON of an answer that comes in one piece. Raises as `events` does."""
    import httpx2

    data = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > _MAX_BODY:
                raise speaker.nonsense("does not stop writing")
    except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        raise speaker.cut(type(error).__name__) from None
    return as_json(data, speaker)


def as_json(data: str | bytes | bytearray, speaker: Speaker) -> object:
    """`data` as JSON. Raises BadOutput."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        raise speaker.nonsense("sent an answer that cannot be read") from None
    return value


def as_object(data: str | bytes | bytearray, speaker: Speaker) -> dict[str, Any]:
    """`data` as a JSON object. Raises BadOutput."""
    value = as_json(data, speaker)
    if not isinstance(value, dict):
        raise speaker.nonsense("does not speak its own format")
    return value


def part(value: object, name: str) -> dict[str, Any]:
    """The object `name` in the object `value`; empty where there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def number(value: dict[str, Any], name: str) -> int:
    """The count `name` in `value`; 0 where there is none."""
    found = value.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**9 else 0


def as_begun(error: ModelError) -> ModelError:
    """`error`, of an answer that had begun."""
    error.begun = True
    error.retryable = False
    return error
