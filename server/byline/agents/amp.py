"""Amp: one JSON document for each thread, in `amp/threads/` of the data directory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.calls import Call, Change, asked
from byline.agents.fields import Record, absolute, as_record, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import joined
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit

_TOOLS = frozenset({"edit_file", "create_file", "apply_patch"})
_ENDS = {"done": True, "error": False, "cancelled": False, "rejected-by-user": False}


class Amp(Reader):
    """The reader of Amp."""

    tool = "amp"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The threads of all folders."""
        return [Place(homes.data / "amp" / "threads", ("T-*.json",), AmpThread, Cut.WHOLE)]


@dataclass(frozen=True, slots=True)
class _Made:
    changes: list[Change]
    model: str | None
    prompt: str | None
    time: float | None


class AmpThread:
    """A thread of Amp."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._name = path.stem

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the whole thread `piece`."""
        thread = as_record(parse(piece))
        trees = as_records(record_at(thread, "env", "initial").get("trees"))
        self.cwd = absolute(name_at(trees[0], "uri")) if trees else None
        made: dict[str, _Made] = {}
        prompt: str | None = None
        for message in as_records(thread.get("messages")):
            parts = as_records(message.get("content"))
            if message.get("role") == "assistant":
                made.update(self._made(message, parts, prompt))
            else:
                texts = (text_at(part, "text") for part in parts if part.get("type") == "text")
                prompt = joined(texts) or prompt
                for part in parts:
                    yield from self._results(thread, part, made)

    def _made(self, message: Record, parts: list[Record], prompt: str | None) -> Iterator[tuple[str, _Made]]:
        usage = record_at(message, "usage")
        for part in parts:
            name, call = name_at(part, "name"), name_at(part, "id")
            if part.get("type") == "tool_use" and call and name in _TOOLS:
                changes = list(asked(part.get("input"), self.cwd, creates=name == "create_file"))
                yield call, _Made(changes, name_at(usage, "model"), prompt, moment(usage.get("timestamp")))

    def _results(self, thread: Record, part: Record, made: dict[str, _Made]) -> Iterator[AgentEdit]:
        status, name = name_at(record_at(part, "run"), "status"), name_at(part, "toolUseID")
        known = made.pop(name, None) if name else None
        if known is not None and status in _ENDS:
            call = Call(
                tool=Amp.tool,
                session=name_at(thread, "id") or self._name,
                model=known.model,
                prompt=known.prompt,
                call=name,
                time=known.time,
                cwd=self.cwd,
                succeeded=_ENDS[status],
            )
            yield from map(call.edit, known.changes)
