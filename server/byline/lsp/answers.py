"""Answers about open files, prepared aside and kept until they are out of date: live blames and outlines.

Belongs to the event loop's thread; what blocks or takes long runs in others, on copies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from byline.attribution.blame import LiveBlame, live_blame
from byline.attribution.open_file import OpenFile
from byline.attribution.project import Project
from byline.lsp.tasks import Tasks
from byline.provenance.document import Document
from byline.provenance.state import Owners
from byline.symbols import Symbol, outline

_CACHED_BLAMES = 16


class _When(NamedTuple):
    """What a live blame was true of: the revision of the text, and the epoch of the committed lines."""

    revision: int
    epoch: int


@dataclass(frozen=True, slots=True)
class _Running:
    when: _When
    task: asyncio.Task[LiveBlame]


@dataclass(frozen=True, slots=True)
class _Outline:
    text_revision: int
    task: asyncio.Task[list[Symbol]]


class Answers:
    """What was found out about open files. An answer is worked out once, whoever asks for it."""

    def __init__(self, tasks: Tasks, epoch_of: Callable[[Project], int], nowhere: Owners) -> None:
        """`epoch_of` grows when answers about a project's committed lines may have changed.

        `nowhere` are the owners of what is in no repository.
        """
        self._tasks = tasks
        self._epoch_of = epoch_of
        self._nowhere = nowhere
        self._open: set[OpenFile] = set()
        self._blames: dict[OpenFile, tuple[_When, LiveBlame]] = {}
        self._running: dict[OpenFile, _Running] = {}
        self._outlines: dict[OpenFile, _Outline] = {}

    def opened(self, file: OpenFile, text: str) -> None:
        """Keep answers about `file` from now on. Its outline needs nothing but the text, so work begins here."""
        self._open.add(file)
        if file.path is not None:
            self._begin_outline(file, 0, text)

    def closed(self, file: OpenFile) -> None:
        """Forget all about `file`."""
        self._open.discard(file)
        for kept in (self._blames, self._running, self._outlines):
            kept.pop(file, None)

    async def blame(self, file: OpenFile) -> LiveBlame:
        """The live blame of a prepared file, as its text is when this is called."""
        ready = self.ready_blame(file)
        if ready is not None:
            return ready
        when = self._now(file)
        running = self._running.get(file)
        if running is None or running.when != when or running.task.done():
            task = self._tasks.start("blame", self._blame(file, file.live.document.copy(), when))
            running = self._running[file] = _Running(when, task)
        await asyncio.wait([running.task])
        return running.task.result()

    def ready_blame(self, file: OpenFile) -> LiveBlame | None:
        """The live blame if it is at hand, and not out of date."""
        when, blame = self._blames.get(file, (None, None))
        return blame if when == self._now(file) else None

    async def outline(self, file: OpenFile) -> list[Symbol]:
        """The symbols of a prepared file, as its text is when this is called."""
        known = self._outlines.get(file)
        if known is None or known.text_revision != file.live.text_revision:
            known = self._begin_outline(file, file.live.text_revision, file.live.document.text)
        await asyncio.wait([known.task])
        return known.task.result()

    def renew(self, project: Project) -> None:
        """Work out anew what was known of this project's files: it was asked for before, so it will be again.

        Not of a text that was changed since: nobody has asked about that one.
        """
        for file, (when, _) in list(self._blames.items()):
            if file.project is project and when.revision == file.live.revision:
                self._tasks.start("blame", self.blame(file))

    def _now(self, file: OpenFile) -> _When:
        return _When(file.live.revision, self._epoch_of(file.project) if file.project else 0)

    async def _blame(self, file: OpenFile, document: Document, when: _When) -> LiveBlame:
        if file.project is None or file.name is None:
            blame = LiveBlame(file.uri, document, self._nowhere, None)
        else:
            blame = await asyncio.to_thread(live_blame, file.project, file.name, document)
        if (running := self._running.get(file)) and running.when == when:
            del self._running[file]  # it would keep the blame for as long as the file is open
        if file in self._open:
            self._blames.pop(file, None)
            self._blames[file] = (when, blame)
            if len(self._blames) > _CACHED_BLAMES:
                del self._blames[next(iter(self._blames))]
        return blame

    def _begin_outline(self, file: OpenFile, text_revision: int, text: str) -> _Outline:
        work = asyncio.to_thread(outline, text, file.language, str(file.path or ""))
        begun = self._outlines[file] = _Outline(text_revision, self._tasks.start("outline", work))
        return begun
