"""A small synchronous JSON-RPC client over the standard streams of a real server process.

It hides nothing: what a test sends goes out as it stands, in that order, and every answer is matched to its request.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeVar

DEADLINE = 20.0
"""Seconds after which a test gives up on an answer or a condition; nothing takes that long unless it is broken."""

Answer = Callable[[Any], Any]
T = TypeVar("T")


class RpcError(Exception):
    """The server answered a request with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message


class ServerGoneError(Exception):
    """The server ended while a test waited for it; the message says what it wrote to its standard error."""


def wait_for(what: str, probe: Callable[[], T], deadline: float = DEADLINE) -> T:
    """Ask `probe` until its answer is true and return that; `what` names the condition if it never is."""
    end = time.monotonic() + deadline
    pause = 0.002
    while True:
        if answer := probe():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline:.0f} s in vain for: {what}; last answer: {answer!r}")
        threading.Event().wait(pause)
        pause = min(pause * 1.5, 0.05)


class Wire:
    """One server process and the conversation with it."""

    def __init__(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], log: Path, answers: Mapping[str, Answer]
    ) -> None:
        """`answers` maps the methods that the server may request to what answers them; others get null."""
        self.log = log
        self.notifications: list[tuple[str, Any]] = []
        self._answers = answers
        self._results: dict[int, Any] = {}
        self._next = 0
        self._ended = False
        self._news = threading.Condition()
        self._writing = threading.Lock()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, cwd=cwd, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any, deadline: float = DEADLINE) -> Any:
        """Send a request, wait, and return its result.

        :raises RpcError: the server answered with an error
        :raises ServerGoneError: the server ended instead
        """
        return self.result(self.send_request(method, params), method, deadline)

    def send_request(self, method: str, params: Any) -> int:
        """Send a request without waiting; returns its id, for `result`."""
        with self._news:
            self._next += 1
            number = self._next
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def result(self, number: int, method: str = "request", deadline: float = DEADLINE) -> Any:
        """Wait for the answer to the request with this id."""
        with self._news:
            self._news.wait_for(lambda: number in self._results or self._ended, deadline)
            if number not in self._results:
                if not self._ended:
                    raise AssertionError(f"no answer to {method} within {deadline:.0f} s")
                raise ServerGoneError(self.log.read_text("utf-8", "replace")[-2000:])
            message = self._results.pop(number)
        if "error" in message:
            raise RpcError(message["error"]["code"], message["error"]["message"])
        return message["result"]

    def heard(self, method: str) -> list[Any]:
        """The params of every notification of this method so far."""
        with self._news:
            return [params for name, params in self.notifications if name == method]

    def kill(self) -> None:
        """End the process at once (SIGKILL)."""
        self.process.kill()
        self._gone()

    def shut_down(self) -> int:
        """End the session as the protocol asks; returns the exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self._gone()

    def _gone(self) -> int:
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):  # what was still to be written has no reader any more
                stream.close()  # type: ignore[union-attr]
        return code

    def _send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        stream: IO[bytes] = self.process.stdin  # type: ignore[assignment]
        try:
            with self._writing:
                stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                stream.flush()
        except (BrokenPipeError, ValueError) as error:
            raise ServerGoneError(self.log.read_text("utf-8", "replace")[-2000:]) from error

    def _read(self) -> None:
        stream: IO[bytes] = self.process.stdout  # type: ignore[assignment]
        while (message := _message(stream)) is not None:
            if "method" not in message:
                with self._news:
                    self._results[message["id"]] = message
                    self._news.notify_all()
            elif "id" in message:
                answer = self._answers.get(message["method"], lambda params: None)
                try:
                    self._send({"jsonrpc": "2.0", "id": message["id"], "result": answer(message.get("params"))})
                except ServerGoneError:
                    break
            else:
                with self._news:
                    self.notifications.append((message["method"], message.get("params")))
        with self._news:
            self._ended = True
            self._news.notify_all()


def _message(stream: IO[bytes]) -> Any:
    """The next message, or None at the end of the stream (which may cut a message off: then it counts as not sent)."""
    length = 0
    while (line := stream.readline()) not in (b"", b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = stream.read(length) if line else b""
    return json.loads(body) if line and len(body) == length else None
