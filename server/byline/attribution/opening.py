"""Finding out whose a text is that was there before anybody watched: opened, reloaded, or written by a program.

All of this blocks on git and the journal and belongs in a thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from byline.attribution.owners import OwnerIndex
from byline.attribution.project import Project
from byline.attribution.versions import adopt_lines, reconcile
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Evidence, Kind, Source
from byline.provenance.span import Marks

_HEADS = 8  # places that HEAD was at lately
_RECORDED = 3  # versions of the journal that a text is compared with


def spans_of(project: Project, name: str, text: str, edit: int, head: str | None) -> Document:
    """The spans of `text`, found at `name`: those of a version that is known exactly, else what versions share with it.

    `head` is the commit that HEAD was at when the text was that. What no version has belongs to `edit`.
    """
    exact = project.versions.exact(name, text)
    if exact is not None:
        return _loaded(project, exact)
    committed = _committed(project, head, name, text)
    if committed is not None and committed.text == text:
        return committed
    for before in project.head_log.recent(_HEADS):  # a commit may have come between the text and this moment
        earlier = _committed(project, before, name, text) if before != head else None
        if earlier is not None and earlier.text == text:
            return earlier
    known = [*itertools.islice(project.versions.recorded(name), _RECORDED), *([committed] if committed else [])]
    for version in known:
        _loaded(project, version)
    return reconcile(known, text, edit, project.owners, Memory())


def unopened(project: Project, name: str, text: str) -> tuple[Document, int]:
    """The spans of the `text` of a file that no editor has open, and the edit that has what no known version has."""
    edit = project.journal.new_id()
    project.owners.add(edit, ())
    return spans_of(project, name, text, edit, project.repository.head().oid), edit


def known_spans(project: Project, name: str, document: Document, head: str | None) -> Sequence[Marks]:
    """Better marks for the lines of unknown author, as far as a known version has them; `head` as in `spans_of`."""
    better = document.copy()
    unknown = _of_unknown_author(better, project.owners)
    text = document.text
    kept, claimed = project.versions.kept(name, text), project.versions.claimed(name)
    for version in (kept, claimed, _committed(project, head, name, text)):
        if version is not None and unknown:
            unknown -= adopt_lines(better, _loaded(project, version), unknown)
    return better.marks


def rebased(document: Document, reviewed: Document, owners: OwnerIndex) -> Document:
    """`document`, with what was found out about an earlier state of it in lines that are still of unknown author."""
    better = document.copy()
    adopt_lines(better, reviewed, _of_unknown_author(better, owners))
    return better


def declared_evidence(tool: str | None, model: str | None, session: str | None) -> Evidence:
    """The evidence that a declaration is."""
    return Evidence(Source.DECLARATION, Channel.AGENT, None, tool, model, session)


def _committed(project: Project, commit: str | None, name: str, text: str) -> Document | None:
    """The file as `commit` has it, with the line breaks of `text`."""
    return project.versions.committed(commit, name, "\r\n" if "\r\n" in text else "\n")


def _of_unknown_author(document: Document, owners: OwnerIndex) -> set[int]:
    return {
        line
        for line, marks in enumerate(document.marks)
        if any(owners.origin(edit).kind is Kind.UNKNOWN for edit in _edits(marks))
    }


def _loaded(project: Project, document: Document) -> Document:
    project.owners.load_marks(document.marks)
    return document


def _edits(marks: Marks) -> Iterable[int]:
    owners = (marks,) if isinstance(marks, int) else (span.owner for span in marks)
    return (owner for owner in owners if owner > 0)
