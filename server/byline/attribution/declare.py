"""Declarations: an agent or plug-in says what it wrote. It counts where, and only where, the text is really there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from byline.attribution.match import Hunk
from byline.attribution.opening import claim_declared, spans_of
from byline.attribution.project import Project
from byline.journal.records import Declaration, Edit, Snapshot
from byline.provenance.document import Document
from byline.provenance.origin import Channel, Evidence
from byline.provenance.text import text_digest

LineRange = tuple[int, int]
"""First and last line, 0-based, inclusive."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Where a declaration was found true, in the file as it is on disk."""

    ranges: tuple[LineRange, ...]


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


def declare_on_disk(project: Project, name: str) -> Declared:
    """Let what is declared for the file `name`, which no editor has open, claim its text on disk. Blocks."""
    text = read_inside(project.root, name, project.config.record.max_bytes)
    if text is None or project.scope.refuses(name) or project.scope.is_too_large(text):
        return Declared(())
    edit = project.journal.new_id()
    project.owners.add(edit, ())
    document = spans_of(project, name, text, edit, project.repository.head().oid).copy()
    before = document.marks.copy()
    claimed = claim_declared(project, name, document, project.clock(), project.spent)
    if not claimed.rows:
        return Declared(())
    project.spent |= claimed.declarations
    now = int(project.clock())
    data = text_digest(text)
    project.journal.append(
        Edit(edit, None, None, Channel.RELOAD.value, now),
        *claimed.rows,
        Snapshot(
            project.journal.new_id(), project.worktree, name, None, None, data, text, document.marks, "declared", now
        ),
    )
    project.journal.flush()
    return Declared(changed_lines(document, before))


def changed_lines(document: Document, before: Sequence[object]) -> tuple[LineRange, ...]:
    """The runs of lines whose marks are not what they were `before`."""
    runs: list[LineRange] = []
    for line, (old, new) in enumerate(zip(before, document.marks, strict=True)):
        if old != new:
            if runs and runs[-1][1] == line - 1:
                runs[-1] = (runs[-1][0], line)
            else:
                runs.append((line, line))
    return tuple(runs)


def read_inside(root: Path, name: str, limit: int) -> str | None:
    """The text of a regular file below `root`, no link followed; None if there is none, it is larger, or not text."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.split("/")[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(name.rsplit("/", 1)[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)
    with os.fdopen(file, "rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit or b"\0" in data[:8000]:
        return None
    return data.decode("utf-8", "surrogateescape")
