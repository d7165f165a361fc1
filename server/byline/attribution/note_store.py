"""Notes by commit, of every format that we read, blended in order of trust and cached."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from cachetools import LRUCache

from byline.attribution.agent_traces import FILE, AgentTraces
from byline.formats import NOTE_REFS, BadNote, Note, decode
from byline.git.files import stamp
from byline.git.notes import NotesRef
from byline.git.repository import Repository

_CACHED_NOTES = 5_000


class NoteStore:
    """All notes of a repository that say who wrote lines. Thread-safe; blocks on git."""

    def __init__(self, repository: Repository) -> None:
        """Reads `NOTE_REFS` of `repository`."""
        self._refs = [NotesRef(repository, name) for name in NOTE_REFS]
        self._traces = AgentTraces(repository)
        self._common_dir = repository.common_dir
        self._loose = [repository.common_dir / name for name in NOTE_REFS]
        self._parsed: LRUCache[tuple[str, str, str], Note | None] = LRUCache(_CACHED_NOTES)
        self._lock = threading.Lock()
        self.prompts: LRUCache[str, str] = LRUCache(_CACHED_NOTES)  # texts that notes carry, by key
        self.bad: dict[str, str] = {}  # "ref commit" -> why a note was skipped, for doctor

    def versions(self, commits: Iterable[str]) -> tuple[object, ...]:
        """Which notes these commits have, of all refs: the same as long as none of them changes."""
        listings = [ref.listing() for ref in self._refs]
        return (self._traces.stamp(), *(listing.get(commit) for commit in commits for listing in listings))

    def signature(self) -> tuple[object, ...]:
        """Changes whenever a notes ref may have: file times only, no process."""
        return (self._traces.stamp(), *map(stamp, (self._common_dir / "packed-refs", *self._loose)))

    def notes(self, commits: Iterable[str]) -> Mapping[str, Note]:
        """The most trusted note of each of `commits` that has one."""
        found: dict[str, Note] = {}
        wanted = list(dict.fromkeys(commits))
        for ref in self._refs:
            listing = ref.listing()
            here = [commit for commit in wanted if commit not in found and commit in listing]
            for commit, note in self._read(ref, here, listing).items():
                if note is not None:
                    found[commit] = note
        found.update(self._traces.notes(commit for commit in wanted if commit not in found))
        if self._traces.problem:
            self.bad[FILE] = self._traces.problem
        return found

    def own(self, commits: Iterable[str]) -> Mapping[str, Note]:
        """Byline's own notes of those of `commits` that have one."""
        ref = self._refs[0]
        listing = ref.listing()
        found = self._read(ref, [commit for commit in commits if commit in listing], listing)
        return {commit: note for commit, note in found.items() if note is not None}

    def _read(self, ref: NotesRef, commits: list[str], listing: Mapping[str, str]) -> dict[str, Note | None]:
        keys = {commit: (ref.name, commit, listing[commit]) for commit in commits}
        with self._lock:
            known = {commit: self._parsed[key] for commit, key in keys.items() if key in self._parsed}
        missing = [commit for commit in commits if commit not in known]
        texts = ref.read(missing) if missing else {}
        for commit in missing:
            note = self._decode(ref.name, commit, texts.get(commit))
            known[commit] = note
            with self._lock:
                self._parsed[keys[commit]] = note
        return known

    def _decode(self, ref: str, commit: str, data: bytes | None) -> Note | None:
        if data is None:
            self.bad[f"{ref} {commit}"] = "the note is missing or larger than 4 MiB"
            return None
        try:
            note = decode(ref, data)
            self.prompts.update(note.prompts)
            return note
        except BadNote as problem:
            self.bad[f"{ref} {commit}"] = str(problem)
            return None
