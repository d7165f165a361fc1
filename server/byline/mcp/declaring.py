"""Declaring: an agent says what it wrote. It is recorded, and counts where, and only where, the text is really there.

A language server on the same repository reads the declaration from the journal; without one, settling does.
"""

from __future__ import annotations

from collections.abc import Sequence

from byline.attribution.declare import declare_on_disk, store
from byline.attribution.match import Hunk
from byline.attribution.project import Project
from byline.attribution.settle import start_at_head
from byline.journal.errors import JournalError
from byline.mcp.folder import Folder, OutOfReachError
from byline.mcp.shapes import Declared, TextRange
from byline.provenance.origin import Evidence


def begin(folder: Folder) -> None:
    """Remember where HEAD is: commits from now on are there to be attributed, whoever attributes them.

    Raises NotARepository, GitError and JournalError.
    """
    with folder.project(to_write=True) as project:
        start_at_head(project)


def declare(folder: Folder, path: str, hunks: Sequence[Hunk], evidence: Evidence, prompt: str | None) -> Declared:
    """Record the declaration, and let it claim its text on disk. Blocks. Raises what `Folder.file` raises."""
    with folder.file(path, to_write=True) as (project, name):
        _check(project, name)
        start_at_head(project)
        known = project.prompts.on(evidence, prompt)
        store(project, name, hunks, known)
        ranges = [_range(first, last) for first, last in declare_on_disk(project, name, hunks, known)]
    return {"verified": bool(ranges), "ranges": ranges}


def _check(project: Project, name: str) -> None:
    """Nothing is kept of a file that is not to be recorded, and nobody is told that something was when it was not."""
    refused = project.scope.refuses(name)
    if refused is not None:
        raise OutOfReachError(f"{name} is not recorded: {refused}.")
    if project.journal.read_only:
        raise JournalError("The journal takes no records. " + " ".join(project.journal.problems))


def _range(first: int, last: int) -> TextRange:
    return {"start": {"line": first, "character": 0}, "end": {"line": last + 1, "character": 0}}
