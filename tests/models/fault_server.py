"""A server on this machine that speaks both wire formats, and breaks them in every way that it is told to.

It lives on the test's own event loop. Each request takes the next step of its script; the last one stays.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

MODEL = "test-model-1"
TEXT = "feat: count the words"
SENT, RECEIVED = 40, 9


@dataclass
class Exchange:
    """One request, and the way to answer it."""

    path: str
    headers: dict[str, str]
    body: Any
    writer: asyncio.StreamWriter
    accepted: bool = False  # whether it was told 200 or the like, which is what a provider bills
    finished: bool = False
    arrived: float = field(default_factory=time.monotonic)
    gone: asyncio.Event = field(default_factory=asyncio.Event)  # the client left, or all was said

    async def head(self, status: int, content_type: str, headers: dict[str, str], size: int | None = None) -> None:
        self.accepted = self.accepted or 200 <= status < 300
        lines = [f"HTTP/1.1 {status} Whatever", f"content-type: {content_type}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["connection: close"] if size is None else [f"content-length: {size}"]
        await self.raw("\r\n".join([*lines, "", ""]).encode())

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        await self.head(status, "application/json", headers or {}, len(data))
        await self.raw(data)
        self.finished = True

    def cut(self) -> None:
        self.writer.transport.abort()

    async def hang(self) -> None:
        """Until the client goes away."""
        await self.gone.wait()


Step = Callable[["Wire", Exchange], Awaitable[None]]


class Wire:
    """What differs between the two formats."""

    provider: str
    path: str

    def events(self, text: str, stop: str, *, split: int = 4) -> list[bytes]:
        """A whole answer, as its events."""
        raise NotImplementedError

    def delta(self, piece: object) -> bytes:
        """One piece of text."""
        raise NotImplementedError

    def error(self, kind: str, message: str) -> object:
        """The body of a refusal."""
        return {"type": "error", "error": {"type": kind, "code": kind, "message": message}}

    def error_event(self, kind: str) -> bytes:
        raise NotImplementedError

    stops: ClassVar[dict[str, str]]


def _pieces(text: str, split: int) -> list[str]:
    return [text[at : at + split] for at in range(0, len(text), split)]


class ClaudeWire(Wire):
    provider = "claude"
    path = "/v1/messages"
    stops: ClassVar = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal"}

    def events(self, text: str, stop: str, *, split: int = 4) -> list[bytes]:
        start = {"id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "content": []}
        start |= {"stop_reason": None, "usage": {"input_tokens": SENT, "output_tokens": 1}}
        thinking = {"type": "thinking_delta", "thinking": "hm"}
        found = [
            {"type": "message_start", "message": start},
            {"type": "ping"},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
            {"type": "content_block_delta", "index": 0, "delta": thinking},
            {"type": "content_block_stop", "index": 0},
            {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
            *(self._delta(piece) for piece in _pieces(text, split)),
            {"type": "content_block_stop", "index": 1},
            {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": RECEIVED}},
            {"type": "message_stop"},
        ]
        return [self.event(event) for event in found]

    @staticmethod
    def _delta(piece: object) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": piece}}

    def delta(self, piece: object) -> bytes:
        return self.event(self._delta(piece))

    def event(self, data: dict[str, Any]) -> bytes:
        return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()

    def error_event(self, kind: str) -> bytes:
        return self.event({"type": "error", "error": {"type": kind, "message": "no"}})


class OpenAIWire(Wire):
    provider = "openai"
    path = "/v1/chat/completions"
    stops: ClassVar = {"end": "stop", "length": "length", "refusal": "content_filter"}

    def events(self, text: str, stop: str, *, split: int = 4) -> list[bytes]:
        usage = {"prompt_tokens": SENT, "completion_tokens": RECEIVED}
        return [
            self._chunk({"role": "assistant", "content": ""}),
            *(self.delta(piece) for piece in _pieces(text, split)),
            self._chunk({}, stop),
            self.event({"model": MODEL, "choices": [], "usage": usage}),
            b"data: [DONE]\n\n",
        ]

    def _chunk(self, delta: dict[str, Any], stop: str | None = None) -> bytes:
        return self.event({"model": MODEL, "choices": [{"index": 0, "delta": delta, "finish_reason": stop}]})

    def delta(self, piece: object) -> bytes:
        return self._chunk({"content": piece})

    def event(self, data: object) -> bytes:
        return f"data: {json.dumps(data)}\n\n".encode()

    def error_event(self, kind: str) -> bytes:
        return self.event({"error": {"type": kind, "code": 529, "message": "no"}})


class FaultServer:
    """Listens on a port of its own; what it was asked is in `exchanges`, in order."""

    def __init__(self, wire: Wire, *steps: Step, tls: ssl.SSLContext | None = None) -> None:
        self.wire = wire
        self.exchanges: list[Exchange] = []
        self.listing: list[str] = [MODEL]
        self._steps = steps
        self._tls = tls
        self._arrived = asyncio.Event()
        self._handlers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> FaultServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._handlers):
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    @property
    def url(self) -> str:
        """The base URL for this wire."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}" + ("/v1" if self.wire.provider == "openai" else "")

    @property
    def billed(self) -> int:
        """How many requests were accepted."""
        return sum(exchange.accepted for exchange in self.exchanges)

    async def asked(self, times: int = 1) -> Exchange:
        """The newest exchange, once there were so many."""
        while len(self.exchanges) < times:
            self._arrived.clear()
            await self._arrived.wait()
        return self.exchanges[-1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._handlers.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. Whether another may follow on the same connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (entry.partition(": ") for entry in rest if entry)}
        data = await reader.readexactly(int(headers.get("content-length", 0)))
        exchange = Exchange(line.split()[1], headers, json.loads(data or b"null"), writer)
        if exchange.path.endswith("/models"):
            await exchange.json(200, {"data": [{"id": name} for name in self.listing]})
            return True
        self.exchanges.append(exchange)
        self._arrived.set()
        step = self._steps[min(len(self.exchanges), len(self._steps)) - 1]
        watching = asyncio.create_task(self._watch(reader, exchange))
        try:
            await step(self.wire, exchange)
        finally:
            watching.cancel()
            exchange.gone.set()
        return False

    async def _watch(self, reader: asyncio.StreamReader, exchange: Exchange) -> None:
        with suppress(ConnectionError):
            await reader.read(1)  # nothing more is sent: this ends when the client does
        exchange.gone.set()


