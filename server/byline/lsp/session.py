"""What one client has open and what goes on for it: where the protocol meets the use cases.

Everything here runs on the event loop, except what is handed to a thread. Documents are touched by the
loop alone; threads get copies.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from byline.attribution.blame import LiveBlame, live_blame, prefetch
from byline.attribution.declare import LineRange, declare_on_disk, store, true_ranges
from byline.attribution.live import ClientChange, Column
from byline.attribution.marks import mark_committed
from byline.attribution.match import Hunk
from byline.attribution.open_file import OpenFile
from byline.attribution.pending import pending_edits
from byline.attribution.project import Project, Projects
from byline.attribution.record import Recorder
from byline.attribution.settle import SettledCommit, settle, settled_up_to, start_at_head
from byline.config import Config
from byline.git.errors import GitError, NotARepository
from byline.journal.errors import JournalError
from byline.lsp.tasks import Tasks
from byline.provenance.document import Document
from byline.provenance.origin import Evidence
from byline.symbols import Symbol, outline

log = logging.getLogger(__name__)

_POLL = 0.1  # seconds between looks at the HEAD log: a few microseconds of work each
_SLOW_TURNS = 20  # of those, between looks at what other processes may have changed
_OPENING = 30.0
_CACHED_BLAMES = 16
_COMPACT_AFTER = 120.0
_CATCHING_UP = 5.0


@dataclass(slots=True)
class Listener:
    """What the protocol edge wants to be told; each is called on the loop."""

    attribution_changed: Callable[[str, int], None] = lambda uri, version: None
    commit_recorded: Callable[[Path, SettledCommit], None] = lambda root, commit: None
    failed: Callable[[str, BaseException], None] = lambda where, error: None


@dataclass(slots=True)
class _Watched:
    """A project as this session last saw it."""

    project: Project
    head: object = None
    notes: object = None
    journal: int = 0
    epoch: int = 0  # grows when answers about committed lines may have changed
    stale: bool = True  # something arrived that may improve a note
    failed: bool = False  # settling did not work the last time
    settling: asyncio.Task[None] | None = None


@dataclass(slots=True)
class _Cached:
    revision: int
    epoch: int
    blame: LiveBlame


@dataclass(slots=True)
class Status:
    """The answer to `byline/status`, but for what other parts of the server add."""

    root: Path | None = None
    head: str | None = None
    settled: str | None = None
    journalled: dict[str, int] = field(default_factory=dict)
    pending_edits: int = 0
    problems: list[str] = field(default_factory=list)


class Session:
    """The state of one client's session."""

    def __init__(
        self,
        tasks: Tasks,
        config_of: Callable[[Path | None], Config],
        listener: Listener,
        log_ends: Mapping[Path, int],
    ) -> None:
        """`config_of` loads the settings of a root (in a thread); background work runs as `tasks`.

        `log_ends` tells, for workspace folders, how long the HEAD log was when the client introduced itself.
        """
        self._tasks = tasks
        self._log_ends = log_ends
        self._listener = listener
        self.projects = Projects(config_of)
        self.recorder = Recorder(self.projects)
        self._watched: dict[Path, _Watched] = {}
        self._ready: dict[str, asyncio.Event] = {}
        self._reviews: dict[str, asyncio.Task[None]] = {}
        self._blames: dict[OpenFile, _Cached] = {}
        self._blaming: dict[OpenFile, tuple[tuple[int, int], asyncio.Task[LiveBlame]]] = {}
        self._outlines: dict[OpenFile, tuple[int, asyncio.Task[list[Symbol]]]] = {}
        self._poller: asyncio.Task[None] | None = None

    # --- documents -----------------------------------------------------------------------------------------------

    def did_open(
        self, uri: str, path: Path | None, language: str, version: int, text: str, log_end: int | None
    ) -> None:
        """A client opened a document, or opened it again with another text, when the HEAD log was `log_end` long."""
        if uri in self.recorder.files:
            self.did_close(uri)
        file = OpenFile(uri, path, language, version)
        self.recorder.opened(file)
        ready = self._ready[uri] = asyncio.Event()
        self._tasks.start("open", self._open(file, text, log_end, ready))

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        """A client changed a document; False if it is not open."""
        file = self.recorder.files.get(uri)
        if file is None:
            return False
        self.recorder.changed(file, version, changes, column)
        self._review_if_needed(file)
        return True

    def did_save(self, uri: str) -> None:
        """A client saved a document."""
        file = self.recorder.files.get(uri)
        if file is not None:
            self.recorder.saved(file)
            self._mark_stale(file)

    def did_close(self, uri: str) -> None:
        """A client closed a document."""
        file = self.recorder.files.get(uri)
        if file is not None:
            self.recorder.closed(file)
            self._mark_stale(file)
            for by_uri in (self._ready, self._reviews):
                by_uri.pop(uri, None)
            for by_file in (self._blames, self._blaming, self._outlines):
                by_file.pop(file, None)

    def edit_context(self, uri: str, version: int, origins: Sequence[tuple[Evidence, str | None]]) -> None:
        """The client says where changes came from: evidence without a prompt, and the prompt's text, for each."""
        file = self.recorder.files.get(uri)
        if file is None:
            return

        def learn() -> None:
            if self.recorder.context(file, version, [self.recorder.with_prompt(file, e, text) for e, text in origins]):
                self._mark_stale(file)
                self._listener.attribution_changed(uri, file.version)
            self._review_if_needed(file)

        file.when_ready(learn)

    async def file(self, uri: str) -> OpenFile | None:
        """The open file, once it is prepared and what was unclear about its last change has been looked into."""
        while (file := self.recorder.files.get(uri)) is not None and not file.is_ready:
            await asyncio.wait_for(self._ready[uri].wait(), _OPENING)
        while (review := self._reviews.get(uri)) and not review.done():
            await asyncio.wait([review])
        return file

    async def _open(self, file: OpenFile, text: str, log_end: int | None, ready: asyncio.Event) -> None:
        if file.path is not None:
            self._tasks.start("prefetch", asyncio.to_thread(prefetch, self.projects, file.path))
        try:
            prepared = await asyncio.to_thread(self.recorder.prepare, file.path, text, log_end)
            if prepared.project is not None:
                self._watch(prepared.project)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the document is edited all the same
            self._listener.failed("open", problem)
            prepared = self.recorder.unplaced(text, "its repository cannot be read")
        self.recorder.start(file, prepared)
        self._mark_stale(file)  # a commit may have come while what it holds was still waiting
        ready.set()
        self._review_if_needed(file)
        if file.path is not None and self.recorder.files.get(file.uri) is file:
            self._tasks.start("blame", self._first_blame(file))

    async def _first_blame(self, file: OpenFile) -> None:
        """Have the answer ready before it is asked for."""
        await asyncio.gather(self.blame(file), self.outline(file))
        self._listener.attribution_changed(file.uri, file.version)

    def _review_if_needed(self, file: OpenFile) -> None:
        running = self._reviews.get(file.uri)
        if file.unreviewed and file.is_ready and (running is None or running.done()):
            self._reviews[file.uri] = self._tasks.start("review", self._review(file))

    async def _review(self, file: OpenFile) -> None:
        while file.unreviewed:
            seen = self.recorder.review(file)
            if seen is None:
                file.unreviewed.clear()
                return
            if self.recorder.reviewed(file, await asyncio.to_thread(self.recorder.look, seen)):
                self._mark_stale(file)
                self._listener.attribution_changed(file.uri, file.version)

    # --- statements ----------------------------------------------------------------------------------------------

    def mark(self, file: OpenFile, first: int, last: int, evidence: Evidence) -> Coroutine[Any, Any, int]:
        """A person says who wrote the lines `first` to `last` (0-based, inclusive). Gives how many lines that is.

        They are lines of the text as it is when this is called, whatever comes before the answer does.
        """
        marked: asyncio.Future[tuple[int, Document]] = asyncio.get_running_loop().create_future()

        def mark() -> None:
            count = self.recorder.mark(file, first, last, evidence)
            if not marked.done():
                marked.set_result((count, file.live.document.copy()))

        async def finish() -> int:
            count, document = await marked
            if count and file.project is not None and file.name is not None:
                blame = await asyncio.to_thread(live_blame, file.project, file.name, document)
                lines = [blame.line(i) for i in blame.within(first, last)]
                await asyncio.to_thread(mark_committed, file.project, lines, evidence)
            self._mark_stale(file)
            self._listener.attribution_changed(file.uri, file.version)
            return count

        file.when_ready(mark)
        return finish()

    async def declare(
        self, path: Path, hunks: Sequence[Hunk], evidence: Evidence, prompt: str | None
    ) -> tuple[LineRange, ...]:
        """An agent says what it wrote in `path`; the lines (0-based, inclusive) where that is found true.

        Raises:
            NotARepository: `path` is in none.
        """
        project = await asyncio.to_thread(self.projects.at, path)
        self._watch(project)
        name = project.repository.relative(path)
        if name is None:
            return ()
        evidence = project.prompts.on(evidence, prompt)
        await asyncio.to_thread(store, project, name, hunks, evidence)
        file = next((f for f in self.recorder.files.values() if f.project is project and f.name == name), None)
        if file is None and (waiting := self._opening(path)):
            file = await self.file(waiting.uri)
        watched = self._watched[project.root]
        watched.stale = True
        if file is None:
            return await asyncio.to_thread(declare_on_disk, project, name, hunks, evidence)
        self.recorder.declared(file)
        self._review_if_needed(file)
        await self.file(file.uri)
        ranges = await asyncio.to_thread(true_ranges, project, file.live.document.copy(), hunks, evidence)
        if not ranges and file.is_clean:  # the editor may not have noticed yet what is on disk
            return await asyncio.to_thread(declare_on_disk, project, name, hunks, evidence)
        return ranges

    def _opening(self, path: Path) -> OpenFile | None:
        return next((f for f in self.recorder.files.values() if f.path == path), None)

    # --- questions -----------------------------------------------------------------------------------------------

    async def blame(self, file: OpenFile) -> LiveBlame:
        """The live blame of a prepared file, as its text is when this is called."""
        ready = self.ready_blame(file)
        if ready is not None:
            return ready
        key = (file.live.revision, self._epoch(file))
        running = self._blaming.get(file)
        if running is None or running[0] != key or running[1].done():
            work = self._blame(file, file.live.document.copy(), *key)
            running = self._blaming[file] = (key, self._tasks.start("blame", work))
        await asyncio.wait([running[1]])
        blame: LiveBlame = running[1].result()
        return blame

    async def _blame(self, file: OpenFile, document: Document, revision: int, epoch: int) -> LiveBlame:
        if file.project is None or file.name is None:
            blame = LiveBlame(file.uri, document, self.recorder.nowhere, None)
        else:
            blame = await asyncio.to_thread(live_blame, file.project, file.name, document)
        if self.recorder.files.get(file.uri) is not file:
            return blame
        self._blames.pop(file, None)
        self._blames[file] = _Cached(revision, epoch, blame)
        if len(self._blames) > _CACHED_BLAMES:
            del self._blames[next(iter(self._blames))]
        return blame

    def ready_blame(self, file: OpenFile) -> LiveBlame | None:
        """The live blame if it is at hand, and not out of date."""
        cached = self._blames.get(file)
        if cached is None or (cached.revision, cached.epoch) != (file.live.revision, self._epoch(file)):
            return None
        return cached.blame

    async def outline(self, file: OpenFile) -> list[Symbol]:
        """The symbols of a prepared file, as its text is when this is called."""
        revision = file.live.revision
        known = self._outlines.get(file)
        if known is None or known[0] != revision:
            work = asyncio.to_thread(outline, file.live.document.text, file.language, file.name or "")
            known = self._outlines[file] = (revision, self._tasks.start("outline", work))
        await asyncio.wait([known[1]])
        symbols: list[Symbol] = known[1].result()
        return symbols

    async def has_lenses(self, file: OpenFile) -> bool:
        """Whether a file has lenses at all: git tracks it, or it is recorded."""
        if file.project is None or file.name is None:
            return False
        return file.refused is None or await asyncio.to_thread(file.project.repository.tracked, file.name)

    def _epoch(self, file: OpenFile) -> int:
        return self._watched[file.project.root].epoch if file.project else 0

    async def status(self, path: Path | None) -> Status:
        """What is known about the work tree that `path` is in."""
        try:
            project = await asyncio.to_thread(self.projects.at, path) if path else None
        except NotARepository:
            return Status()
        except (GitError, JournalError) as problem:
            return Status(problems=[str(problem)])
        if project is None:
            return Status()
        watched = self._watch(project)
        await self._caught_up(watched)
        files = [f for f in self.recorder.files.values() if f.project is project]
        journalled = {f.uri: f.journalled for f in files if f.journalled is not None}
        documents = [f.live.document.copy() for f in files if f.is_ready and f.recording]
        names = frozenset(f.name for f in files if f.name)
        try:
            head = await asyncio.to_thread(project.repository.head)
            settled = await asyncio.to_thread(settled_up_to, project)
            pending = await asyncio.to_thread(pending_edits, project, documents, names)
        except (GitError, JournalError) as problem:
            return Status(project.root, problems=[str(problem)])
        problems = [*project.problems(), *(f"{f.name} is not recorded: {f.refused}" for f in files if f.refused)]
        return Status(project.root, head.oid, settled, journalled, pending, problems)

    async def _caught_up(self, watched: _Watched) -> None:
        """Wait, not for ever, until everything that was received before has had its effect."""
        opening = [self._ready[uri].wait() for uri, file in self.recorder.files.items() if not file.is_ready]
        try:
            async with asyncio.timeout(_CATCHING_UP):
                await asyncio.gather(*opening)
                self._look(watched)
                while watched.settling and (watched.stale or not watched.settling.done()):
                    await asyncio.wait([watched.settling])
                    self._look(watched)
        except TimeoutError:
            log.info("a status is told before the server has caught up")

    def configure(self) -> None:
        """The client's settings have changed."""
        for watched in self._watched.values():
            project = watched.project
            before = project.config.record
            project.configure(self.projects.config_of(project.root))
            if project.config.record != before:
                for file in [file for file in self.recorder.files.values() if file.project is project]:
                    self._open_anew(file)

    def _open_anew(self, file: OpenFile) -> None:
        """Whether a file is recorded is decided when it is opened."""
        text = file.live.document.text
        self.did_open(file.uri, file.path, file.language, file.version, text, log_end=None)

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Watch the repositories of these workspace folders from now on, whether files are opened or not."""
        for folder in folders:
            self._tasks.start("folder", self._open_folder(folder))

    async def _open_folder(self, folder: Path) -> None:
        try:
            self._watch(await asyncio.to_thread(self.projects.at, folder))
        except NotARepository:
            return
        except (GitError, JournalError) as problem:
            self._listener.failed("folder", problem)

    # --- commits -------------------------------------------------------------------------------------------------

    def _watch(self, project: Project) -> _Watched:
        watched = self._watched.get(project.root)
        if watched is None:
            ends = [end for folder, end in self._log_ends.items() if folder.is_relative_to(project.root)]
            start_at_head(project, min(ends, default=None))
            loop = asyncio.get_running_loop()
            project.journal.subscribe(lambda ticket: _call_soon(loop, self._durable, project, ticket))
            watched = self._watched[project.root] = _Watched(project)
            self._tasks.start("compact", _compact(project))
            self._tasks.start("me", asyncio.to_thread(getattr, project, "me"))  # slow, and wanted with the first answer
        if self._poller is None:
            self._poller = self._tasks.start("poll", self._poll())
        return watched

    def _durable(self, project: Project, ticket: int) -> None:
        self.recorder.durable(project, ticket)

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

    def _answers_changed(self, watched: _Watched) -> None:
        """What is said of committed lines may be something else now."""
        watched.epoch += 1
        watched.project.owners.notes_changed()
        for file in self.recorder.files.values():
            if file.project is watched.project:
                self._listener.attribution_changed(file.uri, file.version)

    async def _settle(self, watched: _Watched) -> None:
        try:
            commits = await asyncio.to_thread(settle, watched.project)
        except (GitError, JournalError, OSError) as problem:
            self._listener.failed("settle", problem)
            watched.failed = True
            return
        if not commits:
            return
        self._answers_changed(watched)
        for commit in commits:
            self._listener.commit_recorded(watched.project.root, commit)
        for file in list(self._blames):  # they were asked for before, so they will be again
            if file.project is watched.project:
                self._tasks.start("blame", self.blame(file))

    def _mark_stale(self, file: OpenFile) -> None:
        if file.project is not None and (watched := self._watched.get(file.project.root)):
            watched.stale = True

    async def close(self) -> None:
        """End: what was recorded is flushed."""
        if self._poller:
            self._poller.cancel()
        await asyncio.to_thread(self.projects.close)


async def _compact(project: Project) -> None:
    """Let the journal forget what is old, once a session, when opening is over."""
    await asyncio.sleep(_COMPACT_AFTER)
    await asyncio.to_thread(project.journal.compact, project.clock(), project.config.record.keep_days)


def _call_soon(loop: asyncio.AbstractEventLoop, action: Callable[..., None], *args: object) -> None:
    """From the journal's thread; the loop may be gone at the very end."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(action, *args)
