"""OpenCode: a database `opencode.db` in its data directory; before 2026 JSON files in `storage/` beside it.

A session has messages, a message has parts, a part may be a call with its state (`message-v2.ts` of OpenCode). The
second layout of the database keeps a message and its parts together, in `session_message`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.calls import Call, Change, asked, replaced, written
from byline.agents.fields import Record, absolute, as_record, as_records, moment, name_at, parse, record_at, text_at
from byline.agents.folders import Inside
from byline.agents.homes import Homes
from byline.agents.patch import diff_hunks
from byline.agents.prompts import joined, own_words
from byline.agents.reader import Cut, Place, Reader
from byline.agents.record import AgentEdit, EditKind, Hunk
from byline.agents.sqlite import Database, DatabaseConversation
from byline.agents.tail import read_head

_CALLS = frozenset({"edit", "multiedit", "write", "patch", "apply_patch"})
_ENDS = {"completed": True, "error": False}
_TYPES: dict[object, EditKind] = {"add": "create", "update": "edit", "delete": "delete", "move": "move"}
_TURN = 400  # parts that are read at once
_SESSIONS = 50
_PARENTS = 5
_HEAD = 1 << 20


class OpenCode(Reader):
    """The reader of OpenCode."""

    tool = "opencode"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Both databases' layouts, and the files of before."""
        top = homes.data / "opencode"
        inside = Inside(roots)
        return [
            Place(top, ("opencode*.db",), lambda _: OpenCodeDatabase(inside), Cut.DATABASE),
            Place(top / "storage" / "part", ("*", "*.json"), OpenCodePart, Cut.WHOLE),
        ]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where a call stands."""

    session: str
    model: str | None
    prompt: str | None
    cwd: str | None
    time: float | None


class OpenCodeDatabase(DatabaseConversation):
    """The sessions of one database that belong to the open folders."""

    def __init__(self, inside: Inside) -> None:
        super().__init__()
        self._inside = inside
        self._read_until: dict[str, int] = {}  # for each session the time of the newest part that was read

    def read(self, database: Database) -> Iterator[AgentEdit]:
        """The edits of the sessions that were worked in last."""
        tables = database.tables()
        sessions = next((name for name in ("session", "session_v2") if "directory" in tables.get(name, ())), None)
        if sessions is None:
            return
        self.behind = False
        query = f"SELECT id, directory, parent_id FROM {sessions} ORDER BY time_updated DESC LIMIT {_SESSIONS}"  # noqa: S608
        for session, directory, parent in database.rows(query):
            cwd = absolute(directory)
            if isinstance(session, str) and cwd is not None and self._inside(cwd):
                if "part" in tables:
                    yield from self._parts(database, session, cwd, parent)
                if "session_message" in tables:
                    yield from self._messages(database, session, cwd, parent)

    def _parts(self, database: Database, session: str, cwd: str, parent: object) -> Iterator[AgentEdit]:
        since = self._read_until.get(session, 0)
        rows = database.rows(
            "SELECT p.data, p.time_updated, m.data FROM part p JOIN message m ON m.id = p.message_id"
            " WHERE p.session_id = ? AND p.time_updated >= ? ORDER BY p.time_updated LIMIT ?",
            (session, since, _TURN),
        )
        for data, updated, message_data in rows:
            part, message = _json(data), _json(message_data)
            if isinstance(updated, int):
                self._read_until[session] = max(updated, self._read_until.get(session, 0))
            if part.get("type") == "tool" and name_at(part, "tool") in _CALLS:
                prompt = self._asked(database, session, parent, updated)
                turn = _Turn(session, name_at(message, "modelID"), prompt, _cwd_of(message) or cwd, moment(updated))
                yield from _edits(name_at(part, "tool") or "", name_at(part, "callID"), part, turn)
        if len(rows) == _TURN:
            if self._read_until.get(session) == since:
                self._read_until[session] = since + 1  # more parts of one moment than are read at once
            self.behind = True

    def _asked(self, database: Database, session: str, parent: object, time: object) -> str | None:
        """What the person asked for last. A session with a parent is asked by an agent."""
        for _ in range(_PARENTS):
            if not isinstance(parent, str):
                break
            session = parent
            found = database.rows("SELECT parent_id FROM session WHERE id = ?", (session,))
            parent = found[0][0] if found else None
        rows = database.rows(
            "SELECT p.data FROM part p WHERE p.message_id = (SELECT m.id FROM message m WHERE m.session_id = ?"
            " AND m.time_created <= ? AND replace(substr(m.data, 1, 200), ' ', '') LIKE '%\"role\":\"user\"%'"
            " ORDER BY m.time_created DESC LIMIT 1)"
            " ORDER BY p.time_created LIMIT 20",
            (session, time),
        )
        parts = [_json(data) for (data,) in rows]
        return joined(
            text_at(part, "text") for part in parts if part.get("type") == "text" and not part.get("synthetic")
        )

    def _messages(self, database: Database, session: str, cwd: str, parent: object) -> Iterator[AgentEdit]:
        rows = database.rows(
            "SELECT type, data, time_created FROM session_message WHERE session_id = ? ORDER BY seq DESC LIMIT ?",
            (session, _TURN),
        )
        prompt: str | None = None
        for kind, data, created in reversed(rows):
            message = _json(data)
            if kind == "user":
                prompt = own_words(text_at(message, "text")) if parent is None else None
            elif kind == "assistant":
                model = record_at(message, "model")
                turn = _Turn(session, name_at(model, "id", "modelID"), prompt, cwd, moment(created))
                for part in as_records(message.get("content")):
                    name = name_at(part, "name", "tool")
                    if part.get("type") == "tool" and name in _CALLS:
                        yield from _edits(name or "", name_at(part, "id", "callID"), part, turn)


class OpenCodePart:
    """One part of a message, in a file of its own: what it belongs to stands in files beside it."""

    def __init__(self, path: Path) -> None:
        self.cwd: str | None = None
        self._storage = path.parents[2]
        self._message = path.parent.name

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits of the part `piece`."""
        part = as_record(parse(piece))
        name = name_at(part, "tool")
        if part.get("type") != "tool" or name not in _CALLS:
            return
        for path in self._storage.glob(f"message/*/{self._message}.json"):
            message = self._file(path)
            session = name_at(message, "sessionID") or path.parent.name
            self.cwd = _cwd_of(message)
            turn = _Turn(session, name_at(message, "modelID"), self._asked(message), self.cwd, None)
            yield from _edits(name or "", name_at(part, "callID"), part, turn)

    def _asked(self, message: Record) -> str | None:
        asked = name_at(message, "parentID")
        if asked is None or "/" in asked:
            return None
        parts = [self._file(path) for path in sorted((self._storage / "part" / asked).glob("*.json"))]
        return joined(
            text_at(part, "text") for part in parts if part.get("type") == "text" and not part.get("synthetic")
        )

    def _file(self, path: Path) -> Record:
        return as_record(parse(read_head(path, _HEAD)))


