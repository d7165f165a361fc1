"""The notes of whogitit, versions 2 and 3 (`refs/notes/whogitit`, before that `refs/notes/ai-blame`).

One JSON object a commit with every line of every changed file, text included
(https://github.com/dotsetlabs/whogitit, `docs/src/reference/data-formats.md`). It listens to Claude Code only, whose
name the notes therefore leave out.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from byline.formats.limits import check_size
from byline.formats.note import BadNote, Note, NoteRange, NoteSession, gather, prompt_key
from byline.formats.ranges import compress, line_print
from byline.formats.strict_json import (
    MAX_TEXT,
    Record,
    as_list,
    as_number,
    as_path,
    as_record,
    as_text,
    parse,
    text_or_none,
)
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

TOOL = "claude-code"
VERSIONS = (2, 3)

_MAX_LINE_TEXT = 1 << 20
_STATES = {
    "AI": State.AI,
    "AIModified": State.AI_MODIFIED,
    "Human": State.HUMAN,
    "Original": State.ORIGINAL,
    "Unknown": State.UNKNOWN,
}
_LEVELS = {State.AI: Level.DECLARED, State.AI_MODIFIED: Level.PROBABLE, State.HUMAN: Level.PROBABLE}
"""An AI's lines were reported by the AI's own hooks; the others are concluded from comparing texts."""


def decode(data: bytes, paths: Container[str] | None = None) -> Note:
    """The note that `data` holds; with `paths`, only what it says of those.

    Raises BadNote if it is malformed, too large or of an unknown version.
    """
    check_size("whogitit", data)
    try:
        record = as_record(parse(data.decode()), "the note")
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    if record.get("version") not in VERSIONS:
        raise BadNote("whogitit's versions 2 and 3 are known, this is neither")
    session = _session(as_record(record.get("session"), "session"))
    prompts = dict(_prompts(record))
    files = [as_record(file, "a file") for file in as_list(record.get("files", []), "files")]
    named = [(as_path(file.get("path"), "path"), file) for file in files]
    wanted = [(path, file) for path, file in named if paths is None or path in paths]
    lines = [(path, as_list(file.get("lines", []), "lines")) for path, file in wanted]
    claims = [(path, run) for path, entries in lines for run in _ranges(entries, session, prompts)]
    used = {run.prompt for _, run in claims}
    texts = [(prompt_key(text), text) for text in prompts.values()]
    return gather("whogitit", sessions=[session], claims=claims, prompts=[text for text in texts if text[0] in used])


def _session(record: Record) -> NoteSession:
    model = as_record(record.get("model") or {}, "model")
    return NoteSession.of(TOOL, text_or_none(model, "id"), text_or_none(record, "session_id"))


def _prompts(record: Record) -> Iterator[tuple[int, str]]:
    """Index and text of each prompt. The index is the session's own: in a note of some of its prompts it has gaps."""
    for entry in as_list(record.get("prompts", []), "prompts"):
        prompt = as_record(entry, "a prompt")
        yield as_number(prompt.get("index"), "index"), _unquoted(as_text(prompt.get("text"), "text", MAX_TEXT))


def _unquoted(text: str) -> str:
    """Early versions stored the prompt as a JSON text, quotes and escapes and all."""
    if not (len(text) > 1 and text[0] == text[-1] == '"'):
        return text
    try:
        inner = parse(text)
        return as_text(inner, "text", MAX_TEXT)
    except BadNote:
        return text  # a prompt that happens to begin and end with a quote


def _ranges(entries: list[object], session: NoteSession, prompts: dict[int, str]) -> tuple[NoteRange, ...]:
    try:
        return compress([_line(as_record(entry, "a line"), session, prompts) for entry in entries])
    except ValueError as error:
        raise BadNote(f"the lines of a file make no sense: {error}") from error


def _line(record: Record, session: NoteSession, prompts: dict[int, str]) -> NoteRange:
    number = as_number(record.get("line_number"), "line_number")
    fingerprint = line_print(as_text(record.get("content"), "content", _MAX_LINE_TEXT))
    word = as_text(as_record(record.get("source"), "source").get("type"), "type")
    if word not in _STATES:
        raise BadNote("a line has a source that is not known")
    state = _STATES[word]
    if state not in (State.AI, State.AI_MODIFIED):
        return NoteRange(number, number, state, level=_LEVELS.get(state, Level.NONE), print=fingerprint)
    index = record.get("prompt_index")
    text = prompts.get(as_number(index, "prompt_index")) if index is not None else None
    return NoteRange(
        number,
        number,
        state,
        session.key,
        None if text is None else prompt_key(text),
        _LEVELS[state],
        by=Kind.HUMAN if state is State.AI_MODIFIED else None,
        print=fingerprint,
    )
