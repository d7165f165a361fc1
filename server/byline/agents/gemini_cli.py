"""Gemini CLI: `tmp/<project>/chats/session-*.jsonl` (before 2026: one JSON document) in `~/.gemini`.

A row is a message, a change of the session's head (`$set`) or a step back (`$rewindTo`); a message may be written again
with more in it (`chatRecordingTypes.ts` of google-gemini/gemini-cli). What a call displayed holds both whole texts, and
how much of it was the person's. The project's folder stands in a file beside the chats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from byline.agents.calls import Call, Change, replacement
from byline.agents.fields import Record, absolute, as_record, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.homes import Homes
from byline.agents.prompts import own_words_of_parts
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit, Hunk
from byline.agents.tail import read_head

_TOOLS = frozenset({"replace", "edit", "write_file"})
_SIGNS = (b'"replace"', b'"edit"', b'"write_file"', b'"sessionId"', b'"$set"', b'"$rewindTo"')
_ENDS = {"success": True, "error": False, "cancelled": False}
_USERS_SHARE = ("user_added_lines", "user_removed_lines", "user_added_chars", "user_removed_chars")
_MOST = 1_000


class GeminiCli(Reader):
    """The reader of Gemini CLI."""

    tool = "gemini-cli"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Both forms, and the chats of sub-agents, which are in a directory named after their session."""
        top = homes.gemini / "tmp"
        return [
            Place(top, ("*", "chats", "session-*.jsonl"), _begin_lines),
            Place(top, ("*", "chats", "*", "*.jsonl"), _begin_lines),
            Place(top, ("*", "chats", "session-*.json"), _begin_document, Cut.WHOLE),
        ]


def _begin_lines(path: Path) -> GeminiConversation:
    return GeminiConversation(path.stem, _project_of(path))


def _begin_document(path: Path) -> GeminiDocument:
    return GeminiDocument(path.stem, _project_of(path))


def _project_of(path: Path) -> str | None:
    """The folder of the project to which the chat at `path` belongs."""
    project = next((parent.parent for parent in path.parents if parent.name == "chats"), None)
    return absolute(read_head(project / ".project_root").strip()) if project else None


class GeminiConversation:
    """A chat of Gemini CLI, row by row, in the folder `cwd` if that is known. Without an id it is called `name`."""

    def __init__(self, name: str, cwd: str | None = None) -> None:
        self.cwd = cwd
        self._session = name
        self._is_asked_by_agent = False
        self._prompts: list[tuple[str | None, str]] = []  # with the ids of their messages

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits that the row `piece` tells of."""
        if b'"user"' in piece or any(sign in piece for sign in _SIGNS):
            yield from self._row(as_record(parse(piece)))

    def _row(self, row: Record) -> Iterator[AgentEdit]:
        if "$set" in row:
            head = record_at(row, "$set")
            self._head(head)
            for message in as_records(head.get("messages")):
                yield from self._message(message)
        elif "$rewindTo" in row:
            self._rewind(name_at(row, "$rewindTo"))
        elif "type" in row:
            yield from self._message(row)
        else:
            self._head(row)

    def _head(self, head: Record) -> None:
        self._session = name_at(head, "sessionId") or self._session
        self._is_asked_by_agent |= head.get("kind") == "subagent"

    def _rewind(self, message: str | None) -> None:
        """Forget what was asked since `message`, and that itself."""
        ids = [name for name, _ in self._prompts]
        if message in ids:
            del self._prompts[ids.index(message) :]

    def _message(self, message: Record) -> Iterator[AgentEdit]:
        if message.get("type") == "user":
            shown = message.get("displayContent")
            text = own_words_of_parts(message.get("content") if shown is None else shown)
            name = name_at(message, "id")
            if text is not None and (name is None or name not in {known for known, _ in self._prompts}):
                self._prompts = [*self._prompts[-_MOST:], (name, text)]
        elif message.get("type") == "gemini":
            for call in as_records(message.get("toolCalls")):
                if call.get("name") in _TOOLS and call.get("status") in _ENDS:
                    yield from self._edit(call, name_at(message, "model"))

    def _edit(self, call: Record, model: str | None) -> Iterator[AgentEdit]:
        args, shown = record_at(call, "args"), record_at(call, "resultDisplay")
        path = absolute(name_at(shown, "filePath"), self.cwd) or absolute(name_at(args, "file_path"), self.cwd)
        change = _change(path, args, shown) if path else None
        if change is not None:
            yield Call(
                tool=GeminiCli.tool,
                session=self._session,
                model=model,
                prompt=self._prompts[-1][1] if self._prompts and not self._is_asked_by_agent else None,
                call=name_at(call, "id"),
                time=moment(call.get("timestamp")),
                cwd=self.cwd,
                succeeded=_ENDS[str(call.get("status"))],
                changed_by_user=args.get("modified_by_user") is True or _has_users_share(shown),
            ).edit(change)


class GeminiDocument(GeminiConversation):
    """A chat of Gemini CLI in one document."""

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the whole chat `piece`."""
        chat = as_record(parse(piece))
        self._head(chat)
        self._prompts.clear()
        for message in as_records(chat.get("messages")):
            yield from self._message(message)


def _change(path: str, args: Record, shown: Record) -> Change | None:
    """What the model proposed, and what was displayed: the person may have changed it in between."""
    before, after = text_at(shown, "originalContent"), text_at(shown, "newContent")
    created = shown.get("isNewFile") is True or (not before and not name_at(args, "old_string"))
    hunk, content = replacement(args), text_at(args, "ai_proposed_content", "content")
    if hunk is None and content is not None and (created or before is not None):
        hunk = Hunk("" if created else before or "", content)
    if hunk is None and after is None:
        return None
    return Change(path, "create" if created else "edit", (hunk,) if hunk else (), None if created else before, after)


def _has_users_share(shown: Record) -> bool:
    counts = record_at(shown, "diffStat")
    return any(isinstance(count := counts.get(key), int) and count > 0 for key in _USERS_SHARE)
