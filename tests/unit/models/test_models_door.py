"""The door: who is asked, how often, and what is remembered of it."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest
from scripted import ENV, Desk, question

from byline.models import (
    BadOutput,
    EnvironmentKeys,
    FirstOf,
    Misconfigured,
    ModelError,
    NoModel,
    NotAuthenticated,
    QuotaExceeded,
    Refused,
    ResponseFile,
    TimedOut,
    Unacceptable,
    Unavailable,
    editor_keys,
)
from byline.models.keys import AskedKeys, Key

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


# --- the chain -------------------------------------------------------------------------------------------------------

CHAIN: list[tuple[str, ModelError | str, str, int]] = [
    ("answers", "yes", "claude", 0),
    ("is down", Unavailable("Down."), "openai", 1),
    ("has another key", NotAuthenticated("No."), "openai", 1),
    ("has no credit", QuotaExceeded("Empty."), "openai", 1),
    ("is late to begin", TimedOut("Late."), "openai", 1),
    ("takes no such question", Unacceptable("Too long."), "openai", 1),
    ("declined", Refused("No.", begun=True), "refused", 0),
    ("broke off", Unavailable("Cut.", begun=True), "unavailable", 0),
    ("wrote nonsense", BadOutput("What?", begun=True), "bad-output", 0),
    ("is cut although it could be retried", Unavailable("Cut.", begun=True, retryable=True), "unavailable", 0),
]


@pytest.mark.parametrize(("name", "first", "outcome", "second"), CHAIN, ids=[row[0] for row in CHAIN])
async def test_who_answers_when_the_first(name: str, first: ModelError | str, outcome: str, second: int) -> None:
    desk = Desk()
    desk.scripts["claude"] = (first,)
    try:
        ends: str = (await desk.models.ask(question())).provider
    except ModelError as error:
        ends = error.kind
    assert ends == outcome
    assert (desk.calls("claude"), desk.calls("openai")) == (1, second)


async def test_when_all_fail_the_first_reason_is_told_and_the_others_are_kept() -> None:
    desk = Desk()
    desk.scripts = {"claude": (NotAuthenticated("Key."),), "openai": (Unavailable("Down."),)}
    with pytest.raises(NotAuthenticated) as caught:
        await desk.models.ask(question())
    assert [error.kind for error in caught.value.also] == ["unavailable"]


async def test_what_happened_to_the_accepted_request_is_told_first() -> None:
    desk = Desk()
    desk.scripts = {"claude": (Unavailable("Down."),), "openai": (Refused("No.", begun=True),)}
    with pytest.raises(Refused) as caught:
        await desk.models.ask(question())
    assert [error.kind for error in caught.value.also] == ["unavailable"]


NOBODY: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({}, {}, "No language model is set up"),
    (ENV, {"order": ()}, "No language model is set up"),
    (ENV | {"BYLINE_OFFLINE": "1"}, {}, "BYLINE_OFFLINE"),
    ({"ANTHROPIC_API_KEY": ""}, {}, "No language model is set up"),
]


@pytest.mark.parametrize(("env", "settings", "words"), NOBODY)
async def test_nobody_to_ask(env: dict[str, str], settings: dict[str, Any], words: str) -> None:
    desk = Desk(env, **settings)
    with pytest.raises(NoModel, match=words):
        await desk.models.ask(question())
    assert not desk.clients


async def test_each_gets_its_part_of_the_deadline_to_begin() -> None:
    """The first of two is given up after half of the time, and the second still answers."""
    desk = Desk()
    never = asyncio.Event()

    async def hang(*_: object) -> None:
        await never.wait()

    models = desk.models
    desk.scripts["openai"] = ("ja",)
    models._model("claude", "message")
    desk.clients["claude"].answer = hang  # type: ignore[method-assign, assignment]
    found = await models.ask(question(), deadline=0.4)
    assert found.provider == "openai"
    assert models.metrics()["models"][0]["failures"] == {"timeout": 1}


TASKS = [
    ("message", "claude", "claude-haiku-5-5", "low"),
    ("story", "claude", "claude-haiku-5-5", "medium"),
    ("edit", "claude", "claude-sonnet-5-5", "medium"),
    ("message", "openai", "gpt-5.4-mini", "low"),
    ("edit", "openai", "gpt-5.4-mini", "medium"),
]


@pytest.mark.parametrize(("task", "provider", "model", "effort"), TASKS)
async def test_which_model_does_what(task: str, provider: str, model: str, effort: str) -> None:
    desk = Desk(order=(provider,))
    await desk.models.ask(question(task=task))
    call = desk.clients[provider].calls[0]
    assert (call.model, call.effort) == (model, effort)


async def test_settings_choose_model_and_effort() -> None:
    desk = Desk(claude_model="claude-opus-5-5", effort="high")
    await desk.models.ask(question())
    call = desk.clients["claude"].calls[0]
    assert (call.model, call.effort) == ("claude-opus-5-5", "high")


# --- once for the same thing -----------------------------------------------------------------------------------------


async def test_many_who_ask_the_same_share_one_request() -> None:
    desk = Desk()
    gate = asyncio.Event()
    desk.scripts["claude"] = (gate,)
    shown: list[list[str]] = [[] for _ in range(5)]
    asking = [asyncio.create_task(desk.models.ask(question(), on_text=pieces.append)) for pieces in shown]
    while not all(shown):
        await asyncio.sleep(0)
    latecomer: list[str] = []
    asking.append(asyncio.create_task(desk.models.ask(question(), on_text=latecomer.append)))
    while not latecomer:
        await asyncio.sleep(0)
    gate.set()
    assert {(await task).text for task in asking} == {"late"}
    assert ["".join(pieces) for pieces in (*shown, latecomer)] == ["late"] * 6
    assert desk.calls("claude") == 1


async def test_the_same_question_again_is_answered_from_memory() -> None:
    desk = Desk()
    first = await desk.models.ask(question())
    shown: list[str] = []
    again = await desk.models.ask(question(), on_text=shown.append)
    assert (first.cached, again.cached) == (False, True)
    assert (again.text, again.tokens.total, again.cost, shown) == ("yes", 0, 0.0, ["yes"])
    assert desk.calls("claude") == 1


DIFFERENT: list[tuple[str, dict[str, Any]]] = [
    ("another text", {"text": "other"}),
    ("another task", {"task": "story"}),
    ("a schema", {"schema": SCHEMA}),
    ("another length", {"max_tokens": 5}),
]


@pytest.mark.parametrize(("name", "change"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
async def test_another_question_is_asked(name: str, change: dict[str, Any]) -> None:
    desk = Desk()
    desk.scripts["claude"] = ("1", '{"n": 1}')
    await desk.models.ask(question())
    assert not (await desk.models.ask(question(**change))).cached
    assert desk.calls("claude") == 2


async def test_asking_for_a_fresh_answer() -> None:
    desk = Desk()
    desk.scripts["claude"] = ("one", "two")
    await desk.models.ask(question())
    assert (await desk.models.ask(question(), fresh=True)).text == "two"
    assert (await desk.models.ask(question())).text == "two"


async def test_an_answer_is_good_for_an_hour() -> None:
    desk = Desk()
    await desk.models.ask(question())
    desk.clock.now += 3599
    assert (await desk.models.ask(question())).cached
    desk.clock.now += 2
    assert not (await desk.models.ask(question())).cached


@pytest.mark.parametrize("failure", [BadOutput("What?", begun=True), Refused("No.", begun=True)])
async def test_a_failure_is_not_remembered(failure: ModelError) -> None:
    desk = Desk()
    desk.scripts["claude"] = (failure, "yes")
    with pytest.raises(type(failure)):
        await desk.models.ask(question())
    assert (await desk.models.ask(question())).text == "yes"


async def test_another_process_finds_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "state" / "answers.db"
    clock = Desk().clock
    for cached in (False, True):
        desk = Desk(store=ResponseFile(path, clock))
        assert (await desk.models.ask(question())).cached is cached
        await desk.models.aclose()


async def test_who_wants_no_answers_kept_has_none(tmp_path: Path) -> None:
    store = ResponseFile(tmp_path / "answers.db")
    desk = Desk(store=store, keep_answers=False)
    for _ in range(2):
        assert not (await desk.models.ask(question())).cached
    await desk.models.aclose()
    assert b"yes" not in (tmp_path / "answers.db").read_bytes()


# --- who shows the text ----------------------------------------------------------------------------------------------


async def test_a_listener_that_fails_does_not_lose_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: str) -> None:
        raise ValueError("the window is gone")

    desk = Desk()
    assert (await desk.models.ask(question(), on_text=broken)).text == "yes"
    assert "the answer itself goes on" in caplog.text


async def test_a_client_that_breaks_is_no_end_of_the_chain(caplog: pytest.LogCaptureFixture) -> None:
    """What it says may hold the whole request, so only its place is logged."""
    desk = Desk()

    async def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    desk.models._model("claude", "message")
    desk.clients["claude"].answer = broken  # type: ignore[method-assign, assignment]
    with caplog.at_level(logging.DEBUG):
        assert (await desk.models.ask(question())).provider == "openai"
    assert "RuntimeError" in caplog.text
    assert "secret words" not in caplog.text.replace('raise RuntimeError("secret words")', "")


# --- money -----------------------------------------------------------------------------------------------------------


async def test_what_it_cost_is_counted_by_model() -> None:
    desk = Desk()
    found = await desk.models.ask(question())
    assert found.cost == pytest.approx((1000 * 0.10 + 100 * 0.50) / 1e6)
    await desk.models.ask(question())
    (row,) = json.loads(json.dumps(desk.models.metrics()))["models"]
    assert (row["requests"], row["answers"], row["cacheHits"]) == (1, 1, 1)
    assert row["tokens"] == {"sent": 1000, "received": 100, "cached": 0}
    assert desk.models.metrics()["dollars"] == pytest.approx(found.cost)


async def test_an_answer_that_cannot_be_used_is_paid_for_too() -> None:
    desk = Desk()
    desk.scripts["claude"] = ("not JSON",)
    with pytest.raises(BadOutput):
        await desk.models.ask(question(schema=SCHEMA))
    assert desk.models.metrics()["dollars"] > 0


async def test_a_budget_ends_the_day(tmp_path: Path) -> None:
    """It is one budget for all processes, and the next day has its own."""
    desks = [Desk(store=ResponseFile(tmp_path / "answers.db"), budget_cents=1, order=("claude",)) for _ in range(2)]
    await desks[0].models._budget.add(0.02)
    for desk in desks:
        with pytest.raises(QuotaExceeded, match="budgetCents"):
            await desk.models.ask(question())
        assert desk.calls("claude") == 0
    desks[1].clock.now += 86_400
    assert (await desks[1].models.ask(question())).text == "yes"


async def test_a_model_on_this_machine_needs_no_budget() -> None:
    desk = Desk({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, budget_cents=1)
    await desk.models._budget.add(5)
    assert (await desk.models.ask(question())).cost == 0.0


async def test_the_rate_is_a_limit_of_ones_own() -> None:
    desk = Desk(requests_per_minute=2, order=("claude",))
    for text in ("a", "b"):
        await desk.models.ask(question(text))
    with pytest.raises(ModelError, match=r"models\.requestsPerMinute"):
        await desk.models.ask(question("c"), deadline=1)
    desk.clock.now += 60
    assert (await desk.models.ask(question("c"))).text == "yes"


async def test_the_rate_counts_the_tokens_that_were_used() -> None:
    """A question is taken to need all that it may; what it left of that is there for the next one at once."""
    desk = Desk(tokens_per_minute=2_500, order=("claude",))
    for text in ("a", "b"):
        await desk.models.ask(question(text, max_tokens=1_300), deadline=1)
    with pytest.raises(ModelError, match=r"models\.tokensPerMinute"):
        await desk.models.ask(question("c", max_tokens=1_300), deadline=1)
    desk.clock.now += 60
    assert (await desk.models.ask(question("c", max_tokens=1_300))).text == "yes"


# --- health ----------------------------------------------------------------------------------------------------------


HEALTH: list[tuple[dict[str, str], dict[str, Any], list[tuple[str, str]]]] = [
    (
        ENV,
        {},
        [("claude-haiku-5-5", "ready"), ("claude-sonnet-5-5", "ready"), ("gpt-5.4-mini", "ready")],
    ),
    ({}, {"order": ("openai",)}, [("gpt-5.4-mini", "no key")]),
    (ENV | {"BYLINE_OFFLINE": "1"}, {"order": ("openai",)}, [("gpt-5.4-mini", "offline")]),
    (ENV | {"OPENAI_BASE_URL": "http://example.org"}, {"order": ("openai",)}, [("", "misconfigured")]),
    ({"OPENAI_BASE_URL": "http://localhost:1/v1"}, {"order": ("openai",)}, [("the model of localhost", "ready")]),
]


@pytest.mark.parametrize(("env", "settings", "rows"), HEALTH)
async def test_health(env: dict[str, str], settings: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    assert [(row.model, row.state) for row in Desk(env, **settings).models.health()] == rows


FIRST: list[tuple[str, dict[str, str], dict[str, Any], str | None]] = [
    ("one of two", ENV, {}, "claude-haiku-5-5"),
    ("another order", ENV, {"order": ("openai", "claude")}, "gpt-5.4-mini"),
    ("the other one has no key", {"OPENAI_API_KEY": "k"}, {}, "gpt-5.4-mini"),
    ("the other one is misconfigured", ENV | {"ANTHROPIC_BASE_URL": "http://example.org"}, {}, "gpt-5.4-mini"),
    ("its own name", ENV, {"claude_model": "claude-own-1"}, "claude-own-1"),
    ("only its endpoint knows it", {"OPENAI_BASE_URL": "http://localhost:1/v1"}, {}, "the model of localhost"),
    ("no key", {}, {}, None),
    ("nobody wanted", ENV, {"order": ()}, None),
    ("offline", ENV | {"BYLINE_OFFLINE": "1"}, {}, None),
]


@pytest.mark.parametrize(("name", "env", "settings", "first"), FIRST, ids=[row[0] for row in FIRST])
async def test_who_would_be_asked_first(
    name: str, env: dict[str, str], settings: dict[str, Any], first: str | None
) -> None:
    """It is also who is asked."""
    desk = Desk(env, **settings)
    assert desk.models.first("message") == first
    assert not any(client.calls for client in desk.clients.values())
    if first is not None:
        await desk.models.ask(question())
        asked = [client.calls[0].model or first for client in desk.clients.values() if client.calls]
        assert asked == [first]


async def test_a_task_may_have_another_first() -> None:
    assert Desk().models.first("edit") == "claude-sonnet-5-5"


async def test_a_model_that_fails_rests_and_comes_back() -> None:
    desk = Desk(order=("claude",))
    desk.scripts["claude"] = (*[Unavailable("Down.")] * 5, "yes")
    for number in range(5):
        with pytest.raises(Unavailable):
            await desk.models.ask(question(str(number)))
    resting = desk.models.health()[0]
    assert (resting.state, resting.problem) == ("resting", "Down.")
    with pytest.raises(Unavailable, match="left alone"):
        await desk.models.ask(question())
    assert desk.calls("claude") == 5
    desk.clock.now += resting.retry_in
    assert desk.models.health()[0].state == "probing"
    assert (await desk.models.ask(question())).text == "yes"
    assert desk.models.health()[0].state == "ready"


async def test_many_questions_make_one_probe() -> None:
    desk = Desk(order=("claude",))
    gate = asyncio.Event()
    desk.scripts["claude"] = (NotAuthenticated("No."), gate)
    with pytest.raises(NotAuthenticated):
        await desk.models.ask(question())
    desk.clock.now += desk.models.health()[0].retry_in
    asking = [asyncio.create_task(desk.models.ask(question(str(number)))) for number in range(20)]
    while sum(task.done() for task in asking) != 19:
        await asyncio.sleep(0)
    assert desk.calls("claude") == 2
    gate.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert sum(isinstance(outcome, Unavailable) for outcome in outcomes) == 19
    assert desk.models.health()[0].state == "ready"


async def test_a_cancelled_probe_lets_the_next_one_through() -> None:
    desk = Desk(order=("claude",))
    desk.scripts["claude"] = (NotAuthenticated("No."), asyncio.Event(), "yes")
    with pytest.raises(NotAuthenticated):
        await desk.models.ask(question())
    desk.clock.now += desk.models.health()[0].retry_in
    probe = asyncio.create_task(desk.models.ask(question("probe")))
    while desk.calls("claude") < 2:
        await asyncio.sleep(0)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    await asyncio.sleep(0)  # the request ends in the loop's next turn
    assert (await desk.models.ask(question())).text == "yes"


async def test_a_new_key_is_a_new_start() -> None:
    desk = Desk(order=("claude",))
    desk.scripts["claude"] = (NotAuthenticated("No."), "yes")
    with pytest.raises(NotAuthenticated):
        await desk.models.ask(question())
    with pytest.raises(Unavailable, match="left alone"):
        await desk.models.ask(question())
    desk.env["ANTHROPIC_API_KEY"] = "another-key"
    assert (await desk.models.ask(question())).text == "yes"


# --- keys ------------------------------------------------------------------------------------------------------------


async def test_the_first_place_that_has_a_key_gives_it() -> None:
    asked: list[str] = []

    async def editor(provider: str) -> str | None:
        asked.append(provider)
        return "key-from-editor" if provider == "openai" else None

    desk = Desk({"ANTHROPIC_API_KEY": "a"})
    keys = FirstOf([EnvironmentKeys(desk.env), editor_keys(editor)])
    assert repr(await keys.key("claude")) == "<key from ANTHROPIC_API_KEY>"
    for _ in range(2):
        assert repr(await keys.key("openai")) == "<key from the editor>"
    assert asked == ["openai"]
    assert keys.where("openai") == "the editor"
    keys.forget("openai")
    await keys.key("openai")
    assert asked == ["openai", "openai"]


async def test_a_refused_key_is_asked_for_again() -> None:
    given = iter(["old", "new"])

    async def editor(_: str) -> str | None:
        return next(given)

    desk = Desk({}, keys=editor_keys(editor), order=("claude",))
    desk.scripts["claude"] = (NotAuthenticated("No."), "yes")
    with pytest.raises(NotAuthenticated):
        await desk.models.ask(question())
    assert (await desk.models.ask(question())).text == "yes"


async def test_a_place_that_fails_has_no_key(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_: str) -> str | None:
        raise OSError("canary-key")

    assert await AskedKeys("the keyring", broken).key("claude") is None
    assert "The keyring cannot be asked (OSError)" in caplog.text
    assert "canary-key" not in caplog.text


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "ünicode", "x" * 5000, "\x00"])
def test_what_cannot_be_a_key(value: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Key(value, "ANTHROPIC_API_KEY")
    assert value not in caught.value.problem


def test_a_key_is_never_shown() -> None:
    key = Key(" canary-key\n", "ANTHROPIC_API_KEY")
    assert key.reveal() == "canary-key"
    for shown in (repr(key), str(key), f"{key}", f"{[key]}"):
        assert "canary" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_no_text_shows_in_what_is_asked_and_answered() -> None:
    assert "canary" not in repr(question("canary"))
