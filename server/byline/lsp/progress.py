"""Progress that a person sees, and can cancel, in one object."""

from __future__ import annotations

import asyncio
import itertools
from types import TracebackType
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.lsp.tasks import current_token

if TYPE_CHECKING:
    from byline.lsp.server import Server

_tokens = itertools.count(1)


class Progress:
    """Shows that something takes long, from entering the `async with` block until leaving it.

    It uses the request's own token if there is one, else one of the server's if the client can show it, else it shows
    nothing at all. If the person cancels, the task that entered the block is cancelled, and with it the token of its
    request, for its threads. `report` may be called from any thread.
    """

    def __init__(self, server: Server, title: str, *, token: types.ProgressToken | None = None) -> None:
        """`title` is what is shown; `token` the request's `work_done_token`."""
        self._server = server
        self._title = title
        self._token = token
        self._request = current_token.get(None)
        self._shown_as: types.ProgressToken | None = None
        self._task: asyncio.Task[object] | None = None
        self._last: tuple[str | None, int | None] = (None, None)
        self._outcome: str | None = None

    async def __aenter__(self) -> Progress:
        """Begin."""
        self._task = asyncio.current_task()
        self._shown_as = self._token if self._token is not None else await self._created()
        if self._shown_as is not None:
            self._server.shown_progress[self._shown_as] = self
            self._tell(types.WorkDoneProgressBegin(title=self._title, cancellable=True, percentage=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, however the block was left."""
        if self._shown_as is not None:
            self._tell(types.WorkDoneProgressEnd(message=self._outcome))
            del self._server.shown_progress[self._shown_as]
            self._shown_as = None

    def report(self, message: str | None = None, percentage: int | None = None) -> None:
        """Show how far it is; `percentage` (0 to 100) never goes back. Telling the same twice sends nothing."""
        if percentage is not None:
            percentage = max(self._last[1] or 0, min(percentage, 100))
        if (message, percentage) != self._last:
            self._last = (message, percentage)
            self._tell(types.WorkDoneProgressReport(message=message, percentage=percentage, cancellable=True))

    def conclude(self, outcome: str) -> None:
        """Say what is shown once the block is left."""
        self._outcome = outcome

    def cancel(self) -> None:
        """The person does not want it any more."""
        if self._request:
            self._request.cancel()
        if self._task:
            self._task.cancel()

    async def _created(self) -> types.ProgressToken | None:
        """A token of the server's own, if the client takes it."""
        if not self._server.client.work_done_progress:
            return None
        token = f"byline-progress-{next(_tokens)}"
        try:
            await self._server.ask(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token=token)
            )
        except (TimeoutError, JsonRpcException):  # the work matters more than its display
            return None
        return token

    def _tell(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        if (token := self._shown_as) is not None:
            self._server.protocol.notify(types.PROGRESS, types.ProgressParams(token=token, value=value))
