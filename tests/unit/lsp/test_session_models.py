"""The models of a session: made when they are needed, as the settings are then, and only where the person trusts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
import pytest_asyncio
from pygls.exceptions import JsonRpcMethodNotFound

from byline.config import Config
from byline.config.schema import Models as Settings
from byline.lsp.models import SessionModels
from byline.lsp.problems import Problems
from byline.lsp.server import Server
from byline.lsp.tasks import Tasks
from byline.models import NoModel

TRUSTED = Config(trusted=True)
CLAUDE = {"ANTHROPIC_API_KEY": "k"}


class Client:
    """What stands for the server: it runs tasks, and the editor behind it has these keys (None: it keeps none)."""

    def __init__(self, keys: Mapping[str, object] | None = None) -> None:
        self.tasks = Tasks(Problems())
        self.asked: list[str] = []
        self._keys = keys

    async def ask(self, method: str, params: Any) -> object:
        assert method == "byline/credential"
        self.asked.append(params["provider"])
        if self._keys is None:
            raise JsonRpcMethodNotFound("no")
        return {"key": self._keys.get(params["provider"])}


class Session:
    """Models whose settings can be changed."""

    def __init__(self) -> None:
        self.config = TRUSTED
        self.client = Client()
        self.env: dict[str, str] = {}
        self._models: SessionModels | None = None

    @property
    def models(self) -> SessionModels:
        if self._models is None:
            self._models = SessionModels(cast(Server, self.client), lambda: self.config, self.env)
        return self._models


@pytest_asyncio.fixture
async def session() -> AsyncIterator[Session]:
    session = Session()
    yield session
    await session.models.close()


async def test_there_are_none_in_a_folder_that_is_not_trusted(session: Session) -> None:
    session.config, session.env = Config(), CLAUDE
    assert await session.models.title("edit") is None
    assert await session.models.health() == []
    with pytest.raises(NoModel, match="not trusted"):
        await session.models.get()
    assert session.client.asked == []


async def test_they_are_made_once_and_anew_when_a_setting_changes(session: Session) -> None:
    session.env = CLAUDE
    first = await session.models.get()
    assert await session.models.get() is first
    session.config = replace(TRUSTED, models=Settings(claude_strong_model="claude-own-1"))
    assert await session.models.title("edit") == "claude-own-1"
    assert await session.models.get() is not first


TITLES: dict[str, tuple[dict[str, str], Settings, str | None]] = {
    "Claude": (CLAUDE, Settings(), "claude-sonnet-5-5"),
    "OpenAI": ({"OPENAI_API_KEY": "k"}, Settings(), "gpt-5.4-mini"),
    "both, in another order": ({**CLAUDE, "OPENAI_API_KEY": "k"}, Settings(order=("openai", "claude")), "gpt-5.4-mini"),
    "an endpoint that knows its model": (
        {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
        Settings(),
        "the model of 127.0.0.1",
    ),
    "offline": ({**CLAUDE, "BYLINE_OFFLINE": "1"}, Settings(), None),
    "nothing": ({}, Settings(), None),
}


@pytest.mark.parametrize("name", TITLES)
async def test_the_model_that_would_be_asked_first_has_a_name(session: Session, name: str) -> None:
    env, settings, expected = TITLES[name]
    session.env, session.config = env, replace(TRUSTED, models=settings)
    assert await session.models.title("edit", wait=True) == expected


async def test_the_editor_is_asked_once_for_a_key_that_the_environment_does_not_have(session: Session) -> None:
    session.client = Client({"anthropic": "key-of-the-editor"})
    assert await session.models.title("edit") is None
    assert await session.models.title("edit", wait=True) == "claude-sonnet-5-5"
    assert await session.models.title("edit") == "claude-sonnet-5-5"
    assert sorted(session.client.asked) == ["anthropic", "openai"]
    assert "key-of-the-editor" not in str(await session.models.health())


@pytest.mark.parametrize("keys", [None, {}, {"anthropic": 7}, {"anthropic": "not a key"}])
async def test_an_editor_without_a_usable_key_is_none(session: Session, keys: Mapping[str, object] | None) -> None:
    session.client = Client(keys)
    assert await session.models.title("edit", wait=True) is None


async def test_an_editor_is_not_asked_again_for_what_it_refused(session: Session) -> None:
    titles = [session.models.title("edit", wait=True) for _ in range(3)]
    assert await asyncio.gather(*titles) == [None] * 3
    assert session.client.asked.count("anthropic") == 1
