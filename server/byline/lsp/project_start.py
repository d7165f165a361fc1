"""What a session does once with each project that it meets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from byline.attribution.project import Project
from byline.attribution.record import Recorder

_COMPACT_AFTER = 120.0  # seconds


def follow_journal(project: Project, recorder: Recorder) -> None:
    """Have the recorder hear, on this loop, what the journal's thread has stored, and that it had to begin anew."""
    loop = asyncio.get_running_loop()
    project.journal.subscribe(lambda ticket: _call_soon(loop, recorder.durable, project, ticket))
    project.journal.on_renewed(lambda: _call_soon(loop, recorder.renew, project))


def warm_up(project: Project) -> None:
    """Start the git processes that are kept, and find out what the first answer needs. Blocks."""
    project.repository.objects.read("HEAD^{tree}")
    project.notes.versions(())
    project.me  # noqa: B018 - it is kept


async def compact(project: Project) -> None:
    """Let the journal forget what is old, once a session, when opening is over."""
    await asyncio.sleep(_COMPACT_AFTER)
    await asyncio.to_thread(project.journal.compact, project.clock(), project.config.record.keep_days)


def _call_soon(loop: asyncio.AbstractEventLoop, action: Callable[..., None], *args: object) -> None:
    """From the journal's thread; the loop may be gone at the very end."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(action, *args)
