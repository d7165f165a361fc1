"""Claude Code: one JSON line for each message, in `projects/<slug>/<session>.jsonl` of its configuration directory.

A call (`tool_use`) and its result stand in different rows; the result says what was done (`FileEditOutput`,
`FileWriteOutput` and `NotebookEditOutput` of the published `sdk-tools.d.ts`). The old text may be absent (a new or
large file, or transcripts kept slim); the new one comes from the call, for the result may leave it out. Patches in
results are made for display, with tabs turned into spaces, and are not used. Sub-agents write files of their own, below
that of the session whose person asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from byline.agents.calls import Call, Change, replaced, written
from byline.agents.fields import Record, absolute, as_record, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import Sessions, own_words, own_words_of_parts
from byline.agents.reader import Place, Reader
from byline.agents.record import AgentEdit, Hunk

_TOOLS = frozenset({"Edit", "MultiEdit", "Write", "NotebookEdit"})
_CALL = re.compile(rb'"(?:Edit|MultiEdit|Write|NotebookEdit)"')
_RESULT_OF = re.compile(rb'"tool_use_id"\s*:\s*"([^"\\]{1,200})"')
_WRITTEN = re.compile(r"has been (?:updated|created|overwritten)|created successfully|\AApplied \d+ edit|\A\w+ed cell")
_MOST = 1_000  # calls that wait for a result


class ClaudeCode(Reader):
    """The reader of Claude Code."""

    tool = "claude-code"

    def __init__(self) -> None:
        self._sessions = Sessions()

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Sessions first: a sub-agent's edits get the prompt of its session."""
        shapes = (("*.jsonl",), ("*", "subagents", "*.jsonl"), ("*", "subagents", "workflows", "*", "*.jsonl"))
        return [Place(top / "projects", ("*", *names), self._begin) for names in shapes for top in homes.claude]

    def _begin(self, path: Path) -> ClaudeCodeConversation:
        return ClaudeCodeConversation(path.stem, self._sessions)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call that waits for its result."""

    name: str
    input: Record
    model: str | None
    prompt: str | None


class ClaudeCodeConversation:
    """A transcript of Claude Code, row by row. Without a session id of its own it is called `name`."""

    def __init__(self, name: str, sessions: Sessions | None = None) -> None:
        self.cwd: str | None = None
        self._name = name
        self._sessions = sessions or Sessions()
        self._waiting: dict[str, _Asked] = {}
        self._prompt: str | None = None
        self._prompt_id: str | None = None

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits whose result stands in the row `piece`."""
        if self.cwd is None and b'"cwd"' in piece:
            self.cwd = absolute(as_record(parse(piece)).get("cwd"))
        if b'"tool_use_id"' in piece:
            if any(found.decode("utf-8", "replace") in self._waiting for found in _RESULT_OF.findall(piece)):
                yield from self._result(as_record(parse(piece)))
        elif b'"tool_use"' in piece:
            if _CALL.search(piece):
                self._calls(as_record(parse(piece)))
        elif b'"user"' in piece or b'"queued_command"' in piece:
            self._person(as_record(parse(piece)))

    def _person(self, row: Record) -> None:
        """Remember what the person says in `row`, if it is the person who speaks."""
        kind = row.get("type")
        if kind == "attachment":  # typed while the agent was busy
            said = record_at(row, "attachment")
            text = own_words(text_at(said, "prompt")) if said.get("commandMode", "prompt") == "prompt" else None
            origin = record_at(said, "origin")
        elif kind == "user":
            self._prompt_id = name_at(row, "promptId") or self._prompt_id
            text = own_words_of_parts(record_at(row, "message").get("content"))
            origin = record_at(row, "origin")
        else:
            return
        if row.get("isSidechain") or row.get("isMeta") or row.get("isCompactSummary"):
            return
        if text is None or origin.get("kind", "human") != "human" or row.get("promptSource") == "system":
            return
        self._prompt = text
        self._sessions.of(self._session(row)).add(text, moment(row.get("timestamp")), name_at(row, "promptId"))

    def _session(self, row: Record) -> str:
        """The session that `row` was first written in: a fork's file begins with a copy of the older one."""
        return name_at(record_at(row, "forkedFrom"), "sessionId") or name_at(row, "sessionId") or self._name

    def _prompt_of(self, row: Record) -> str | None:
        """What the person asked for. A sub-agent is asked by an agent: the person's words are its session's."""
        if not row.get("isSidechain") and not name_at(row, "agentId"):
            return self._prompt
        return self._sessions.of(self._session(row)).find(self._prompt_id, moment(row.get("timestamp")))

    def _calls(self, row: Record) -> None:
        message = record_at(row, "message")
        model = name_at(message, "model")
        for part in as_records(message.get("content")):
            name, call = name_at(part, "name"), name_at(part, "id")
            if part.get("type") == "tool_use" and call and name in _TOOLS:
                model = None if model == "<synthetic>" else model
                self._waiting[call] = _Asked(name, record_at(part, "input"), model, self._prompt_of(row))
        while len(self._waiting) > _MOST:
            del self._waiting[next(iter(self._waiting))]

    def _result(self, row: Record) -> Iterator[AgentEdit]:
        parts = [part for part in as_records(record_at(row, "message").get("content")) if name_at(part, "tool_use_id")]
        for part in parts:
            call = name_at(part, "tool_use_id") or ""
            waiting = self._waiting.pop(call, None)
            # With several results in a row, its one structured result cannot be told to be this one's.
            result = row.get("toolUseResult") if len(parts) == 1 else None
            cwd = absolute(row.get("cwd")) or self.cwd
            change = _change(waiting, as_record(result), cwd) if waiting else None
            if waiting is not None and change is not None:
                yield Call(
                    tool=ClaudeCode.tool,
                    session=self._session(row),
                    model=waiting.model,
                    prompt=waiting.prompt,
                    call=call,
                    time=moment(row.get("timestamp")),
                    cwd=cwd,
                    succeeded=_succeeded(part, result),
                    changed_by_user=as_record(result).get("userModified") is True,
                ).edit(change)


