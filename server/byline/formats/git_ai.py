"""The authorship log of the Git AI Standard 3.0.0 (`refs/notes/ai`), read loosely and written strictly.

A text of two parts around a line `---`: above it, for each file, which key wrote which lines; below it a JSON object
that says who the keys are. The standard is at https://github.com/git-ai-project/git-ai, `specs/`; numbers like 1.2.3
in comments are its sections. What real notes hold beyond it, and is read here: overlapping ranges (the last entry in
the file's order wins), ranges in any order, keys that nobody explains, notes without attestations, conversations in
the old `prompts`, unknown metadata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from byline.formats.limits import MAX_BYTES, check_count, check_size
from byline.formats.note import BadNote, Note, NoteRange, NoteSession, prompt_key
from byline.formats.ranges import latest
from byline.formats.strict_json import (
    MAX_TEXT,
    Record,
    as_path,
    as_record,
    as_text,
    canonical,
    parse,
    text_or_none,
)
from byline.provenance.attribution import State
from byline.provenance.origin import Level
from byline.provenance.text import sha256

SCHEMA = "authorship/3.0.0"

_SCHEMA = re.compile(r"authorship/3\.\d{1,9}\.\d{1,9}")
_DIVIDER = re.compile(r"^---\r?$", re.MULTILINE)
_RANGE = re.compile(r"([0-9]{1,8})(?:-([0-9]{1,8}))?")
_SESSION_KEY = re.compile(r"s_[0-9a-f]{14}")
_KNOWN_METADATA = {"schema_version", "git_ai_version", "base_commit_sha", "prompts", "humans", "sessions"}
_NOT_KNOWN = "unknown"
_MAX_KEY = 128


def decode(data: bytes) -> Note:
    """The note that `data` holds. Raises BadNote if it is malformed, too large or of another major version.

    Lines of an AI are `declared`: the tool said so itself. Lines of a person are `probable`: Git AI's editors take a
    save as a sign that a person typed.
    """
    check_size("git-ai", data)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    divider = _DIVIDER.search(text)
    if not divider:
        raise BadNote("no line --- between the attestations and the metadata")
    metadata = as_record(parse(text[divider.end() :]), "the metadata")
    if not _SCHEMA.fullmatch(text_or_none(metadata, "schema_version") or ""):
        raise BadNote("the metadata has no schema_version that is known")
    sessions, prompts = _conversations(metadata)
    claims: dict[str, list[NoteRange]] = {}
    for path, key, start, end in _attestations(text[: divider.start()]):
        claims.setdefault(path, []).append(_claim(key, start, end, prompts))
        if not key.startswith("h_"):
            sessions.setdefault(key, NoteSession(key))
    return Note(
        "git-ai",
        sessions,
        {path: latest(runs) for path, runs in claims.items()},
        prompts={prompt_key(text): text for text in prompts.values()},
        extra=tuple(sorted(canonical({key: metadata[key]}) for key in metadata.keys() - _KNOWN_METADATA)),
    )


def encode(
    note: Note, *, commit: str, committer: tuple[str, str], ai_modified: Literal["human", "session"] = "human"
) -> bytes:
    """The authorship log of `commit` (its id) that says what `note` does, as far as the standard can.

    Lines of a person carry the key of `committer` (name, mail). So do lines that a person changed (2.6), or with
    `ai_modified="session"` they carry the AI's. Lines `unknown` and `original` carry none. The same input gives the
    same bytes. A path that the format cannot hold (with a quote, a line break or bytes that are no UTF-8) is left out.
    Raises BadNote if a name has half a surrogate pair.
    """
    human = f"{committer[0]} <{committer[1]}>"
    human_key = f"h_{sha256(human)[:14]}"
    sessions: dict[str, NoteSession] = {}
    humans: dict[str, object] = {}
    lines: list[str] = []
    for path in filter(_can_be_written, note.paths):
        entries: dict[str, list[str]] = {}
        for run in note.ranges(path):
            if run.state is State.HUMAN or (run.state is State.AI_MODIFIED and ai_modified == "human"):
                key = human_key
                humans[key] = {"author": human}
            elif run.state in (State.AI, State.AI_MODIFIED):
                session = _standard_session(note.session(run))
                sessions[session.key] = session
                key = f"{session.key}::{_trace(session, run.prompt)}"
            else:
                continue
            entries.setdefault(key, []).append(_span(run))
        if entries:
            lines.append(_quoted(path))
            lines += [f"  {key} {','.join(ranges)}" for key, ranges in entries.items()]
    metadata: dict[str, object] = {"schema_version": SCHEMA, "base_commit_sha": commit, "prompts": {}}
    if humans:
        metadata["humans"] = humans
    if sessions:
        metadata["sessions"] = {key: _session_record(sessions[key]) for key in sorted(sessions)}
    for record in note.extra if note.source == "git-ai" else ():
        metadata |= json.loads(record)
    try:
        return "\n".join([*lines, "---", json.dumps(metadata, indent=2, ensure_ascii=False)]).encode()
    except UnicodeEncodeError as error:
        raise BadNote("half a surrogate pair in a name") from error


def _attestations(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The path, key, first and last line of every range, in the note's order."""
    path: str | None = None
    count = 0
    for line in text.split("\n"):
        line = line.rstrip()
        if not line:
            continue
        if not line.startswith("  "):
            path = as_path(line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line, "a file line")
            continue
        key, _, ranges = line[2:].partition(" ")
        key = key.partition("::")[0]
        if path is None or not key or len(key) > _MAX_KEY:
            raise BadNote("an attestation without a file or a key")
        for part in filter(None, ranges.split(",")):
            count += 1
            check_count(count)
            yield path, key, *_numbers(part)


