"""The chats of VS Code: what was asked in each request, of which model, and what was called for it.

A chat is one document, later a log of its changes (`objectMutationLog.ts` of microsoft/vscode).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byline.agents.calls import Call, Change, asked
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
from byline.agents.prompts import own_words
from byline.agents.record import AgentEdit

COPILOT = "copilot"
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
                        tool=COPILOT,
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
    """A chat as a log: the whole (0), then values set (1) or dropped (3) and lists grown (2), at a path of keys."""

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
    match row.get("kind"):
        case 1 | 3:
            return _set(inner, last, value)
        case 2 if isinstance(value, list | None):
            return _push(inner, last, value or [], row.get("i"))
    return False


def _set(inner: object, key: object, value: object) -> bool:
    if isinstance(inner, dict) and isinstance(key, str):
        inner[key] = value
        return True
    if isinstance(inner, list) and isinstance(key, int) and 0 <= key < len(inner):
        inner[key] = value
        return True
    return False


def _push(inner: object, key: object, values: list[object], start: object) -> bool:
    """Put `values` at the end of the list at `key`, which ends before `start` if that is given."""
    items = _inside(inner, key)
    if items is None:
        return _set(inner, key, values)
    if not isinstance(items, list):
        return False
    if isinstance(start, int) and start >= 0:
        del items[start:]
    items += values
    return True


def _inside(value: object, key: object) -> object:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(value):
        found: object = value[key]
        return found
    return None


def file_of(uri: object) -> str | None:
    """The path of a file's URI, as text or taken apart."""
    if isinstance(uri, str):
        return absolute(uri)
    parts = as_record(uri)
    return absolute(name_at(parts, "fsPath", "path")) if parts.get("scheme", "file") == "file" else None


def _applied(request: Record) -> Iterator[str]:
    """The files to which the editor applied what this request brought."""
    for part in as_records(request.get("response")):
        if part.get("kind") == "textEditGroup" and part.get("done") is True:
            path = file_of(part.get("uri"))
            if path is not None:
                yield path


def _prompt(request: Record) -> str | None:
    message = request.get("message")
    return own_words(message if isinstance(message, str) else text_at(as_record(message), "text"))


def _model(request: Record, result: Record) -> str | None:
    """The model's name; `auto` stands for another, which may be told."""
    model = name_at(request, "modelId")
    return name_at(result, "resolvedModel") if model is None or model.endswith("/auto") else model
