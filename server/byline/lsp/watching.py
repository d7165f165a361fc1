"""What goes on around the open files: HEAD moves, notes and journals change, and commits are to be settled.

HEAD is looked at, not waited for (docs/decisions/0004-noticing-commits.md). Belongs to the event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from byline.attribution.project import Project
from byline.attribution.settle import SettledCommit, settle
from byline.git.errors import GitError
from byline.journal.errors import JournalError
from byline.lsp.tasks import Tasks

_POLL = 0.1  # seconds between looks at the HEAD log: a few microseconds of work each
_SLOW_TURNS = 20  # of those, between looks at what other processes may have changed


@dataclass(slots=True)
class WatchListener:
    """Who is told; each is called on the loop."""

    before_settling: Callable[[Project], Awaitable[None]]  # what was said so far is to be known by then
    answers_changed: Callable[[Project], None]
    journal_grew: Callable[[Project], None]  # by this session or by another process
    commit_recorded: Callable[[Path, SettledCommit], None]
    failed: Callable[[str, BaseException], None]


@dataclass(slots=True)
class _Watched:
    """A project as it was when last looked at."""

    project: Project
    head: object
    notes: object
    journal: int = 0
    epoch: int = 0
    stale: bool = True  # something arrived that may improve a note
    failed: bool = False  # settling did not work the last time
    settling: asyncio.Task[None] | None = None


class Watch:
    """The projects that one session watches, and settles."""

    def __init__(self, tasks: Tasks, listener: WatchListener) -> None:
        """Looking and settling run as `tasks`."""
        self._tasks = tasks
        self._listener = listener
        self._watched: dict[Path, _Watched] = {}
        self._poller: asyncio.Task[None] | None = None

    def __contains__(self, project: Project) -> bool:
        return project.root in self._watched

    @property
    def projects(self) -> list[Project]:
        """What is watched."""
        return [watched.project for watched in self._watched.values()]

    def add(self, project: Project) -> None:
        """Watch `project` from now on."""
        self._watched[project.root] = _Watched(project, project.head_log.signature(), project.notes.signature())
        if self._poller is None:
            self._poller = self._tasks.start("poll", self._poll())

    def epoch(self, project: Project) -> int:
        """A number that grows when answers about committed lines may have changed."""
        return self._watched[project.root].epoch

    def mark_stale(self, project: Project) -> None:
        """Something arrived that may improve a note: settle soon."""
        if watched := self._watched.get(project.root):
            watched.stale = True

    async def catch_up(self, project: Project) -> None:
        """Wait until all that has happened so far is settled."""
        watched = self._watched[project.root]
        self._look(watched)
        while watched.settling and (watched.stale or not watched.settling.done()):
            await asyncio.wait([watched.settling])
            self._look(watched)

    def stop(self) -> None:
        """Look no more."""
        if self._poller:
            self._poller.cancel()

    async def _poll(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(_POLL)
            turn += 1
            for watched in list(self._watched.values()):
                try:
                    if turn % _SLOW_TURNS == 0:
                        self._look_elsewhere(watched)
                    self._look(watched)
                except (GitError, JournalError, OSError) as problem:
                    self._listener.failed("poll", problem)

    def _look(self, watched: _Watched) -> None:
        """Settle if HEAD has moved or there is something new to say of what is settled."""
        signature = watched.project.head_log.signature()
        if signature != watched.head:
            watched.head = signature
            watched.stale = True
            self._answers_changed(watched)
        if watched.stale and (watched.settling is None or watched.settling.done()):
            watched.stale = False
            watched.settling = self._tasks.start("settle", self._settle(watched))

    def _look_elsewhere(self, watched: _Watched) -> None:
        """Other windows write to the journal, other tools to the notes; and what failed is tried again."""
        notes = watched.project.notes.signature()
        if notes != watched.notes:
            watched.notes = notes
            self._answers_changed(watched)
        journal = watched.project.journal.changed()
        if journal != watched.journal or watched.failed:
            watched.journal = journal
            watched.failed = False
            watched.stale = True
            self._listener.journal_grew(watched.project)

    async def _settle(self, watched: _Watched) -> None:
        try:
            await self._listener.before_settling(watched.project)
            commits = await asyncio.to_thread(settle, watched.project)
        except (GitError, JournalError, OSError) as problem:
            self._listener.failed("settle", problem)
            watched.failed = True
            return
        if any(commit.noted for commit in commits):
            self._answers_changed(watched)
        for commit in commits:
            self._listener.commit_recorded(watched.project.root, commit)

    def _answers_changed(self, watched: _Watched) -> None:
        """What is said of committed lines may be something else now."""
        watched.epoch += 1
        watched.project.owners.notes_changed()
        self._listener.answers_changed(watched.project)
