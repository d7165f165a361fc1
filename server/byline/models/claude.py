"""Claude, through Anthropic's own library.

The library makes the request and knows its errors. Its retries are off: they would wait for as long as a server asks.
The events are read by `stream`, which bounds them. Wire format: the Messages API, streaming, version 2026-10-21.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from byline.models.answer_schema import for_provider, with_schema
from byline.models.connection import Opened, load, open_client, silence_libraries
from byline.models.dialect import Dialect
from byline.models.endpoints import Endpoint
from byline.models.errors import ModelError, NotAuthenticated
from byline.models.keys import VARIABLES, Key
from byline.models.question import Call, OnText, Question, Reply, Tokens
from byline.models.statuses import error_of_status
from byline.models.stream import Speaker, Writing, as_begun, as_object, events, number, part
from byline.models.unreachable import error_of_connection

if TYPE_CHECKING:
    from types import ModuleType

    import httpx2

# An error that comes as an event has no status; these are the statuses of its types in the API's documentation.
_STATUSES: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_OPTIONAL = {
    "thinking": ("thinking",),
    "effort": ("effort", "output_config"),
    "schema": ("output_config", "output_format", "schema", "structured"),
}
_WITHOUT_THINKING = ("claude-haiku-5-5",)  # the others cannot be told not to think, or do not unless told


class _Library(NamedTuple):
    anthropic: ModuleType
    http: httpx2.AsyncClient


class Claude:
    """One endpoint of the Messages API."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._library = Opened(self._open)
        self._dialects: dict[str, Dialect] = defaultdict(lambda: Dialect(_OPTIONAL))

    def _open(self) -> _Library:
        anthropic = load("anthropic")
        silence_libraries()
        return _Library(anthropic, open_client(self._endpoint))

    async def answer(self, call: Call, key: Key | None, began: Callable[[], None], on_text: OnText) -> Reply:
        """One request, and one answer. `began` is called when it begins. Raises ModelError."""
        if key is None:
            raise NotAuthenticated(f"Claude wants a key: set {VARIABLES['claude']}.", provider="claude")
        library = await self._library.get()
        dialect = self._dialects[call.model]
        while True:
            try:
                stream = await self._send(library, call, key, dialect)
                break
            except library.anthropic.APIStatusError as error:
                if dialect.learn(error.status_code, str(error)):
                    continue
                raise self._refusal(error, call, key) from None
            except library.anthropic.APIConnectionError as error:
                raise error_of_connection(error, self._endpoint, call.model) from None
        try:
            began()
            return await self._read(stream.response, call, key, on_text)
        finally:
            await stream.close()

    async def _send(self, library: _Library, call: Call, key: Key, dialect: Dialect) -> Any:
        client = library.anthropic.AsyncAnthropic(
            api_key=key.reveal(),
            base_url=self._endpoint.url,
            timeout=library.http.timeout,
            max_retries=0,
            http_client=library.http,
            open_telemetry=False,  # traces can carry prompts
        )
        return await client.messages.create(stream=True, **_request(call, dialect))

    def _refusal(self, error: Any, call: Call, key: Key) -> ModelError:
        return error_of_status(error.status_code, error.body, error.response.headers, self._endpoint, call.model, key)

    async def _read(self, response: httpx2.Response, call: Call, key: Key, on_text: OnText) -> Reply:
        speaker = Speaker(self._endpoint, call.model)
        writing = Writing(speaker, on_text)
        usage: dict[str, Any] = {}
        model, stop, started = call.model, None, False
        async for name, data in events(response, speaker):
            if name == "ping":
                continue
            event = as_object(data, speaker)
            match event.get("type"):
                case "message_start":
                    started = True
                    message = part(event, "message")
                    model = str(message.get("model") or model)
                    usage |= part(message, "usage")
                case "content_block_delta" if part(event, "delta").get("type") == "text_delta":
                    writing.add(event["delta"].get("text"))
                case "message_delta":
                    stop = part(event, "delta").get("stop_reason") or stop
                    usage |= {name: count for name, count in part(event, "usage").items() if count is not None}
                case "message_stop":
                    return self._finished(call.question, speaker, stop, Reply(writing.text, model, _tokens(usage)))
                case "error":
                    failed = self._failed(event, call, key)
                    raise as_begun(failed) if started else failed
        raise speaker.cut()

    def _failed(self, event: dict[str, Any], call: Call, key: Key) -> ModelError:
        status = _STATUSES.get(str(part(event, "error").get("type")), 500)
        return error_of_status(status, event, {}, self._endpoint, call.model, key)

    def _finished(self, question: Question, speaker: Speaker, stop: object, reply: Reply) -> Reply:
        if stop == "refusal":
            raise speaker.refused(reply.tokens)
        if stop in ("max_tokens", "model_context_window_exceeded"):
            raise speaker.truncated(question.max_tokens, reply.tokens)
        return reply

    async def aclose(self) -> None:
        """Close all connections."""
        if library := self._library.now:
            with suppress(RuntimeError):  # the loop that they belong to is gone, and they with it
                await library.http.aclose()


def _request(call: Call, dialect: Dialect) -> dict[str, Any]:
    question = call.question
    system = question.system.text
    output: dict[str, Any] = {"effort": call.effort} if dialect.speaks("effort") else {}
    if question.schema is not None and dialect.speaks("schema"):
        output["format"] = {"type": "json_schema", "schema": for_provider(question.schema)}
    elif question.schema is not None:
        system = with_schema(system, question.schema)
    request: dict[str, Any] = {
        "model": call.model,
        "max_tokens": question.max_tokens,
        "system": system,
        "messages": [{"role": "user", "content": question.user.text}],
    }
    if output:
        request["output_config"] = output
    if call.model.startswith(_WITHOUT_THINKING) and call.effort == "low" and dialect.speaks("thinking"):
        request["thinking"] = {"type": "disabled"}
    return request


def _tokens(usage: dict[str, Any]) -> Tokens:
    """Anthropic counts what came from its cache, and what went into it, apart from the rest of the input."""
    cached = number(usage, "cache_read_input_tokens")
    sent = number(usage, "input_tokens") + number(usage, "cache_creation_input_tokens") + cached
    return Tokens(sent, number(usage, "output_tokens"), cached)
