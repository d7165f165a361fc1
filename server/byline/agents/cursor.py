"""Cursor: the database of its editor, `globalStorage/state.vscdb`, and the transcripts of its agents.

In the database a message (`bubbleId:<chat>:<message>`) holds the call that it made; an edit's result names the whole
texts before and after, which stand under `composer.content.<SHA-256>`. Agent transcripts
(`~/.cursor/projects/<slug>/agent-transcripts/`) hold neither results nor times and are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.calls import Call, written
from byline.agents.fields import Record, absolute, arguments_at, as_record, moment, name_at, parse, record_at, text_at
from byline.agents.folders import Inside
from byline.agents.homes import Homes
from byline.agents.prompts import own_words
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit
from byline.agents.sqlite import Database, DatabaseConversation

_TABLE = "cursorDiskKV"
_TOOLS = frozenset({"edit_file", "edit_file_v2", "search_replace", "write"})
_BUBBLES = "bubbleId:"
_TURN = 300
_OLDEST = 20_000  # rows before the newest that are looked at
_MOST = 2_000
_ANY_MODEL = "default"
_EMPTY = "composer.content.e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Cursor(Reader):
    """The reader of Cursor."""

    tool = "cursor"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The one database of all windows."""
        inside = Inside(roots)
        tops = [user / "globalStorage" for user in homes.editors if "ursor" in str(user)]
        return [Place(top, ("state.vscdb",), lambda _: CursorDatabase(inside), Cut.DATABASE) for top in tops]


class CursorDatabase(DatabaseConversation):
    """The messages of all chats, in the order in which they were written last."""

    def __init__(self, inside: Inside) -> None:
        super().__init__()
        self._inside = inside
        self._row: int | None = None  # the newest that was read: a row that is written again gets a new number

    def read(self, database: Database) -> Iterator[AgentEdit]:
        """The edits in the messages that are new."""
        if self._row is None:
            newest = database.rows(f"SELECT max(rowid) FROM {_TABLE}")[0][0]  # noqa: S608 - a constant
            self._row = max(0, newest - _OLDEST) if isinstance(newest, int) else 0
        query = f"SELECT rowid, key, value FROM {_TABLE} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608 - a constant
        rows = database.rows(query, (self._row, _TURN))
        self.behind = len(rows) == _TURN
        chats: _Chats = {}
        for row, key, value in rows:
            if isinstance(key, str) and key.startswith(_BUBBLES):
                yield from self._message(database, chats, key, as_record(_json(value)))
            if isinstance(row, int):
                self._row = row

    def _message(self, database: Database, chats: _Chats, key: str, message: Record) -> Iterator[AgentEdit]:
        made = record_at(message, "toolFormerData")
        if made.get("status") != "completed" or name_at(made, "name") not in _TOOLS:
            return
        asked, result = arguments_at(made, "params"), arguments_at(made, "result")
        path = absolute(name_at(asked, "relativeWorkspacePath", "targetFile", "target_file"))
        if path is None or not self._inside(path):
            return
        before_name, after_name = name_at(result, "beforeContentId"), name_at(result, "afterContentId")
        before, after = _content(database, before_name), _content(database, after_name)
        if after is None:
            return
        chat, time = key.split(":")[1], name_at(message, "createdAt")
        if chat not in chats:
            chats[chat] = _chat(database, chat)
        yield Call(
            tool=Cursor.tool,
            session=chat,
            model=_newest(chats[chat], time, lambda said: said.model),
            prompt=_newest(chats[chat], time, lambda said: said.words),
            call=name_at(made, "toolCallId"),
            time=moment(time),
            cwd=None,
            succeeded=True,
        ).edit(written(path, after, creates=before_name == _EMPTY, before=before))


@dataclass(frozen=True, slots=True)
class _Said:
    """A message of a chat: when it was written (ISO 8601), of which model it is or for which, the person's words."""

    time: str
    model: str | None
    words: str | None


_Chats = dict[str, list[_Said]]


def _chat(database: Database, name: str) -> list[_Said]:
    """The messages of a chat in order of time."""
    query = f"SELECT value FROM {_TABLE} WHERE key >= ? AND key < ? LIMIT ?"  # noqa: S608 - a constant
    messages: list[_Said] = []
    for (value,) in database.rows(query, (f"{_BUBBLES}{name}:", f"{_BUBBLES}{name};", _MOST)):
        message = as_record(_json(value))
        model = name_at(record_at(message, "modelInfo"), "modelName")
        words = own_words(text_at(message, "text")) if message.get("type") == 1 else None
        time = name_at(message, "createdAt")
        if time is not None:
            messages.append(_Said(time, None if model == _ANY_MODEL else model, words))
    return sorted(messages, key=lambda said: said.time)


def _newest(messages: list[_Said], time: str | None, of: Callable[[_Said], str | None]) -> str | None:
    """What `of` tells of the newest message until `time` of which it tells anything."""
    until = (said for said in reversed(messages) if time is None or said.time <= time)
    return next((told for said in until if (told := of(said)) is not None), None)


def _content(database: Database, name: str | None) -> str | None:
    """The text that stands under `name`."""
    if name == _EMPTY:
        return ""
    rows = database.rows(f"SELECT value FROM {_TABLE} WHERE key = ?", (name,)) if name else []  # noqa: S608 - a constant
    return _text(rows[0][0]) if rows else None


def _text(value: object) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else None


def _json(value: object) -> object:
    text = _text(value)
    return parse(text) if text is not None else None
