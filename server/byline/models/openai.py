"""Every endpoint that speaks OpenAI's chat completions: OpenAI, Azure, Ollama, llama.cpp, vLLM and many more.

Wire format: `POST <base>/chat/completions` with `stream`, from OpenAI's API reference; what the others leave out of it
is found out by asking (`dialect`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from byline.models.answer_schema import all_required, for_provider, with_schema
from byline.models.connection import Opened, open_client
from byline.models.dialect import Dialect
from byline.models.endpoints import Endpoint
from byline.models.errors import Misconfigured, ModelError
from byline.models.keys import Key
from byline.models.question import Call, OnText, Question, Reply, Tokens
from byline.models.statuses import error_of_status
from byline.models.stream import Speaker, Writing, as_begun, as_object, body, events, number, part
from byline.models.unreachable import error_of_connection

if TYPE_CHECKING:
    import httpx2

_OPTIONAL = {
    "max_completion_tokens": ("max_completion_tokens",),
    "stream_options": ("stream_options", "include_usage"),
    "reasoning_effort": ("reasoning_effort", "reasoning"),
    "json_schema": ("json_schema", "response_format", "schema", "grammar", "structured"),
    "json_object": ("json_object", "response_format"),
}
_MAX_REFUSAL = 64_000  # bytes of an error's body that are looked at
_MAX_NAMED = 5


class OpenAI:
    """One endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client = Opened(lambda: open_client(endpoint))
        self._dialects: dict[str, Dialect] = defaultdict(lambda: Dialect(_OPTIONAL))
        self._only_model = ""

    async def answer(self, call: Call, key: Key | None, began: Callable[[], None], on_text: OnText) -> Reply:
        """One request, and one answer. `began` is called when it begins. Raises ModelError."""
        client = await self._client.get()
        if not call.model:
            call = Call(call.question, await self._sole_model(client, key), call.effort)
        dialect = self._dialects[call.model]
        while True:
            response = await self._send(client, "POST", "chat/completions", key, call.model, self._body(call, dialect))
            try:
                if response.is_success:
                    began()
                    return await self._read(response, call, key, on_text)
                said = await _refusal(response)
                if not dialect.learn(response.status_code, str(said)):
                    raise self._error(response, said, call.model, key)
            finally:
                await response.aclose()

    async def _sole_model(self, client: httpx2.AsyncClient, key: Key | None) -> str:
        """The model of an endpoint that has one; the setting must choose between several."""
        if not self._only_model:
            names = await self._models(client, key)
            if len(names) != 1:
                some = ", ".join(f"`{name}`" for name in names[:_MAX_NAMED]) or "none that it tells of"
                raise Misconfigured(
                    f"Which model of {self._endpoint.host} should answer? Set `models.openaiModel`; it has {some}.",
                    provider="openai",
                )
            self._only_model = names[0]
        return self._only_model

    async def _models(self, client: httpx2.AsyncClient, key: Key | None) -> list[str]:
        response = await self._send(client, "GET", "models", key, "", None)
        try:
            if not response.is_success:
                raise self._error(response, await _refusal(response), "", key)
            listed = await body(response, Speaker(self._endpoint, ""))
        except ModelError as error:
            error.begun = False  # a list of models costs nothing
            raise
        finally:
            await response.aclose()
        entries = listed.get("data") if isinstance(listed, dict) else None
        names = [str(part({"entry": entry}, "entry").get("id", "")) for entry in entries or []]
        return [name for name in names if name and len(name) < 200 and name.isprintable()]

    async def _send(
        self, client: httpx2.AsyncClient, method: str, path: str, key: Key | None, model: str, content: object
    ) -> httpx2.Response:
        import httpx2

        headers = {} if key is None else {"Authorization": f"Bearer {key.reveal()}"}
        if key is not None and self._endpoint.azure:
            headers["api-key"] = key.reveal()
        request = client.build_request(method, self._endpoint.path(path), headers=headers, json=content)
        try:
            return await client.send(request, stream=True)
        except (httpx2.HTTPError, OSError) as error:
            raise error_of_connection(error, self._endpoint, model) from None

    def _error(self, response: httpx2.Response, said: object, model: str, key: Key | None) -> ModelError:
        return error_of_status(response.status_code, said, response.headers, self._endpoint, model, key)

    def _body(self, call: Call, dialect: Dialect) -> dict[str, Any]:
        question = call.question
        system, form = _form(question, dialect)
        own = self._endpoint.official or self._endpoint.azure
        # OpenAI's own models no longer take `max_tokens`; many other servers know nothing else.
        bound = "max_completion_tokens" if own and dialect.speaks("max_completion_tokens") else "max_tokens"
        request: dict[str, Any] = {
            "model": call.model,
            bound: question.max_tokens,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": question.user.text},
            ],
            "stream": True,
        }
        if dialect.speaks("stream_options"):
            request["stream_options"] = {"include_usage": True}
        if dialect.speaks("reasoning_effort"):
            # A local model that thinks would spend all its tokens on it, and answer with nothing.
            request["reasoning_effort"] = call.effort if own or call.effort != "low" else "none"
        if form is not None:
            request["response_format"] = form
        return request

    async def _read(self, response: httpx2.Response, call: Call, key: Key | None, on_text: OnText) -> Reply:
        speaker = Speaker(self._endpoint, call.model)
        writing = Writing(speaker, on_text)
        heard = _Heard(call.model)
        if "application/json" in response.headers.get("content-type", ""):
            whole = part({"whole": await body(response, speaker)}, "whole")
            heard.listen(whole, "message", writing, speaker)
            return self._finished(call, heard, writing, speaker)
        async for event in events(response, speaker):
            if event.data == "[DONE]":
                return self._finished(call, heard, writing, speaker)
            chunk = as_object(event.data, speaker)
            if chunk.get("error"):
                raise self._failed(chunk, call, key, begun=heard.anything)
            heard.listen(chunk, "delta", writing, speaker)
        if heard.stop:  # some servers close without saying that they are done
            return self._finished(call, heard, writing, speaker)
        raise speaker.cut()

    def _failed(self, chunk: dict[str, Any], call: Call, key: Key | None, *, begun: bool) -> ModelError:
        code = number(part(chunk, "error"), "code") or number(part(chunk, "error"), "status")
        error = error_of_status(code if code >= 400 else 500, chunk, {}, self._endpoint, call.model, key)
        return as_begun(error) if begun else error

    def _finished(self, call: Call, heard: _Heard, writing: Writing, speaker: Speaker) -> Reply:
        if heard.refused or heard.stop == "content_filter":
            raise speaker.refused(heard.tokens)
        if heard.stop == "length":
            raise speaker.truncated(call.question.max_tokens, heard.tokens)
        return Reply(writing.text, heard.model, heard.tokens)

    async def aclose(self) -> None:
        """Close all connections."""
        if client := self._client.now:
            with suppress(RuntimeError):  # the loop that they belong to is gone, and they with it
                await client.aclose()


