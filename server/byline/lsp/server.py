"""The language server: pygls' server with our protocol, our transport, and the documents somebody else's."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.feature_manager import assign_thread_attr
from pygls.lsp.server import LanguageServer

from byline import __version__
from byline.lsp.capabilities import ClientCapabilities
from byline.lsp.parent import leave_within, watch_parent
from byline.lsp.positions import Encoding, negotiate, to_column
from byline.lsp.problems import Problems
from byline.lsp.protocol import Protocol
from byline.lsp.requests import Phase
from byline.lsp.sync import Documents, NoDocuments
from byline.lsp.tasks import Tasks
from byline.lsp.transport import Reader, Writer

if TYPE_CHECKING:
    from byline.lsp.progress import Progress

ASK_TIMEOUT = 30.0
"""Seconds to wait for a client's answer: one that a person has to give needs more, and its caller says so."""

_WORKERS = 4
_LEAVE_WITHIN = 2.0
_SWITCH = 0.0002  # seconds after which a busy thread lets the others run (docs/decisions/0007-pauses.md)

Handler = Callable[["Server", Any], Any]
"""`handler(server, params)`: plain ones run on the event loop, in the order in which the client spoke."""


class Server(LanguageServer):
    """One client's language server.

    `client` and `encoding` are known once `initialize` has come. `documents` gets the texts; whoever
    registers the handlers sets it. `problems` is what went wrong so far, `tasks` what runs beside the requests.
    """

    protocol: Protocol

    def __init__(self) -> None:
        self.client = ClientCapabilities()
        self.encoding = Encoding.UTF16
        self.documents: Documents = NoDocuments()
        self.problems = Problems()
        self.tasks = Tasks(self.problems)
        self.shown_progress: dict[types.ProgressToken, Progress] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Future[None] | None = None
        super().__init__(
            "byline", __version__, protocol_cls=Protocol, converter_factory=get_converter, max_workers=_WORKERS
        )

    def column(self, line: str, character: int) -> int:
        """The column, in code points, of a character in the client's units on a line of this text."""
        return to_column(line, character, self.encoding)

    # --- for those who register handlers --------------------------------------------------------------------------

    def register(self, method: str, handler: Handler, options: object = None, *, threaded: bool = False) -> None:
        """Answer `method` by `handler`, whose capability is then announced with `options`.

        A plain function runs on the loop at once, so it must be quick; a coroutine function may wait; a `threaded`
        function runs in a worker, where `tasks.cancel_token()` says when to stop. Byline's own methods get the models
        of `byline.lsp.messages`. An exception becomes an error answer, or for a notification a problem.
        """
        self.feature(method, options)(self._bound(handler, threaded))

    def register_command(self, name: str, handler: Handler, *, threaded: bool = False) -> None:
        """Run `handler(server, argument)` for the command `name`; `argument` is a dict, its fields unchecked."""
        self.command(name)(self._bound(handler, threaded))

    def _bound(self, handler: Handler, threaded: bool) -> Callable[[Any], Any]:
        bound = partial(handler, self)
        if threaded:
            assign_thread_attr(bound)  # type: ignore[no-untyped-call]
        return bound

    async def ask(self, method: str, params: object, timeout: float = ASK_TIMEOUT) -> Any:
        """The client's answer to a request of ours. Raises `TimeoutError`, or `JsonRpcException` if it refuses.

        If the waiting task is cancelled the client is told, and its late answer does no harm.
        """
        async with asyncio.timeout(timeout):
            return await asyncio.wrap_future(self.protocol.send_request(method, params))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What the framework itself reports: counted and logged, never a pop-up."""
        self.problems.failed(getattr(source, "__name__", "pygls"), error)

    # --- life -----------------------------------------------------------------------------------------------------

    def introduce(self, params: types.InitializeParams) -> None:
        """Note what `initialize` says of the client, before anybody else sees it."""
        self.client = ClientCapabilities.of(params.capabilities)
        general = params.capabilities.general
        self.encoding = negotiate(general.position_encodings if general else None)
        if params.process_id is not None:
            watch_parent(params.process_id, self._on_loop(self.stop))

    async def serve(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Talk over two pipes until the client is done or gone; the exit code that the specification asks for."""
        self._loop = loop = asyncio.get_running_loop()
        self._stopped = loop.create_future()
        loop.set_default_executor(self.thread_pool)
        loop.set_exception_handler(self._record_failure)
        writer = Writer(stdout, lost=self._on_loop(self.stop))
        self.protocol.set_writer(writer)
        reader = Reader(stdin, deliver=self._deliver, ended=self._on_loop(self.stop))
        self._done = reader.done
        reader.start()
        await self._stopped
        await self.tasks.stop()
        writer.close()
        return 0 if self.protocol.phase is Phase.SHUT_DOWN else 1

    def stop(self) -> None:
        """End `serve`. On the event loop's thread."""
        if self._stopped and not self._stopped.done():
            self._stopped.set_result(None)

    def _deliver(self, message: object) -> None:
        """A message arrived, on the reader's thread."""
        self.protocol.note_cancel(message)
        self._on_loop(partial(self._receive, message))()

    def _receive(self, message: object) -> None:
        try:
            self.protocol.handle_message(message)
        finally:
            self._done()

    def _on_loop(self, action: Callable[[], None]) -> Callable[[], None]:
        """`action`, to be called from any thread; nothing happens once the loop is closed."""

        def call() -> None:
            if self._loop and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(action)

        return call

    def _record_failure(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self.problems.failed("event loop", error)
        else:
            self.problems.noticed("event loop", "a task or callback misbehaved")


def main() -> int:
    """Run the language server on this process's standard streams; returns the exit code."""
    return run(Server())


def run(server: Server) -> int:
    """Run `server` on this process's standard streams; returns the exit code. Ends what hangs after two seconds."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    sys.setswitchinterval(_SWITCH)
    logging.getLogger("pygls").setLevel(logging.WARNING)  # at INFO it logs whole messages, the user's text included
    stdin, stdout = claim_standard_streams()
    with asyncio.Runner() as runner:
        code = runner.run(server.serve(stdin, stdout))
        leave_within(_LEAVE_WITHIN, code)  # closing the runner waits for worker threads
    return code


def claim_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """The process's own standard input and output, which nobody else can reach from now on.

    A stray `print`, a library in C or a child process would corrupt the protocol: for them input is empty and output
    goes to standard error.
    """
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return stdin, stdout
