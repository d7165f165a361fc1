"""The frame with handlers that try it: what a test cannot provoke in the real server on demand.

Run as a script. It keeps texts in a dict, as simply as that can be done.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.attribution.client_changes import ClientChange, Column
from byline.lsp.progress import Progress
from byline.lsp.server import Server, run
from byline.lsp.tasks import cancel_token
from byline.provenance.text import split_lines


class Texts:
    """Documents as plain strings."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.paths: dict[str, Path | None] = {}
        self.saves = 0

    def did_open(self, uri: str, path: Path | None, language: str, version: int, text: str) -> None:
        self.texts[uri], self.versions[uri], self.paths[uri] = text, version, path

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        if uri not in self.texts:
            return False
        for change in changes:
            self.texts[uri] = replaced(self.texts[uri], change, column)
        self.versions[uri] = version
        return True

    def did_save(self, uri: str) -> None:
        self.saves += 1

    def did_close(self, uri: str) -> None:
        del self.texts[uri]


def replaced(text: str, change: ClientChange, column: Column) -> str:
    if change.start is None or change.end is None:
        return change.text
    lines = split_lines(text)

    def offset(line: int, character: int) -> int:
        if line >= len(lines):
            return len(text)
        return sum(map(len, lines[:line])) + column(lines[line], character)

    return text[: offset(*change.start)] + change.text + text[offset(*change.end) :]


def build() -> Server:  # noqa: C901 - many small handlers that share two variables
    server = Server()
    texts = Texts()
    server.documents = texts
    stopped = threading.Event()

    def text(server: Server, params: dict[str, Any]) -> object:
        uri = params["uri"]
        return {"text": texts.texts[uri], "version": texts.versions[uri], "path": str(texts.paths[uri])}

    def fail(server: Server, params: dict[str, Any]) -> None:
        raise RuntimeError(params["secret"])

    async def fail_later(server: Server, params: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        raise RuntimeError(params["secret"])

    async def wait(server: Server, params: object) -> str:
        server.protocol.notify("test/began")
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return "never"

    def wait_in_thread(server: Server, params: object) -> None:
        server.protocol.notify("test/began")
        token = cancel_token()
        while not token.cancelled:
            stopped.wait(0.005)
        stopped.set()
        token.check()

    def hang_in_thread(server: Server, params: object) -> None:
        server.protocol.notify("test/began")
        time.sleep(60)

    async def ask(server: Server, params: dict[str, Any]) -> object:
        try:
            return await server.ask("test/question", {}, timeout=params["timeout"])
        except TimeoutError:
            return "no answer"
        except JsonRpcException as refusal:
            return refusal.message

    async def show_progress(server: Server, params: dict[str, Any]) -> str:
        async with Progress(server, "Counting", token=params.get("token")) as progress:
            for percentage in (10, 50, 40, 50):
                progress.report("on my way", percentage)
            if params.get("forever"):
                await asyncio.Event().wait()
            progress.conclude("counted")
        return "done"

    def problems(server: Server, params: object) -> object:
        return [{"where": p.where, "what": p.what, "count": p.count} for p in server.problems.all()]

    def block(server: Server, params: object) -> None:
        time.sleep(0.08)

    def hover(server: Server, params: types.HoverParams) -> types.Hover:
        return types.Hover(f"{params.position.line}:{params.position.character}")

    def unsendable(server: Server, params: object) -> object:
        return {"answer": object()}

    def shout(server: Server, params: object) -> str:
        print("a stray print")
        return "printed"

    server.register("test/text", text)
    server.register("test/echo", lambda server, params: params)
    server.register("test/fail", fail)
    server.register("test/failLater", fail_later)
    server.register("test/wait", wait)
    server.register("test/waitInThread", wait_in_thread, threaded=True)
    server.register("test/hangInThread", hang_in_thread, threaded=True)
    server.register("test/stopped", lambda server, params: stopped.is_set())
    server.register("test/ask", ask)
    server.register("test/progress", show_progress)
    server.register("test/problems", problems)
    server.register("test/block", block)
    server.register("test/unsendable", unsendable)
    server.register("test/shout", shout)
    server.register("byline/mark", lambda server, params: {"lines": params.range.end.line, "as": params.kind})
    server.register("byline/editContext", lambda server, params: server.protocol.notify("test/context", params))
    server.register(types.TEXT_DOCUMENT_HOVER, hover)
    server.register_command("test.now", lambda server, argument: argument)
    server.register_command("test.wait", wait)
    server.register_command("test.waitInThread", wait_in_thread, threaded=True)
    return server


if __name__ == "__main__":
    raise SystemExit(run(build()))
