"""Settling: from journal and committed blobs to a note for each new commit.

Only objects and the journal decide; the work tree is never read. A commit of which nothing is known gets no note, and
what was not committed stays pending. Settling again with more evidence gives a better note, with the same evidence the
same bytes; so any number of servers may settle the same commit, and one that was late only adds.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from byline.attribution.claims import claim_declared
from byline.attribution.deliver import deliver, payloads
from byline.attribution.lines import file_states
from byline.attribution.project import Project
from byline.attribution.versions import reconcile
from byline.formats.note import Note, NoteMark, NoteRange, NoteSession, compress, line_print
from byline.git.changes import FileChange, added_lines
from byline.git.commit import CommitInfo, commit_info
from byline.git.errors import GitError, ObjectTooLarge
from byline.git.reflog import Cursor, LogEntry
from byline.journal.records import CursorRow, Row, Settled
from byline.provenance.attribution import LineState, State, Summary
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Kind
from byline.provenance.text import split_git_lines

_SETTLED_OPERATIONS = ("commit", "commit (initial)", "commit (amend)", "commit (merge)")
_SAID = frozenset({State.AI, State.AI_MODIFIED, State.HUMAN, State.ORIGINAL})
_KNOWN = frozenset({State.AI, State.AI_MODIFIED, State.HUMAN})
_REVISITED = 20
_LOOKED_BACK = 500  # commits
_ALIGNED = 4  # recorded versions that a committed text is aligned with
_NOBODY = 1  # the edit that text without a record counts as: no journal gives this id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettledCommit:
    """What settling made of one commit; `kind` is git's word for the operation, `noted` whether it has our note."""

    commit: str
    kind: str
    summary: Summary
    noted: bool


@dataclass(frozen=True, slots=True)
class _Computed:
    """A commit's attribution: the note (None if nothing is known), and the edits whose text it holds."""

    info: CommitInfo
    operation: str
    amended: str | None
    note: Note | None
    edits: tuple[int, ...]
    summary: Summary


def settle(project: Project, look_back: int | None = None) -> list[SettledCommit]:
    """Attribute every commit that the HEAD log has gained, and revisit those for which evidence arrived. Blocks.

    With `look_back` (Unix seconds), also those that the log has from that time on and nobody has attributed: they were
    made before anybody watched, but something may have been learned of them.
    """
    if project.journal.read_only or project.repository.is_bare:
        return []
    with project.journal.lease():
        deliver(project)
        stored = project.journal.cursor(project.worktree)
        if stored is None:
            start_at_head(project)
            return []
        entries, cursor = project.head_log.since(Cursor(stored.offset, stored.anchor, stored.head))
        project.journal.flush()  # only now: what was recorded before these commits were made is theirs
        mark = project.journal.sequence()
        if look_back is not None:
            entries = [*_unattributed(project, look_back, entries), *entries]
        settled = [entry for entry in entries if entry.operation in _SETTLED_OPERATIONS]
        computed = [_compute_new(project, entry) for entry in settled if _is_there(project, entry.new)]
        again = _revisit(project, {c.info.oid for c in computed})
        _publish(project, [*computed, *again], cursor, mark)
        return [SettledCommit(c.info.oid, c.operation, c.summary, c.note is not None) for c in computed]


def _unattributed(project: Project, since: int, known: Sequence[LogEntry]) -> list[LogEntry]:
    """The newest entries of the log from `since` on, but for the `known` ones, whose commits nobody has attributed."""
    new = {entry.new for entry in known}
    entries = [entry for entry in project.head_log.after(since) if entry.new not in new][-_LOOKED_BACK:]
    return [entry for entry in entries if project.journal.settled(entry.new) is None]


def start_at_head(project: Project, log_end: int | None = None) -> None:
    """Remember where the HEAD log ends now (or ended, `log_end` bytes in): what comes after it is ours to settle."""
    if project.journal.cursor(project.worktree) is None:
        cursor = project.head_log.end(log_end)
        project.journal.append(CursorRow(project.worktree, cursor.offset, cursor.anchor, cursor.head))


