"""What is not committed yet."""

from __future__ import annotations

from collections.abc import Mapping

from byline.attribution.owners import owners_in
from byline.attribution.project import Project
from byline.provenance.document import Document
from byline.provenance.origin import Source
from byline.provenance.text import content

_RECENT_FILES = 200


def pending_edits(project: Project, opened: Mapping[str, Document]) -> int:
    """How many edits have text in the `opened` documents (by name), or in files nobody has open, that is in no commit.

    Blocks.
    """
    documents = dict(opened)
    for path in project.journal.paths(project.worktree, _RECENT_FILES):
        if path not in documents and (latest := next(project.versions.recorded(path, 1), None)) is not None:
            documents[path] = latest
    edits = {edit for document in documents.values() for edit in owners_in(document.marks)[0]}
    project.owners.load(edits)
    spoken_for = {edit for edit in edits if project.owners.evidence(edit)}
    pending = spoken_for - project.journal.commit_of(spoken_for).keys()
    marks = {edit for edit in pending if all(e.source is Source.MARK for e in project.owners.evidence(edit))}
    return len(pending) - len(_about_committed_lines(project, documents, marks))


def _about_committed_lines(project: Project, documents: Mapping[str, Document], marks: set[int]) -> set[int]:
    """Those statements of a person's that speak only of lines that HEAD has too: nothing about them is pending."""
    head = project.repository.head().oid if marks else None
    open_still: set[int] = set()
    for path, document in documents.items() if marks else ():
        committed = project.versions.committed(head, path)
        known = {content(line) for line in committed.lines} if committed else set()
        for line, owners in zip(document.lines, document.marks, strict=True):
            stated = marks & owners_in((owners,))[0]
            if stated and content(line) not in known:
                open_still |= stated
    return marks - open_still