class _Heard:
    """What the chunks of an answer said so far, beside its text."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.stop = ""
        self.refused = False
        self.anything = False
        self.tokens = Tokens()

    def listen(self, chunk: dict[str, Any], holder: str, writing: Writing, speaker: Speaker) -> None:
        """Take in one chunk, whose text stands under `holder`."""
        self.anything = True
        self.model = str(chunk.get("model") or self.model)
        if usage := part(chunk, "usage"):
            cached = number(part(usage, "prompt_tokens_details"), "cached_tokens")
            self.tokens = Tokens(number(usage, "prompt_tokens"), number(usage, "completion_tokens"), cached)
        choices = chunk.get("choices")
        if not choices:
            return
        if not isinstance(choices, list) or not isinstance(choices[0], dict):
            raise speaker.nonsense("does not speak its own format")
        said = part(choices[0], holder)
        self.stop = str(choices[0].get("finish_reason") or self.stop)
        self.refused = self.refused or bool(said.get("refusal"))
        if said.get("content") is not None:
            writing.add(said["content"])


def _form(question: Question, dialect: Dialect) -> tuple[str, dict[str, Any] | None]:
    """What is said about the answer's form: in the system prompt, and as `response_format`."""
    system, schema = question.system.text, question.schema
    if schema is None:
        return system, None
    if dialect.speaks("json_schema"):
        told = {"name": "answer", "schema": for_provider(schema), "strict": all_required(schema)}
        return system, {"type": "json_schema", "json_schema": told}
    form = {"type": "json_object"} if dialect.speaks("json_object") else None
    return with_schema(system, schema), form


async def _refusal(response: httpx2.Response) -> object:
    """What an error says: its JSON, or the beginning of its text. A body that breaks off says nothing."""
    import httpx2

    data = bytearray()
    with suppress(httpx2.HTTPError, httpx2.StreamError, OSError):
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > _MAX_REFUSAL:
                break
    text = data.decode("utf-8", "replace")
    try:
        said: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return said
