"""What the server tells its client of its own accord: that answers changed, and that a commit was recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.server import Server
from byline.lsp.tasks import Throttle

if TYPE_CHECKING:
    from pathlib import Path

    from byline.attribution.settle import SettledCommit

_EVERY = 1.0  # seconds, at most, between two messages of the same kind


class News:
    """Tells one client. Belongs to the event loop."""

    def __init__(self, server: Server, version_of: Callable[[str], int | None]) -> None:
        """`version_of` gives the version of an open document, None for one that is not open."""
        self._server = server
        self._version_of = version_of
        self._changed: dict[str, Throttle] = {}
        self.redraw = Throttle(_EVERY, self._ask_to_redraw)
        """Have lenses and hints asked for again, soon."""

    def attribution_changed(self, uri: str, _: int) -> None:
        """Answers about an open document changed."""
        if self._version_of(uri) is None:
            return
        throttle = self._changed.get(uri)
        if throttle is None:
            throttle = self._changed[uri] = Throttle(_EVERY, lambda: self._tell_changed(uri))
        throttle()
        self.redraw()

    def closed(self, uri: str) -> None:
        """A document was closed: nothing more is said of it."""
        self._changed.pop(uri, None)

    def commit_recorded(self, root: Path, commit: SettledCommit) -> None:
        """A commit of the work tree `root` was attributed."""
        from byline.attribution.blame import summary_json

        self._server.protocol.notify(
            "byline/commitRecorded",
            {
                "root": str(root),
                "commit": commit.commit,
                "kind": commit.kind,
                "summary": summary_json(commit.summary),
            },
        )

    def _tell_changed(self, uri: str) -> None:
        version = self._version_of(uri)
        if version is not None:
            self._server.protocol.notify("byline/attributionChanged", {"uri": uri, "version": version})

    def _ask_to_redraw(self) -> None:
        for wanted, method in (
            (self._server.client.code_lens_refresh, types.WORKSPACE_CODE_LENS_REFRESH),
            (self._server.client.inlay_hint_refresh, types.WORKSPACE_INLAY_HINT_REFRESH),
        ):
            if wanted:
                self._server.tasks.start("refresh", self._redraw(method))

    async def _redraw(self, method: str) -> None:
        try:
            await self._server.ask(method, None)
        except TimeoutError:
            self._server.problems.noticed(method, "the client did not answer")
