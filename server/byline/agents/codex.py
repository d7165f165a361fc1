"""Codex: one JSON line for each event, in `sessions/YYYY/MM/DD/rollout-*.jsonl` of its home.

What was written is best told by the events after it: `patch_apply_end`, since version 0.149 an `item_completed` of type
`FileChange`, both with the changes of each file. Older rollouts have only the call, with the patch in it, and its
output; so do patches that a shell command applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from byline.agents.calls import Call, Change, patched, written
from byline.agents.fields import (
    Record,
    absolute,
    arguments_at,
    as_record,
    as_records,
    moment,
    name_at,
    parse,
    record_at,
    text_at,
)
from byline.agents.homes import Homes
from byline.agents.patch import diff_hunks
from byline.agents.prompts import Sessions, own_words, own_words_of_parts
from byline.agents.reader import Place, Reader
from byline.agents.record import AgentEdit, EditKind, Hunk

_SIGNS = (
    b'"session_meta"',
    b'"turn_context"',
    b'"user_message"',
    b'"UserMessage"',
    b'"patch_apply_end"',
    b'"FileChange"',
    b"*** Begin Patch",
)
"""One of these is in every line that matters, but for the outputs of calls that wait for them."""
_KINDS: dict[object, EditKind] = {"add": "create", "update": "edit", "delete": "delete"}
_MOST = 1_000


class Codex(Reader):
    """The reader of Codex."""

    tool = "codex"

    def __init__(self) -> None:
        self._sessions = Sessions()

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """By date and time, so that a session is read before what was forked from it."""
        file = "rollout-*.jsonl"
        return [
            Place(homes.codex / "archived_sessions", (file,), self._begin),
            Place(homes.codex / "sessions", ("*", "*", "*", file), self._begin),
        ]

    def _begin(self, path: Path) -> CodexConversation:
        return CodexConversation(path.stem, self._sessions)


@dataclass(slots=True)
class _Waiting:
    """A call that waits for its output, and the files of it of which an event told already."""

    changes: list[Change]
    time: float | None
    told: set[str] = field(default_factory=set)


class CodexConversation:
    """A rollout of Codex, line by line. Without a session id of its own it is called `name`."""

    def __init__(self, name: str, sessions: Sessions | None = None) -> None:
        self.cwd: str | None = None
        self._session: str | None = None
        self._name = name
        self._sessions = sessions or Sessions()
        self._asked_by: str | None = None  # the session whose agent asks, in the rollout of a sub-agent
        self._is_asked_by_agent = False
        self._model: str | None = None
        self._prompt: str | None = None
        self._said_plainly = False
        self._folder: str | None = None
        self._waiting: dict[str, _Waiting] = {}

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits that the line `piece` tells of."""
        if self._waiting and b'_call_output"' in piece:
            yield from self._output(record_at(as_record(parse(piece)), "payload"))
            return
        is_message = not self._said_plainly and b'"input_text"' in piece and b'"user"' in piece
        if not is_message and not any(sign in piece for sign in _SIGNS):
            return
        row = as_record(parse(piece))
        payload, time = record_at(row, "payload"), moment(row.get("timestamp"))
        match row.get("type"), payload.get("type"):
            case "session_meta", _:
                self._begin(payload)
            case "turn_context", _:
                self._model = name_at(payload, "model") or self._model
                self._folder = absolute(payload.get("cwd")) or self._folder
            case "event_msg", "user_message":
                self._said_plainly = True
                self._ask(own_words(text_at(payload, "message")), time)
            case "event_msg", "patch_apply_end":
                yield from self._event(payload, name_at(payload, "call_id"), time)
            case "event_msg", "item_completed":
                yield from self._item(record_at(payload, "item"), time)
            case "response_item", "message" if payload.get("role") == "user" and not self._said_plainly:
                self._ask(own_words_of_parts(payload.get("content")), time)
            case "response_item", "custom_tool_call" | "function_call":
                self._call(payload, time)

    def _begin(self, meta: Record) -> None:
        """Take the first head line: what follows a second one was copied from the session that this one forked."""
        if self._session is not None:
            return
        self._session = name_at(meta, "id") or self._name
        self.cwd = self._folder = absolute(meta.get("cwd"))
        spawned = record_at(meta, "source", "subagent", "thread_spawn")
        self._asked_by = name_at(meta, "parent_thread_id") or name_at(spawned, "parent_thread_id")
        is_spawned = meta.get("thread_source") == "subagent" or isinstance(meta.get("source"), dict)
        self._is_asked_by_agent = is_spawned or self._asked_by is not None

    def _item(self, item: Record, time: float | None) -> Iterator[AgentEdit]:
        if item.get("type") == "FileChange":
            yield from self._event(item, name_at(item, "id"), time)
        elif item.get("type") == "UserMessage":
            self._said_plainly = True
            self._ask(own_words_of_parts(item.get("content")), time)

    def _ask(self, text: str | None, time: float | None) -> None:
        if text is not None and not self._is_asked_by_agent:
            self._prompt = text
            self._sessions.of(self._session or self._name).add(text, time)

    def _asked(self, time: float | None) -> str | None:
        if not self._is_asked_by_agent:
            return self._prompt
        return self._sessions.of(self._asked_by).find(None, time) if self._asked_by else None

    def _call(self, payload: Record, time: float | None) -> None:
        """Remember a call with patches in it: its input, its arguments, or a command among them."""
        call = name_at(payload, "call_id")
        said = text_at(payload, "input")
        if said is None:
            arguments = arguments_at(payload, "arguments")
            said = "\n".join(_texts(arguments)) or text_at(payload, "arguments") or ""
        changes = list(patched(said, self._folder))
        if call and changes:
            self._waiting[call] = _Waiting(changes, time)
            if len(self._waiting) > _MOST:
                del self._waiting[next(iter(self._waiting))]

    def _event(self, event: Record, name: str | None, time: float | None) -> Iterator[AgentEdit]:
        """The edits of an event after a patch was applied, or was not."""
        succeeded = event.get("success", True) is True and event.get("status", "completed") == "completed"
        call = self._known(name, time, succeeded=succeeded)
        for file, told in record_at(event, "changes").items():
            path = absolute(file, self._folder)
            change = self._change(path, as_record(told)) if path else None
            if change is not None:
                for each in self._waiting.values():  # a script's events have other ids than its call
                    each.told.add(change.path)
                yield call.edit(change)

    def _change(self, path: str, change: Record) -> Change | None:
        kind = _KINDS.get(change.get("type"))
        content, diff = text_at(change, "content"), text_at(change, "unified_diff")
        moved_to = absolute(change.get("move_path"), self._folder)
        match kind:
            case "create" if content is not None:
                return written(path, content, creates=True)
            case "delete" if content is not None:
                return Change(path, "delete", (Hunk(content, ""),), before=content)
            case "edit" | "create" if diff is not None:
                return Change(moved_to or path, "move" if moved_to else kind, diff_hunks(diff))
        return None

    def _output(self, payload: Record) -> Iterator[AgentEdit]:
        """The edits of a call whose output came, as far as no event told of them."""
        name = name_at(payload, "call_id") or ""
        waiting = self._waiting.pop(name, None)
        if waiting is not None:
            call = self._known(name, waiting.time, succeeded=_succeeded(payload.get("output")))
            yield from (call.edit(change) for change in waiting.changes if change.path not in waiting.told)

    def _known(self, call: str | None, time: float | None, *, succeeded: bool) -> Call:
        return Call(
            tool=Codex.tool,
            session=self._session or self._name,
            model=self._model,
            prompt=self._asked(time),
            call=call,
            time=time,
            cwd=self._folder or self.cwd,
            succeeded=succeeded,
        )


def _texts(arguments: Record) -> Iterator[str]:
    """The strings among a call's arguments, and in lists among them."""
    for value in arguments.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


def _succeeded(output: object) -> bool:
    """Whether a call's output says that the patch was applied: text, parts of text, or JSON with the exit code."""
    if isinstance(output, list):
        output = "\n".join(text_at(part, "text") or "" for part in as_records(output))
    if not isinstance(output, str):
        return False
    inner = as_record(parse(output)) if output.startswith("{") else {}
    if inner:
        code = record_at(inner, "metadata").get("exit_code", 0)
        return code == 0 and "Success" in (text_at(inner, "output") or "")
    if output.startswith("Script failed"):
        return False
    return output.startswith("Script completed") or "Success. Updated the following files" in output
