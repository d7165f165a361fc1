"""The events of Copilot's agents, in the terminal and in VS Code: JSON lines `{type, data, id, timestamp}`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byline.agents.calls import Call, Change, asked
from byline.agents.fields import Record, absolute, as_record, moment, name_at, parse, record_at, text_at
from byline.agents.prompts import own_words
from byline.agents.record import AgentEdit, Hunk

_CREATING = frozenset({"create", "create_file"})
_REPLACING = frozenset({"edit", "str_replace", "replace_string_in_file", "multi_replace_string_in_file", "apply_patch"})
_EDITOR = "str_replace_editor"
_SIGNS = (b'"session.', b'"user.message"', b'"tool.execution_', b'"assistant.message"')
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    changes: tuple[Change, ...]
    time: float | None


class CopilotEvents:
    """A transcript of `tool`, event by event. Without an id in it, the session is called `name`."""

    def __init__(self, tool: str, name: str, cwd: str | None = None) -> None:
        self.cwd = cwd
        self._tool = tool
        self._session = name
        self._model: str | None = None
        self._prompt: str | None = None
        self._waiting: dict[str, _Waiting] = {}

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits whose end the event `piece` tells."""
        if not any(sign in piece for sign in _SIGNS):
            return
        event = as_record(parse(piece))
        data, time = record_at(event, "data"), moment(event.get("timestamp"))
        match event.get("type"):
            case "session.start" | "session.resume":
                self._session = name_at(data, "sessionId") or self._session
                self.cwd = absolute(record_at(data, "context").get("cwd")) or self.cwd
                self._model = name_at(data, "selectedModel") or self._model
            case "session.model_change":
                self._model = name_at(data, "newModel") or self._model
            case "assistant.message":
                self._model = name_at(data, "model") or self._model
            case "user.message":
                self._person(event, data)
            case "tool.execution_start":
                self._start(data, time)
            case "tool.execution_complete":
                yield from self._end(data)

    def _person(self, event: Record, data: Record) -> None:
        """Take a prompt, if a person wrote it: agents ask agents, and the system steers them."""
        by_agent = name_at(event, "agentId") or name_at(data, "parentToolCallId", "parentAgentTaskId")
        if not by_agent and data.get("source") in (None, "", "user"):
            self._prompt = own_words(text_at(data, "content")) or self._prompt

    def _start(self, data: Record, time: float | None) -> None:
        call, changes = name_at(data, "toolCallId"), tuple(_changes(data, self.cwd))
        if call and changes:
            self._waiting[call] = _Waiting(changes, time)
            if len(self._waiting) > _MOST:
                del self._waiting[next(iter(self._waiting))]

    def _end(self, data: Record) -> Iterator[AgentEdit]:
        name = name_at(data, "toolCallId") or ""
        waiting = self._waiting.pop(name, None)
        if waiting is None:
            return
        succeeded = data.get("success") is True or record_at(data, "result").get("result_type") == "success"
        call = Call(
            tool=self._tool,
            session=self._session,
            model=name_at(data, "model") or self._model,
            prompt=self._prompt,
            call=name,
            time=waiting.time,
            cwd=self.cwd,
            succeeded=succeeded,
        )
        yield from map(call.edit, waiting.changes)


def _changes(data: Record, cwd: str | None) -> Iterator[Change]:
    name, arguments = name_at(data, "toolName"), data.get("arguments")
    if name in _CREATING:
        yield from asked(arguments, cwd, creates=True)
    elif name in _REPLACING:
        yield from asked(arguments, cwd)
    elif name == _EDITOR:
        record = as_record(arguments)
        if record.get("command") == "insert":
            path, text = absolute(name_at(record, "path"), cwd), text_at(record, "new_str", "insert_text")
            if path is not None and text is not None:
                yield Change(path, "edit", (Hunk("", text),))
        else:
            yield from asked(arguments, cwd, creates=record.get("command") == "create")
