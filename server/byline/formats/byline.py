"""Byline's own note: JSON Lines, one fact a line (`docs/note-format.md` is the grammar).

The lines are a set: their order means nothing, a line given twice says nothing new, and facts about one line of code
are settled by `join`. So two notes of one commit can be merged by anything that keeps all lines, git's own
`cat_sort_uniq` included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from byline.formats.limits import MAX_BYTES, check_count, check_size
from byline.formats.note import BadNote, Note, NoteMark, NoteRange, NoteSession, gather, join
from byline.formats.strict_json import (
    MAX_TEXT,
    Record,
    as_list,
    as_number,
    as_path,
    as_record,
    as_text,
    canonical,
    parse,
    text_or_none,
)
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

VERSION = "1.0"

_FORMAT = {"format": "byline", "version": VERSION}
_VERSION = re.compile(r"([1-9][0-9]{0,8})\.(?:0|[1-9][0-9]{0,8})")
_LEVELS = {level.word: level for level in Level}
_STATES = frozenset(State)
_MODIFIERS = frozenset({None, *Kind})
_PRINT = re.compile(r"[A-Za-z0-9_-]*")
_MAX_EVIDENCE = 32

_SESSION_KEYS = {"session", "tool", "model", "id"}
_FILE_KEYS = {"file", "ranges"}
_RANGE_KEYS = {"lines", "state", "session", "prompt", "level", "evidence", "by", "print"}
_MARK_KEYS = {"mark", "lines", "state", "tool", "model", "print", "time"}
_PROMPT_KEYS = {"prompt", "text"}


def encode(note: Note) -> bytes:
    """The note as it is stored: the same note gives the same bytes.

    `extra` is written if the note came from this format. Raises BadNote if the result would be too large to be read.
    """
    plain = join(note, note)
    check_count(sum(map(len, plain.files.values())) + len(plain.marks))
    lines = sorted({canonical(record).encode() for record in _records(plain)} | _kept(note))
    data = b"".join(line + b"\n" for line in lines)
    if len(data) > MAX_BYTES["byline"]:
        raise BadNote(f"the note would have {len(data)} bytes; at most {MAX_BYTES['byline']} can be read back")
    return data


def decode(data: bytes) -> Note:
    """The note that `data` holds. Raises BadNote if it is malformed, too large or of another major version."""
    check_size("byline", data)
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    reader = _Reader()
    for line in lines:
        if line:
            reader.read(as_record(parse(line), "a line"))
    return reader.note()


def _records(note: Note) -> Iterator[Record]:
    yield _FORMAT
    for session in note.sessions.values():
        yield _present(session=session.key, tool=session.tool, model=session.model, id=session.id)
    for path, ranges in note.files.items():
        yield {"file": path, "ranges": [_range_record(run) for run in ranges]}
    for mark in note.marks:
        yield _present(
            mark=mark.path,
            lines=[mark.start, mark.end],
            state=mark.state.value,
            tool=mark.tool,
            model=mark.model,
            print=mark.print or None,
            time=mark.time or None,
        )
    for key, text in note.prompts.items():
        yield {"prompt": key, "text": text}


def _range_record(run: NoteRange) -> Record:
    return _present(
        lines=[run.start, run.end],
        state=run.state.value,
        session=run.session,
        prompt=run.prompt,
        level=run.level.word if run.level else None,
        evidence=list(run.evidence) or None,
        by=run.by.value if run.by else None,
        print=run.print or None,
    )


def _present(**fields: object) -> Record:
    return {key: value for key, value in fields.items() if value is not None}


def _kept(note: Note) -> set[bytes]:
    return {line.encode() for line in note.extra} if note.source == "byline" else set()


class _Reader:
    """Collects the facts of a note, record by record."""

    def __init__(self) -> None:
        self._known = False
        self._sessions: list[NoteSession] = []
        self._claims: list[tuple[str, NoteRange]] = []
        self._marks: list[NoteMark] = []
        self._prompts: list[tuple[str, str]] = []
        self._extra: list[str] = []
        self._kinds: dict[str, Callable[[Record], Record]] = {
            "format": self._format,
            "session": self._session,
            "file": self._file,
            "mark": self._mark,
            "prompt": self._prompt,
        }

    def read(self, record: Record) -> None:
        """Take in one record; what is not understood of it is kept as a record of its own."""
        kind = next(iter(record), None)
        if kind is None:
            raise BadNote("a record says nothing")
        rest = self._kinds[kind](record) if kind in self._kinds else record
        if rest:
            self._extra.append(canonical(rest))

    def note(self) -> Note:
        """All that was read."""
        if not self._known:
            raise BadNote("no format record: this is not a note of Byline")
        return gather(
            "byline",
            sessions=self._sessions,
            claims=self._claims,
            marks=self._marks,
            prompts=self._prompts,
            extra=self._extra,
        )

    def _format(self, record: Record) -> Record:
        version = as_text(record.get("version"), "version")
        number = _VERSION.fullmatch(version)
        if record["format"] != "byline" or not number:
            raise BadNote("the format record is not one of Byline's")
        if number[1] != VERSION.partition(".")[0]:
            raise BadNote(f"the note has version {version} of the format: a newer Byline can read it")
        self._known = True
        return {} if record == _FORMAT else record

    def _session(self, record: Record) -> Record:
        key = as_text(record["session"], "session")
        names = (text_or_none(record, name) for name in ("tool", "model", "id"))
        self._sessions.append(NoteSession(key, *names))
        return _unknown(record, _SESSION_KEYS, "session")

    def _file(self, record: Record) -> Record:
        path = as_path(record["file"], "file")
        leftovers = []
        for entry in as_list(record.get("ranges", []), "ranges"):
            given = as_record(entry, "a range")
            if "state" in given:
                self._claims.append((path, _range(given)))
                check_count(len(self._claims) + len(self._marks))
            if leftover := _unknown(given, _RANGE_KEYS, "lines"):
                leftovers.append(leftover)
        rest = _unknown(record, _FILE_KEYS, "file")
        return {"file": path, **rest, "ranges": leftovers} if leftovers else rest

    def _mark(self, record: Record) -> Record:
        path = as_path(record["mark"], "mark")
        if "state" in record:
            start, end = _lines(record)
            tool, model = text_or_none(record, "tool"), text_or_none(record, "model")
            time = as_number(record.get("time", 0), "time")
            try:
                self._marks.append(NoteMark(path, start, end, _state(record), tool, model, _print(record), time))
            except ValueError as error:
                raise BadNote(f"a mark makes no sense: {error}") from error
            check_count(len(self._claims) + len(self._marks))
        return _unknown(record, _MARK_KEYS, "mark", "lines")

    def _prompt(self, record: Record) -> Record:
        key = as_text(record["prompt"], "prompt")
        if "text" in record:
            self._prompts.append((key, as_text(record["text"], "text", MAX_TEXT)))
        return _unknown(record, _PROMPT_KEYS, "prompt")


def _range(record: Record) -> NoteRange:
    start, end = _lines(record)
    evidence = as_list(record.get("evidence", []), "evidence")
    if len(evidence) > _MAX_EVIDENCE:
        raise BadNote(f"a range has more than {_MAX_EVIDENCE} words of evidence")
    level = as_text(record.get("level", "none"), "level")
    by = text_or_none(record, "by")
    if level not in _LEVELS or by not in _MODIFIERS:
        raise BadNote("a range has a level or a modifier that is not known")
    try:
        return NoteRange(
            start,
            end,
            _state(record),
            text_or_none(record, "session"),
            text_or_none(record, "prompt"),
            _LEVELS[level],
            tuple(as_text(word, "evidence") for word in evidence),
            Kind(by) if by else None,
            _print(record),
        )
    except ValueError as error:
        raise BadNote(f"a range makes no sense: {error}") from error


def _lines(record: Record) -> tuple[int, int]:
    lines = as_list(record.get("lines"), "lines")
    if len(lines) != 2:
        raise BadNote("lines is not a pair of numbers")
    return as_number(lines[0], "a line"), as_number(lines[1], "a line")


def _state(record: Record) -> State:
    word = as_text(record["state"], "state")
    if word not in _STATES:
        raise BadNote("a state is not known")
    return State(word)


def _print(record: Record) -> str:
    text = as_text(record.get("print", ""), "print", MAX_BYTES["byline"])
    if not _PRINT.fullmatch(text):
        raise BadNote("print is not base64url")
    return text


def _unknown(record: Record, known: set[str], *identity: str) -> Record:
    """What stands in `record` beside the `known` keys, with the keys that say what it is about; empty if nothing."""
    if record.keys() <= known:
        return {}
    return {key: record[key] for key in (*identity, *(record.keys() - known)) if key in record}
