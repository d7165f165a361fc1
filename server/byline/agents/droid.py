"""Droid: one JSON line for each message, in `~/.factory/sessions/`; the model stands in a file beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from byline.agents.calls import Call, Change, asked
from byline.agents.fields import Record, absolute, as_record, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import own_words
from byline.agents.reader import Place, Reader
from byline.agents.record import AgentEdit
from byline.agents.tail import read_head

_TOOLS = frozenset({"Create", "Edit", "MultiEdit", "ApplyPatch"})
_MENTIONED = "Contents of "
_MOST = 1_000


class Droid(Reader):
    """The reader of Droid."""

    tool = "droid"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The sessions, in a directory for each project; older ones without."""
        top = homes.home / ".factory" / "sessions"
        return [Place(top, ("*", "*.jsonl"), DroidConversation), Place(top, ("*.jsonl",), DroidConversation)]


class DroidConversation:
    """A session of Droid, row by row."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._path = path
        self._session = path.stem
        self._prompt: str | None = None
        self._waiting: dict[str, list[Change]] = {}

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits whose result stands in the row `piece`."""
        row = as_record(parse(piece))
        if row.get("type") == "session_start":
            self._session = name_at(row, "id") or self._session
            self.cwd = absolute(row.get("cwd")) or self.cwd
        elif row.get("type") == "message":
            message = record_at(row, "message")
            parts = as_records(message.get("content"))
            if message.get("role") == "assistant":
                self._calls(parts)
            elif message.get("role") == "user":
                self._person(message, parts)
                yield from self._results(parts, moment(row.get("timestamp")))

    def _person(self, message: Record, parts: list[Record]) -> None:
        texts = [text_at(part, "text") for part in parts if part.get("type") == "text"] or [text_at(message, "content")]
        words = [word for text in texts if (word := own_words(text)) and not word.startswith(_MENTIONED)]
        self._prompt = "\n".join(words) or self._prompt

    def _calls(self, parts: list[Record]) -> None:
        for part in parts:
            name, call = name_at(part, "name"), name_at(part, "id")
            if part.get("type") == "tool_use" and call and name in _TOOLS:
                self._waiting[call] = list(asked(part.get("input"), self.cwd, creates=name == "Create"))
        while len(self._waiting) > _MOST:
            del self._waiting[next(iter(self._waiting))]

    def _results(self, parts: list[Record], time: float | None) -> Iterator[AgentEdit]:
        for part in parts:
            name = name_at(part, "tool_use_id")
            changes = self._waiting.pop(name, None) if name else None
            if changes:
                call = Call(
                    tool=Droid.tool,
                    session=self._session,
                    model=self._model(),
                    prompt=self._prompt,
                    call=name,
                    time=time,
                    cwd=self.cwd,
                    succeeded=_succeeded(part),
                )
                yield from map(call.edit, changes)

    def _model(self) -> str | None:
        return name_at(as_record(parse(read_head(self._path.with_suffix(".settings.json")))), "model")


def _succeeded(part: Record) -> bool:
    """Whether a result, JSON in a text, tells no failure."""
    content = part.get("content")
    told = as_record(parse(content)) if isinstance(content, str) else {}
    return part.get("is_error") is not True and told.get("success", True) is True and "error" not in told
