"""What is known about a work tree, and what of it is not safe yet."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from byline.attribution.pending import pending_edits
from byline.attribution.settle import settled_up_to
from byline.git.errors import GitError, NotARepository
from byline.journal.errors import JournalError

if TYPE_CHECKING:
    from byline.attribution.project import Project
    from byline.lsp.session import Session

log = logging.getLogger(__name__)

_CATCHING_UP = 5.0


@dataclass(slots=True)
class Status:
    """The answer to `byline/status`, but for what other parts of the server add."""

    root: Path | None = None
    head: str | None = None
    settled: str | None = None
    journalled: dict[str, int] = field(default_factory=dict)
    pending_edits: int = 0
    problems: list[str] = field(default_factory=list)


async def status(session: Session, path: Path | None) -> Status:
    """What is known about the work tree that `path` is in, once all that was received before has had its effect."""
    try:
        project = await asyncio.to_thread(session.projects.at, path) if path else None
    except NotARepository:
        return Status()
    except (GitError, JournalError) as problem:
        return Status(problems=[str(problem)])
    if project is None:
        return Status()
    session.add(project)
    try:
        await asyncio.wait_for(session.caught_up(project), _CATCHING_UP)
    except TimeoutError:
        log.info("a status is told before the server has caught up")
    try:
        return await _status(session, project)
    except (GitError, JournalError) as problem:
        return Status(project.root, problems=[str(problem)])


async def _status(session: Session, project: Project) -> Status:
    files = [f for f in session.recorder.files.values() if f.project is project]
    documents = {f.name: f.live.document.copy() for f in files if f.is_ready and f.recording and f.name}
    journalled = {f.uri: f.journalled for f in files if f.journalled is not None}
    head = await asyncio.to_thread(project.repository.head)
    settled = await asyncio.to_thread(settled_up_to, project)
    pending = await asyncio.to_thread(pending_edits, project, documents)
    problems = [*project.problems(), *(f"{f.name} is not recorded: {f.refused}" for f in files if f.refused)]
    return Status(project.root, head.oid, settled, journalled, pending, problems)
