"""What agents' transcripts tell becomes declarations, which then claim text by its content.

Readers only read; here it is decided which project a recorded edit belongs to, and that only what was really written
counts. Any number of windows may read the same transcript: a declaration's id comes from what it tells.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.agents.record import AgentEdit, Hunk
from byline.agents.watch import ReaderState, Watch
from byline.attribution.project import Project, Projects
from byline.git.errors import GitError, NotARepository
from byline.journal.errors import JournalError
from byline.journal.records import Declaration
from byline.provenance.origin import Channel, Evidence, Source

log = logging.getLogger(__name__)

_LONGEST = 4_000_000  # characters of one hunk
_IDS = 1 << 62  # above the ids that journals give

Place = tuple[Project, str]
"""A file: its project, and its path there."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one look at the transcripts brought: the files of which something new was told, and whether more waits."""

    places: tuple[Place, ...]
    more: bool


class Transcripts:
    """The transcripts that may be read, of every project under `roots`. Blocks; one thread at a time."""

    def __init__(
        self, projects: Projects, tools: Sequence[str], roots: Sequence[Path], env: Mapping[str, str], since: float
    ) -> None:
        """`tools` are those of the setting `agents.read`; `since` (Unix seconds) is how far back is read."""
        self._projects = projects
        self._watch = Watch(tools, lambda: roots, env, since=since)
        self._folders: dict[str, Project | None] = {}

    def read(self) -> Told:
        """Keep what is new as declarations. Bounded work: there may be more. Raises JournalError."""
        batch = self._watch.poll()
        places: dict[Place, None] = {}
        for edit in batch.edits:
            place = self._place(edit) if edit.succeeded and edit.kind != "delete" else None
            if place is None:
                continue
            rows = list(_declarations(*place, edit))
            if rows:
                place[0].journal.append(*rows)
                places[place] = None
        for project in {project for project, _ in places}:
            project.journal.flush()
        return Told(tuple(places), batch.more)

    def readers(self) -> tuple[ReaderState, ...]:
        """How each tool's reader fares."""
        return self._watch.readers()

    def _place(self, edit: AgentEdit) -> Place | None:
        path = Path(edit.path)
        project = self._project(path.parent)
        name = project.repository.relative(path) if project else None
        if project is None or name is None or project.journal.read_only or project.scope.refuses(name):
            return None
        return project, name

    def _project(self, folder: Path) -> Project | None:
        """The project of a folder, which may be gone by now."""
        key = str(folder)
        if key not in self._folders:
            while not folder.is_dir() and folder != folder.parent:
                folder = folder.parent
            try:
                self._folders[key] = self._projects.at(folder)
            except NotARepository:
                self._folders[key] = None
            except (GitError, JournalError) as problem:
                log.info("a transcript speaks of a folder that cannot be opened: %s", problem)
                self._folders[key] = None
        return self._folders[key]


def _declarations(project: Project, name: str, edit: AgentEdit) -> Iterator[Declaration]:
    evidence = Evidence(Source.TRANSCRIPT, Channel.AGENT, None, edit.tool, edit.model, edit.session)
    evidence = project.prompts.on(evidence, edit.prompt)
    time = int(edit.time if edit.time is not None else project.clock())
    for number, hunk in enumerate(edit.hunks or _whole(project, name, edit, time)):
        if hunk.new.strip() and len(hunk.new) <= _LONGEST and hunk.new != hunk.old:
            id = _id(project, name, edit, number, hunk)
            yield Declaration(id, project.worktree, name, hunk.old or None, hunk.new, evidence, time)


def _whole(project: Project, name: str, edit: AgentEdit, time: int) -> Sequence[Hunk]:
    """The change of a file that was written as a whole, against what is known of it from before."""
    if edit.after is None or edit.changed_by_user:
        return ()
    before = edit.before if edit.before is not None else project.versions.text_before(name, time, edit.after)
    return () if before == edit.after else (Hunk(before or "", edit.after),)


def _id(project: Project, name: str, edit: AgentEdit, number: int, hunk: Hunk) -> int:
    """The same for the same hunk of the same call, whoever reads it, and however often a session was copied."""
    told = (project.worktree, name, edit.tool, edit.call or edit.session, str(number), hunk.old, hunk.new)
    digest = hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).digest()
    return _IDS | (int.from_bytes(digest[:8]) & (_IDS - 1))
