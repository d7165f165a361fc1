"""A JSON-RPC client of some fifty lines: for what a proper client would never send, and for measuring.

It knows nothing of the protocol: bytes go out as given, messages come in as plain dicts.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LSP = (sys.executable, "-m", "byline", "lsp")
FRAME = (sys.executable, str(Path(__file__).with_name("frame_server.py")))
TIMEOUT = 20.0

Message = dict[str, Any]


class RawClient:
    """One server process and the pipes to it."""

    def __init__(self, command: Sequence[str] = LSP, env: Mapping[str, str] | None = None) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
        self.received: list[Message] = []
        self._ids = itertools.count(1)
        self._incoming: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._errors: list[bytes] = []
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    # --- out --------------------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        self.write(frame(json.dumps(message).encode()))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request and return its id."""
        msg_id = next(self._ids)
        self.send({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})
        return msg_id

    # --- in ---------------------------------------------------------------------------------------------------------

    def receive(self, timeout: float = TIMEOUT) -> Message:
        """The next message; raises EOFError if the server is gone."""
        message = self._incoming.get(timeout=timeout)
        if message is None:
            raise EOFError(self.errors())
        self.received.append(message)
        return message

    def answer(self, msg_id: int | str | None, timeout: float = TIMEOUT) -> Message:
        """The answer to a request of this id, read past everything else."""
        while True:
            message = self.receive(timeout)
            if "method" not in message and message.get("id") == msg_id:
                return message

    def notified(self, method: str, timeout: float = TIMEOUT) -> Any:
        """The parameters of the next notification or request of this method, read past everything else."""
        while True:
            message = self.receive(timeout)
            if message.get("method") == method:
                return message.get("params")

    def request(self, method: str, params: Any = None) -> Message:
        return self.answer(self.ask(method, params))

    def errors(self) -> str:
        """What the server wrote to standard error; complete once the process has ended."""
        if self.process.poll() is not None:
            self._threads[1].join(TIMEOUT)
        return b"".join(self._errors).decode(errors="replace")

    # --- life -------------------------------------------------------------------------------------------------------

    def initialize(self, **params: Any) -> Message:
        answer = self.request("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": {}, **params})
        self.notify("initialized", {})
        return answer["result"]

    def exit(self) -> int:
        """Leave politely and return the server's exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(TIMEOUT)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait(TIMEOUT)
        for thread in self._threads:
            thread.join(TIMEOUT)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _read(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            length = int(header.removeprefix(b"Content-Length: "))
            while self.process.stdout.readline().strip():
                pass
            self._incoming.put(json.loads(self.process.stdout.read(length)))
        self._incoming.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr
        while line := self.process.stderr.readline():
            self._errors.append(line)


def code(answer: Message) -> int | None:
    """The code of an error answer."""
    return answer.get("error", {}).get("code")


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@contextlib.contextmanager
def running(command: Sequence[str] = LSP, env: Mapping[str, str] | None = None) -> Iterator[RawClient]:
    """A client whose server is gone afterwards, however the block ends."""
    client = RawClient(command, env)
    try:
        yield client
    finally:
        client.close()
