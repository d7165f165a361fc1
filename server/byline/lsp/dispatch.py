"""The protocol's rules: who may ask what when, and that every request is answered exactly once.

pygls gives the registry of features, the handshake and the server's own requests. How messages are dispatched,
cancelled and answered is decided here, because the specification is stricter than the framework's defaults.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls import exceptions
from pygls.feature_manager import is_thread_function
from pygls.protocol import LanguageServerProtocol

from byline.lsp.requests import Answer, IncomingRequest, MessageId, OutgoingRequests, Phase, is_message_id
from byline.lsp.tasks import CancelledWorkError, current_token
from byline.lsp.transport import Malformed
from byline.lsp.watchdog import watched, watched_steps
from byline.lsp.wire import Wire

if TYPE_CHECKING:
    from cattrs import Converter

    from byline.lsp.server import Server

Handler = Callable[..., Any]
Steps = Generator[tuple[Handler, tuple[Any, ...], Any], Any, Any]
"""How pygls writes a built-in feature: it yields each handler that the server's author registered, with arguments."""


class Dispatch(LanguageServerProtocol):
    """Dispatches one client's messages. Everything but `send` and `note_cancel` belongs to the event loop's thread."""

    _server: Server

    def __init__(self, server: Server, converter: Converter) -> None:
        self.wire = Wire(converter)
        self.phase = Phase.CREATED
        self._incoming: dict[MessageId, IncomingRequest] = {}
        self._outgoing = OutgoingRequests(self.send, self.wire.result)
        self._cancelled_early: set[MessageId] = set()
        super().__init__(server, converter)

    # --- messages that come in ------------------------------------------------------------------------------------

    def handle_message(self, message: Any) -> None:
        """Handle one decoded message, or what stands for one that could not be read."""
        if isinstance(message, Malformed):
            self._server.problems.noticed("transport", message.reason)
            self._send_error(None, exceptions.JsonRpcParseError(message.reason))
        elif not isinstance(message, dict):
            self._send_error(None, exceptions.JsonRpcInvalidRequest("A message must be a JSON object."))
        elif not isinstance(method := message.get("method"), str):
            self._outgoing.answered(message)
        elif "id" not in message:
            self._handle_notification(method, message.get("params"))
        elif is_message_id(message["id"]):
            self._handle_request(message["id"], method, message.get("params"))
        else:
            self._send_error(None, exceptions.JsonRpcInvalidRequest("A request's id must be a number or a string."))

    def note_cancel(self, message: object) -> None:
        """Look at a message that will be handled soon: a request that is cancelled before it began never begins.

        May be called from any thread.
        """
        if isinstance(message, dict) and message.get("method") == types.CANCEL_REQUEST:
            params = message.get("params")
            msg_id = params.get("id") if isinstance(params, dict) else None
            if is_message_id(msg_id):
                self._cancelled_early.add(msg_id)

    def _handle_request(self, msg_id: MessageId, method_name: str, params: Any) -> None:
        request = IncomingRequest(msg_id, method_name)
        if msg_id in self._incoming:
            self._send_error(
                msg_id, exceptions.JsonRpcInvalidRequest("Another request with this id is not answered yet.")
            )
            return
        self._incoming[msg_id] = request
        try:
            self._admit(request)
            handler = self._get_handler(method_name)
            arguments = self.wire.params(method_name, params)
        except (exceptions.JsonRpcException, CancelledWorkError) as error:
            self._refuse(request, error)
            return
        copy_context().run(self._begin_request, request, handler, arguments)

    def _admit(self, request: IncomingRequest) -> None:
        """Raise unless the request may be handled in this phase of the server's life."""
        if self.phase is Phase.SHUT_DOWN:
            raise exceptions.JsonRpcInvalidRequest("The server was told to shut down; only `exit` may follow.")
        if (request.method == types.INITIALIZE) is not (self.phase is Phase.CREATED):
            if self.phase is Phase.CREATED:
                raise exceptions.JsonRpcServerNotInitialized("The first request must be `initialize`.")
            raise exceptions.JsonRpcInvalidRequest("`initialize` may be sent only once.")
        if request.id in self._cancelled_early:
            raise CancelledWorkError

    def _begin_request(self, request: IncomingRequest, handler: Handler, arguments: object) -> None:
        current_token.set(request.token)
        try:
            with watched(request.method):
                outcome = self._call(handler, (arguments,))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, its request must be answered
            self._refuse(request, error)
            return
        if inspect.isawaitable(outcome):
            request.task = asyncio.ensure_future(_awaited(request.method, outcome))
            request.task.add_done_callback(partial(self._end_request, request))
        else:
            self._answer(request, outcome)

    def _end_request(self, request: IncomingRequest, task: asyncio.Future[Any]) -> None:
        if task.cancelled():
            self._refuse(request, CancelledWorkError())
        elif error := task.exception():
            self._refuse(request, error)
        else:
            self._answer(request, task.result())

    def _handle_notification(self, method_name: str, params: Any) -> None:
        if method_name == types.CANCEL_REQUEST:
            self._cancel(params)
            return
        if self.phase is not Phase.RUNNING and method_name not in (types.EXIT, types.INITIALIZED):
            return
        try:
            handler = self._get_handler(method_name)
        except exceptions.JsonRpcMethodNotFound:
            return
        try:
            arguments = self.wire.params(method_name, params)
            with watched(method_name):
                outcome = self._call(handler, (arguments,))
        except exceptions.JsonRpcInvalidParams as error:
            self._server.problems.noticed(method_name, str(error))
        except Exception as error:  # noqa: BLE001 - nobody waits for an answer: it is counted and shown on demand
            self._server.problems.failed(method_name, error)
        else:
            if inspect.isawaitable(outcome):
                self._server.tasks.start(method_name, _awaited(method_name, outcome))

    def _cancel(self, params: object) -> None:
        msg_id = params.get("id") if isinstance(params, dict) else None
        if is_message_id(msg_id):
            self._cancelled_early.discard(msg_id)
            if request := self._incoming.get(msg_id):
                request.cancel()

    # --- handlers -------------------------------------------------------------------------------------------------

    def _call(self, handler: Handler, arguments: tuple[Any, ...]) -> Any:
        """Call `handler`, in a thread if it is marked so; what it returns may have to be awaited."""
        if is_thread_function(handler):  # type: ignore[no-untyped-call]
            context = copy_context()
            return asyncio.get_running_loop().run_in_executor(None, partial(context.run, handler, *arguments))
        if inspect.isgeneratorfunction(handler):
            return self._walk(handler(*arguments), None)
        return handler(*arguments)

    def _walk(self, steps: Steps, value: Any) -> Any:
        """Run a built-in feature through the handlers that it yields, without a pause as long as they need none."""
        while True:
            try:
                handler, arguments, _ = steps.send(value)
            except StopIteration as stop:
                return stop.value
            value = self._call(handler, arguments)
            if inspect.isawaitable(value):
                return self._walk_on(steps, value)

    async def _walk_on(self, steps: Steps, pending: Awaitable[Any]) -> Any:
        outcome = self._walk(steps, await pending)
        return await outcome if inspect.isawaitable(outcome) else outcome

    # --- messages that go out -------------------------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> None:
        """Send one message, from any thread. Raises `TypeError` or `ValueError` if it cannot be put as JSON."""
        data = self.wire.encode({"jsonrpc": "2.0", **message})
        if self.writer:
            self.writer.write(data)

    def notify(self, method: str, params: Any | None = None) -> None:
        """Send a notification, from any thread."""
        self.send({"method": method} if params is None else {"method": method, "params": params})

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: MessageId | None = None,
    ) -> Future[Any]:
        """Ask the client. Cancelling the future tells it so, and an answer that comes too late is dropped."""
        future = self._outgoing.ask(method, params)
        if callback:
            future.add_done_callback(lambda done: callback(done.result()))
        return future

    def _answer(self, request: IncomingRequest, result: object) -> None:
        try:
            self._respond(request, {"id": request.id, "result": result})
        except (TypeError, ValueError) as error:
            self._refuse(request, error)

    def _refuse(self, request: IncomingRequest, error: BaseException) -> None:
        if isinstance(error, CancelledWorkError):
            error = exceptions.JsonRpcRequestCancelled()
        elif not isinstance(error, exceptions.JsonRpcException):
            self._server.problems.failed(request.method, error)
            error = exceptions.JsonRpcInternalError(f"{request.method} failed; the server's log has the place.")
        self._respond(request, _error(request.id, error))

    def _respond(self, request: IncomingRequest, answer: Answer) -> None:
        """Send the only answer that this request gets."""
        if self._incoming.get(request.id) is request:
            self.send(answer)
            del self._incoming[request.id]

    def _send_error(self, msg_id: MessageId | None, error: exceptions.JsonRpcException) -> None:
        self.send(_error(msg_id, error))


def _error(msg_id: MessageId | None, error: exceptions.JsonRpcException) -> Answer:
    return {"id": msg_id, "error": {"code": error.code, "message": error.message}}


async def _awaited(name: str, work: Awaitable[Any]) -> Any:
    return await (watched_steps(name, work) if inspect.iscoroutine(work) else work)
