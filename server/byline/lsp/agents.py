"""The agents' transcripts that may be read: followed as they grow, and asked about once.

Reading is slow and runs in a thread, one at a time; what it finds claims text of open files like a declaration does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from byline.attribution.declare import claim_on_disk
from byline.git.errors import GitError
from byline.journal.errors import JournalError

if TYPE_CHECKING:
    from byline.attribution.transcripts import Place, Told, Transcripts
    from byline.config import Config
    from byline.lsp.session import Session
    from byline.lsp.tasks import Tasks

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks
_CATCHING_UP = 3.0  # seconds that a commit waits for what is already written


class Agents:
    """What one session reads of the agents' transcripts."""

    def __init__(self, session: Session, tasks: Tasks, env: Mapping[str, str]) -> None:
        """Nothing is read before `configure`."""
        self._session = session
        self._tasks = tasks
        self._env = env
        self._wanted: tuple[Sequence[str], Sequence[Path], float] = ((), (), 0.0)  # tools, folders, since
        self._stale = False
        self._transcripts: Transcripts | None = None
        self._reading = asyncio.Lock()
        self._poller: asyncio.Task[None] | None = None

    def configure(self, config: Config, roots: Sequence[Path]) -> None:
        """Read what the settings allow, of what was done under `roots`."""
        tools = config.agents.read if config.trusted else ()
        if (tools, roots) == self._wanted[:2]:
            return
        self._wanted = (tools, roots, config.record.since(time.time()))
        self._stale = bool(tools) or self._transcripts is not None  # else the readers need not be loaded
        if tools and self._poller is None:
            self._poller = self._tasks.start("transcripts", self._poll())

    def to_ask_about(self, config: Config) -> tuple[str, ...]:
        """The tools with transcripts on this machine about which the person has not been asked. Blocks."""
        if not config.trusted or "agents.read" in config.sources:
            return ()
        from byline.agents.watch import present

        return present(self._env)

    def readers(self) -> list[dict[str, object]]:
        """How each tool's reader fares, for `byline/status`."""
        return [asdict(reader) for reader in self._transcripts.readers()] if self._transcripts else []

    async def catch_up(self) -> None:
        """Read what has been written so far, within reason."""
        try:
            async with asyncio.timeout(_CATCHING_UP):
                while await self._read():
                    pass
        except TimeoutError:
            log.info("there is more in the transcripts than can be waited for")

    def stop(self) -> None:
        """Read no more."""
        if self._poller:
            self._poller.cancel()

    async def _poll(self) -> None:
        while True:
            more = await self._read()
            await asyncio.sleep(0.0 if more else _EVERY)

    async def _read(self) -> bool:
        """Take one look; True if there is more to read."""
        async with self._reading:
            if self._transcripts is None and not self._stale:
                return False
            try:
                told = await asyncio.to_thread(self._look)
            except (JournalError, OSError) as problem:
                self._session.listener.failed("transcripts", problem)
                return False
            for place in told.places:
                await self._told(place)
            return told.more

    def _look(self) -> Told:
        """Blocks, the first time also for the readers to be loaded: it belongs in a thread."""
        from byline.attribution.transcripts import Told, Transcripts

        if self._stale:
            self._stale = False
            tools, roots, since = self._wanted
            known = self._session.projects
            self._transcripts = Transcripts(known, tools, roots, self._env, since) if tools else None
        return self._transcripts.read() if self._transcripts else Told((), False)

    async def _told(self, place: Place) -> None:
        """Something was told of a file: its text is to be claimed, where it is."""
        project, name = place
        self._session.add(project)
        file = next((f for f in self._session.recorder.files.values() if f.project is project and f.name == name), None)
        if file is not None and file.is_ready:
            self._session.recorder.declared(file)
            self._session.review_if_needed(file)
            await self._session.file(file.uri)
        if file is None or file.is_clean:  # the editor may not have noticed yet what is on disk
            try:
                await asyncio.to_thread(claim_on_disk, project, name)
            except (GitError, JournalError, OSError) as problem:
                self._session.listener.failed("transcripts", problem)
        self._session.watch.mark_stale(project)
