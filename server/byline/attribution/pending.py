"""What is not committed yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from byline.attribution.owners import owners_in
from byline.attribution.project import Project
from byline.provenance.document import Document

_RECENT_FILES = 200


def pending_edits(project: Project, documents: Sequence[Document], open_names: Collection[str]) -> int:
    """How many edits have text in `documents`, or in files that nobody has open, that is in no commit. Blocks."""
    edits: set[int] = set()
    for document in documents:
        edits |= owners_in(document.marks)[0]
    for path in project.journal.paths(project.worktree, _RECENT_FILES):
        if path not in open_names:
            latest = next(project.versions.recorded(path, 1), None)
            if latest is not None:
                edits |= owners_in(latest.marks)[0]
    project.owners.load(edits)
    spoken_for = {edit for edit in edits if project.owners.evidence(edit)}
    return len(spoken_for - project.journal.commit_of(spoken_for).keys())
