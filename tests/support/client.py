"""An editor for tests, on pytest-lsp: it answers what editors answer, applies edits, and writes down what it is told.

pytest-lsp checks every message of the server's against the capabilities of the editor that it stands for, and fails
the test where the specification is broken.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.protocol import JsonRPCNotification, JsonRPCResponseMessage, default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

from byline.lsp.positions import Encoding, negotiate, to_column
from byline.provenance.text import split_lines

LSP = (sys.executable, "-m", "byline", "lsp")
DEADLINE = 10.0
_PAUSE = 0.01


class Editor(LanguageClient):
    """A client and what it has seen.

    `texts` are the open documents; `told` are Byline's own notifications as (method, params), oldest first.
    """

    def __init__(self) -> None:
        super().__init__(converter_factory=_converter)
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.told: list[tuple[str, Any]] = []
        self.registrations: list[types.Registration] = []
        self.lens_refreshes = 0
        self.hint_refreshes = 0
        self.encoding = Encoding.UTF16
        register_lsp_features(self)
        self._answer_like_an_editor()

    # --- documents --------------------------------------------------------------------------------------------------

    def open(self, uri: str, text: str, language: str = "python") -> None:
        self.texts[uri], self.versions[uri] = text, 1
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, version=1, text=text))
        )

    def change(self, uri: str, *changes: types.TextDocumentContentChangeEvent) -> int:
        """Apply `changes` here and tell the server; the new version."""
        for change in changes:
            whole = isinstance(change, types.TextDocumentContentChangeWholeDocument)
            self.texts[uri] = change.text if whole else self._replaced(uri, change.range, change.text)
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))
        return self.versions[uri]

    def insert(self, uri: str, line: int, character: int, text: str) -> int:
        place = types.Position(line, character)
        return self.change(uri, types.TextDocumentContentChangePartial(types.Range(place, place), text))

    def close(self, uri: str) -> None:
        del self.texts[uri], self.versions[uri]
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def _replaced(self, uri: str, where: types.Range, text: str) -> str:
        lines = split_lines(self.texts[uri])
        start, end = (self._offset(lines, place) for place in (where.start, where.end))
        whole = "".join(lines)
        return whole[:start] + text + whole[end:]

    def _offset(self, lines: Sequence[str], place: types.Position) -> int:
        if place.line >= len(lines):
            return sum(map(len, lines))
        return sum(map(len, lines[: place.line])) + to_column(lines[place.line], place.character, self.encoding)

    # --- Byline's own messages --------------------------------------------------------------------------------------

    async def ask(self, method: str, params: object) -> Any:
        """The plain JSON that the server answers."""
        return await asyncio.wait_for(self.protocol.send_request_async(method, params), DEADLINE)

    def tell(self, method: str, params: object) -> None:
        self.protocol.notify(method, params)

    async def wait_until(
        self, uri: str, condition: Callable[[dict[str, Any]], object], deadline: float = DEADLINE
    ) -> dict[str, Any]:
        """Ask `byline/status` for `uri` until it meets `condition`; that status."""

        async def probe() -> dict[str, Any]:
            return await self.ask("byline/status", {"uri": uri})

        return await wait_for(probe, condition, deadline)

    # --- what editors answer ----------------------------------------------------------------------------------------

    def _answer_like_an_editor(self) -> None:
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(partial(self._register))
        self.feature(types.CLIENT_UNREGISTER_CAPABILITY)(lambda params: None)
        self.feature(types.WORKSPACE_APPLY_EDIT)(partial(self._apply))
        self.feature(types.WORKSPACE_CODE_LENS_REFRESH)(partial(self._refresh_lenses))
        self.feature(types.WORKSPACE_INLAY_HINT_REFRESH)(partial(self._refresh_hints))
        self.feature("byline/credential")(lambda params: {"key": None})
        for method in ("byline/attributionChanged", "byline/commitRecorded"):
            self.feature(method)(self._recorder(method))

    def _recorder(self, method: str) -> Callable[[Any], None]:
        return lambda params: self.told.append((method, params))

    def _register(self, params: types.RegistrationParams) -> None:
        self.registrations += params.registrations

    def _refresh_lenses(self, params: None) -> None:
        self.lens_refreshes += 1

    def _refresh_hints(self, params: None) -> None:
        self.hint_refreshes += 1

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Apply an edit to open documents, all of it or, where a version is not the current one, nothing."""
        edits = [change for change in params.edit.document_changes or () if isinstance(change, types.TextDocumentEdit)]
        pairs = [(edit.text_document.uri, edit.text_document.version, edit.edits) for edit in edits]
        pairs += [(uri, None, changes) for uri, changes in (params.edit.changes or {}).items()]
        for uri, version, _ in pairs:
            if uri not in self.texts or version not in (None, self.versions[uri]):
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason="not this version")
        for uri, _, changes in pairs:
            last_first = sorted(changes, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True)
            self.change(uri, *(types.TextDocumentContentChangePartial(e.range, e.new_text) for e in last_first))
        return types.ApplyWorkspaceEditResult(applied=True)


async def wait_for(
    probe: Callable[[], Awaitable[Any]], condition: Callable[[Any], object], deadline: float = DEADLINE
) -> Any:
    """Ask `probe` until its answer meets `condition`; that answer. Fails with the last one after `deadline` seconds."""
    end = time.monotonic() + deadline
    while not condition(answer := await probe()):
        assert time.monotonic() < end, f"waited {deadline:.0f} s in vain; the last answer was {answer!r}"
        await asyncio.sleep(_PAUSE)
    return answer


@asynccontextmanager
async def editing(
    root: Path | None = None,
    *,
    like: str = "visual-studio-code",
    command: Sequence[str] = LSP,
    env: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> AsyncIterator[Editor]:
    """A server that has been greeted by an editor `like` this one (pytest-lsp's names), with `root` as its folder.

    The environment is this process's, which the suite has isolated. Leaving asserts that the server ended well.
    """
    editor = Editor()
    await editor.start_io(*command, **({"env": dict(env)} if env else {}))
    try:
        folders = [types.WorkspaceFolder(uri=root.as_uri(), name=root.name)] if root else None
        capabilities = client_capabilities(like)
        result = await asyncio.wait_for(
            editor.initialize_session(
                types.InitializeParams(
                    capabilities=capabilities,
                    workspace_folders=folders,
                    root_uri=root.as_uri() if root else None,
                    initialization_options=dict(options or {}),
                )
            ),
            DEADLINE,
        )
        offered = capabilities.general.position_encodings if capabilities.general else None
        editor.encoding = negotiate(offered)
        assert result.capabilities.position_encoding in (None, editor.encoding.value)
        yield editor
        await asyncio.wait_for(editor.shutdown_session(), DEADLINE)
        assert editor._server is not None
        assert editor._server.returncode == 0
    finally:
        await editor.stop()


def _converter() -> Converter:
    """pygls' converter, but messages that it has no types for stay plain JSON."""
    converter = default_converter()
    for kind in (JsonRPCNotification, JsonRPCResponseMessage):
        converter.register_structure_hook(kind, lambda raw, cls: cls(**raw))
    return converter
