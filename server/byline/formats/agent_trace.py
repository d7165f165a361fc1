"""Agent Trace records, 0.1.0 (`.agent-trace/traces.jsonl`; https://agent-trace.dev), read leniently.

A record says which lines of which files a conversation wrote, as of one revision. What writers do beyond the letter
of it, and is read here: `version` is not always a semantic version; the revision is often the *parent* of the commit
with the lines, so the reader's caller tries both; pseudo files (`.sessions`, `.shell-history`) stand among the files;
content hashes follow no stated algorithm and are not used. Line numbers are found by text search, first hit wins, so
nothing here is better supported than `probable`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from byline.formats.limits import check_count, check_size
from byline.formats.note import BadNote, Note, NoteRange, NoteSession
from byline.formats.ranges import latest
from byline.formats.strict_json import Record, as_list, as_number, as_path, as_record, parse, text_or_none
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

_PSEUDO_FILES = {".sessions", ".shell-history"}
_STATES = {"ai": State.AI, "mixed": State.AI_MODIFIED, "human": State.HUMAN, "unknown": State.UNKNOWN}


@dataclass(slots=True)
class _Revision:
    """What was said about one revision so far, oldest first."""

    sessions: dict[str, NoteSession] = field(default_factory=dict)
    claims: dict[str, list[NoteRange]] = field(default_factory=dict)

    def note(self) -> Note:
        files = {path: latest(self.claims[path]) for path in sorted(self.claims)}
        return Note("agent-trace", self.sessions, files)


def decode(data: bytes) -> Mapping[str | None, Note]:
    """For each revision that `data` (a record, or JSON Lines of records, oldest first) names, what is said of it.

    Records without a revision are under None. Of two records about one line the later counts. Raises BadNote if any
    record is malformed.
    """
    check_size("agent-trace", data)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    revisions: dict[str | None, _Revision] = {}
    count = 0
    for record in _records(text):
        vcs = as_record(record.get("vcs") or {}, "vcs")
        revision = revisions.setdefault(text_or_none(vcs, "revision"), _Revision())
        for path, session, run in _claims(record):
            count += 1
            check_count(count)
            revision.claims.setdefault(path, []).append(run)
            if session:
                revision.sessions[session.key] = session
    return {name: revision.note() for name, revision in revisions.items()}


def _records(text: str) -> Iterator[Record]:
    """One record as a document of its own, perhaps over several lines, or one a line."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and lines[0].strip() == "{":
        lines = [text]
    for line in lines:
        record = as_record(parse(line), "a record")
        if not isinstance(record.get("version"), str):
            raise BadNote("a record has no version")
        yield record


def _claims(record: Record) -> Iterator[tuple[str, NoteSession | None, NoteRange]]:
    tool = text_or_none(as_record(record.get("tool") or {}, "tool"), "name")
    for entry in as_list(record.get("files"), "files"):
        file = as_record(entry, "a file")
        path = as_path(file.get("path"), "path")
        if path in _PSEUDO_FILES:
            continue
        for item in as_list(file.get("conversations"), "conversations"):
            conversation = as_record(item, "a conversation")
            url = text_or_none(conversation, "url")
            for given in as_list(conversation.get("ranges"), "ranges"):
                span = as_record(given, "a range")
                contributor = as_record(span.get("contributor") or conversation.get("contributor") or {}, "contributor")
                yield path, *_claim(span, contributor, tool, url)


def _claim(
    span: Record, contributor: Record, tool: str | None, url: str | None
) -> tuple[NoteSession | None, NoteRange]:
    state = _STATES.get(text_or_none(contributor, "type") or "unknown", State.UNKNOWN)
    start, end = (as_number(span.get(key), key) for key in ("start_line", "end_line"))
    level = Level.NONE if state is State.UNKNOWN else Level.PROBABLE
    by_ai = state in (State.AI, State.AI_MODIFIED)
    session = NoteSession.of(tool, text_or_none(contributor, "model_id"), url) if by_ai else None
    by = Kind.HUMAN if state is State.AI_MODIFIED else None
    try:
        return session, NoteRange(start, end, state, session.key if session else None, level=level, by=by)
    except ValueError as error:
        raise BadNote(f"a range makes no sense: {error}") from error
