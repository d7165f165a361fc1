"""What is said of lines from outside: a person's marks, an agent's declarations."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byline.attribution.blame import live_blame
from byline.attribution.declare import LineRange, declare_on_disk, store, true_ranges
from byline.attribution.marks import mark_committed

if TYPE_CHECKING:
    from byline.attribution.match import Hunk
    from byline.attribution.open_file import OpenFile
    from byline.attribution.project import Project
    from byline.lsp.session import Session
    from byline.provenance.document import Document
    from byline.provenance.origin import Evidence


def mark(session: Session, file: OpenFile, first: int, last: int, evidence: Evidence) -> Coroutine[Any, Any, int]:
    """A person says who wrote the lines `first` to `last` (0-based, inclusive). Gives how many lines that is.

    They are lines of the text as it is when this is called, whatever comes before the answer does.
    """
    marked: asyncio.Future[tuple[int, Document]] = asyncio.get_running_loop().create_future()

    def say() -> None:
        count = session.recorder.mark(file, first, last, evidence)
        if not marked.done():
            marked.set_result((count, file.live.document.copy()))

    async def finish() -> int:
        count, document = await marked
        if count and file.project is not None and file.name is not None:
            blame = await asyncio.to_thread(live_blame, file.project, file.name, document)
            lines = [blame.line(i) for i in blame.within(first, last)]
            await asyncio.to_thread(mark_committed, file.project, lines, evidence)
        session.learned(file)
        session.listener.attribution_changed(file.uri, file.version)
        return count

    file.when_ready(say)
    return finish()


async def declare(
    session: Session, path: Path, hunks: Sequence[Hunk], evidence: Evidence, prompt: str | None
) -> tuple[LineRange, ...]:
    """An agent says what it wrote in `path`; the lines (0-based, inclusive) where that is found true.

    Raises:
        NotARepository: `path` is in none.
    """
    project = await asyncio.to_thread(session.projects.at, path)
    session.add(project)
    name = project.repository.relative(path)
    if name is None or await asyncio.to_thread(_is_refused, project, name):
        return ()
    evidence = project.prompts.on(evidence, prompt)
    await asyncio.to_thread(store, project, name, hunks, evidence)
    file = await _open_file(session, project, name, path)
    session.watch.mark_stale(project)
    if file is None:
        return await asyncio.to_thread(declare_on_disk, project, name, hunks, evidence)
    session.recorder.declared(file)
    session.review_if_needed(file)
    await session.file(file.uri)
    ranges = await asyncio.to_thread(true_ranges, project, file.live.document.copy(), hunks, evidence)
    if not ranges and file.is_clean:  # the editor may not have noticed yet what is on disk
        return await asyncio.to_thread(declare_on_disk, project, name, hunks, evidence)
    return ranges


def _is_refused(project: Project, name: str) -> bool:
    return project.scope.refuses(name) is not None


async def _open_file(session: Session, project: Project, name: str, path: Path) -> OpenFile | None:
    """The open file of that name; one that is still being opened is waited for."""
    files = session.recorder.files.values()
    file = next((f for f in files if f.project is project and f.name == name), None)
    if file is None and (opening := next((f for f in files if f.path == path), None)):
        return await session.file(opening.uri)
    return file