def _succeeded(part: Record, result: object) -> bool:
    """Whether the file was written. Without a structured result, the tool's own sentence has to say so."""
    if part.get("is_error"):
        return False
    if isinstance(result, dict):
        return result.get("staged") is not True and not name_at(result, "error")
    content = part.get("content")
    said = content if isinstance(content, str) else "".join(text_at(p, "text") or "" for p in as_records(content))
    return bool(_WRITTEN.search(said[:500]))


def _change(call: _Asked, result: Record, cwd: str | None) -> Change | None:
    path = absolute(name_at(call.input, "file_path", "notebook_path"), cwd)
    if path is None:
        return None
    match call.name:
        case "Write":
            return _written(path, call.input, result)
        case "NotebookEdit":
            hunk = Hunk(text_at(result, "old_source") or "", text_at(call.input, "new_source") or "")
            return Change(path, "edit", (hunk,), text_at(result, "original_file"), text_at(result, "updated_file"))
        case "MultiEdit":
            replacements = [_replacement(edit) for edit in as_records(call.input.get("edits"))]
        case _:
            replacements = [_replacement(call.input)]
    known = [each for each in replacements if each is not None]
    if not known or len(known) < len(replacements):
        return None
    hunks = tuple(hunk for hunk, _ in known)
    before = text_at(result, "originalFile", "originalFileContents")
    if call.name == "Edit" and result.get("userModified") is True:
        known = [each for each in (_actual(result),) if each is not None]
    created = not hunks[0].old and not before
    return replaced(path, hunks, before, _after(known, "" if created else before))


def _written(path: str, asked: Record, result: Record) -> Change | None:
    content = text_at(asked, "content")
    if content is None:
        return None
    change = written(path, content, creates=result.get("type") == "create", before=text_at(result, "originalFile"))
    if result.get("userModified") is True:
        return replace(change, after=text_at(result, "content") or None)
    return change


def _replacement(asked: Record) -> tuple[Hunk, bool] | None:
    """What is to be replaced by what, and whether everywhere."""
    old, new = text_at(asked, "old_string"), text_at(asked, "new_string")
    return None if old is None or new is None else (Hunk(old, new), asked.get("replace_all") is True)


def _actual(result: Record) -> tuple[Hunk, bool] | None:
    """What was really replaced, where the person had changed the proposal."""
    old, new = text_at(result, "oldString"), text_at(result, "newString")
    return None if old is None or new is None else (Hunk(old, new), result.get("replaceAll") is True)


def _after(replacements: Sequence[tuple[Hunk, bool]], text: str | None) -> str | None:
    """`text` with all `replacements` done one after the other; None where one does not fit."""
    for hunk, everywhere in replacements:
        if text is None or hunk.old not in text or not replacements:
            return None
        old = hunk.old
        if not hunk.new and not old.endswith("\n") and f"{old}\n" in text:
            old = f"{old}\n"  # as the tool does: what is deleted takes its line break along
        text = text.replace(old, hunk.new, -1 if everywhere else 1) if old else hunk.new + text
    return text if replacements else None
