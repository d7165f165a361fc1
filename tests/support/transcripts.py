"""An agent at work in a repository, and the transcript that it leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from support.buffer import Buffer
from support.wire import wait_for

PROMPT = "add a greeting"
Row = dict[str, object]


class Claude:
    """Claude Code at work in a repository: it writes files and keeps a transcript."""

    def __init__(self, home: Path, root: Path, session: str = "c1") -> None:
        self.home, self.root, self.session = home, root, session
        self.transcript = home / "projects" / "-repo" / f"{session}.jsonl"
        self.calls = 0
        self.tool = "claude-code"

    def writes(self, path: str, old: str, new: str, *, told: bool = True, written: str | None = None) -> None:
        """Edit `path` on disk and tell of it; `written` is what the person made of `new` before they accepted it."""
        file = self.root / path
        before = file.read_text() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written or new if before is None else before.replace(old, written or new, 1))
        if told:
            self.tells(path, old, new, before, written=written)

    def tells(
        self, path: str, old: str, new: str, before: str | None, *, error: bool = False, written: str | None = None
    ) -> None:
        """Keep a call and its result in the transcript."""
        self.calls += 1
        call, file = f"toolu_{self.session}_{self.calls}", str(self.root / path)
        if before is None:
            tool, given = "Write", {"file_path": file, "content": new}
            result = {"type": "create", "filePath": file, "content": new, "originalFile": None, "structuredPatch": []}
        else:
            tool, given = "Edit", {"file_path": file, "old_string": old, "new_string": new}
            result = {
                "filePath": file, "oldString": old, "newString": written or new, "originalFile": before,
                "replaceAll": False, "userModified": written is not None, "structuredPatch": [],
            }  # fmt: skip
        answer = {"type": "tool_result", "tool_use_id": call, "content": "done", "is_error": error}
        use = {"type": "tool_use", "id": call, "name": tool, "input": given}
        self.keeps(
            self.row("user", {"role": "user", "content": PROMPT}),
            self.row("assistant", {"role": "assistant", "id": call, "model": "claude-opus-5", "content": [use]}),
            self.row("user", {"role": "user", "content": [answer]}, toolUseResult="Error" if error else result),
        )

    def row(self, kind: str, message: Row, **more: object) -> Row:
        self.calls += 1
        return {
            "type": kind, "uuid": f"{self.session}-{self.calls}", "sessionId": self.session, "cwd": str(self.root),
            "timestamp": datetime.now(UTC).isoformat(), "message": message, **more,
        }  # fmt: skip

    def keeps(self, *rows: Row) -> None:
        self.transcript.parent.mkdir(parents=True, exist_ok=True)
        with self.transcript.open("a") as stream:
            stream.writelines(json.dumps(row) + "\n" for row in rows)

    def again(self, session: str, tool: str) -> Claude:
        """Another session, of another tool."""
        other = Claude(self.home, self.root, session)
        other.tool = tool
        return other

    def declares(self, buffer: Buffer, text: str) -> None:
        """Say through the editor that this text is the agent's."""
        said = {"tool": self.tool, "model": None, "session": self.session, "prompt": PROMPT}
        hunks = [{"old": None, "new": text}]
        buffer.editor.wire.request("byline/declare", {"path": str(buffer.path), "hunks": hunks, **said})

    def is_read(self, buffer: Buffer, edits: int = 1) -> None:
        """Wait until the server knows so many edits of the transcript."""

        def read() -> bool:
            readers = buffer.editor.status(buffer.uri)["readers"]
            return any(reader["files"] for reader in readers) and sum(reader["edits"] for reader in readers) >= edits

        wait_for(f"{edits} edits are read", read)
