"""Copilot in VS Code: what a workspace's storage holds of chats (`workspaceStorage/<hash>/`, of `microsoft/vscode`).

- `chatSessions/<session>.json`, later `.jsonl`: the requests with what was asked, of which model, and the calls made.
- `chatEditingSessions/<session>/state.json`: the timeline of what was applied to which file, with the text before.
- `GitHub.copilot-chat/transcripts/<session>.jsonl`: the agent's events; without the model.

`workspace.json` says which folder the storage belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.calls import Call, Change, asked
from byline.agents.copilot_events import CopilotEvents
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
from byline.agents.prompts import own_words
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit, EditKind, Hunk
from byline.agents.tail import read_head
from byline.agents.text_edits import apply_edits

_EDITS = frozenset({"replace_string_in_file", "multi_replace_string_in_file", "apply_patch"})
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked in one request of a chat."""

    model: str | None
    prompt: str | None
    time: float | None


Requests = dict[str, Request]
"""By the ids of the requests, from all chats."""


class Copilot(Reader):
    """The reader of Copilot in VS Code."""

    tool = "copilot"

    def __init__(self) -> None:
        self._requests: Requests = {}

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Chats first: the timelines refer to their requests."""
        tops = [user / "workspaceStorage" for user in homes.editors]
        events = ("*", "GitHub.copilot-chat", "transcripts", "*.jsonl")
        return [
            *(Place(top, ("*", "chatSessions", "*.jsonl"), self._begin_log) for top in tops),
            *(Place(top, ("*", "chatSessions", "*.json"), self._begin_chat, Cut.WHOLE) for top in tops),
            *(
                Place(top, ("*", "chatEditingSessions", "*", "state.json"), self._begin_timeline, Cut.WHOLE)
                for top in tops
            ),
            *(Place(top, events, _begin_events) for top in tops),
        ]

    def signs(self, homes: Homes) -> list[Path]:
        """The extension's own storage: every VS Code has a `workspaceStorage`."""
        return [user / "globalStorage" / "github.copilot-chat" for user in homes.editors]

    def _begin_log(self, path: Path) -> CopilotChatLog:
        return CopilotChatLog(path.stem, _folder(path.parents[1]), self._requests)

    def _begin_chat(self, path: Path) -> CopilotChat:
        return CopilotChat(path.stem, _folder(path.parents[1]), self._requests)

    def _begin_timeline(self, path: Path) -> CopilotTimeline:
        return CopilotTimeline(path.parent.name, _folder(path.parents[2]), self._requests)


def _begin_events(path: Path) -> CopilotEvents:
    return CopilotEvents(Copilot.tool, path.stem, _folder(path.parents[2]))


def _folder(storage: Path) -> str | None:
    """The folder that a workspace's storage belongs to; None for a workspace of several."""
    return absolute(as_record(parse(read_head(storage / "workspace.json"))).get("folder"))


class CopilotChat:
    """A chat in one document."""

    def __init__(self, name: str, cwd: str | None, requests: Requests) -> None:
        self.cwd = cwd
        self._session = name
        self._requests = requests

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of all requests of the chat `piece`."""
        yield from self._chat(as_record(parse(piece)))

    def _chat(self, chat: Record) -> Iterator[AgentEdit]:
        self._session = name_at(chat, "sessionId") or self._session
        for request in as_records(chat.get("requests")):
            yield from self._request(request)

    def _request(self, request: Record) -> Iterator[AgentEdit]:
        result = record_at(request, "result", "metadata")
        known = Request(_model(request, result), _prompt(request), moment(request.get("timestamp")))
        name = name_at(request, "requestId")
        if name is not None:
            self._requests[name] = known
            if len(self._requests) > _MOST:
                del self._requests[next(iter(self._requests))]
        applied = set(_applied(request))
        for round_ in as_records(result.get("toolCallRounds")):
            for made in as_records(round_.get("toolCalls")):
                for change in self._changes(made):
                    yield Call(
                        tool=Copilot.tool,
                        session=self._session,
                        model=known.model,
                        prompt=known.prompt,
                        call=name_at(made, "id"),
                        time=moment(round_.get("timestamp")) or known.time,
                        cwd=self.cwd,
                        succeeded=change.path in applied,
                    ).edit(change)

    def _changes(self, made: Record) -> Iterator[Change]:
        name = name_at(made, "name")
        if name in _EDITS or name == "create_file":
            arguments = arguments_at(made, "arguments") or text_at(made, "arguments")
            yield from asked(arguments, self.cwd, creates=name == "create_file")


class CopilotChatLog(CopilotChat):
    """A chat as a log of changes: the whole, then values set (1) and lists made longer (2) at a path of keys."""

    def __init__(self, name: str, cwd: str | None, requests: Requests) -> None:
        super().__init__(name, cwd, requests)
        self._state: object = None

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the requests that the row `piece` changes."""
        row = as_record(parse(piece))
        keys = row.get("k")
        if row.get("kind") == 0:
            self._state = row.get("v")
            yield from self._chat(as_record(self._state))
        elif isinstance(keys, list) and keys and _change(self._state, keys, row) and keys[0] == "requests":
            requests = as_record(self._state).get("requests")
            if len(keys) > 1 and isinstance(requests, list):
                yield from self._request(as_record(requests[keys[1]]))
            else:
                yield from self._chat(as_record(self._state))


