"""Cline and Roo: one JSON document of messages for each task, `tasks/<id>/api_conversation_history.json`.

A call is a part of the assistant's message, or XML in its text; its result is text of the next message, headed
`[tool for 'path'] Result:` (`apps/vscode/src/core/prompts/responses.ts` of cline/cline).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.calls import Call, Change, asked, replaced
from byline.agents.fields import Record, absolute, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import own_words
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit
from byline.agents.search_replace import blocks

_EXTENSIONS = ("saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline")
_FILE = "api_conversation_history.json"
_TOOLS = "write_to_file|replace_in_file|apply_diff|apply_patch"
_XML = re.compile(rf"<({_TOOLS})>(.*?)</\1>", re.DOTALL)
_FIELD = re.compile(r"<(path|absolutePath|content|diff|input)>\n?(.*?)\n?</\1>", re.DOTALL)
_RESULT = re.compile(rf"\[({_TOOLS})(?: for '(.*?)')?\] Result:")
_FOLDER = re.compile(r"# Current (?:Working|Workspace) Directory \((.+?)\)")
_WRITTEN = ("successfully saved", "<operation>", "<file_write_result>")
_CHANGED = "The user made the following updates to your content"
_WRAPPERS = ("<task>", "<user_message>", "<feedback>", "<answer>")


class Cline(Reader):
    """The reader of Cline and of Roo, which grew out of it."""

    tool = "cline"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The tasks of both extensions in all editors, and of Cline's own home."""
        storages = [user / "globalStorage" / name for user in homes.editors for name in _EXTENSIONS]
        tops = [storage / "tasks" for storage in (*storages, homes.home / ".cline" / "data")]
        return [Place(top, ("*", _FILE), ClineTask, Cut.WHOLE) for top in tops]


@dataclass(frozen=True, slots=True)
class _Made:
    name: str
    call: str | None
    changes: list[Change]
    model: str | None


class ClineTask:
    """A task of Cline or Roo."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._session = path.parent.name

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the whole task `piece`."""
        prompt: str | None = None
        made: list[_Made] = []
        for message in as_records(parse(piece)):
            parts = as_records(message.get("content")) or [{"type": "text", "text": message.get("content")}]
            if message.get("role") == "assistant":
                made = list(self._made(parts, name_at(record_at(message, "modelInfo"), "modelId")))
                continue
            texts = list(_texts(parts))
            self._look_for_folder(texts)
            for text in texts:
                head = _RESULT.search(text[:1000])
                if head:
                    yield from self._result(made, head[1], text, prompt, moment(message.get("ts")))
            said = (own_words(text) for text in texts if any(mark in text for mark in _WRAPPERS))
            prompt = next((words for words in said if words), prompt)

    def _look_for_folder(self, texts: list[str]) -> None:
        for text in texts:
            folder = _FOLDER.search(text)
            if folder:
                self.cwd = absolute(folder[1]) or self.cwd

    def _made(self, parts: list[Record], model: str | None) -> Iterator[_Made]:
        for part in parts:
            if part.get("type") == "tool_use":
                name = name_at(part, "name") or ""
                yield _Made(name, name_at(part, "id"), self._changes(record_at(part, "input")), model)
            for match in _XML.finditer(text_at(part, "text") or ""):
                fields: Record = dict(_FIELD.findall(match[2]))
                yield _Made(match[1], None, self._changes(fields), model)

    def _changes(self, fields: Record) -> list[Change]:
        diff, path = text_at(fields, "diff"), absolute(name_at(fields, "path", "absolutePath"), self.cwd)
        if diff is None:
            return list(asked(fields, self.cwd))
        hunks = tuple(hunk for _, hunk in blocks(diff.split("\n")))
        return [replaced(path, hunks)] if path is not None and hunks else []

    def _result(
        self, made: list[_Made], name: str, text: str, prompt: str | None, time: float | None
    ) -> Iterator[AgentEdit]:
        """The edits of the first call of that name: results come in the order of the calls."""
        found = next((each for each in made if each.name == name), None)
        if found is None:
            return
        made.remove(found)
        call = Call(
            tool=Cline.tool,
            session=self._session,
            model=found.model,
            prompt=prompt,
            call=found.call,
            time=time,
            cwd=self.cwd,
            succeeded=any(sign in text for sign in _WRITTEN),
            changed_by_user=_CHANGED in text,
        )
        yield from map(call.edit, found.changes)


def _texts(parts: list[Record]) -> Iterator[str]:
    """The texts of a message, also those in the results of calls."""
    for part in parts:
        text = text_at(part, "text")
        if text is not None:
            yield text
        content = part.get("content")
        if isinstance(content, str):
            yield content
        else:
            yield from (inner for each in as_records(content) if (inner := text_at(each, "text")))
