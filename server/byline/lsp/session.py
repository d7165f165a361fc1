"""What one client has open and what goes on for it: where the protocol meets the use cases.

Everything here runs on the event loop, except what is handed to a thread. Documents are touched by the
loop alone; threads get copies.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.attribution import review
from byline.attribution.announced import Announced
from byline.attribution.blame import LiveBlame, prefetch
from byline.attribution.client_changes import ClientChange, Column
from byline.attribution.copies import Copy
from byline.attribution.open_file import OpenFile
from byline.attribution.project import Project, Projects
from byline.attribution.record import Recorder
from byline.attribution.settle import SettledCommit, start_at_head
from byline.config import Config
from byline.git.errors import GitError, NotARepository
from byline.journal.errors import JournalError
from byline.lsp import announcements
from byline.lsp.agents import Agents
from byline.lsp.answers import Answers
from byline.lsp.project_start import compact, follow_journal, warm_up
from byline.lsp.tasks import Tasks
from byline.lsp.watching import Watch, WatchListener
from byline.provenance.origin import Evidence
from byline.symbols import Symbol

_OPENING = 30.0
_REWRITING = ("rebase-merge", "rebase-apply", "sequencer")  # what git keeps while it moves HEAD again and again


@dataclass(slots=True)
class Listener:
    """What the protocol edge wants to be told; each is called on the loop."""

    attribution_changed: Callable[[str, int], None] = lambda uri, version: None
    commit_recorded: Callable[[Path, SettledCommit], None] = lambda root, commit: None
    failed: Callable[[str, BaseException], None] = lambda where, error: None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from, as the client says: evidence without a prompt, its text, and what was copied."""

    evidence: Evidence
    prompt: str | None = None
    copy: Copy | None = None


