"""Declarations: an agent or plug-in says what it wrote. It counts where, and only where, the text is really there."""

from __future__ import annotations

from collections.abc import Sequence

from byline.attribution.claims import Claimed, claim_declared
from byline.attribution.match import Hunk, claimed_lines
from byline.attribution.opening import unopened
from byline.attribution.project import Project
from byline.attribution.work_tree import read_inside
from byline.journal.records import Declaration, Edit, Snapshot
from byline.provenance.document import Document
from byline.provenance.origin import Channel, Evidence
from byline.provenance.text import text_digest

LineRange = tuple[int, int]
"""First and last line, 0-based, inclusive."""


def store(project: Project, name: str, hunks: Sequence[Hunk], evidence: Evidence) -> None:
    """Keep a declaration: its text may turn up later (a reload, a commit)."""
    now = int(project.clock())
    project.journal.append(
        *(
            Declaration(project.journal.new_id(), project.worktree, name, hunk.old, hunk.new, evidence, now)
            for hunk in hunks
        )
    )
    project.journal.flush()


def declare_on_disk(project: Project, name: str, hunks: Sequence[Hunk], evidence: Evidence) -> tuple[LineRange, ...]:
    """Let what is declared for the file `name`, which no editor has open, claim its text on disk. Blocks.

    Returns where `hunks`, which `evidence` speaks of, are found true.
    """
    document = claim_on_disk(project, name)
    return true_ranges(project, document, hunks, evidence) if document else ()


def claim_on_disk(project: Project, name: str) -> Document | None:
    """Let all that was declared of the file `name`, which no editor has open, claim its text on disk. Blocks.

    Returns the file as it is there; None if it is not recorded. Raises GitError.
    """
    project.journal.flush()
    text = read_inside(project.root, name, project.config.record.max_bytes)
    if text is None or project.scope.refuses(name) or project.scope.is_too_large(text):
        return None
    found, edit = unopened(project, name, text)
    document = found.copy()
    claimed = claim_declared(project, name, document, project.clock())
    if claimed.declarations:
        _keep(project, name, text, document, edit, claimed)
    return document


def _keep(project: Project, name: str, text: str, document: Document, edit: int, claimed: Claimed) -> None:
    now = int(project.clock())
    data = text_digest(text)
    project.journal.append(
        Edit(edit, None, None, Channel.RELOAD.value, now),
        *claimed.for_good,
        Snapshot(
            project.journal.new_id(), project.worktree, name, None, None, data, text, document.marks, "declared", now
        ),
    )
    project.journal.flush()


def true_ranges(
    project: Project, document: Document, hunks: Sequence[Hunk], evidence: Evidence
) -> tuple[LineRange, ...]:
    """Where the text that `hunks` insert stands in `document` and counts as theirs, of whom `evidence` speaks."""
    lines = set[int]().union(*(claimed_lines(document, hunk, evidence, project.owners) for hunk in hunks))
    runs: list[LineRange] = []
    for line in sorted(lines):
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return tuple(runs)