def settled_up_to(project: Project) -> str | None:
    """The commit up to which everything on HEAD is attributed, None on an unborn branch."""
    row = project.journal.cursor(project.worktree)
    return row.head if row else None


def unsettled(project: Project) -> int:
    """How many commits the HEAD log has gained that `settle` would attribute. Blocks, and writes nothing."""
    row = project.journal.cursor(project.worktree)
    if row is None:
        return 0
    entries, _ = project.head_log.since(Cursor(row.offset, row.anchor, row.head))
    return sum(entry.operation in _SETTLED_OPERATIONS for entry in entries)


def _compute_new(project: Project, entry: LogEntry) -> _Computed:
    amended = entry.old if entry.operation == "commit (amend)" else None
    return _compute(project, entry.new, entry.operation, amended)


def _revisit(project: Project, fresh: set[str]) -> list[_Computed]:
    """Settled commits about whose text the journal has learned something since."""
    again = []
    for row in project.journal.recently_settled(_REVISITED):
        if row.commit in fresh or row.worktree != project.worktree or not _has_news(project, row):
            continue
        project.owners.reload(row.edits)
        try:
            better = _compute(project, row.commit, "commit", row.amended)
        except GitError as gone:  # the commit was pruned; its note can stay as it is
            log.info("a settled commit cannot be settled again: %s", gone)
            continue
        if not _spoken_for(project, row.edits) <= set(better.edits):
            better = replace(better, note=None, edits=row.edits)
        again.append(better)
    return again


def _spoken_for(project: Project, edits: Iterable[int]) -> set[int]:
    """Those of `edits` whose author is known.

    A text that was recorded after a commit may equal what was committed and be somebody else's by now, line for line:
    it explains the commit only if it holds all the edits that were known to be in it.
    """
    return {edit for edit in edits if project.owners.origin(edit).kind in (Kind.AI, Kind.HUMAN)}


def _is_there(project: Project, commit: str) -> bool:
    """Whether git still has a commit that the log names: one that was pruned must not hold up those after it."""
    return project.repository.objects.size(commit) is not None


def _has_news(project: Project, row: Settled) -> bool:
    """Late evidence about its edits or its files, or a late record of exactly the text that was committed."""
    if project.journal.high_water(row.edits) > row.mark:
        return True
    if not project.journal.declared_after(project.worktree, row.mark).isdisjoint(project.blobs_of(row.commit)):
        return True
    return any(project.versions.has_gained(path, oid, row.mark) for path, oid in project.blobs_of(row.commit).items())


def _compute(project: Project, commit: str, operation: str, amended: str | None) -> _Computed:
    """The note of one commit, which took the place of `amended`, from its objects and the journal."""
    info = commit_info(project.repository, commit)
    sessions: dict[str, NoteSession] = {}
    files: dict[str, tuple[NoteRange, ...]] = {}
    edits: set[int] = set()
    states: list[State] = []
    for path, change in added_lines(project.repository, commit).items():
        ranges, seen, found = _settle_file(project, info, change, amended, sessions)
        states += found
        edits |= seen
        if ranges:
            files[path] = ranges
    known = any(run.state in _KNOWN for ranges in files.values() for run in ranges)
    marks = _standing_marks(project, commit)
    prompts = _prompt_texts(project, files) if project.config.notes.push_prompts else {}
    note = Note("byline", sessions, files, marks, prompts) if known or marks else None
    return _Computed(info, operation, amended, note, tuple(sorted(edits)), Summary.of(states))


def _prompt_texts(project: Project, files: Mapping[str, tuple[NoteRange, ...]]) -> dict[str, str]:
    """The redacted texts of the prompts behind these ranges, as far as they are on this machine."""
    keys = {run.prompt for ranges in files.values() for run in ranges if run.prompt}
    return {key: text for key in sorted(keys) if (text := project.prompts.text(key)) is not None}