def _change(state: object, keys: list[object], row: Record) -> bool:
    """Change `state` as a row of the log says; whether that could be done."""
    inner = state
    for key in keys[:-1]:
        inner = _inside(inner, key)
    last, value = keys[-1], row.get("v")
    if row.get("kind") == 1:
        if isinstance(inner, dict) and isinstance(last, str):
            inner[last] = value
            return True
        if isinstance(inner, list) and _inside(inner, last) is not None and isinstance(last, int):
            inner[last] = value
            return True
    elif row.get("kind") == 2:
        items, start = _inside(inner, last), row.get("i")
        if isinstance(items, list) and isinstance(value, list | None):
            if isinstance(start, int) and not isinstance(start, bool) and start >= 0:
                del items[start:]
            items += value or []
            return True
    return False


def _inside(value: object, key: object) -> object:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(value):
        found: object = value[key]
        return found
    return None


class CopilotTimeline:
    """What was applied in one chat: for each file and request the text before, and the operations in order."""

    def __init__(self, name: str, cwd: str | None, requests: Requests) -> None:
        self.cwd = cwd
        self._session = name
        self._requests = requests

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """One edit for each file and request in the state `piece`: what all its operations together did."""
        timeline = record_at(as_record(parse(piece)), "timeline")
        now = timeline.get("currentEpoch")
        texts, models = _baselines(timeline)
        created: set[tuple[str, str]] = set()
        befores = dict(texts)
        undone: set[tuple[str, str]] = set()
        operations = [o for o in as_records(timeline.get("operations")) if isinstance(o.get("epoch"), int | float)]
        for operation in sorted(operations, key=lambda o: float(str(o.get("epoch")))):
            path, request = _place(operation.get("uri")), name_at(operation, "requestId")
            if path is None or request is None:
                continue
            key = (path, request)
            if isinstance(now, int | float) and float(str(operation.get("epoch"))) > now:
                undone.add(key)
            if operation.get("type") == "create":
                texts[key] = text_at(operation, "initialContent") or ""
                created.add(key)
                befores[key] = ""
            elif operation.get("type") == "textEdit":
                texts[key] = apply_edits(texts.get(key), as_records(operation.get("edits")))
            else:
                texts[key] = None
        for key, after in texts.items():
            if after is not None and after != befores.get(key):
                yield self._edit(key, befores.get(key) or "", after, key in created, models.get(key), key not in undone)

    def _edit(
        self, key: tuple[str, str], before: str, after: str, created: bool, model: str | None, succeeded: bool
    ) -> AgentEdit:
        path, request = key
        known = self._requests.get(request, Request(None, None, None))
        kind: EditKind = "create" if created else "edit"
        return Call(
            tool=Copilot.tool,
            session=self._session,
            model=known.model or model,
            prompt=known.prompt,
            call=request,
            time=known.time,
            cwd=self.cwd,
            succeeded=succeeded,
        ).edit(Change(path, kind, (Hunk("" if created else before, after),), None if created else before, after))


def _baselines(timeline: Record) -> tuple[dict[tuple[str, str], str | None], dict[tuple[str, str], str | None]]:
    """The text before, and the model, by file and request."""
    texts: dict[tuple[str, str], str | None] = {}
    models: dict[tuple[str, str], str | None] = {}
    entries = timeline.get("fileBaselines")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str):
            baseline = as_record(entry[1])
            address, _, request = entry[0].rpartition("::")
            path = _place(baseline.get("uri")) or absolute(address)
            if path is not None:
                texts[path, request] = text_at(baseline, "content")
                models[path, request] = name_at(record_at(baseline, "telemetryInfo"), "modelId")
    return texts, models


def _place(uri: object) -> str | None:
    """The path of a file's URI, as text or taken apart."""
    if isinstance(uri, str):
        return absolute(uri)
    parts = as_record(uri)
    return absolute(name_at(parts, "fsPath", "path")) if parts.get("scheme", "file") == "file" else None


def _applied(request: Record) -> Iterator[str]:
    """The files to which the editor applied what this request brought."""
    for part in as_records(request.get("response")):
        if part.get("kind") == "textEditGroup" and part.get("done") is True:
            path = _place(part.get("uri"))
            if path is not None:
                yield path


def _prompt(request: Record) -> str | None:
    message = request.get("message")
    return own_words(message if isinstance(message, str) else text_at(as_record(message), "text"))


def _model(request: Record, result: Record) -> str | None:
    """The model's name; `auto` stands for another, which may be told."""
    model = name_at(request, "modelId")
    return name_at(result, "resolvedModel") if model is None or model.endswith("/auto") else model