class Session:
    """The state of one client's session."""

    def __init__(
        self,
        tasks: Tasks,
        config_of: Callable[[Path | None], Config],
        listener: Listener,
        log_ends: Mapping[Path, int],
        env: Mapping[str, str],
    ) -> None:
        """`config_of` loads the settings of a root (in a thread); background work runs as `tasks`.

        `log_ends` tells, for workspace folders, how long the HEAD log was when the client introduced itself; `env` is
        the environment, which says where agents keep their transcripts.
        """
        self._tasks = tasks
        self._log_ends = log_ends
        self.listener = listener
        self.projects = Projects(config_of)
        self.recorder = Recorder(self.projects)
        told = WatchListener(
            self._before_settling,
            self._answers_changed,
            self._look_for_declarations,
            listener.commit_recorded,
            listener.failed,
        )
        self.watch = Watch(tasks, told)
        self.agents = Agents(self, tasks, env)
        self.answers = Answers(tasks, self.watch.epoch, self.recorder.nowhere)
        self.announced = Announced(time.monotonic)
        self._closed: dict[Path, float] = {}  # when files were closed
        self._folders: Sequence[Path] = ()
        self._ready: dict[str, asyncio.Event] = {}
        self._reviews: dict[str, asyncio.Task[None]] = {}

    # --- documents -----------------------------------------------------------------------------------------------

    def did_open(
        self, uri: str, path: Path | None, language: str, version: int, text: str, log_end: int | None
    ) -> None:
        """A client opened a document, or opened it again with another text, when the HEAD log was `log_end` long."""
        if uri in self.recorder.files:
            self.did_close(uri)
        file = OpenFile(uri, path, language, version)
        self.recorder.opened(file)
        self.answers.opened(file, text)
        ready = self._ready[uri] = asyncio.Event()
        self._tasks.start("open", self._open(file, text, log_end, ready))

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        """A client changed a document; False if it is not open."""
        file = self.recorder.files.get(uri)
        if file is None:
            return False
        self.recorder.changed(file, version, changes, column)
        self.review_if_needed(file)
        return True

    def did_save(self, uri: str) -> None:
        """A client saved a document."""
        file = self.recorder.files.get(uri)
        if file is not None:
            self.recorder.saved(file)
            self.learned(file)

    def did_close(self, uri: str) -> None:
        """A client closed a document."""
        file = self.recorder.files.get(uri)
        if file is not None:
            self.recorder.closed(file)
            self.learned(file)
            if file.path is not None:
                self._closed[file.path] = time.monotonic()
            for by_uri in (self._ready, self._reviews):
                by_uri.pop(uri, None)
            self.answers.closed(file)

    def edit_context(self, uri: str, version: int, origins: Sequence[Origin]) -> None:
        """The client says where changes came from."""
        file = self.recorder.files.get(uri)
        if file is None:
            return

        def learn() -> None:
            evidence = [self.recorder.with_prompt(file, origin.evidence, origin.prompt) for origin in origins]
            if self.recorder.context(file, version, evidence, [origin.copy for origin in origins]):
                self.learned(file)
                self.listener.attribution_changed(uri, file.version)
            self.review_if_needed(file)

        file.when_ready(learn)

    async def file(self, uri: str) -> OpenFile | None:
        """The open file, once it is prepared and what was unclear about its last change has been looked into."""
        while (file := self.recorder.files.get(uri)) is not None and not file.is_ready:
            await asyncio.wait_for(self._ready[uri].wait(), _OPENING)
        while (running := self._reviews.get(uri)) and not running.done():
            await asyncio.wait([running])
        return file

    async def _open(self, file: OpenFile, text: str, log_end: int | None, ready: asyncio.Event) -> None:
        if file.path is not None:
            self._tasks.start("prefetch", asyncio.to_thread(prefetch, self.projects, file.path))
        try:
            prepared = await asyncio.to_thread(self.recorder.prepare, file.path, text, log_end)
            if prepared.project is not None:
                self.add(prepared.project)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the document is edited all the same
            self.listener.failed("open", problem)
            prepared = self.recorder.unplaced(text, "its repository cannot be read")
        self.recorder.start(file, prepared)
        if file.path is not None:
            announcements.explain_reopened(self, file, self._closed.pop(file.path, 0.0))
        self.learned(file)  # a commit may have come while what it holds was still waiting
        ready.set()
        self.review_if_needed(file)
        if file.path is not None and self.recorder.files.get(file.uri) is file:
            self._tasks.start("blame", self._first_blame(file))

    async def _first_blame(self, file: OpenFile) -> None:
        """Have the answer ready before it is asked for."""
        await asyncio.gather(self.answers.blame(file), self.answers.outline(file))
        self.listener.attribution_changed(file.uri, file.version)

    def review_if_needed(self, file: OpenFile) -> None:
        """Have a second look, aside, at text of `file` that nobody accounts for."""
        running = self._reviews.get(file.uri)
        if file.unreviewed and file.is_ready and (running is None or running.done()):
            self._reviews[file.uri] = self._tasks.start("review", self._review(file))

    async def _review(self, file: OpenFile) -> None:
        while file.unreviewed:
            seen = review.begin(file)
            if seen is None:
                file.unreviewed.clear()
                return
            self.recorder.reviewed(file, await asyncio.to_thread(review.look, seen))
            announcements.explain(self, file)
            self.learned(file)
            self.listener.attribution_changed(file.uri, file.version)

    # --- questions -----------------------------------------------------------------------------------------------

    async def blame(self, file: OpenFile) -> LiveBlame:
        """The live blame of a prepared file, as its text is when this is called."""
        return await self.answers.blame(file)

    async def outline(self, file: OpenFile) -> list[Symbol]:
        """The symbols of a prepared file, as its text is when this is called."""
        return await self.answers.outline(file)

    async def caught_up(self, project: Project) -> None:
        """Wait until everything that was received before this has had its effect."""
        await self._all_opened()
        await self.watch.catch_up(project)

    async def _all_opened(self) -> None:
        await asyncio.gather(*(self._ready[uri].wait() for uri, f in self.recorder.files.items() if not f.is_ready))

    async def _before_settling(self, project: Project) -> None:
        """A commit may come while what it holds still waits for its file to be opened, or stands in a transcript."""
        await asyncio.gather(self._all_opened(), self.agents.catch_up())

    # --- projects ------------------------------------------------------------------------------------------------

    def configure(self, folders: Sequence[Path]) -> None:
        """The client's settings have changed, or which `folders` are open."""
        self._folders = folders
        self._configure_agents()
        for project in self.watch.projects:
            before = project.config.record
            project.configure(self.projects.config_of(project.root))
            if project.config.record != before:
                for file in [file for file in self.recorder.files.values() if file.project is project]:
                    self._open_anew(file)

    def _open_anew(self, file: OpenFile) -> None:
        """Whether a file is recorded is decided when it is opened."""
        text = file.live.document.text
        self.did_open(file.uri, file.path, file.language, file.version, text, log_end=None)

    def _configure_agents(self) -> None:
        roots = dict.fromkeys((*self._folders, *(project.root for project in self.watch.projects)))
        self.agents.configure(self.projects.config_of(None), tuple(roots))

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Watch the repositories of these workspace folders from now on, whether files are opened or not."""
        for folder in folders:
            self._tasks.start("folder", self._open_folder(folder))

    async def _open_folder(self, folder: Path) -> None:
        try:
            self.add(await asyncio.to_thread(self.projects.at, folder))
        except NotARepository:
            return
        except (GitError, JournalError) as problem:
            self.listener.failed("folder", problem)

    def add(self, project: Project) -> None:
        """Watch a project from now on."""
        if project in self.watch:
            return
        ends = [end for folder, end in self._log_ends.items() if folder.is_relative_to(project.root)]
        start_at_head(project, min(ends, default=None))
        follow_journal(project, self.recorder)
        self.watch.add(project)
        self._configure_agents()
        self._tasks.start("warm up", asyncio.to_thread(warm_up, project))
        self._tasks.start("compact", compact(project))

    def _answers_changed(self, project: Project) -> None:
        for file in self.recorder.files.values():
            if file.project is project:
                self.listener.attribution_changed(file.uri, file.version)
        if not any((project.repository.git_dir / name).exists() for name in _REWRITING):
            self.answers.renew(project)

    def _look_for_declarations(self, project: Project) -> None:
        """What another process has declared of an open file deserves the same second look as what is declared here."""
        for file in self.recorder.files.values():
            if file.project is project and file.is_ready and file.name is not None:
                newest = project.journal.newest_declaration(project.worktree, file.name)
                if newest > file.declared:
                    file.declared = newest
                    self.recorder.declared(file)
                    self.review_if_needed(file)

    def learned(self, file: OpenFile) -> None:
        """Something about `file` may improve a note: settle soon."""
        if file.project is not None:
            self.watch.mark_stale(file.project)

    async def close(self) -> None:
        """End: what was recorded is flushed."""
        self.agents.stop()
        self.watch.stop()
        await asyncio.to_thread(self.projects.close)
