"""Who wrote the lines of a file at a commit: git's blame, composed with the notes of the blamed commits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

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

_CACHED_LINES = 120_000
_ANCESTORS = 10

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
    notes: object  # the versions of the notes that this was made from


class Committed:
    """Answers about committed files. Thread-safe; blocks on git; cached until the notes change."""

    def __init__(self, repository: Repository, notes: NoteStore) -> None:
        """Blame is git's own, notes are verified against the text line by line."""
        self._repository = repository
        self._notes = notes
        self._blames = BlameCache(repository)
        self._files: LRUCache[tuple[str, str], CommittedFile] = LRUCache(_CACHED_LINES, getsizeof=_size)
        self._tools: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def file(self, commit: str, path: str) -> CommittedFile | None:
        """The file `path` at `commit` (a full object id); None where there is no such text file."""
        with self._lock:
            known = self._files.get((commit, path))
        if known is not None and known.notes == self._notes.versions(c.oid for c in known.blame.commits):
            return known
        found = self._unchanged(commit, path) or self._compose(commit, path)
        if found is not None and _size(found) <= _CACHED_LINES:
            with self._lock:
                self._files[commit, path] = found
        return found

    def prefetch(self, commit: str, path: str) -> None:
        """Have git blame the file, which takes longest of `file`. Raises GitError."""
        with self._lock:
            if (commit, path) in self._files:
                return
        self._blames.get(commit, path)

    def _unchanged(self, commit: str, path: str) -> CommittedFile | None:
        """What is known of an ancestor, if no commit since then, parent by parent, has touched the file."""
        with self._lock:
            known = {of: file for (of, name), file in self._files.items() if name == path}
        if not known:
            return None
        oid = self._repository.blob_oid(commit, path)
        ancestor = commit
        for _ in range(_ANCESTORS):
            parents = commit_infos(self._repository, [ancestor])[0].parents
            if not parents or oid is None or self._repository.blob_oid(parents[0], path) != oid:
                return None
            ancestor = parents[0]
            file = known.get(ancestor)
            if file is not None:
                current = file.notes == self._notes.versions(c.oid for c in file.blame.commits)
                return replace(file, commit=commit) if current else None
        return None

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
        blame = self._blames.get(commit, path)
        commits = [commit.oid for commit in blame.commits]
        versions = self._notes.versions(commits)
        notes = self._notes.notes(commits)
        tools = self._named_tools([oid for oid in commits if oid not in notes])
        without = [_without_note(tools.get(oid)) for oid in commits]
        states = [without[author][0] for author in blame.commit_of]
        sources = [without[author][1] for author in blame.commit_of]
        noted = {i: notes[oid] for i, oid in enumerate(commits) if oid in notes}
        lines = split_git_lines(text) if noted else []
        for index, author in enumerate(blame.commit_of if noted else ()):
            if author in noted:
                source_path, number = blame.paths[blame.path_of[index]], blame.line_of[index]
                states[index], sources[index] = _from_note(noted[author], source_path, number, lines[index])
        return CommittedFile(commit, path, text, blame, states, sources, versions)

    def _named_tools(self, commits: Sequence[str]) -> dict[str, str | None]:
        missing = [oid for oid in commits if oid not in self._tools]
        for info in commit_infos(self._repository, missing):
            self._tools[info.oid] = ai_named_in(info)
        return {oid: self._tools[oid] for oid in commits}


def _size(file: CommittedFile) -> int:
    return len(file.states)


def _without_note(named: str | None) -> tuple[LineState, str | None]:
    """What is said of the lines of a commit that has no note, but may name an AI itself."""
    if named is None:
        return NOTHING, None
    return LineState(State.UNKNOWN, Origin(Kind.UNKNOWN, tool=named, evidence=("trailer",))), "trailer"


def _from_note(note: Note, path: str, line: int, text: str) -> tuple[LineState, str | None]:
    """The state that `note` gives to `line` (1-based, in the commit's own numbering), if its text still matches."""
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
