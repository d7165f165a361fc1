"""What every server does with the protocol's own messages: the life cycle, documents, commands, progress.

pygls calls the methods marked here; what handlers a feature has beside them, it knows from its registry.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls import exceptions
from pygls.protocol import lsp_method

from byline.lsp.dispatch import Dispatch, Steps
from byline.lsp.requests import Phase
from byline.lsp.uris import BadUriError, is_file, to_path

if TYPE_CHECKING:
    from cattrs import Converter

    from byline.lsp.server import Server

_NOTEBOOKS = (types.NOTEBOOK_DOCUMENT_DID_OPEN, types.NOTEBOOK_DOCUMENT_DID_CHANGE, types.NOTEBOOK_DOCUMENT_DID_CLOSE)


class Protocol(Dispatch):
    """The built-in features. Belongs to the event loop's thread."""

    def __init__(self, server: Server, converter: Converter) -> None:
        super().__init__(server, converter)
        for method in _NOTEBOOKS:  # the framework would keep their texts, and nobody asked it to
            del self.fm.builtin_features[method]

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Steps:
        """Note what the client can do, then let the framework compute the server's capabilities."""
        self._server.introduce(params)
        result = yield from super().lsp_initialize(params)
        self.phase = Phase.RUNNING
        return result

    @lsp_method(types.INITIALIZED)
    def lsp_initialized(self, *arguments: Any) -> Steps:
        """Use the pause before the first question to get ready for it."""
        yield from super().lsp_initialized(*arguments)  # type: ignore[no-untyped-call]
        self._server.tasks.start("prepare", self._prepare())

    async def _prepare(self) -> None:
        for _ in self.wire.prepare(list(self.fm.features)):
            await asyncio.sleep(0)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *arguments: Any) -> Steps:
        """Cancel what is not answered yet; from now on only `exit` is welcome."""
        if handler := self.fm.features.get(types.SHUTDOWN):
            yield handler, arguments, None
        for request in list(self._incoming.values()):
            if request.method != types.SHUTDOWN:
                request.cancel()
        self.phase = Phase.SHUT_DOWN

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        """Stop, with success only if the client said `shutdown` before."""
        self._server.stop()

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> None:
        """Hand the document on, with its path if it has one."""
        uri, language, version, text = params
        self._server.documents.did_open(uri, self._path(uri), language, version, text)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> None:
        """Hand the changes on, with what it takes to read their positions."""
        uri, version, changes = params
        if not self._server.documents.did_change(uri, version, changes, self._server.column):
            noticed = self._server.problems.noticed
            noticed(types.TEXT_DOCUMENT_DID_CHANGE, "The client changed a document that is not open.")

    @lsp_method(types.TEXT_DOCUMENT_DID_SAVE)
    def lsp_text_document__did_save(self, params: Any) -> None:
        """Pass it on."""
        self._server.documents.did_save(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> None:
        """Pass it on."""
        self._server.documents.did_close(params)

    def _path(self, uri: str) -> Path | None:
        """The path of a file; None for anything else, such as a document that was never saved."""
        if not is_file(uri):
            return None
        try:
            return to_path(uri)
        except BadUriError as error:
            self._server.problems.noticed(types.TEXT_DOCUMENT_DID_OPEN, str(error))
            return None

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Any:
        """Call a command with its only argument, an object."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise exceptions.JsonRpcInvalidParams("There is no command of this name.")
        arguments: list[object] = list(params.arguments or [{}])
        if len(arguments) != 1 or not isinstance(arguments[0], dict):
            raise exceptions.JsonRpcInvalidParams("A command takes one object as its only argument.")
        return self._call(handler, (arguments[0],))

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(self, params: types.WorkDoneProgressCancelParams) -> None:
        """Somebody pressed Cancel."""
        if progress := self._server.shown_progress.get(params.token):
            progress.cancel()
