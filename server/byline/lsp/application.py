"""What the server does: its features, their handlers, and the session they speak of.

A handler is a module in `handlers/`, named after its method, with a function `handle(app, params)`. It is imported when
its method is first called, and the session with all it stands on in a thread after `initialize` has been answered;
what the client sends until then waits, in order.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from byline.lsp.commit.buffers import CommitBuffers
from byline.lsp.features import COMMANDS, FEATURES, NOTIFICATIONS, UNASKED
from byline.lsp.news import News
from byline.lsp.places import local_path
from byline.lsp.server import Server, run

if TYPE_CHECKING:
    from byline.attribution.client_changes import ClientChange, Column
    from byline.config import Config
    from byline.lsp.models import SessionModels
    from byline.lsp.session import Session


class Application:
    """One client's server with all its features."""

    def __init__(self, server: Server, env: Mapping[str, str] = os.environ) -> None:
        """Registers everything with `server`, and becomes where its documents go."""
        self.server = server
        self.env = env
        self.client_settings: Mapping[str, Any] = {}
        self.has_asked = False  # about transcripts, in this session
        self.quiet = False  # lenses and hints are switched off for now (`byline.toggle`)
        self._session: Session | None = None
        self._models: SessionModels | None = None
        self._waiting: list[Callable[[], object]] = []
        self._starting = False
        self._started = asyncio.Event()
        self.folders: list[Path] = []
        self._log_ends: dict[Path, int] = {}
        self.news = News(server, self._version_of)
        self.commit_buffers = CommitBuffers(self)
        server.documents = self
        server.register(types.INITIALIZE, lambda _, params: self._initialize(params))
        server.register(types.INITIALIZED, lambda _, params: self._initialized())
        server.register(types.SHUTDOWN, self._shut_down)
        server.register(types.WORKSPACE_DID_CHANGE_CONFIGURATION, self._configuration_changed)
        server.register(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, lambda _, params: self._folders_changed(params))
        for method, module in NOTIFICATIONS:
            server.register(method, self._told(module))
        for method, module, options in FEATURES:
            server.register(method, self._late(module), options)
        for command in COMMANDS:
            server.register_command(command, self._late_command(command))

    @property
    def session(self) -> Session:
        """The session. Raises RuntimeError before it is started."""
        if self._session is None:
            raise RuntimeError("the session is not started")
        return self._session

    @property
    def models(self) -> SessionModels:
        """The language models of this session; nothing of them is made before it is needed."""
        if self._models is None:
            from byline.lsp.models import SessionModels

            self._models = SessionModels(self.server, lambda: self.config(None), self.env)
        return self._models

    async def started(self) -> None:
        """Wait until the session can be asked. Raises JsonRpcInternalError if it could not be started."""
        self._start()
        await self._started.wait()
        if self._session is None:
            raise JsonRpcInternalError("Byline could not start its session; its log has the reason.")

    def config(self, root: Path | None) -> Config:
        """The settings that hold in a work tree."""
        from byline.config import load

        return load(root, self.env, self.client_settings)

    # --- documents ------------------------------------------------------------------------------------------------

    def did_open(self, uri: str, path: Path | None, language: str, version: int, text: str) -> None:
        """A document was opened."""
        from byline.git.log_size import log_size

        log_end = log_size(path) if path else None
        self._when_started(lambda: self.session.did_open(uri, path, language, version, text, log_end))
        self._when_started(lambda: self.commit_buffers.did_open(uri, path, language))

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        """A document was changed."""
        if self._session is not None:
            is_open = self._session.did_change(uri, version, changes, column)
            self.commit_buffers.did_change(uri)
            return is_open
        self._when_started(lambda: self.session.did_change(uri, version, changes, column))
        return True

    def did_save(self, uri: str) -> None:
        """A document was saved."""
        self._when_started(lambda: self.session.did_save(uri))

    def did_close(self, uri: str) -> None:
        """A document was closed."""
        self._when_started(lambda: self.session.did_close(uri))
        self._when_started(lambda: self.commit_buffers.did_close(uri))
        self.news.closed(uri)

    def _version_of(self, uri: str) -> int | None:
        file = self.session.recorder.files.get(uri)
        return file.version if file else None

    # --- life -----------------------------------------------------------------------------------------------------

    def _initialize(self, params: types.InitializeParams) -> None:
        """Note the settings, and how long each HEAD log is by now: what it gains from here on is ours to settle."""
        options = params.initialization_options
        self.client_settings = options if isinstance(options, Mapping) else {}
        uris = [folder.uri for folder in params.workspace_folders or ()] or [params.root_uri or ""]
        self.folders = [path for uri in uris if (path := local_path(uri))]
        from byline.git.log_size import log_size

        self._log_ends.update({folder: size for folder in self.folders if (size := log_size(folder)) is not None})

    def _initialized(self) -> None:
        self._start()
        if self.server.client.configuration:
            self.server.tasks.start("configuration", self._fetch_configuration())

    def _start(self) -> None:
        if not self._starting:
            self._starting = True
            self.server.tasks.start("start", self._begin())

    async def _begin(self) -> None:
        try:
            module = await asyncio.to_thread(import_module, "byline.lsp.session")
        except ImportError:
            self._started.set()  # nobody is to wait for ever; the task's failure is recorded
            raise
        listener = module.Listener(
            self.news.attribution_changed, self.news.commit_recorded, self.server.problems.failed
        )
        logging.getLogger("byline").setLevel(self.config(None).log.level.upper())
        self._session = session = module.Session(self.server.tasks, self.config, listener, self._log_ends, self.env)
        session.open_folders(self.folders)
        self._waiting.append(self._configure)
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            try:
                action()
            except Exception as error:  # noqa: BLE001 - what one message does wrong must not cost those behind it
                self.server.problems.failed("start", error)
        self._started.set()
        await self.commit_buffers.prepared()  # an editor that git started asks about nothing else
        await asyncio.to_thread(_warm_up)

    def _when_started(self, action: Callable[[], object]) -> None:
        if self._session is not None:
            action()
            return
        self._waiting.append(action)
        self._start()

    async def _fetch_configuration(self) -> None:
        items = types.ConfigurationParams(items=[types.ConfigurationItem(section="byline")])
        found = await self.server.ask(types.WORKSPACE_CONFIGURATION, items)
        if found and isinstance(found[0], Mapping):
            self.client_settings = {**self.client_settings, **found[0]}
            self._when_started(self._configure)

    def _configuration_changed(self, _: Server, params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings
        section = settings.get("byline") if isinstance(settings, Mapping) else None
        if isinstance(section, Mapping):
            self.client_settings = {**self.client_settings, **section}
            self._when_started(self._configure)
        elif self.server.client.configuration:
            self.server.tasks.start("configuration", self._fetch_configuration())

    def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        added = [path for folder in params.event.added if (path := local_path(folder.uri))]
        gone = {local_path(folder.uri) for folder in params.event.removed}
        self.folders = [*(folder for folder in self.folders if folder not in gone), *added]
        self._when_started(lambda: self.session.open_folders(added))
        self._when_started(self._configure)

    def _configure(self) -> None:
        self.session.configure(self.folders)
        self.server.tasks.start("consent", self._ask_once())

    async def _ask_once(self) -> None:
        from byline.lsp.consent import ask_once

        await ask_once(self)

    async def _shut_down(self, _: Server, params: object) -> None:
        if self._models is not None:
            await self._models.close()
        if self._session is not None:
            await self._session.close()

    # --- handlers -------------------------------------------------------------------------------------------------

    def _told(self, module: str) -> Callable[[Server, Any], None]:
        """A notification needs no answer, but its place in the order of all that the client says."""

        def take(_: Server, params: Any) -> None:
            self._when_started(lambda: import_module(f"byline.lsp.handlers.{module}").handle(self, params))

        return take

    def _late(self, module: str) -> Callable[[Server, Any], Coroutine[Any, Any, object]]:
        return lambda _, params: self._handle(module, params)

    def _late_command(self, name: str) -> Callable[[Server, Any], Coroutine[Any, Any, object]]:
        return lambda _, argument: self._handle("execute_command", name, argument)

    def _handle(self, module: str, *params: object) -> Coroutine[Any, Any, object]:
        """Call a handler: at once if the session is started, so that no later message can overtake it."""
        if self._session is None:
            return self._handle_later(module, *params)
        work = import_module(f"byline.lsp.handlers.{module}").handle(self, *params)
        return self._quietly(module, work) if module in UNASKED else _in_words(work)

    async def _quietly(self, module: str, work: Awaitable[object]) -> object:
        from byline.git.errors import GitError
        from byline.journal.errors import JournalError

        try:
            return await work
        except (GitError, JournalError) as problem:
            self.server.problems.noticed(module, str(problem))
            return None

    async def _handle_later(self, module: str, *params: object) -> object:
        await self.started()
        return await self._handle(module, *params)


async def _in_words(work: Awaitable[object]) -> object:
    """What `work` comes to; where git or the journal refuses, the client gets their sentence."""
    from byline.git.errors import GitError
    from byline.journal.errors import JournalError

    try:
        return await work
    except (GitError, JournalError) as problem:
        raise JsonRpcException(str(problem), types.LSPErrorCodes.RequestFailed.value) from problem


def _warm_up() -> None:
    """Import what the first questions need, so that they need not wait for it."""
    for module in (*(module for _, module, _ in FEATURES), "execute_command"):
        import_module(f"byline.lsp.handlers.{module}")
    import_module("byline.commit_messages.gathering")


def main() -> int:
    """Run the language server on this process's standard streams; returns the exit code."""
    server = Server()
    Application(server)
    return run(server)
