"""A provider of language models on this machine: it speaks Anthropic's wire format and says what a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "claude-test-1"
SENT, RECEIVED = 40, 9
_PIECE = 7  # characters


class Provider:
    """`asked` are the requests' bodies, `keys` the keys that came with them, in order.

    Every answer is `text`. While `gate` is closed, an answer stops after its first piece; `left` is set when somebody
    goes away before it is whole.
    """

    def __init__(self) -> None:
        self.text = ""
        self.asked: list[Any] = []
        self.keys: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.left = threading.Event()
        self.url = ""

    def environment(self, key: str | None = "sk-test-key") -> dict[str, str]:
        """The variables of somebody who uses it; without a `key`, their editor may have one."""
        return {"ANTHROPIC_BASE_URL": self.url} | ({"ANTHROPIC_API_KEY": key} if key else {})

    def events(self) -> Iterator[dict[str, Any]]:
        """An answer, as its events."""
        start = {"id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "content": []}
        yield {"type": "message_start", "message": start | {"usage": {"input_tokens": SENT, "output_tokens": 1}}}
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        for at in range(0, len(self.text), _PIECE):
            delta = {"type": "text_delta", "text": self.text[at : at + _PIECE]}
            yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}
        yield {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": RECEIVED}}
        yield {"type": "message_stop"}


@contextmanager
def providing(text: str = "") -> Iterator[Provider]:
    """A provider that listens on a port of its own and answers with `text`."""
    provider = Provider()
    provider.text = text

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _answer(provider, self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(provider: Provider, request: BaseHTTPRequestHandler) -> None:
    provider.asked.append(json.loads(request.rfile.read(int(request.headers["content-length"]))))
    provider.keys.append((request.headers["authorization"] or "").removeprefix("Bearer "))
    request.send_response(200)
    request.send_header("content-type", "text/event-stream")
    request.end_headers()
    try:
        for event in provider.events():
            request.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
            if event["type"] == "content_block_delta":
                provider.begun.set()
                _wait(provider, request)
    except OSError:
        provider.left.set()


def _wait(provider: Provider, request: BaseHTTPRequestHandler) -> None:
    """Until the gate opens; a ping now and then finds out whether anybody still listens."""
    while not provider.gate.wait(0.02):
        request.wfile.write(b'event: ping\ndata: {"type": "ping"}\n\n')
