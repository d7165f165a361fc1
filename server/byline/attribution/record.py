"""Recording: what happens to the documents that a client has open.

Opening a file needs git and the journal and is done aside (`prepare`, in any thread); until it is done, the changes
that arrive wait in their order. All else runs in the thread that owns the documents and never blocks.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from byline.attribution.live import ClientChange, Column, LiveDocument
from byline.attribution.match import Hunk, claim
from byline.attribution.owners import OwnerIndex
from byline.attribution.project import Project, Projects
from byline.attribution.unrecorded import Unrecorded
from byline.attribution.versions import adopt_lines, reconcile, remarked
from byline.git.errors import NotARepository
from byline.journal.records import Closed, Edit, EvidenceOf, Row, Snapshot
from byline.journal.records import Document as DocumentRow
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Evidence, Kind, Source
from byline.provenance.span import Marks
from byline.provenance.text import digest

_CHECKPOINT = 400
_DECLARATIONS_LIVE = 24 * 3600


@dataclass(frozen=True, slots=True)
class Prepared:
    """What opening a file found out: where it belongs, whether it is recorded, and the spans of its text."""

    project: Project | None
    name: str | None  # relative to the project's root
    refused: str | None  # why it is not recorded
    document: Document
    edit: int  # the id that text of unknown author got


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a second look at a change found: the same text with better marks, and rows that explain them."""

    revision: int
    document: Document
    rows: tuple[Row, ...]
    evidence: tuple[tuple[int, Evidence], ...]


class OpenFile:
    """One document that a client has open."""

    def __init__(self, uri: str, path: Path | None, language: str, version: int, text: str) -> None:
        """`path` is None for a document that is in no file."""
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version
        self.text_at_open = text
        self.prepared: Prepared | None = None
        self.live: LiveDocument | None = None
        self.ticket = 0  # the journal's ticket of the newest rows
        self.acknowledgeable: dict[int, int] = {}  # version -> ticket, until it is durable
        self.journalled: int | None = None
        self.unreviewed = False
        self._waiting: list[Callable[[], None]] = []

    @property
    def project(self) -> Project | None:
        """The project that the file belongs to, once it is known."""
        return self.prepared.project if self.prepared else None

    @property
    def name(self) -> str | None:
        """The path relative to the project's root."""
        return self.prepared.name if self.prepared else None

    def when_ready(self, action: Callable[[], None]) -> None:
        """Run `action` now, or as soon as the file is prepared, in order."""
        if self.live is None:
            self._waiting.append(action)
        else:
            action()

    def start(self, prepared: Prepared, live: LiveDocument) -> None:
        """The file is prepared: carry out what has waited."""
        self.prepared = prepared
        self.live = live
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()


