"""Cursor: the database of its editor, `globalStorage/state.vscdb`, and the transcripts of its agents.

In the database a message (`bubbleId:<chat>:<message>`) holds the call that it made; an edit's result names the whole
texts before and after, which stand under `composer.content.<SHA-256>`. Agent transcripts
(`~/.cursor/projects/<slug>/agent-transcripts/`) hold neither results nor times and are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
            newest = database.rows(f"SELECT max(rowid) FROM {_TABLE}")[0][0]  # noqa: S608
            self._row = max(0, newest - _OLDEST) if isinstance(newest, int) else 0
        query = f"SELECT rowid, key, value FROM {_TABLE} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
        rows = database.rows(query, (self._row, _TURN))
        self.behind = len(rows) == _TURN
        for row, key, value in rows:
            if isinstance(key, str) and key.startswith(_BUBBLES):
                yield from self._message(database, key, as_record(_json(value)))
            if isinstance(row, int):
                self._row = row

    def _message(self, database: Database, key: str, message: Record) -> Iterator[AgentEdit]:
        made = record_at(message, "toolFormerData")
        if made.get("status") != "completed" or name_at(made, "name") not in _TOOLS:
            return
        asked, result = arguments_at(made, "params"), arguments_at(made, "result")
        path = absolute(name_at(asked, "relativeWorkspacePath", "targetFile", "target_file"))
        after_name = name_at(result, "afterContentId")
        if path is None or after_name is None or not self._inside(path):
            return
        before, after = _content(database, name_at(result, "beforeContentId")), _content(database, after_name)
        chat = key.split(":")[1]
        model, prompt = _asked(database, chat, name_at(message, "createdAt"))
        if after is not None:
            created = before == "" and name_at(result, "beforeContentId") == _EMPTY
            yield Call(
                tool=Cursor.tool,
                session=chat,
                model=model,
                prompt=prompt,
                call=name_at(made, "toolCallId"),
                time=moment(message.get("createdAt")),
                cwd=None,
                succeeded=True,
            ).edit(written(path, after, creates=created, before=before))


def _content(database: Database, name: str | None) -> str | None:
    """The text that stands under `name`."""
    if name == _EMPTY:
        return ""
    rows = database.rows(f"SELECT value FROM {_TABLE} WHERE key = ?", (name,)) if name else []  # noqa: S608
    return _text(rows[0][0]) if rows else None


def _asked(database: Database, chat: str, time: str | None) -> tuple[str | None, str | None]:
    """Of which model, and what, the person asked last in `chat` before `time` (ISO 8601)."""
    query = f"SELECT value FROM {_TABLE} WHERE key >= ? AND key < ? LIMIT ?"  # noqa: S608
    model: str | None = None
    said: list[tuple[str, str]] = []
    for (value,) in database.rows(query, (f"{_BUBBLES}{chat}:", f"{_BUBBLES}{chat};", _MOST)):
        message = as_record(_json(value))
        created, words = name_at(message, "createdAt"), own_words(text_at(message, "text"))
        model = name_at(record_at(message, "modelInfo"), "modelName") or model
        if message.get("type") == 1 and created and words and (time is None or created <= time):
            said.append((created, words))
    return model, max(said)[1] if said else None


def _text(value: object) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else None


def _json(value: object) -> object:
    text = _text(value)
    return parse(text) if text is not None else None
