"""Models as a person has set them up: their settings, their keys, and the file that keeps answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime

from byline.config.layers import answers_file
from byline.config.schema import Models as Settings
from byline.models.keys import EnvironmentKeys, FirstOf, editor_keys, keyring_keys
from byline.models.models import ModelHealth, Models
from byline.models.response_file import ResponseFile
from byline.models.settings import ModelSettings

_FILE = "models.sqlite"

AskEditor = Callable[[str], Awaitable[str | None]]
"""Asks an editor's secret store for the key under a name."""


@asynccontextmanager
async def configured(
    settings: Settings, env: Mapping[str, str], ask_editor: AskEditor | None = None
) -> AsyncIterator[Models]:
    """The models for one event loop; what is under way ends with the block.

    `env` is the person's own environment: keys, addresses, `BYLINE_OFFLINE`, and where their files belong. A key is
    looked for there, then in the editor, then in the keyring. Nothing is opened or asked before it is needed.
    """
    editor = [editor_keys(ask_editor)] if ask_editor else []
    keys = FirstOf([EnvironmentKeys(env), *editor, keyring_keys()])
    store = _store(env)
    models = Models(model_settings(settings), keys, store, env=env)
    try:
        yield models
    finally:
        await models.aclose()
        if store is not None:
            await asyncio.to_thread(store.close)


def model_settings(settings: Settings) -> ModelSettings:
    """The section `models` of the settings as the models take it."""
    return ModelSettings(**{field.name: getattr(settings, field.name) for field in fields(ModelSettings)})


def spent_today(env: Mapping[str, str]) -> float:
    """What was spent today (UTC), in US dollars, in all windows and commands of the person. Makes no file."""
    beside = answers_file(env)
    if beside is None or not beside.with_name(_FILE).exists():
        return 0.0
    store = ResponseFile(beside.with_name(_FILE))
    try:
        return store.spent(datetime.now(UTC).strftime("%Y-%m-%d"))
    finally:
        store.close()


def health_json(health: ModelHealth) -> dict[str, object]:
    """How a model is, as clients and `byline models` are told. `key` says where its key is; `retryIn` is in seconds."""
    return {
        "provider": health.provider,
        "model": health.model,
        "host": health.host,
        "state": health.state,
        "key": health.key,
        "problem": health.problem,
        "retryIn": round(health.retry_in, 1),
    }


def _store(env: Mapping[str, str]) -> ResponseFile | None:
    """The file of answers and of what was spent; None for a person without a home."""
    beside = answers_file(env)
    return ResponseFile(beside.with_name(_FILE)) if beside else None
