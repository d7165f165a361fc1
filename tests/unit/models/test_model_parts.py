"""The parts behind the door, one table each."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from scripted import Clock, question

from byline.models import (
    Misconfigured,
    ModelError,
    ModelSettings,
    NotAuthenticated,
    Refused,
    ResponseFile,
    Unavailable,
    response_file,
)
from byline.models.answer_schema import mismatch, parse, written
from byline.models.breaker import FAILURES, FIRST_REST, LONGEST_REST, Breaker
from byline.models.endpoints import endpoint_for
from byline.models.errors import RateLimited, Resting
from byline.models.limits import Rate
from byline.models.prices import cost
from byline.models.question import Tokens
from byline.models.retry import delay

# --- the breaker -----------------------------------------------------------------------------------------------------


def attempt(breaker: Breaker, outcome: BaseException | None = None) -> None:
    try:
        with breaker.attempt():
            if outcome is not None:
                raise outcome
    except (ModelError, asyncio.CancelledError) as error:
        if error is not outcome:
            raise


DOWN = Unavailable("Down.")
OUTCOMES: list[tuple[str, list[BaseException | None], str]] = [
    ("four failures", [DOWN] * (FAILURES - 1), "closed"),
    ("five failures", [DOWN] * FAILURES, "open"),
    ("five failures, not in a row", [DOWN, DOWN, None, DOWN, DOWN, DOWN], "closed"),
    ("one that asking again cannot help", [NotAuthenticated("Key.")], "open"),
    ("one that asks for an hour's patience", [RateLimited("Busy.", retry_after=3600)], "open"),
    ("one that asks for a second's patience", [RateLimited("Busy.", retry_after=1)], "closed"),
    ("refusals of questions", [Refused("No.")] * 50, "closed"),
    ("a refusal among failures", [DOWN] * 4 + [Refused("No.")] + [DOWN] * 4, "closed"),
    ("ten thousand cancellations", [asyncio.CancelledError()] * 10_000, "closed"),
    ("cancellations among failures", [asyncio.CancelledError(), DOWN] * FAILURES, "open"),
]


@pytest.mark.parametrize(("name", "outcomes", "state"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_breaker_after(name: str, outcomes: list[BaseException | None], state: str) -> None:
    breaker = Breaker("m", Clock())
    for outcome in outcomes:
        attempt(breaker, outcome)
    assert breaker.state == state


def opened(clock: Clock) -> Breaker:
    breaker = Breaker("m", clock)
    for _ in range(FAILURES):
        attempt(breaker, DOWN)
    return breaker


def test_an_open_breaker_lets_nothing_through_and_says_why() -> None:
    breaker = opened(Clock())
    with pytest.raises(Resting, match=r"another 15 s\. Down\."):
        attempt(breaker)


@pytest.mark.parametrize(
    ("outcome", "state"), [(None, "closed"), (DOWN, "open"), (asyncio.CancelledError(), "half-open")]
)
def test_the_probe_decides(outcome: BaseException | None, state: str) -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_REST
    attempt(breaker, outcome)
    assert breaker.state == state


def test_one_probe_at_a_time() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_REST
    with breaker.attempt():
        for _ in range(100):
            with pytest.raises(Resting):
                attempt(breaker)
    attempt(breaker)
    assert breaker.state == "closed"


def test_rests_double_up_to_five_minutes_and_begin_anew_after_a_success() -> None:
    clock = Clock()
    breaker = opened(clock)
    rests = []
    for _ in range(6):
        rests.append(breaker.rest)
        clock.now += breaker.rest
        attempt(breaker, DOWN)
    assert rests == [15, 30, 60, 120, 240, LONGEST_REST]
    clock.now += breaker.rest
    attempt(breaker)
    for _ in range(FAILURES):
        attempt(breaker, DOWN)
    assert breaker.rest == FIRST_REST


def test_the_rest_is_as_long_as_the_provider_asks_within_reason() -> None:
    for asked, rest in ((100.0, 100.0), (1e9, LONGEST_REST)):
        breaker = Breaker("m", Clock())
        attempt(breaker, RateLimited("Busy.", retry_after=asked))
        assert breaker.rest == rest


# --- retries ---------------------------------------------------------------------------------------------------------

DELAYS: list[tuple[str, ModelError, int, float, float | None]] = [
    ("the first", Unavailable("x", retryable=True), 1, 30, 0.5),
    ("the second", Unavailable("x", retryable=True), 2, 30, 1.0),
    ("the last", Unavailable("x", retryable=True), 3, 30, None),
    ("not retryable", Unavailable("x"), 1, 30, None),
    ("begun", Unavailable("x", retryable=True, begun=True), 1, 30, None),
    ("as asked", RateLimited("x", retryable=True, retry_after=7), 1, 30, 7),
    ("at once, as asked", RateLimited("x", retryable=True, retry_after=0), 1, 30, 0),
    ("later than there is time", RateLimited("x", retryable=True, retry_after=31), 1, 30, None),
    ("no time", Unavailable("x", retryable=True), 1, 0.4, None),
]


@pytest.mark.parametrize(("name", "error", "number", "patience", "wait"), DELAYS, ids=[row[0] for row in DELAYS])
def test_delay(name: str, error: ModelError, number: int, patience: float, wait: float | None) -> None:
    assert delay(error, number, patience, lambda: 1.0) == wait


# --- the rate --------------------------------------------------------------------------------------------------------


async def test_the_rate_in_tokens() -> None:
    clock = Clock()
    rate = Rate(1000, 600, clock)
    await rate.wait(600, 0.1)
    with pytest.raises(RateLimited) as caught:
        await rate.wait(100, 5)
    assert caught.value.retry_after == pytest.approx(10)
    rate.settle(600, 450)  # it took less than was thought
    await rate.wait(100, 0.1)


async def test_a_question_larger_than_the_rate_waits_for_all_of_it() -> None:
    rate = Rate(1000, 600, Clock())
    await rate.wait(10**9, 0.1)


async def test_who_is_cancelled_while_waiting_takes_nothing() -> None:
    clock = Clock()
    rate = Rate(6000, 600, clock)
    await rate.wait(600, 0.1)
    waiting = asyncio.create_task(rate.wait(600, 100))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    clock.now += 60
    await rate.wait(600, 0.1)


# --- addresses -------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("https://api.example.org/v1/", "https://api.example.org/v1"),
    ("http://localhost:11434/v1", "http://localhost:11434/v1"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://127.8.8.8/v1", "http://127.8.8.8/v1"),
    ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ("https://r.openai.azure.com/openai/v1?api-version=preview", "https://r.openai.azure.com/openai/v1"),
    ("http://example.org/v1", "must begin with https"),
    ("http://192.168.1.5:11434/v1", "must begin with https"),
    ("http://localhost.example.org/v1", "must begin with https"),
    ("http://127.0.0.1.example.org/v1", "must begin with https"),
    ("http://2130706433/v1", "must begin with https"),
    ("ftp://localhost/", "must begin with https"),
    ("localhost:11434", "must begin with https"),
    ("https://", "must begin with https"),
    ("https://ann:pass@example.org/", "must not hold a name or a password"),
    ("https://[::1/", "is not a web address"),
    ("https://example.org:99999/", "is not a web address"),
    ("https://models.github.ai/inference", "GitHub Models, which ended on 30 July 2026"),
    ("https://models.inference.ai.azure.com", "GitHub Models, which ended on 30 July 2026"),
    ("https://MODELS.GITHUB.AI./inference", "GitHub Models, which ended on 30 July 2026"),
]


@pytest.mark.parametrize(("given", "outcome"), ADDRESSES)
def test_addresses(given: str, outcome: str) -> None:
    for settings, env in (
        (ModelSettings(openai_base_url=given), {}),
        (ModelSettings(), {"OPENAI_BASE_URL": given}),
    ):
        try:
            found = endpoint_for("openai", settings, env).url
        except Misconfigured as error:
            found = error.problem
            assert "pass@" not in found
        assert outcome in found


def test_a_setting_wins_over_the_variable_and_nothing_means_the_providers_own() -> None:
    env = {"ANTHROPIC_BASE_URL": "https://b.example.org"}
    mine = ModelSettings(claude_base_url="https://a.example.org")
    assert endpoint_for("claude", mine, env).host == "a.example.org"
    assert endpoint_for("claude", ModelSettings(), env).host == "b.example.org"
    own = endpoint_for("claude", ModelSettings(), {})
    assert (own.host, own.official, own.loopback) == ("api.anthropic.com", True, False)


def test_azure_keeps_its_query() -> None:
    given = "https://r.openai.azure.com/openai/deployments/d?api-version=2026-01-01"
    found = endpoint_for("openai", ModelSettings(openai_base_url=given), {})
    assert found.azure
    assert found.path("chat/completions").endswith("/d/chat/completions?api-version=2026-01-01")


# --- prices ----------------------------------------------------------------------------------------------------------

PRICES = [
    ("claude-haiku-5-5", Tokens(3000, 150), 0.000375),
    ("claude-haiku-5-5", Tokens(100_001, 0), 0.0500005),
    ("claude-sonnet-5-5", Tokens(1000, 1000, 1000), 0.0102),
    ("claude-of-tomorrow", Tokens(1, 1), None),
]


@pytest.mark.parametrize(("model", "tokens", "dollars"), PRICES)
def test_cost(model: str, tokens: Tokens, dollars: float | None) -> None:
    assert cost(model, tokens) == (None if dollars is None else pytest.approx(dollars))


# --- answers in JSON -------------------------------------------------------------------------------------------------

ANY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "names": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": 2},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "why": {"type": ["string", "null"]},
        "sure": {"type": "boolean"},
    },
    "required": ["names"],
    "additionalProperties": False,
}
VALUES: list[tuple[object, str | None]] = [
    ({"names": ["a"]}, None),
    ({"names": ["a"], "share": 0.5, "why": None, "sure": True}, None),
    ({"names": []}, "the number of items in `names` is less than 1"),
    ({"names": ["a", "b", "c"]}, "the number of items in `names` is more than 2"),
    ({"names": [""]}, "the length of an item of `names` is less than 1"),
    ({"names": "a"}, "`names` is not of type array"),
    ({"names": ["a"], "share": 2}, "`share` is more than 1"),
    ({"names": ["a"], "share": True}, "`share` is not of type number"),
    ({"names": ["a"], "why": 3}, "`why` is not of type string or null"),
    ({"names": ["a"], "sure": 1}, "`sure` is not of type boolean"),
    ({"names": ["a"], "more": 1}, "the answer holds more than it should"),
    ({}, "`names` is missing in the answer"),
    ([], "the answer is not of type object"),
]


@pytest.mark.parametrize(("value", "wrong"), VALUES)
def test_mismatch(value: object, wrong: str | None) -> None:
    assert mismatch(value, ANY) == wrong


@pytest.mark.parametrize("schema", [{"pattern": "x"}, {"type": "text"}, {"properties": {"a": {"oneOf": []}}}])
def test_a_schema_that_would_not_be_checked(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"schema|type"):
        question(schema=schema)


TEXTS: list[tuple[str, object]] = [
    ('{"a": 1}', {"a": 1}),
    ("```json\n[1]\n```", [1]),
    ("```\n[1]\n```", [1]),
    ("<think>{}</think>\n[1]", [1]),
    ("[1] and more", ValueError),
    ("Infinity", ValueError),
    ('{"a": 1, "a": 2}', ValueError),
    ("[" * 100_000, ValueError),
    ("9" * 5000, ValueError),
    ("", ValueError),
]


@pytest.mark.parametrize(("text", "value"), TEXTS, ids=range(len(TEXTS)))
def test_parse(text: str, value: object) -> None:
    try:
        found: object = parse(written(text))
    except ValueError:
        found = ValueError
    assert found == value


# --- the file of answers ---------------------------------------------------------------------------------------------


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = ResponseFile(tmp_path / "new" / "answers.db")
    store.put("k", "v")
    assert store.get("k") == "v"
    assert (tmp_path / "new" / "answers.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    store.close()


def test_the_file_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_file, "ENTRIES", 20)
    clock = Clock()
    path = tmp_path / "answers.db"
    store = ResponseFile(path, clock)
    for number in range(25):
        clock.now += 0.001
        store.put(f"k{number}", "v" * 10)
    assert (store.get("k4"), store.get("k5")) == (None, "v" * 10)
    clock.now += 3601
    assert store.get("k5") is None
    store.put("new", "words")
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (1,)
    store.forget()
    assert store.get("new") is None
    store.close()
    assert b"words" not in path.read_bytes()


def test_a_clock_that_was_wrong(tmp_path: Path) -> None:
    clock = Clock()
    store = ResponseFile(tmp_path / "answers.db", clock)
    store.put("k", "from the future")
    clock.now -= 86_400
    assert store.get("k") is None


def test_spending_adds_up_over_processes(tmp_path: Path) -> None:
    stores = [ResponseFile(tmp_path / "answers.db") for _ in range(2)]
    for store in stores:
        store.spend("2026-11-20", 0.25)
    assert [store.spent("2026-11-20") for store in stores] == [0.5, 0.5]
    assert stores[0].spent("2026-11-21") == 0


def test_a_damaged_file_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "answers.db"
    path.write_bytes(b"this is no database" * 100)
    store = ResponseFile(path)
    store.put("k", "v")
    assert store.get("k") == "v"
    assert path.with_name("answers.db.damaged").read_bytes().startswith(b"this is no database")
    assert "set aside" in caplog.text


def a_directory(path: Path) -> None:
    path.mkdir()


def a_link(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize("spoil", [a_directory, a_link])
def test_a_file_that_cannot_be_used_is_no_reason_to_fail(
    tmp_path: Path, spoil: Any, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "answers.db"
    spoil(path)
    store = ResponseFile(path)
    for _ in range(3):
        store.put("k", "v")
        assert store.get("k") is None
        assert store.spent("2026-11-20") == 0
    assert caplog.text.count("cannot be used") == 1