# --- steps -----------------------------------------------------------------------------------------------------------


def answer(text: str = TEXT, stop: str = "end") -> Step:
    """A whole answer."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        await exchange.head(200, "text/event-stream", {})
        for event in wire.events(text, wire.stops[stop]):
            await exchange.raw(event)
        exchange.finished = True

    return step


def refuse(status: int, kind: str = "api_error", message: str = "no", **headers: str) -> Step:
    """An error with a status. The names of headers are written with `_`."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await exchange.json(status, wire.error(kind, message), named)

    return step


def echo(status: int) -> Step:
    """An error that repeats everything that was sent, the key too."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        key = exchange.headers["authorization"].removeprefix("Bearer ")
        await exchange.json(status, wire.error("x", f"{key} {exchange.headers} {exchange.body}"))

    return step


def say(status: int, content_type: str, body: bytes, **headers: str) -> Step:
    """Anything at all."""

    async def step(_: Wire, exchange: Exchange) -> None:
        await exchange.head(status, content_type, headers, len(body))
        await exchange.raw(body)

    return step


def send(data: bytes) -> Step:
    """Bytes that may be no HTTP, then the end."""

    async def step(_: Wire, exchange: Exchange) -> None:
        await exchange.raw(data)
        exchange.cut() if not data else exchange.writer.close()

    return step


def stream(*events: bytes | Callable[[Wire], bytes], end: str = "close", pause: float = 0.0) -> Step:
    """A 200 with these events (bytes, or what the wire makes), then `close`, `cut`, `hang`, or for ever `again`."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        await exchange.head(200, "text/event-stream", {})
        while True:
            for event in events:
                await exchange.raw(event if isinstance(event, bytes) else event(wire))
                await asyncio.sleep(pause)
            if end != "again" or exchange.gone.is_set():
                break
        if end == "hang":
            await exchange.hang()
        elif end == "cut":
            exchange.cut()

    return step


def begin(events: int, end: str) -> Step:
    """The first events of a good answer, then `close`, `cut` or `hang`."""

    async def step(wire: Wire, exchange: Exchange) -> None:
        await stream(*wire.events(TEXT, wire.stops["end"])[:events], end=end)(wire, exchange)

    return step


async def silence(_: Wire, exchange: Exchange) -> None:
    """No answer at all."""
    await exchange.hang()
