"""Who wrote the lines of a file at a commit: git's blame, composed with the notes of the blamed commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from byline.attribution.note_store import NoteStore
from byline.attribution.trailers import ai_named_in
from byline.formats.note import Note, NoteRange, verified
from byline.git.blame import Blame
from byline.git.blame_cache import BlameCache
from byline.git.commit import commit_infos
from byline.git.errors import GitError
from byline.git.repository import Repository
from byline.journal.records import Base
from byline.provenance.attribution import NOTHING, LineState, State
from byline.provenance.origin import Kind, Origin
from byline.provenance.text import split_git_lines

_KIND = {State.AI: Kind.AI, State.AI_MODIFIED: Kind.AI, State.HUMAN: Kind.HUMAN}


@dataclass(frozen=True, slots=True)
class CommittedFile:
    """A file at a commit. `states` and `sources` have one entry for each git line of `text`, `blame` the commits.

    A source is the format of the note that the state comes from, "trailer", or None.
    """

    commit: str
    path: str
    text: str
    blame: Blame
    states: Sequence[LineState]
    sources: Sequence[str | None]


class Committed:
    """Answers about committed files. Thread-safe; blocks on git; cached until the notes change."""

    def __init__(self, repository: Repository, notes: NoteStore) -> None:
        """Blame is git's own, notes are verified against the text line by line."""
        self._repository = repository
        self._notes = notes
        self._blames = BlameCache(repository)
        self._files: LRUCache[tuple[str, str], CommittedFile] = LRUCache(64)
        self._tips: tuple[str | None, ...] = ()
        self._tools: dict[str, str | None] = {}

    def file(self, commit: str, path: str) -> CommittedFile | None:
        """The file `path` at `commit` (a full object id); None where there is no such text file."""
        tips = self._notes.tips()
        if tips != self._tips:
            self._files = LRUCache(64)
            self._tips = tips
        known = self._files.get((commit, path))
        if known is None:
            known = self._compose(commit, path)
            if known is not None:
                self._files[commit, path] = known
        return known

    def base_states(self, base: Base) -> Sequence[LineState]:
        """What the notes say of each line of a base text; empty where it has no commit."""
        if base.commit is None:
            return ()
        try:
            found = self.file(base.commit, base.path)
        except GitError:  # the commit may be gone: then nothing is known of its lines
            return ()
        return found.states if found else ()

    def _compose(self, commit: str, path: str) -> CommittedFile | None:
        data = self._repository.blob(commit, path)
        if data is None or b"\0" in data[:8000]:
            return None
        text = data.decode("utf-8", "surrogateescape")
        lines = split_git_lines(text)
        blame = self._blames.get(commit, path)
        commits = [commit.oid for commit in blame.commits]
        notes = self._notes.notes(commits)
        tools = self._named_tools([oid for oid in commits if oid not in notes])
        states: list[LineState] = []
        sources: list[str | None] = []
        for index, line in enumerate(lines):
            at = blame.line(index)
            oid = at.commit.oid
            state, source = _from_note(notes.get(oid), at.path, at.line, line, tools.get(oid))
            states.append(state)
            sources.append(source)
        return CommittedFile(commit, path, text, blame, states, sources)

    def _named_tools(self, commits: Sequence[str]) -> dict[str, str | None]:
        missing = [oid for oid in commits if oid not in self._tools]
        for info in commit_infos(self._repository, missing):
            self._tools[info.oid] = ai_named_in(info)
        return {oid: self._tools[oid] for oid in commits}


def _from_note(note: Note | None, path: str, line: int, text: str, named: str | None) -> tuple[LineState, str | None]:
    """The state that `note` gives to `line` (1-based, in the commit's own numbering), if its text still matches."""
    if note is None:
        if named is None:
            return NOTHING, None
        return LineState(State.UNKNOWN, Origin(Kind.UNKNOWN, tool=named, evidence=("trailer",))), "trailer"
    found = note.at(path, line)
    if found is None or not verified(found, line, text):
        return NOTHING, None
    return said_of(note, found), note.source


def said_of(note: Note, found: NoteRange) -> LineState:
    """What a range of `note` says of its lines; `NOTHING` where it makes no claim."""
    if found.state not in _KIND:
        return NOTHING
    session = note.session(found)
    origin = Origin(
        _KIND[found.state],
        found.level,
        tool=session.tool if session else None,
        model=session.model if session else None,
        session=session.id if session else None,
        prompt=found.prompt,
        evidence=found.evidence,
    )
    return LineState(found.state, origin, found.by)
