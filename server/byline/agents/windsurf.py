"""Windsurf: one JSON line for each step of a trajectory, in `~/.windsurf/transcripts/`; without times, folder or model.

A `code_action` holds both whole texts, and whether the person accepted it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from byline.agents.calls import Call, written
from byline.agents.fields import absolute, as_record, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import own_words
from byline.agents.reader import Place, Reader
from byline.agents.record import AgentEdit

_ACCEPTED = "ACKNOWLEDGEMENT_TYPE_ACCEPT"


class Windsurf(Reader):
    """The reader of Windsurf."""

    tool = "windsurf"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The transcripts of all folders."""
        return [Place(homes.home / ".windsurf" / "transcripts", ("*.jsonl",), WindsurfConversation)]


class WindsurfConversation:
    """A trajectory of Windsurf, step by step."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._session = path.stem
        self._prompt: str | None = None

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edit of the step `piece`, if it is one."""
        step = as_record(parse(piece))
        if step.get("type") == "user_input":
            self._prompt = own_words(text_at(record_at(step, "user_input"), "user_response")) or self._prompt
        elif step.get("type") == "code_action":
            action = record_at(step, "code_action")
            path, content = absolute(name_at(action, "path")), text_at(action, "new_content")
            if path is not None and content is not None:
                before = text_at(action, "original_content")
                accepted = action.get("acknowledgement_type") == _ACCEPTED and step.get("status") == "done"
                yield Call(
                    tool=Windsurf.tool,
                    session=self._session,
                    model=None,
                    prompt=self._prompt,
                    call=None,
                    time=None,
                    cwd=None,
                    succeeded=accepted,
                ).edit(written(path, content, creates=before == "", before=before))
