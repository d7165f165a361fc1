"""`byline models`: who would be asked, how they are, and what it says without asking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import Run

from byline.cli.output import Exit
from support.provider import Provider, providing

KEY = "sk-canary-4711"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the environment leads to."""
    with providing("yes") as provider:
        for name, value in provider.environment(KEY).items():
            monkeypatch.setenv(name, value)
        yield provider


def told(run: Run, code: Exit, *options: str) -> Any:
    ending = run("models", "--json", *options)
    assert ending.code == code, ending.err
    assert KEY not in ending.out + ending.err
    return json.loads(ending.out)


def states(document: Any) -> list[tuple[str, str, bool | None]]:
    return [(model["provider"], model["state"], model["answered"]) for model in document["models"]]


def test_nobody_is_asked_unless_it_is_wished(run: Run, provider: Provider) -> None:
    document = told(run, Exit.FINE)
    assert states(document) == [("claude", "ready", None), ("claude", "ready", None), ("openai", "no key", None)]
    assert [model["key"] for model in document["models"]] == ["ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY", None]
    assert document["metrics"] == []
    assert provider.asked == []


def test_each_model_that_is_set_up_is_asked(run: Run, provider: Provider) -> None:
    document = told(run, Exit.FINE, "--check")
    assert states(document) == [("claude", "ready", True), ("claude", "ready", True), ("openai", "no key", None)]
    assert {asked["model"] for asked in provider.asked} == {"claude-haiku-5-5", "claude-sonnet-5-5"}
    assert provider.keys == [KEY, KEY]
    assert [(m["model"], m["requests"], m["answers"]) for m in document["metrics"]] == [
        ("claude-haiku-5-5", 1, 1),
        ("claude-sonnet-5-5", 1, 1),
    ]


def test_a_model_that_does_not_answer_is_a_part_that_failed(run: Run, provider: Provider) -> None:
    provider.text = ""
    document = told(run, Exit.FAILED, "--check")
    assert [model["answered"] for model in document["models"]] == [False, False, None]
    assert "empty" in document["models"][0]["problem"]


WRONG = {
    "an address without https": ({"OPENAI_BASE_URL": "http://models.example.org/v1"}, Exit.NO, "misconfigured"),
    "offline": ({"BYLINE_OFFLINE": "1"}, Exit.FINE, "offline"),
    "a model of one's own": ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, Exit.FINE, "ready"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_environment_says(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    variables, code, state = WRONG[name]
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    document = told(run, code)
    assert next(model["state"] for model in document["models"] if model["provider"] == "openai") == state


def test_a_repository_sets_nothing_of_it(run: Run, repo: Any) -> None:
    repo.write(".byline.toml", '[models]\norder = ["openai"]\nopenaiBaseUrl = "https://evil.example.org/v1"\n')
    assert states(told(run, Exit.FINE)) == [("claude", "no key", None)] * 2 + [("openai", "no key", None)]


def test_people_get_a_line_for_each_model_and_what_to_do(run: Run) -> None:
    ending = run("models")
    assert ending.code == Exit.FINE
    assert ending.out.splitlines()[0] == "· claude  claude-haiku-5-5   no key · at api.anthropic.com"
    assert "set ANTHROPIC_API_KEY" in ending.err
    assert "Spent today: $0.00 of $2.00." in ending.err
