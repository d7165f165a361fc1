"""Whatever a provider does, an ask ends in time, with a whole answer or a reason, and is paid for at most once."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asking import KEYS, OTHER, PROMPT, SCHEMA, WIRES, models_of, question
from fault_server import (
    TEXT,
    Exchange,
    FaultServer,
    Step,
    Wire,
    answer,
    begin,
    echo,
    refuse,
    say,
    send,
    silence,
    stream,
)

from byline.models import Answer, ModelError

DEADLINE = 0.4  # seconds, where the deadline is what ends it
AMPLE = 20.0
GRACE = 0.25

JSON = json.dumps({"message": TEXT, "type": "feat"})
LONG = "x" * 300_000


@dataclass(frozen=True)
class Case:
    """What a provider does, and how that ends: in an answer, or in the error of this kind.

    `requests` is how many it gets. `billed` says that it accepted one: then nobody else may be asked.
    """

    name: str
    steps: tuple[Step, ...]
    ends: str
    requests: int = 1
    billed: bool = False
    schema: bool = False
    slow: bool = False  # only the deadline ends it


def case(name: str, *steps: Step, ends: str, **more: Any) -> Case:
    return Case(name, steps, ends, **more)


def bad(name: str, step: Step, **more: Any) -> Case:
    return Case(name, (step,), more.pop("ends", "bad-output"), billed=True, **more)


def beginning(wire: Wire) -> bytes:
    return b"".join(wire.events(TEXT, "")[:7])


def failure(wire: Wire) -> bytes:
    return wire.error_event("overloaded_error")


CASES = [
    # all is well
    case("answers", answer(), ends="answer", billed=True),
    case("answers in JSON", answer(JSON), ends="answer", billed=True, schema=True),
    case("answers in fenced JSON", answer(f"```json\n{JSON}\n```"), ends="answer", billed=True, schema=True),
    case("leaves thoughts in its answer", answer(f"<think>hm</think>\n{TEXT}"), ends="answer", billed=True),
    # no answer
    case("never answers", silence, ends="timeout", slow=True),
    case("resets the connection", send(b""), ends="unavailable", requests=3),
    case("resets it once", send(b""), answer(), ends="answer", requests=2, billed=True),
    case("ends within the headers", send(b"HTTP/1.1 200 OK\r\ncontent-ty"), ends="unavailable", requests=3),
    case("speaks no HTTP", send(b"220 mail.example.org ESMTP\r\n\r\n"), ends="unavailable", requests=3),
    # statuses that pass
    case("429 once", refuse(429), answer(), ends="answer", requests=2, billed=True),
    case("429 twice", refuse(429), refuse(429), answer(), ends="answer", requests=3, billed=True),
    case("429 always", refuse(429), ends="quota", requests=3),
    case("429, wait 0", refuse(429, retry_after="0"), answer(), ends="answer", requests=2, billed=True),
    case("429, wait 20 ms", refuse(429, retry_after_ms="20"), answer(), ends="answer", requests=2, billed=True),
    case("429, wait an hour", refuse(429, retry_after="3600"), ends="quota"),
    case("429, wait 49 days", refuse(429, retry_after="4233600"), ends="quota"),
    case("429, wait until 2099", refuse(429, retry_after="Fri, 20 Nov 2099 10:00:00 GMT"), ends="quota"),
    case(
        "429, wait until 2001",
        refuse(429, retry_after="Tue, 20 Nov 2001 10:00:00 GMT"),
        answer(),
        ends="answer",
        requests=2,
        billed=True,
    ),
    case("429, wait nonsense", refuse(429, retry_after="soon"), answer(), ends="answer", requests=2, billed=True),
    case("429, wait nan", refuse(429, retry_after="nan"), answer(), ends="answer", requests=2, billed=True),
    case("429, wait -5", refuse(429, retry_after="-5"), answer(), ends="answer", requests=2, billed=True),
    case("429, and told to retry", refuse(429, x_should_retry="true"), ends="quota", requests=3),
    *(
        case(f"{status} once", refuse(status), answer(), ends="answer", requests=2, billed=True)
        for status in (408, 409, 500, 502, 503, 504, 529)
    ),
    *(case(f"{status} always", refuse(status), ends="unavailable", requests=3) for status in (408, 500, 503, 529)),
    case("503, wait a day", refuse(503, retry_after="86400"), ends="unavailable"),
    case("502 with a page", say(502, "text/html", b"<h1>Bad gateway</h1>"), ends="unavailable", requests=3),
    case("500 with half a reason", say(500, "application/json", b'{"error": {"mess'), ends="unavailable", requests=3),
    # statuses that stay
    case("501", refuse(501), ends="unavailable"),
    case("401", refuse(401, "authentication_error"), ends="authentication"),
    case("401, repeating all", echo(401), ends="authentication"),
    case("418, repeating all", echo(418), ends="configuration"),
    case("500, repeating all", echo(500), ends="unavailable", requests=3),
    case("403", refuse(403, "permission_error"), ends="authentication"),
    case("402", refuse(402, "billing_error"), ends="quota"),
    case("429, no credit", refuse(429, "insufficient_quota"), ends="quota"),
    case("400, no credit", refuse(400, "x", "Your credit balance is too low"), ends="quota"),
    case("404", refuse(404, "not_found_error"), ends="configuration"),
    case("400", refuse(400, "invalid_request_error"), ends="configuration"),
    case("400, too long", refuse(400, "context_length_exceeded"), ends="configuration"),
    case("413", refuse(413), ends="configuration"),
    case("418", refuse(418), ends="configuration"),
    case("307 elsewhere", say(307, "text/plain", b"", location="http://127.0.0.1:9/v1"), ends="configuration"),
    # an answer that breaks
    bad("accepts and is silent", stream(end="hang"), ends="timeout", slow=True),
    bad("stops in the middle", begin(6, "hang"), ends="timeout", slow=True),
    bad("trickles", stream(lambda wire: wire.delta("x"), end="again", pause=0.02), ends="timeout", slow=True),
    bad("only pings", stream(b": ping\n\n", end="again", pause=0.02), ends="timeout", slow=True),
    bad("trickles half lines", stream(b"data", end="again", pause=0.02), ends="timeout", slow=True),
    bad("accepts and resets", stream(end="cut"), ends="unavailable"),
    bad("accepts and ends", stream(), ends="unavailable"),
    bad("resets in the middle", begin(7, "cut"), ends="unavailable"),
    bad("ends in the middle", begin(7, "close"), ends="unavailable"),
    bad("ends within an event", stream(lambda wire: wire.delta("feat")[:-9]), ends="unavailable"),
    bad("answers with nothing", answer("")),
    bad("answers with white space", answer(" \n\t ")),
    bad("only thinks", answer("<think>hm</think>")),
    bad("needs more tokens", answer(stop="length")),
    bad("declines", answer("I cannot", stop="refusal"), ends="refused"),
    bad("breaks its JSON", stream(b"data: {nonsense\n\n")),
    bad("nests without end", stream(b"data: " + b"[" * 100_000 + b"\n\n")),
    bad("sends a list", stream(b"data: [1]\n\n")),
    bad("sends a number as text", stream(lambda wire: wire.delta(7))),
    bad("sends an object as text", stream(lambda wire: wire.delta({"a": 1}))),
    bad("has no content", say(204, "text/plain", b"")),
    bad("sends a page", say(200, "text/html", b"<h1>Please log in</h1>")),
    bad("writes without end", stream(lambda wire: wire.delta(LONG), end="again")),
    bad("sends an endless line", stream(LONG.encode(), end="again")),
    bad("sends bytes that are no text", stream(b"data: \xff\xfe\n\n")),
    bad("fails in the middle", stream(beginning, failure), ends="unavailable"),
    # not the form that was asked for
    bad("writes prose", answer("Here is your message: feat"), schema=True),
    bad("stops within its JSON", answer(JSON[:-4]), schema=True),
    bad("adds to its JSON", answer(JSON + "\nHope this helps!"), schema=True),
    bad("leaves a field out", answer('{"message": "feat: x"}'), schema=True),
    bad("gives a field another type", answer('{"message": 1, "type": "feat"}'), schema=True),
    bad("invents a choice", answer('{"message": "x", "type": "wow"}'), schema=True),
    bad("writes too much", answer(json.dumps({"message": "x" * 61, "type": "fix"})), schema=True),
    bad("writes NaN", answer('{"message": NaN, "type": "feat"}'), schema=True),
    bad("says things twice", answer('{"message": "a", "message": "b", "type": "fix"}'), schema=True),
    bad("writes a list", answer(f"[{JSON}]"), schema=True),
]


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log of any library holds a key or a word of a prompt, whatever its level."""
    caplog.set_level(logging.DEBUG)
    yield
    format_record = logging.Formatter().format
    logged = [format_record(record) for record in caplog.get_records("call")]
    check_silent("\n".join(logged))


