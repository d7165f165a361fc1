"""Requests that are under way, in both directions."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeGuard

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.lsp.tasks import CancelToken

MessageId = int | str
Answer = dict[str, Any]


class Phase(Enum):
    """The server's life, as the specification divides it."""

    CREATED = auto()
    RUNNING = auto()
    SHUT_DOWN = auto()


def is_message_id(value: object) -> TypeGuard[MessageId]:
    """Whether `value` may be the id of a request."""
    return isinstance(value, int | str) and not isinstance(value, bool)


@dataclass(slots=True, eq=False)
class IncomingRequest:
    """A request of the client that is not answered yet; `task` is what works on it, if anything waits."""

    id: MessageId
    method: str
    token: CancelToken = field(default_factory=CancelToken)
    task: asyncio.Future[Any] | None = None

    def cancel(self) -> None:
        """Ask its work to stop: a coroutine at its next pause, a thread when it next looks at its token."""
        self.token.cancel()
        if self.task:
            self.task.cancel()


class OutgoingRequests:
    """The server's own requests that the client has not answered yet."""

    def __init__(self, send: Callable[[Answer], None], decode: Callable[[str, object], object]) -> None:
        self._send = send
        self._decode = decode
        self._waiting: dict[MessageId, tuple[str, Future[Any]]] = {}
        self._ids = itertools.count(1)

    def ask(self, method: str, params: object) -> Future[Any]:
        """Send a request; the future gets the decoded result, or a `JsonRpcException`.

        Cancelling the future tells the client so. What it answers after that is ignored.
        """
        msg_id = f"byline-{next(self._ids)}"
        future: Future[Any] = Future()
        self._waiting[msg_id] = (method, future)
        future.add_done_callback(lambda done: self._forget(msg_id, done))
        self._send({"id": msg_id, "method": method, "params": params})
        return future

    def answered(self, message: Answer) -> None:
        """Take an answer of the client's; one that nobody waits for is ignored."""
        msg_id = message.get("id")
        method, future = self._waiting.pop(msg_id, ("", None)) if is_message_id(msg_id) else ("", None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if isinstance(error := message.get("error"), dict):
            future.set_exception(_refusal(error))
            return
        try:
            future.set_result(self._decode(method, message.get("result")))
        except JsonRpcException as unreadable:
            future.set_exception(unreadable)

    def _forget(self, msg_id: MessageId, future: Future[Any]) -> None:
        self._waiting.pop(msg_id, None)
        if future.cancelled():
            self._send({"method": types.CANCEL_REQUEST, "params": {"id": msg_id}})


def _refusal(error: dict[str, Any]) -> JsonRpcException:
    code = error.get("code")
    return JsonRpcException(str(error.get("message"))[:500], code if isinstance(code, int) else None)
