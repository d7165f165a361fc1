"""What goes over the wire, and how an endpoint that understands less is spoken to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import KEYS, SCHEMA, WIRES, models_of, question
from fault_server import MODEL, TEXT, Exchange, FaultServer, Step, Wire, answer

from byline.models import Misconfigured, Models

JSON = json.dumps({"message": TEXT, "type": "feat"})


def picky(*unknown: str) -> Step:
    """Refuses every request that has one of these, and names it; where there are several, only the first."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        sent = json.dumps({name: part for name, part in exchange.body.items() if name not in ("messages", "system")})
        if found := next((name for name in unknown if f'"{name}"' in sent), None):
            await exchange.json(400, wire.error("invalid_request_error", f"unknown parameter: {found}"))
        else:
            await answer(JSON)(wire, exchange)

    return step


DIALECTS: list[tuple[str, tuple[str, ...]]] = [
    ("claude", ()),
    ("claude", ("effort",)),
    ("claude", ("thinking", "effort", "schema")),
    ("claude", ("output_config",)),
    ("openai", ()),
    ("openai", ("stream_options",)),
    ("openai", ("reasoning_effort", "stream_options")),
    ("openai", ("json_schema",)),
    ("openai", ("response_format",)),
    ("openai", ("response_format", "reasoning_effort", "stream_options")),
]


@pytest.mark.parametrize(("provider", "unknown"), DIALECTS)
async def test_what_is_refused_is_left_out(provider: str, unknown: tuple[str, ...]) -> None:
    async with FaultServer(WIRES[provider](), picky(*unknown)) as server:
        models = models_of(server, claude_model="claude-haiku-5-5")
        found = await models.ask(question(schema=SCHEMA))
        assert found.data == {"message": TEXT, "type": "feat"}
        assert server.billed == 1
        first = len(server.exchanges)
        await models.ask(question("and another", schema=SCHEMA))
        assert len(server.exchanges) == first + 1  # it remembers
        await models.aclose()


async def body_of(provider: str, reply: str = JSON, **settings: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """What one ask sends: its body and its headers."""
    async with FaultServer(WIRES[provider](), answer(reply)) as server:
        models = models_of(server, **settings)
        await models.ask(question(schema=SCHEMA))
        await models.aclose()
        assert server.exchanges[0].path == server.wire.path
        return server.exchanges[0].body, server.exchanges[0].headers


async def test_what_claude_gets() -> None:
    body, headers = await body_of("claude", claude_model="claude-haiku-5-5")
    assert headers["authorization"] == f"Bearer {KEYS['claude']}"
    assert body["stream"] is True
    assert body["thinking"] == {"type": "disabled"}
    assert body["output_config"]["effort"] == "low"
    sent = body["output_config"]["format"]["schema"]
    assert sent["additionalProperties"] is False
    assert "maxLength" not in sent["properties"]["message"]
    assert not {"temperature", "top_p", "top_k"} & set(body)


async def test_claude_that_cannot_stop_thinking_is_not_told_to() -> None:
    body, _ = await body_of("claude", claude_model="claude-opus-5-5")
    assert "thinking" not in body


async def test_what_an_openai_compatible_server_gets() -> None:
    body, headers = await body_of("openai")
    assert headers["authorization"] == f"Bearer {KEYS['openai']}"
    assert body["max_tokens"] == 200
    assert body["stream_options"] == {"include_usage": True}
    assert body["reasoning_effort"] == "none"
    assert body["response_format"]["json_schema"]["strict"] is True


async def test_a_server_without_a_key() -> None:
    async with FaultServer(WIRES["openai"](), answer()) as server:
        models = models_of(server, env={"OPENAI_API_KEY": ""})
        assert (await models.ask(question())).text == TEXT
        assert "authorization" not in server.exchanges[0].headers
        await models.aclose()


async def test_an_answer_in_one_piece() -> None:
    """Some servers do not stream."""

    async def step(_: Wire, exchange: Exchange) -> None:
        message = {"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}], "model": MODEL}
        await exchange.json(200, message | {"usage": {"prompt_tokens": 3, "completion_tokens": 2}})

    async with FaultServer(WIRES["openai"](), step) as server:
        models = models_of(server)
        found = await models.ask(question())
        assert (found.text, found.tokens.total) == (TEXT, 5)
        await models.aclose()


SERVED = [([MODEL], None), ([], "none that it tells of"), (["a", "b"], "`a`, `b`")]


@pytest.mark.parametrize(("listing", "complaint"), SERVED)
async def test_an_endpoint_is_asked_which_model_it_has(listing: list[str], complaint: str | None) -> None:
    async with FaultServer(WIRES["openai"](), answer()) as server:
        server.listing = listing
        models = models_of(server, openai_model="")
        if complaint is None:
            assert (await models.ask(question())).text == TEXT
            assert server.exchanges[0].body["model"] == MODEL
        else:
            with pytest.raises(Misconfigured, match=complaint):
                await models.ask(question())
            assert not server.exchanges
        await models.aclose()


async def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for provider in WIRES:
        async with FaultServer(WIRES[provider](), answer()) as server:
            models: Models = models_of(server)
            assert (await models.ask(question())).text == TEXT
            await models.aclose()
