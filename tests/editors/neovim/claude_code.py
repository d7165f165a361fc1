"""An agent at work beside the editor: it writes files, and a transcript in the shape of Claude Code's."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

MODEL = "claude-opus-5"


class Agent:
    """One session, whose transcripts are kept in `config`."""

    def __init__(self, config: Path, root: Path, session: str = "session-1") -> None:
        self._root = root
        self._session = session
        slug = re.sub("[^A-Za-z0-9]+", "-", str(root))
        self._file = config / "projects" / slug / f"{session}.jsonl"
        self._numbers = count(1)

    def asked(self, prompt: str) -> None:
        """The person writes a prompt."""
        self._row("user", {"role": "user", "content": prompt}, promptSource="typed", origin={"kind": "human"})

    def replaces(self, path: Path, old: str, new: str) -> None:
        """The agent edits a file, and notes it."""
        before = path.read_text()
        assert before.count(old) == 1
        path.write_text(before.replace(old, new))
        arguments = {"file_path": str(path), "old_string": old, "new_string": new, "replace_all": False}
        result = {
            "filePath": str(path),
            "oldString": old,
            "newString": new,
            "originalFile": before,
            "replaceAll": False,
            "userModified": False,
            "structuredPatch": [],
        }
        self._call("Edit", arguments, result)

    def writes(self, path: Path, content: str) -> None:
        """The agent makes a file, and notes it."""
        path.write_text(content)
        result = {
            "type": "create",
            "filePath": str(path),
            "content": content,
            "originalFile": None,
            "structuredPatch": [],
        }
        self._call("Write", {"file_path": str(path), "content": content}, result)

    def _call(self, tool: str, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        call = f"toolu_{next(self._numbers)}"
        use = {"type": "tool_use", "id": call, "name": tool, "input": arguments}
        self._row("assistant", {"id": f"msg_{call}", "model": MODEL, "role": "assistant", "content": [use]})
        done = {"type": "tool_result", "tool_use_id": call, "content": "done", "is_error": False}
        self._row("user", {"role": "user", "content": [done]}, toolUseResult=result)

    def _row(self, kind: str, message: dict[str, Any], **more: Any) -> None:
        row = {
            "type": kind,
            "uuid": f"{self._session}-{next(self._numbers)}",
            "parentUuid": None,
            "sessionId": self._session,
            "cwd": str(self._root),
            "timestamp": datetime.fromtimestamp(time.time(), UTC).isoformat().replace("+00:00", "Z"),
            "isSidechain": False,
            "message": message,
            **more,
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a") as file:
            file.write(json.dumps(row) + "\n")