def _numbers(part: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(part)
    if not match:
        raise BadNote("a range is not a line number or two")
    return int(match[1]), int(match[2] or match[1])


def _conversations(metadata: Record) -> tuple[dict[str, NoteSession], dict[str, str]]:
    """The sessions of the metadata, old and new, and for each that has just one prompt its text."""
    sessions: dict[str, NoteSession] = {}
    prompts: dict[str, str] = {}
    for kind in ("prompts", "sessions"):
        for key, value in as_record(metadata.get(kind) or {}, kind).items():
            record = as_record(value, "a session")
            agent = as_record(record.get("agent_id") or {}, "agent_id")
            sessions[key] = NoteSession(key, *(_name(agent, field) for field in ("tool", "model", "id")))
            said = _said_by_person(record)
            if len(said) == 1:  # of several, nobody knows which one a line answers
                prompts[key] = said[0]
    return sessions, prompts


def _said_by_person(record: Record) -> list[str]:
    messages = record.get("messages")
    if not isinstance(messages, list):
        return []
    texts = [m.get("text") for m in messages if isinstance(m, dict) and m.get("type") == "user"]
    return [as_text(text, "a message", MAX_BYTES["git-ai"])[:MAX_TEXT] for text in texts if isinstance(text, str)]


def _name(agent: Record, field: str) -> str | None:
    name = text_or_none(agent, field)
    return None if name in ("", _NOT_KNOWN) else name


def _claim(key: str, start: int, end: int, prompts: dict[str, str]) -> NoteRange:
    try:
        if key.startswith("h_"):
            return NoteRange(start, end, State.HUMAN, level=Level.PROBABLE)
        prompt = prompt_key(prompts[key]) if key in prompts else None
        return NoteRange(start, end, State.AI, key, prompt, Level.DECLARED)
    except ValueError as error:
        raise BadNote(f"a range makes no sense: {error}") from error


def _standard_session(session: NoteSession | None) -> NoteSession:
    """`session` under the key that the standard wants; one of an unknown tool where there is none."""
    if session and _SESSION_KEY.fullmatch(session.key):
        return session
    return NoteSession.of(*session.names) if session else NoteSession.of(None, None, None)


def _session_record(session: NoteSession) -> Record:
    agent = {"tool": session.tool or _NOT_KNOWN, "id": session.id or "", "model": session.model or _NOT_KNOWN}
    return {"agent_id": agent}


def _trace(session: NoteSession, prompt: str | None) -> str:
    """The second half of an attestation key: one for each prompt, and always the same one."""
    return f"t_{sha256(session.key if prompt is None else f'{session.key}:{prompt}')[:14]}"


def _span(run: NoteRange) -> str:
    return str(run.start) if run.start == run.end else f"{run.start}-{run.end}"


def _can_be_written(path: str) -> bool:
    return not any(c in '"\n\r' or "\ud800" <= c <= "\udfff" for c in path)


def _quoted(path: str) -> str:
    return f'"{path}"' if path == "---" or any(c.isspace() for c in path) else path
