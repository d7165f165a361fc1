"""The language models of one session: made when they are first needed, and only in a folder that the person trusts.

Importing them takes a fifth of a second, so it happens in a thread. The editor is asked for a key only where the
environment has none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import uuid4

from pygls.exceptions import JsonRpcException

from byline.lsp.text_safety import label

if TYPE_CHECKING:
    from byline.config import Config
    from byline.config.schema import Models as Settings
    from byline.lsp.server import Server
    from byline.models import Models, Task

log = logging.getLogger(__name__)

NOT_TRUSTED = "This folder is not trusted, so no model is asked: trust it in your editor's settings (`byline.trusted`)."

_LONGEST_NAME = 60


class SessionModels:
    """What handlers ask of language models. Belongs to the event loop."""

    def __init__(self, server: Server, config: Callable[[], Config], env: Mapping[str, str]) -> None:
        """`config` loads the settings that hold for the person (it reads files); `env` is their own environment."""
        self._server = server
        self._config = config
        self._env = env
        self._making = asyncio.Lock()
        self._settings: Settings | None = None
        self._models: Models | None = None
        self._open = AsyncExitStack()
        self._looking: asyncio.Task[None] | None = None  # for keys
        self.conversation = f"byline-{uuid4()}"  # what everything that is written in this session has in common

    async def get(self) -> Models:
        """The models as they are set up now. Raises NoModel in a folder that is not trusted."""
        models = await self._trusted()
        if models is None:
            from byline.models import NoModel

            raise NoModel(NOT_TRUSTED)
        return models

    async def title(self, task: Task, *, wait: bool = False) -> str | None:
        """The name of the model that would be asked first for `task`; None where none is set up or may be asked.

        What keys the editor has is found out aside, once. A model whose key is there does not count before that, unless
        one is to `wait` for it.
        """
        models = await self._trusted()
        if models is None:
            return None
        name = models.first(task)
        if name is None:
            looking = self._look_for_keys(models)
            if wait:
                await asyncio.wait([looking])
                name = models.first(task)
        return label(name, _LONGEST_NAME) if name else None

    async def health(self) -> list[dict[str, object]]:
        """How each model is, for `byline/status`; nothing where none may be asked. Asks nobody."""
        models = await self._trusted()
        if models is None:
            return []
        from byline.models.configured import health_json

        return [health_json(health) for health in models.health()]

    async def close(self) -> None:
        """End what is under way."""
        async with self._making:
            self._settings = self._models = None
            await self._open.aclose()

    async def _trusted(self) -> Models | None:
        config = await asyncio.to_thread(self._config)
        if not config.trusted:
            return None
        async with self._making:
            if self._models is None or self._settings != config.models:
                await self._open.aclose()
                made = (await asyncio.to_thread(import_module, "byline.models.configured")).configured
                models = await self._open.enter_async_context(made(config.models, self._env, self._ask_editor))
                self._models, self._settings, self._looking = models, config.models, None
            return self._models

    def _look_for_keys(self, models: Models) -> asyncio.Task[None]:
        if self._looking is None:
            self._looking = self._server.tasks.start("keys", models.find_keys())
        return self._looking

    async def _ask_editor(self, name: str) -> str | None:
        """The key that the editor's secret store has under `name` (`byline/credential`)."""
        try:
            answer = await self._server.ask("byline/credential", {"provider": name})
        except JsonRpcException as refusal:  # most editors have no such store
            log.info("the editor keeps no keys: error %s", refusal.code)
            return None
        key = answer.get("key") if isinstance(answer, Mapping) else None
        return key if isinstance(key, str) else None
