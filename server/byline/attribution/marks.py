"""A person's own statements about committed lines, in the notes of the commits that wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from byline.attribution.blame import BlameLine
from byline.attribution.deliver import OWN_REF, deliver
from byline.attribution.project import Project
from byline.formats import byline as own_format
from byline.formats.note import Note, NoteMark, line_print
from byline.journal.records import OutboxNote
from byline.provenance.attribution import State
from byline.provenance.origin import Evidence, Kind, kind_of


def mark_committed(project: Project, lines: Iterable[BlameLine], evidence: Evidence) -> None:
    """Put a person's statement about committed `lines` into the notes of the commits that wrote them. Blocks.

    Raises GitError and JournalError where that is not possible now, BadNote where a note has no room for it.
    """
    state = State.AI if kind_of(evidence) is Kind.AI else State.HUMAN
    now = int(project.clock())
    marks: dict[str, list[NoteMark]] = {}
    for line in lines:
        if line.commit is not None and line.commit_path is not None and line.commit_line is not None:
            at, tool, model = line.commit_line, evidence.tool, evidence.model
            mark = NoteMark(line.commit_path, at, at, state, tool, model, line_print(line.text), now)
            marks.setdefault(line.commit.oid, []).append(mark)
    if not marks or not project.config.notes.write:
        return
    with project.journal.lease():
        deliver(project)
        notes = project.notes.notes(marks)
        rows = []
        for commit, said in marks.items():
            own = _as_our_own(notes.get(commit))
            marked = replace(own, marks=(*own.marks, *said))
            rows.append(OutboxNote(OWN_REF, commit, own_format.encode(marked)))
        project.journal.append_full(*rows)
        deliver(project)


def _as_our_own(note: Note | None) -> Note:
    """The note that ours is to begin with: ours hides another tool's, so it says what that one said."""
    if note is None or note.source == "byline":
        return note or Note("byline")
    return Note("byline", note.sessions, note.files, note.marks)