def check_silent(text: str) -> None:
    for secret in (*KEYS.values(), PROMPT):
        assert secret not in text


async def outcome(servers: list[FaultServer], case: Case, deadline: float) -> tuple[str, Answer | ModelError, str]:
    """How an ask ended, and the text that was shown meanwhile. It must end in time."""
    models = models_of(*servers)
    shown: list[str] = []
    asked = question(schema=SCHEMA if case.schema else None)
    started = time.monotonic()
    try:
        found: Answer | ModelError = await models.ask(asked, deadline=deadline, on_text=shown.append)
    except ModelError as error:
        found = error
    took = time.monotonic() - started
    assert took < deadline + GRACE
    await models.aclose()
    return (found.kind if isinstance(found, ModelError) else "answer"), found, "".join(shown)


def check(case: Case, ends: str, found: Answer | ModelError, shown: str) -> None:
    assert ends == case.ends
    if isinstance(found, ModelError):
        check_silent("".join(traceback.format_exception(found)) + repr(found))
        assert not any(key in found.detail for key in KEYS.values())
        assert found.problem.endswith(".")
        assert found.begun == case.billed
    else:
        assert found.text
        assert found.text in shown
        assert (found.data is not None) == case.schema
        assert (found.tokens.sent, found.tokens.received) == (40, 9)


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_alone(provider: str, case: Case) -> None:
    async with FaultServer(WIRES[provider](), *case.steps) as server:
        ends, found, shown = await outcome([server], case, DEADLINE if case.slow else AMPLE)
        check(case, ends, found, shown)
        assert len(server.exchanges) == case.requests
        assert server.billed == case.billed


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_with_another_behind_it(provider: str, case: Case) -> None:
    """The other one is asked exactly if nobody has accepted the question yet."""
    second = FaultServer(WIRES[OTHER[provider]](), answer(JSON if case.schema else TEXT))
    async with FaultServer(WIRES[provider](), *case.steps) as first, second:
        ends, found, shown = await outcome([first, second], case, 2 * DEADLINE if case.slow else AMPLE)
        assert len(first.exchanges) == case.requests
        assert len(second.exchanges) == (not case.billed)
        assert first.billed + second.billed == 1
        if case.billed:
            check(case, ends, found, shown)
        else:
            assert isinstance(found, Answer)
            assert found.provider == OTHER[provider]
            assert found.text == shown