def _json(data: object) -> Record:
    return as_record(parse(data)) if isinstance(data, str | bytes) else {}


def _cwd_of(message: Record) -> str | None:
    return absolute(record_at(message, "path").get("cwd"))


def _edits(name: str, call: str | None, part: Record, turn: _Turn) -> Iterator[AgentEdit]:
    """The edits of one call, if it has ended."""
    state = record_at(part, "state")
    status = name_at(state, "status")
    if status not in _ENDS:
        return
    result = record_at(state, "metadata") or record_at(state, "structured")
    times = record_at(state, "time")
    ended = Call(
        tool=OpenCode.tool,
        session=turn.session,
        model=turn.model,
        prompt=turn.prompt,
        call=call,
        time=moment(times.get("end")) or moment(times.get("start")) or turn.time,
        cwd=turn.cwd,
        succeeded=_ENDS[status],
    )
    changes = _told(name, record_at(state, "input"), result, turn.cwd)
    yield from (ended.edit(change) for change in changes if change.hunks or change.after is not None)


def _told(name: str, args: Record, result: Record, cwd: str | None) -> Iterator[Change]:
    """The changes that a call asked for, with what its result knows of the texts before and after."""
    whole = record_at(result, "filediff")
    before, after = text_at(whole, "before"), text_at(whole, "after")
    files = [file for file in as_records(result.get("files")) if file.get("type") in _TYPES]
    if files:
        yield from _listed(files, cwd)
        return
    for change in asked(args, cwd, creates=name == "write" and result.get("exists") is False):
        if change.kind not in ("edit", "create") or "patch" in name:
            yield change
        elif name == "write":
            yield (
                change
                if change.kind == "create"
                else written(change.path, change.after or "", creates=False, before=before)
            )
        else:
            yield replaced(change.path, change.hunks, before, after)


def _listed(files: list[Record], cwd: str | None) -> Iterator[Change]:
    """The changes that the result of a patch lists."""
    for file in files:
        path = absolute(name_at(file, "movePath") or name_at(file, "filePath", "file"), cwd)
        before, after = text_at(file, "before"), text_at(file, "after")
        if path is not None:
            known = before is not None and after is not None
            hunks = (Hunk(before or "", after or ""),) if known else diff_hunks(text_at(file, "patch", "diff") or "")
            kind = _TYPES[file.get("type")]
            yield Change(path, kind, hunks, before or None, None if kind == "delete" else after)
