"""A very small editor, for the demonstration: it speaks to a real language server as any editor does."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from byline.cli.output import Exit, Refusal

_PATIENCE = 25.0  # seconds that a whole session may take


@contextmanager
def editor(root: Path, env: Mapping[str, str]) -> Iterator[Editor]:
    """An editor on the folder `root`, with a server of its own that has the environment `env`; both end with the block.

    Raises Refusal if the server does not do its part.
    """
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "byline", "lsp"],
        cwd=root,
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    limit = threading.Timer(_PATIENCE, server.kill)
    limit.daemon = True
    limit.start()
    try:
        session = Editor(server)
        session.greet(root)
        yield session
        session.leave()
    finally:
        limit.cancel()
        server.kill()
        server.wait()


class Editor:
    """One session with one server process. Every method raises Refusal if the server has ended."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        """Use `editor`."""
        self._server = server
        self._requests = 0

    def greet(self, root: Path) -> None:
        """Begin the session, as the protocol asks."""
        capabilities = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
        folder = {"uri": root.as_uri(), "name": root.name}
        self.request(
            "initialize",
            {"processId": None, "rootUri": folder["uri"], "workspaceFolders": [folder], "capabilities": capabilities},
        )
        self.notify("initialized", {})

    def leave(self) -> None:
        """End the session, as the protocol asks."""
        self.request("shutdown", None)
        self.notify("exit", None)
        try:
            self._server.wait(_PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise Refusal(Exit.FAILED, "The server did not end when it was told to; please report this.") from error

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._server.stdin  # noqa: S101 - it was asked for
        return self._server.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._server.stdout  # noqa: S101 - it was asked for
        return self._server.stdout

    def notify(self, method: str, params: object) -> None:
        """Tell the server something."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: object) -> Any:
        """Ask the server something and wait for its answer; what it says in between is passed over."""
        self._requests += 1
        self._send({"jsonrpc": "2.0", "id": self._requests, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message:
                if "id" in message:
                    self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
            elif message.get("id") == self._requests:
                if "error" in message:
                    raise Refusal(Exit.FAILED, f"The server refused {method}: {message['error']['message']}")
                return message["result"]

    def _send(self, message: object) -> None:
        body = json.dumps(message).encode()
        try:
            self._stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._stdin.flush()
        except BrokenPipeError as error:
            raise _ended() from error

    def _receive(self) -> dict[str, Any]:
        length = 0
        while (header := self._stdout.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self._stdout.read(length)
        if not body:
            raise _ended()
        message: dict[str, Any] = json.loads(body)
        return message


def _ended() -> Refusal:
    return Refusal(Exit.FAILED, "The language server ended unexpectedly; `byline doctor` shows what works here.")


class OpenDocument:
    """A file that is open in an editor: the text that the editor shows, and the server told of every change."""

    def __init__(self, editor: Editor, path: Path, language: str) -> None:
        self._editor = editor
        self._path = path
        self.uri = path.as_uri()
        self.text = path.read_text("utf-8")
        self.version = 1
        item = {"uri": self.uri, "languageId": language, "version": self.version, "text": self.text}
        editor.notify("textDocument/didOpen", {"textDocument": item})

    def type(self, text: str, *, instead_of: str = "") -> int:
        """A person replaces what stands there once (nothing: at the end), key by key; returns how many keys."""
        at = self.text.index(instead_of) if instead_of else len(self.text)
        if instead_of:
            self._change(at, instead_of, "", {"channel": "typing"})
        for key, character in enumerate(text):
            self._change(at + key, "", character, {"channel": "typing"})
        return len(text) + len(instead_of)

    def insert(self, text: str, origin: Mapping[str, str]) -> None:
        """Something else than a person adds text at the end, at once."""
        self._change(len(self.text), "", text, origin)

    def save(self) -> None:
        """Write the file and tell the server."""
        self._path.write_text(self.text, "utf-8")
        self._editor.notify("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    def _change(self, at: int, old: str, new: str, origin: Mapping[str, str]) -> None:
        """One change, and, before it, where it comes from, as an editor's extension knows it."""
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        known = dict.fromkeys(("tool", "model", "session", "prompt", "proof")) | dict(origin)
        self._editor.notify("byline/editContext", {"textDocument": document, "origins": [known]})
        change = {"range": {"start": self._position(at), "end": self._position(at + len(old))}, "text": new}
        self._editor.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        self.text = self.text[:at] + new + self.text[at + len(old) :]

    def _position(self, offset: int) -> dict[str, int]:
        before = self.text[:offset]
        return {"line": before.count("\n"), "character": offset - before.rfind("\n") - 1}