class Recorder:
    """The open documents of one client and what is recorded of them."""

    def __init__(self, projects: Projects, clock: Callable[[], float] = time.time) -> None:
        """`projects` are opened as files need them."""
        self._projects = projects
        self._clock = clock
        self._nowhere = OwnerIndex(Unrecorded(), lambda base: ())
        self._scratch = Memory()
        self._local_ids = itertools.count(1)
        self.files: dict[str, OpenFile] = {}

    def prepare(self, path: Path | None, text: str) -> Prepared:
        """Find out all that recording the file needs. Blocks; runs in any thread."""
        try:
            project = self._projects.at(path) if path is not None else None
        except NotARepository:
            project = None
        name = project.repository.relative(path) if project and path else None
        if project is None or name is None:
            edit = next(self._local_ids)
            return Prepared(None, None, "it is in no repository", Document.of_one_owner(text, edit), edit)
        refused = project.scope.refuses(name)
        if refused is None and project.scope.is_too_large(text):
            refused = "it is too large"
        edit = project.journal.new_id()
        return Prepared(project, name, refused, spans_of(project, name, text, edit), edit)

    def unplaced(self, text: str) -> Prepared:
        """For a file whose place could not be found out: nothing is recorded of it."""
        edit = next(self._local_ids)
        return Prepared(None, None, "its repository cannot be read", Document.of_one_owner(text, edit), edit)

    def with_prompt(self, file: OpenFile, evidence: Evidence, prompt: str | None) -> Evidence:
        """`evidence` with the key of its prompt's text."""
        return file.project.prompts.on(evidence, prompt) if file.project else evidence

    def opened(self, file: OpenFile) -> None:
        """A client opened `file`; what it had under the same URI is replaced."""
        self.files[file.uri] = file

    def start(self, file: OpenFile, prepared: Prepared) -> None:
        """Begin to record `file`, and catch up with what has happened since it was opened."""
        project = prepared.project
        if project is None:
            live = self._live(file, prepared, self._nowhere, self._scratch, lambda: next(self._local_ids), _drop, 0)
        elif prepared.refused:
            live = self._live(file, prepared, project.owners, Memory(), project.journal.new_id, _drop, 0)
        else:
            identity = project.journal.new_id()
            live = self._live(
                file, prepared, project.owners, project.memory, project.journal.new_id,
                lambda *rows: self._append(file, rows), identity,
            )  # fmt: skip
            now = int(self._clock())
            self._append(
                file,
                (
                    DocumentRow(identity, project.worktree, prepared.name or "", now),
                    Edit(prepared.edit, identity, file.version, Channel.RELOAD.value, now),
                    self._snapshot(file, prepared, live, "open"),
                ),
            )
        file.start(prepared, live)

    def changed(self, file: OpenFile, version: int, changes: Sequence[ClientChange], column: Column) -> None:
        """Changes arrived that produced `version`."""
        file.version = version
        file.when_ready(lambda: self._changed(file, version, changes, column))

    def context(self, file: OpenFile, version: int, origins: Sequence[Evidence]) -> None:
        """The client says where the changes of `version` came from. `prompt` is a key already."""

        def learn() -> None:
            if _live(file).context(version, origins):
                self._consider_review(file)

        file.when_ready(learn)

    def saved(self, file: OpenFile) -> None:
        """The client saved: the spans of what is on disk now are kept. This proves nothing about who wrote it."""
        file.when_ready(lambda: self._checkpoint(file, "save"))

    def closed(self, file: OpenFile) -> None:
        """The client closed the document."""
        if self.files.get(file.uri) is file:
            del self.files[file.uri]

        def close() -> None:
            self._checkpoint(file, "close")
            self._append(file, (Closed(_live(file).identity),))

        file.when_ready(close)

    def mark(self, file: OpenFile, first: int, last: int, evidence: Evidence) -> int:
        """A person says who wrote the lines `first` to `last` (0-based, inclusive). Returns how many lines it is about."""
        live = _live(file)
        last = min(last, len(live.document.lines) - 1)
        lines = [line for line in range(max(first, 0), last + 1) if live.document.lines[line]]
        if not lines:
            return 0
        edit = self._new_id(file)
        owners = self._owners(file)
        owners.add(edit, (evidence,))
        self._append(
            file,
            (
                Edit(edit, live.identity, live.version, evidence.channel.value, int(self._clock())),
                EvidenceOf(edit, evidence),
            ),
        )
        marks = [edit if line in lines else mark for line, mark in enumerate(live.document.marks)]
        live.splice(remarked(live.document, marks))
        self._checkpoint(file, "mark")
        return len(lines)

    def review(self, file: OpenFile) -> Reviewed | None:
        """Look again at what a change brought, now that there is time: is it a known version, was it declared?

        Takes its snapshot in the owning thread; call the result's `work` anywhere.
        """
        prepared, live = file.prepared, file.live
        if prepared is None or live is None or prepared.project is None or prepared.refused:
            return None
        return Reviewed(live.revision, live.document.copy(), (), ())

    def reviewing(self, file: OpenFile, seen: Reviewed) -> Reviewed:
        """The blocking part of a review, for any thread."""
        prepared = file.prepared
        assert prepared is not None
        project, name = prepared.project, prepared.name
        assert project is not None
        assert name is not None
        document = seen.document
        known = known_spans(project, name, document)
        if known is not None:
            document = Document(document.lines, list(known))
        rows, evidence = claim_declared(project, name, document, self._clock())
        return replace(seen, document=document, rows=tuple(rows), evidence=tuple(evidence))

    def reviewed(self, file: OpenFile, result: Reviewed) -> bool:
        """Take over what a review found; False if the document has moved on meanwhile (review it again)."""
        live = _live(file)
        if live.revision != result.revision:
            return False
        file.unreviewed = False
        for edit, evidence in result.evidence:
            self._owners(file).add(edit, (evidence,))
        if result.rows:
            self._append(file, result.rows)
        splices = remarked(live.document, result.document.marks)
        live.splice(splices)
        if splices:
            self._checkpoint(file, "review")
        return True

    def durable(self, project: Project, ticket: int) -> list[OpenFile]:
        """The journal has committed up to `ticket`: the files whose acknowledged version moved."""
        moved = []
        for file in self.files.values():
            if file.project is not project:
                continue
            done = [version for version, t in file.acknowledgeable.items() if t <= ticket]
            if done:
                file.journalled = max(done)
                for version in done:
                    del file.acknowledgeable[version]
                moved.append(file)
        return moved

    def _changed(self, file: OpenFile, version: int, changes: Sequence[ClientChange], column: Column) -> None:
        live = _live(file)
        live.change(version, changes, column)
        self._consider_review(file)
        if live.unsaved_rows >= _CHECKPOINT:
            self._checkpoint(file, "checkpoint")

    def _consider_review(self, file: OpenFile) -> None:
        """Text that nobody accounts for deserves a second look."""
        live = _live(file)
        channel = live.last_channel()
        if channel is Channel.RELOAD or (channel in (None, Channel.OTHER) and not live.last_was_typed()):
            file.unreviewed = True

    def _checkpoint(self, file: OpenFile, reason: str) -> None:
        prepared, live = file.prepared, _live(file)
        if prepared is None or prepared.project is None or prepared.refused:
            return
        self._append(file, (self._snapshot(file, prepared, live, reason),))

    def _snapshot(self, file: OpenFile, prepared: Prepared, live: LiveDocument, reason: str) -> Snapshot:
        assert prepared.project is not None
        assert prepared.name is not None
        live.unsaved_rows = 0
        text = live.document.text
        return Snapshot(
            prepared.project.journal.new_id(),
            prepared.project.worktree,
            prepared.name,
            live.identity,
            live.version,
            digest(text.encode("utf-8", "surrogatepass")),
            text,
            live.document.marks.copy(),
            reason,
            int(self._clock()),
        )

    def _append(self, file: OpenFile, rows: Iterable[Row]) -> None:
        prepared = file.prepared or None
        project = prepared.project if prepared else None
        if project is None or (prepared and prepared.refused):
            return
        file.ticket = project.journal.append(*rows)
        file.acknowledgeable[file.live.version if file.live else file.version] = file.ticket

    def _live(
        self,
        file: OpenFile,
        prepared: Prepared,
        owners: OwnerIndex,
        memory: Memory,
        new_id: Callable[[], int],
        record: Callable[..., object],
        identity: int,
    ) -> LiveDocument:
        file.prepared = prepared
        owners.add(prepared.edit, ())
        return LiveDocument(
            identity, file.version, prepared.document, owners, memory,
            new_id=new_id, record=record, clock=self._clock,
        )  # fmt: skip

    def _owners(self, file: OpenFile) -> OwnerIndex:
        return file.project.owners if file.project else self._nowhere

    def _new_id(self, file: OpenFile) -> int:
        return file.project.journal.new_id() if file.project else next(self._local_ids)