@pytest.mark.parametrize("provider", WIRES)
async def test_an_early_error_event_is_a_status(provider: str) -> None:
    """The provider accepted the request and took it back: nothing was begun, so it may be asked again."""
    async with FaultServer(WIRES[provider](), stream(failure), answer()) as server:
        models = models_of(server)
        assert (await models.ask(question())).text == TEXT
        assert len(server.exchanges) == 2
        await models.aclose()


@pytest.mark.parametrize("provider", WIRES)
async def test_a_server_is_given_the_time_that_it_asks_for(provider: str) -> None:
    wish = 0.2
    async with FaultServer(WIRES[provider](), refuse(429, retry_after=str(wish)), answer()) as server:
        models = models_of(server)
        await models.ask(question())
        first, second = (exchange.arrived for exchange in server.exchanges)
        assert second - first >= wish
        await models.aclose()


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("status", [429, 503, 529])
async def test_nobody_waits_for_what_comes_after_the_deadline(provider: str, status: int) -> None:
    """Not even until the deadline."""
    async with FaultServer(WIRES[provider](), answer(), refuse(status, retry_after="30")) as server:
        models = models_of(server)
        await models.ask(question("warm"))  # importing a library takes its time
        started = time.monotonic()
        with pytest.raises(ModelError) as caught:
            await models.ask(question(), deadline=AMPLE)
        assert time.monotonic() - started < AMPLE / 2
        assert (caught.value.retry_after, len(server.exchanges)) == (30.0, 2)
        await models.aclose()


async def test_nobody_listens() -> None:
    for provider, wire in WIRES.items():
        async with FaultServer(wire(), answer()) as gone:
            pass
        ends, error, _ = await outcome([gone], CASES[0], AMPLE)
        assert ends == "unavailable", provider
        assert isinstance(error, ModelError)
        assert not error.begun


@pytest.mark.parametrize("provider", WIRES)
async def test_who_has_begun_may_use_all_of_the_deadline(provider: str) -> None:
    """More than the half of it that it has to begin, because another one waits behind it."""

    async def slowly(wire: Wire, exchange: Exchange) -> None:
        events = wire.events(TEXT, wire.stops["end"])
        await stream(*events, pause=1.2 / len(events))(wire, exchange)

    second = FaultServer(WIRES[OTHER[provider]](), answer())
    async with FaultServer(WIRES[provider](), slowly) as first, second:
        models = models_of(first, second)
        await models.ask(question("warm"))  # importing a library takes its part of the time as well
        found = await models.ask(question(), deadline=2.0)
        assert found.provider == provider
        assert not second.exchanges
        await models.aclose()


@pytest.mark.parametrize("provider", WIRES)
async def test_the_libraries_say_no_more_than_warnings(provider: str) -> None:
    """At lower levels they say whole requests, and something else with each version."""
    async with FaultServer(WIRES[provider](), answer()) as server:
        models = models_of(server)
        await models.ask(question())
        await models.aclose()
    for name in ("anthropic", "anthropic._base_client", "httpx2", "httpcore2.http11"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
