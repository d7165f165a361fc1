"""An editor as the server sees one: a client with a server process of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.buffer import AGENT, Buffer
from support.wire import Wire

LANGUAGES = {".py": "python", ".rs": "rust", ".js": "javascript", ".md": "markdown"}


class Editor:
    """One client with its own server process.

    It does nothing until `start`. `context` says when it tells the server where a change came from: "before" the change
    or "after" it.
    """

    def __init__(
        self,
        root: Path,
        env: Mapping[str, str],
        log: Path,
        context: str = "before",
        encoding: str = "utf-16",
        settings: Mapping[str, Any] | None = None,
        answer: str | None = None,
    ) -> None:
        self.root = root
        self.env = env
        self.log = log
        self.context = context
        self.encoding = encoding
        self.settings = settings or {}
        self.applied_edits: list[Any] = []
        self.buffers: dict[str, Buffer] = {}
        self.questions: list[Any] = []
        self.answer = answer  # what the person chooses when asked

    def start(self) -> None:
        """Start a server and greet it."""
        answers = {
            "workspace/configuration": lambda params: [None] * len(params["items"]),
            "workspace/applyEdit": self._apply_edit,
            "window/showMessageRequest": self._answer_question,
        }
        self.wire = Wire([sys.executable, "-m", "byline", "lsp"], self.root, self.env, self.log, answers)
        folder = {"uri": self.root.as_uri(), "name": self.root.name}
        self.initialized = self.wire.request(
            "initialize",
            {
                "processId": None,
                "clientInfo": {"name": "scenario", "version": "1"},
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "initializationOptions": self.settings,
                "capabilities": {
                    "general": {"positionEncodings": [self.encoding]},
                    "workspace": {
                        "applyEdit": True,
                        "configuration": True,
                        "workspaceFolders": True,
                        "codeLens": {"refreshSupport": True},
                    },
                    "textDocument": {
                        "synchronization": {"didSave": True},
                        "codeLens": {},
                        "hover": {"contentFormat": ["markdown", "plaintext"]},
                    },
                    "window": {"workDoneProgress": True, "showMessage": {}},
                },
            },
        )
        self.wire.notify("initialized", {})

    def _answer_question(self, params: Any) -> Any:
        self.questions.append(params)
        return {"title": self.answer} if self.answer else None

    def kill(self) -> None:
        """The server dies on the spot; what the editor shows stays as it is."""
        self.wire.kill()

    def stop(self) -> None:
        """The editor is closed."""
        if self.wire.alive:
            code = self.wire.shut_down()
            assert code == 0, f"the server ended with {code}"

    def restart(self) -> None:
        """A new server; the editor opens again what it had open."""
        self.start()
        for buffer in self.buffers.values():
            buffer.show()

    def open(self, path: Path, text: str, language: str | None = None) -> Buffer:
        """Open a document with this text."""
        buffer = Buffer(self, path, text, language or LANGUAGES.get(path.suffix, "plaintext"))
        self.buffers[buffer.uri] = buffer
        buffer.show()
        return buffer

    def status(self, uri: str | None = None) -> dict[str, Any]:
        """What `byline/status` says."""
        answer: dict[str, Any] = self.wire.request("byline/status", {"uri": uri or self.root.as_uri()})
        return answer

    def declare(self, path: Path | str, hunks: Sequence[tuple[str, str]], **known: Any) -> dict[str, Any]:
        """An agent says what it wrote: (old, new) texts."""
        said = {key: value for key, value in (AGENT | known).items() if key != "proof"}
        params = {"path": str(path), "hunks": [{"old": old, "new": new} for old, new in hunks], **said}
        answer: dict[str, Any] = self.wire.request("byline/declare", params)
        return answer

    def _apply_edit(self, params: Any) -> dict[str, bool]:
        self.applied_edits.append(params["edit"])
        return {"applied": True}