def spans_of(project: Project, name: str, text: str, edit: int) -> Document:
    """The spans of `text`, found at `name`: those of a version that is known exactly, else what versions share with it.

    What none of them has belongs to `edit`. Blocks.
    """
    exact = project.versions.exact(name, text)
    if exact is not None:
        return _loaded(project, exact)
    line_break = "\r\n" if "\r\n" in text else "\n"
    head = project.versions.committed(project.repository.head().oid, name, line_break)
    if head is not None and head.text == text:
        return head
    known = [*itertools.islice(project.versions.recorded(name), 3), *([head] if head else [])]
    for version in known:
        _loaded(project, version)
    return reconcile(known, text, edit, project.owners, Memory())


def known_spans(project: Project, name: str, document: Document) -> Sequence[Marks] | None:
    """Better marks for a text that was reloaded: it, or those of its lines that are new, may be a known version. Blocks."""
    text = document.text
    exact = project.versions.exact(name, text)
    if exact is not None:
        return _loaded(project, exact).marks
    line_break = "\r\n" if "\r\n" in text else "\n"
    head = project.versions.committed(project.repository.head().oid, name, line_break)
    if head is None:
        return None
    if head.text == text:
        return head.marks
    better = document.copy()
    adopt_lines(better, head, _of_unknown_author(better, project.owners))
    return better.marks


def _of_unknown_author(document: Document, owners: OwnerIndex) -> set[int]:
    return {
        line
        for line, marks in enumerate(document.marks)
        if any(owners.origin(edit).kind is Kind.UNKNOWN for edit in _edits(marks))
    }


def claim_declared(
    project: Project, name: str, document: Document, now: float
) -> tuple[list[Row], list[tuple[int, Evidence]]]:
    """Let what was declared for this path claim its text in `document` (which is changed). Rows to record. Blocks."""
    rows: list[Row] = []
    found: list[tuple[int, Evidence]] = []
    for row in project.journal.declarations(project.worktree, name, int(now) - _DECLARATIONS_LIVE):
        claimed = claim(document, Hunk(row.old, row.new), row.evidence, project.owners, project.journal.new_id)
        if claimed is None:
            continue
        for splice in claimed.splices:
            document.apply(splice)
        project.owners.add(claimed.edit, (row.evidence,))
        rows += [Edit(claimed.edit, None, None, row.evidence.channel.value, int(now))]
        rows += [EvidenceOf(claimed.edit, row.evidence)]
        found.append((claimed.edit, row.evidence))
    return rows, found


def _loaded(project: Project, document: Document) -> Document:
    """`document`, after the evidence of its edits has been read."""
    project.owners.load_marks(document.marks)
    return document


def _edits(marks: Marks) -> Iterable[int]:
    if isinstance(marks, int):
        return (marks,) if marks > 0 else ()
    return [owner for span in marks for owner in (span.owner, span.lost) if owner > 0]


def _live(file: OpenFile) -> LiveDocument:
    assert file.live is not None
    return file.live


def _drop(*rows: Row) -> None:
    """Nothing is recorded of this document."""


def declared_evidence(tool: str | None, model: str | None, session: str | None, prompt: str | None) -> Evidence:
    """The evidence that a declaration is; `prompt` is a key."""
    return Evidence(Source.DECLARATION, Channel.AGENT, None, tool, model, session, prompt)
