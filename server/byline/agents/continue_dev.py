"""Continue: one JSON document for each session, in `~/.continue/sessions/`.

A message of the history holds the state of each call that it made; arguments as JSON in a string.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from byline.agents.calls import Call, asked
from byline.agents.fields import (
    Record,
    absolute,
    arguments_at,
    as_record,
    as_records,
    name_at,
    parse,
    record_at,
    text_at,
)
from byline.agents.homes import Homes
from byline.agents.prompts import own_words_of_parts
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit

_CREATING = frozenset({"Write", "create_new_file"})
_TOOLS = _CREATING | {"Edit", "MultiEdit", "edit_existing_file", "single_find_and_replace", "multi_edit"}
_ENDS = {"done": True, "errored": False, "canceled": False}


class Continue(Reader):
    """The reader of Continue."""

    tool = "continue"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The sessions of all folders."""
        return [Place(homes.home / ".continue" / "sessions", ("*.json",), ContinueSession, Cut.WHOLE)]


class ContinueSession:
    """A session of Continue."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._name = path.stem

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the whole session `piece`."""
        session = as_record(parse(piece))
        self.cwd = absolute(session.get("workspaceDirectory"))
        prompt: str | None = None
        for entry in as_records(session.get("history")):
            message = record_at(entry, "message")
            if message.get("role") == "user":
                prompt = own_words_of_parts(message.get("content")) or prompt
            for state in as_records(entry.get("toolCallStates")):
                yield from self._edits(session, entry, state, prompt)

    def _edits(self, session: Record, entry: Record, state: Record, prompt: str | None) -> Iterator[AgentEdit]:
        function = record_at(state, "toolCall", "function")
        name, status = name_at(function, "name"), name_at(state, "status")
        if name in _TOOLS and status in _ENDS:
            arguments = record_at(state, "parsedArgs") or arguments_at(function, "arguments")
            call = Call(
                tool=Continue.tool,
                session=text_at(session, "sessionId") or self._name,
                model=name_at(session, "chatModelTitle"),
                prompt=prompt,
                call=name_at(state, "toolCallId"),
                time=None,
                cwd=self.cwd,
                succeeded=_ENDS[status],
            )
            yield from map(call.edit, asked(arguments, self.cwd, creates=name == "create_new_file"))
