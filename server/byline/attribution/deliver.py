"""From the outbox into the notes refs: what is settled is delivered sooner or later, and once.

Git AI's ref gets the same in its own standard, unless another tool has a note on the commit there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from byline.attribution.project import Project
from byline.formats import byline as own_format
from byline.formats import git_ai
from byline.formats.note import BadNote, Note
from byline.git.commit import CommitInfo, commit_info
from byline.git.errors import GitError
from byline.git.notes import update_notes
from byline.journal.records import Delivered, OutboxNote

OWN_REF = "refs/notes/byline"
GIT_AI_REF = "refs/notes/ai"

log = logging.getLogger(__name__)


def payloads(project: Project, info: CommitInfo, note: Note) -> list[OutboxNote]:
    """The notes that are to stand on a commit, in each ref; none if `note` cannot be written."""
    try:
        payloads = [OutboxNote(OWN_REF, info.oid, own_format.encode(note))]
        if project.config.notes.git_ai != "off":
            payloads.append(OutboxNote(GIT_AI_REF, info.oid, _in_git_ai(project, info, note)))
    except BadNote as problem:
        log.warning("commit %s gets no note: %s", info.oid, problem)
        return []
    return payloads


def _in_git_ai(project: Project, info: CommitInfo, note: Note) -> bytes:
    committer = (info.committer.name, info.committer.mail)
    return git_ai.encode(note, commit=info.oid, committer=committer, ai_modified=project.config.notes.git_ai_modified)


def _derived_notes(project: Project, commits: Iterable[str]) -> dict[str, bytes]:
    """What was written to Git AI's ref beside each of our notes as they stand: what equals it is ours to replace."""
    derived: dict[str, bytes] = {}
    for oid, note in project.notes.own(commits).items():
        try:
            derived[oid] = _in_git_ai(project, commit_info(project.repository, oid), note)
        except (BadNote, GitError) as problem:  # then what stands beside it counts as another tool's
            log.info("commit %s keeps the note of another tool: %s", oid, problem)
    return derived


def deliver(project: Project) -> None:
    """Bring what is in the outbox into the notes refs, in one batch. A note of another tool is left alone."""
    pending = project.journal.outbox()
    if not pending:
        return
    wanted: dict[str, dict[str, bytes | None]] = {}
    for note in pending:
        wanted.setdefault(note.ref, {})[note.commit] = note.payload
    derived = _derived_notes(project, wanted.get(GIT_AI_REF, ()))

    def change(ref: str, commit: str, standing: bytes | None) -> bytes | None:
        foreign = ref == GIT_AI_REF and standing is not None and standing != derived.get(commit)
        return standing if foreign else wanted[ref][commit]

    update_notes(project.repository, _commits_by_ref(wanted), change, "Notes added by byline")
    project.journal.append_full(*(Delivered(note) for note in pending))


def _commits_by_ref(wanted: Mapping[str, Mapping[str, bytes | None]]) -> dict[str, list[str]]:
    return {ref: list(commits) for ref, commits in wanted.items()}