def _settle_file(
    project: Project, info: CommitInfo, change: FileChange, amended: str | None, sessions: dict[str, NoteSession]
) -> tuple[tuple[NoteRange, ...], set[int], list[State]]:
    """The ranges of one file's added lines, the edits whose text they hold, and every added line's state."""
    added = [line for lines in change.added for line in lines]
    if change.new_oid is None or change.is_submodule or not added or project.scope.is_named_to_ignore(change.path):
        return (), set(), [State.UNKNOWN] * len(added)
    text = _text(project, change.new_oid)
    if text is None:
        return (), set(), [State.UNKNOWN] * len(added)
    document = _spans(project, info, change, amended, text)
    states, owners = file_states(document, project.owners)
    lines = split_git_lines(text)
    runs = [_line_range(n, lines[n - 1], states[n - 1], sessions) for n in added if n <= len(lines)]
    edits = {owner for n in added if n <= len(owners) for owner in owners[n - 1] if owner > _NOBODY}
    return compress(run for run in runs if run.state in _SAID), edits, [run.state for run in runs]


def _spans(project: Project, info: CommitInfo, change: FileChange, amended: str | None, text: str) -> Document:
    """The spans of a committed text: from the journal, then from the amended commit, then from the parent."""
    project.owners.add(_NOBODY, ())
    recorded: list[Document] = []
    for version in _recorded(project, info.oid, change):
        if version.text == text:
            spans = version
            break
        recorded.append(version)
    else:
        known = [*recorded[:_ALIGNED], *_older(project, info, change, amended, text)]
        spans = reconcile(known, text, _NOBODY, project.owners, Memory())
    project.owners.load_marks(spans.marks)
    made = min(project.clock(), info.committer.time)
    claimed = claim_declared(project, change.path, spans, made, again_from=0, unrecorded=frozenset({_NOBODY}))
    if claimed.rows:
        project.journal.append(*claimed.rows)
    return spans


def _recorded(project: Project, commit: str, change: FileChange) -> Iterator[Document]:
    """What the journal has of a file, newest first; not what was read from the very commit that is to be explained."""
    for path in dict.fromkeys((change.path, change.old_path or change.path)):
        for version in project.versions.recorded(path):
            if commit not in project.owners.base_commits(version.marks):
                project.owners.load_marks(version.marks)
                yield version


def _older(
    project: Project, info: CommitInfo, change: FileChange, amended: str | None, text: str
) -> Iterator[Document]:
    """What the amended commit and the parent have of the file, with the line breaks of `text`."""
    line_break = "\r\n" if "\r\n" in text else "\n"
    for commit, path in ((amended, change.path), (next(iter(info.parents), None), change.old_path or change.path)):
        version = project.versions.committed(commit, path, line_break)
        if version is not None:
            project.owners.load_marks(version.marks)
            yield version


def _text(project: Project, oid: str) -> str | None:
    try:
        data = project.repository.objects.read(oid, limit=project.config.record.max_bytes * 2)
    except ObjectTooLarge:
        return None
    if data is None or b"\0" in data[:8000]:
        return None
    return data.decode("utf-8", "surrogateescape")


def _line_range(line: int, text: str, state: LineState, sessions: dict[str, NoteSession]) -> NoteRange:
    origin = state.origin
    key = None
    if state.state in (State.AI, State.AI_MODIFIED):
        session = NoteSession.of(origin.tool, origin.model, origin.session)
        sessions.setdefault(session.key, session)
        key = session.key
    return NoteRange(
        line, line, state.state, key, origin.prompt if key else None, origin.level, origin.evidence, state.modified_by,
        line_print(text),
    )  # fmt: skip


def _standing_marks(project: Project, commit: str) -> tuple[NoteMark, ...]:
    """People's statements on a commit's lines outlive a new computation of its note."""
    note = project.notes.notes([commit]).get(commit)
    return note.marks if note and note.source == "byline" else ()


def _publish(project: Project, computed: Sequence[_Computed], cursor: Cursor, mark: int) -> None:
    """Write the notes: first safely into the outbox, together with how far the log was read, then into the refs."""
    rows: list[Row] = []
    for one in computed:
        rows.append(Settled(one.info.oid, project.worktree, one.edits, mark, one.amended))
        if one.note is not None and project.config.notes.write:
            rows += payloads(project, one.info, one.note)
    rows.append(CursorRow(project.worktree, cursor.offset, cursor.anchor, cursor.head))
    project.journal.append_full(*rows)
    deliver(project)
