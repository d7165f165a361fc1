"""A note: what is recorded of the lines that one commit added, whatever format it is stored in.

`join` is the meaning of merging two notes of one commit. For each line it keeps the better supported claim and where
two are equally good, only what they agree on; so it does not matter who merges what, in which order, how often.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from byline.formats.ranges import NoteMark, NoteRange, compress, lay_over, line_print, overlay, verified
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level
from byline.provenance.text import sha256

__all__ = [
    "CONFLICT",
    "SOURCES",
    "BadNote",
    "Note",
    "NoteMark",
    "NoteRange",
    "NoteSession",
    "compress",
    "gather",
    "join",
    "line_print",
    "prompt_key",
    "session_key",
    "verified",
]

SOURCES = ("byline", "git-ai", "whogitit", "agent-trace")
"""The formats, most trusted first."""

CONFLICT = "conflict"
"""In a range's evidence: equally good claims named different sessions or prompts, so that none is named."""

_UNKNOWN = "unknown"


class BadNote(Exception):  # noqa: N818 - it is what the note is
    """A note that cannot be understood or must not be: too large, malformed, or of a version that is not known.

    Its text is one sentence for people; it quotes nothing of the note but numbers and key names.
    """


@dataclass(frozen=True, slots=True, order=True)
class NoteSession:
    """One conversation with one agent. `tool`, `model` and `id` are the tool's own words, or None where unknown."""

    key: str
    tool: str | None = None
    model: str | None = None
    id: str | None = None

    @classmethod
    def of(cls, tool: str | None, model: str | None, id: str | None) -> NoteSession:
        """The session with the key that belongs to it."""
        return cls(session_key(tool, id, model), tool, model, id)

    @property
    def names(self) -> tuple[str | None, str | None, str | None]:
        """Tool, model and id."""
        return (self.tool, self.model, self.id)


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of the lines of one commit.

    `files` maps a path (from the repository's root, with `/`) to its ranges, ascending and free of overlaps; the line
    numbers are those of the commit's own version of the file. `prompts` maps prompt keys to texts, where the format
    carries them. `extra` keeps, as JSON texts, what a newer version wrote and this one does not understand.
    """

    source: str
    sessions: Mapping[str, NoteSession] = field(default_factory=dict)
    files: Mapping[str, tuple[NoteRange, ...]] = field(default_factory=dict)
    marks: tuple[NoteMark, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    _shown: dict[str, tuple[NoteRange, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, path: str, line: int) -> NoteRange | None:
        """What the note says of one line (1-based), marks first; None where it says nothing.

        Whether the line still is the one that was meant is another question: see `verified`.
        """
        ranges = self.ranges(path)
        index = bisect_right(ranges, line, key=lambda run: run.start) - 1
        return ranges[index] if index >= 0 and line <= ranges[index].end else None

    def ranges(self, path: str) -> tuple[NoteRange, ...]:
        """What the note says of one file: ascending, each line at most once, marks laid over the rest."""
        shown = self._shown.get(path)
        if shown is None:
            marks = [_mark_range(mark) for mark in _newest(mark for mark in self.marks if mark.path == path)]
            ranges = self.files.get(path, ())
            shown = self._shown[path] = lay_over(ranges, marks, _marked) if marks else ranges
        return shown

    @property
    def paths(self) -> list[str]:
        """The files of which the note says something, sorted."""
        return sorted({*self.files, *(mark.path for mark in self.marks)})

    def session(self, run: NoteRange) -> NoteSession | None:
        """The session of a range that `at` returned or `files` holds, if it names one that is known."""
        if run.session is None:
            return None
        known = self.sessions.get(run.session)
        return known or next((s for s in map(_mark_session, self.marks) if s and s.key == run.session), None)


def session_key(tool: str | None, id: str | None, model: str | None = None) -> str:
    """The key of a session: `s_` and 14 hex digits of the SHA-256 of `tool:id`, as in the Git AI Standard (1.2.3.1).

    A tool that is not known counts as `unknown`. Where no conversation is known, the model stands in for its id, so
    that the key is the same every time and two models stay two.
    """
    conversation = f"model={model or ''}" if id is None else id
    return f"s_{sha256(f'{tool or _UNKNOWN}:{conversation}')[:14]}"


def prompt_key(text: str) -> str:
    """The key of a prompt: `p_` and 14 hex digits of the SHA-256 of its text."""
    return f"p_{sha256(text)[:14]}"


def join(a: Note, b: Note) -> Note:
    """All that two notes of one commit say. Commutative, associative and idempotent."""
    return gather(
        min(a.source, b.source, key=SOURCES.index),
        sessions=[*a.sessions.values(), *b.sessions.values()],
        claims=[(path, run) for note in (a, b) for path, ranges in note.files.items() for run in ranges],
        marks=a.marks + b.marks,
        prompts=[*a.prompts.items(), *b.prompts.items()],
        extra=a.extra + b.extra,
    )


def gather(
    source: str,
    *,
    sessions: Iterable[NoteSession] = (),
    claims: Iterable[tuple[str, NoteRange]] = (),
    marks: Iterable[NoteMark] = (),
    prompts: Iterable[tuple[str, str]] = (),
    extra: Iterable[str] = (),
) -> Note:
    """A note from facts in any order: repeated, overlapping and contradicting ones are settled as `join` says.

    Raises BadNote if too many of them are about one line.
    """
    known: dict[str, NoteSession] = {}
    for session in sessions:
        known[session.key] = _fuller(known.get(session.key, session), session)
    by_path: dict[str, list[NoteRange]] = {}
    for path, run in claims:
        by_path.setdefault(path, []).append(_plain(run))
    try:
        files = {path: overlay(by_path[path], _better) for path in sorted(by_path)}
        statements = _newest(marks)
    except ValueError as error:
        raise BadNote(str(error)) from error
    return Note(source, known, files, statements, dict(sorted(prompts)), tuple(sorted(set(extra))))


def _fuller(a: NoteSession, b: NoteSession) -> NoteSession:
    """What is known of one session: a gap is filled, and of two names (a model was changed) the greater is taken."""
    names = [
        max((name for name in pair if name is not None), default=None) for pair in zip(a.names, b.names, strict=True)
    ]
    return NoteSession(a.key, *names)


def _plain(run: NoteRange) -> NoteRange:
    """`run` without what its state cannot have: names, a modifier, a level."""
    if not _claims(run) and run.level is not Level.NONE:
        run = replace(run, level=Level.NONE)
    if run.state not in _AI_STATES or CONFLICT in run.evidence:
        run = replace(run, session=None, prompt=None)
    return run if run.state is State.AI_MODIFIED or run.by is None else replace(run, by=None)


def _better(a: NoteRange, b: NoteRange) -> NoteRange:
    """Of two claims about the same lines the better supported one; of equals, what they agree on.

    Different fingerprints cannot both be right: the greater is taken, so that everybody takes the same.
    """
    if _rank(a) != _rank(b):
        return max(a, b, key=_rank)
    state = _agreed(a.state, b.state)
    words = {*a.evidence, *b.evidence}
    disputed = state is State.UNKNOWN and a.state is not b.state and _claims(a)
    if disputed or _differ(a.session, b.session) or _differ(a.prompt, b.prompt):
        words.add(CONFLICT)
    agreed = replace(
        a,
        state=state,
        session=a.session or b.session,
        prompt=a.prompt or b.prompt,
        evidence=a.evidence if a.evidence == b.evidence and words <= {*a.evidence} else tuple(sorted(words)),
        by=max(a.by, b.by, key=_MODIFIERS.index),
    )
    return _plain(agreed)


_AI_STATES = (State.AI, State.AI_MODIFIED)
_MODIFIERS = (None, Kind.UNKNOWN, Kind.TOOL, Kind.AI, Kind.HUMAN)


def _claims(run: NoteRange) -> bool:
    """Whether `run` says who wrote the lines, or at least that others have said it."""
    return run.state not in (State.UNKNOWN, State.ORIGINAL) or CONFLICT in run.evidence


def _rank(run: NoteRange) -> tuple[bool, Level, str]:
    return (_claims(run), run.level, run.print)


def _agreed(a: State, b: State) -> State:
    if a is b:
        return a
    return State.AI_MODIFIED if {a, b} == {*_AI_STATES} else State.UNKNOWN


def _differ(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and a != b


def _newest(marks: Iterable[NoteMark]) -> tuple[NoteMark, ...]:
    """The marks that count, each line once, in the order of paths and lines."""
    statements: dict[str, list[NoteMark]] = {}
    for mark in marks:
        statements.setdefault(mark.path, []).append(mark)
    return tuple(mark for path in sorted(statements) for mark in overlay(statements[path], _newer))


def _newer(a: NoteMark, b: NoteMark) -> NoteMark:
    def order(mark: NoteMark) -> tuple[object, ...]:
        names = [(name is not None, name or "") for name in (mark.tool, mark.model)]
        return (mark.time, mark.state, *names, mark.print)

    return max(a, b, key=order)


def _mark_session(mark: NoteMark) -> NoteSession | None:
    named = mark.state is State.AI and (mark.tool or mark.model)
    return NoteSession.of(mark.tool, mark.model, None) if named else None


def _mark_range(mark: NoteMark) -> NoteRange:
    session = _mark_session(mark)
    return NoteRange(
        mark.start,
        mark.end,
        mark.state,
        session.key if session else None,
        level=Level.DECLARED,
        evidence=("mark",),
        print=mark.print,
    )


def _marked(run: NoteRange, mark: NoteRange) -> NoteRange:
    """A mark over a range: one that says "an AI" and does not name it leaves the names that are known."""
    if mark.state is State.AI and mark.session is None and run.state in _AI_STATES:
        return replace(mark, session=run.session, prompt=run.prompt, print=mark.print or run.print)
    return replace(mark, print=mark.print or run.print)
