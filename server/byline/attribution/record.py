"""Recording: what happens to the documents that a client has open.

`prepare` needs git and the journal and runs in any thread; all else runs in the thread that owns the documents and
never blocks.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from byline.attribution.claims import NO_CLAIMS, claim_declared
from byline.attribution.client_changes import ClientChange, Column
from byline.attribution.copies import Copy
from byline.attribution.live import LiveDocument
from byline.attribution.on_disk import LOADED, is_loaded, stamp
from byline.attribution.open_file import OpenFile, Prepared, Recording
from byline.attribution.opening import rebased, spans_of
from byline.attribution.owners import OwnerIndex
from byline.attribution.project import Project, Projects
from byline.attribution.renewal import renewed
from byline.attribution.review import Review, call_for
from byline.attribution.unrecorded import Unrecorded
from byline.attribution.versions import remarked
from byline.git.errors import NotARepository
from byline.journal.backlog import NEVER
from byline.journal.records import Closed, Edit, EvidenceOf, Row, Snapshot
from byline.journal.records import Document as DocumentRow
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Evidence
from byline.provenance.text import text_digest

log = logging.getLogger(__name__)

_FLUSHING = 5.0  # seconds that opening a file waits for what the journal has yet to write
_TOO_LARGE = "it is too large to be recorded"
_LARGE = 50_000  # characters of a change after which it is asked whether the file has become too large
_CHECKPOINT = 400  # splices after which a snapshot spares a restart their replay, more for a long text


class Recorder:
    """The open documents of one client and what is recorded of them."""

    def __init__(self, projects: Projects, clock: Callable[[], float] = time.time) -> None:
        """`projects` are opened as files need them."""
        self._projects = projects
        self._clock = clock
        self._scratch = Memory()
        self._local_ids = itertools.count(1)
        self.nowhere = OwnerIndex(Unrecorded(), lambda base: ())  # owners of what is in no repository
        self.files: dict[str, OpenFile] = {}

    # --- opening and closing --------------------------------------------------------------------------------------

    def prepare(self, path: Path | None, text: str, log_end: int | None) -> Prepared:
        """Find out all that recording the file needs. Blocks; runs in any thread. Raises GitError, OSError.

        `log_end` is how long the HEAD log was when the file was opened: commits since then have not made its text.
        """
        try:
            project = self._projects.at(path) if path is not None else None
        except NotARepository:
            project = None
        name = project.repository.relative(path) if project and path else None
        if project is None or name is None:
            return self.unplaced(text, "it is in no repository")
        refused = project.scope.refuses(name)
        if refused is None and project.scope.is_too_large(text):
            refused = _TOO_LARGE
        project.journal.flush(_FLUSHING)  # it may have been closed a moment ago
        edit = project.journal.new_id()
        head = project.head_log.end(log_end).head
        document = spans_of(project, name, text, edit, head)
        project.owners.add(edit, ())
        claimed = claim_declared(project, name, document, self._clock()) if refused is None else NO_CLAIMS
        return Prepared(project, name, refused, document, edit, claimed)

    def unplaced(self, text: str, reason: str) -> Prepared:
        """What `prepare` would say of a file that is not recorded for that `reason`."""
        edit = next(self._local_ids)
        return Prepared(None, None, reason, Document.of_one_owner(text, edit), edit)

    def opened(self, file: OpenFile) -> None:
        """A client opened `file`; what it had under the same URI is replaced."""
        self.files[file.uri] = file

    def start(self, file: OpenFile, prepared: Prepared) -> None:
        """Begin to record `file`, and catch up with what has happened since it was opened."""
        file.place(prepared)
        file.on_disk = stamp(file.path)
        owners = self._owners(file)
        owners.add(prepared.edit, ())
        recording = file.recording
        live = LiveDocument(
            self._new_id(file),
            (recording.project.worktree, recording.name) if recording else ("", ""),
            file.opened_version,
            prepared.document,
            owners,
            recording.project.memory if recording else self._scratch,
            new_id=lambda: self._new_id(file),
            record=lambda *rows: self._append(file, *rows),
            clock=self._clock,
        )
        if recording:
            now = int(self._clock())
            ticket = recording.project.journal.append(
                DocumentRow(live.identity, recording.project.worktree, recording.name, now),
                Edit(prepared.edit, live.identity, live.version, Channel.RELOAD.value, now),
                *prepared.claimed.for_good,
                self._snapshot(recording, live, "open"),
            )
            self._queued(file, live.version, ticket)
        if file.start(live):
            self._judge_others_again(file)

    def closed(self, file: OpenFile) -> None:
        """The client closed the document."""
        if self.files.get(file.uri) is file:
            del self.files[file.uri]

        def close() -> None:
            self._checkpoint(file, "close")
            self._append(file, Closed(file.live.identity))

        file.when_ready(close)

    # --- what happens to an open file -----------------------------------------------------------------------------

    def changed(self, file: OpenFile, version: int, changes: Sequence[ClientChange], column: Column) -> None:
        """Changes arrived that produced `version`."""
        file.version = version

        def change() -> None:
            was_clean = file.is_clean
            file.live.change(version, changes, column)
            if was_clean and file.live.is_guessed(version) and is_loaded(file):
                file.live.context(version, [LOADED])
            self._consider_review(file, version)
            if any(len(change.text) > _LARGE for change in changes):
                self._keep_in_bounds(file)
            if file.live.unsaved_rows >= max(_CHECKPOINT, len(file.live.document.lines) // 10):
                self._keep_in_bounds(file)
                self._checkpoint(file, "checkpoint")

        file.when_ready(change)

    def context(
        self, file: OpenFile, version: int, origins: Sequence[Evidence], copies: Sequence[Copy | None] = ()
    ) -> bool:
        """The client says where the changes of `version` came from; True if that changed something already shown."""
        changed = file.live.context(version, origins, copies)
        if changed:
            self._consider_review(file, version)
        return changed

    def with_prompt(self, file: OpenFile, evidence: Evidence, prompt: str | None) -> Evidence:
        """`evidence` with the key of its prompt's text."""
        return file.project.prompts.on(evidence, prompt) if file.project else evidence

    def saved(self, file: OpenFile) -> None:
        """The client saved: the spans of what is on disk now are kept. This proves nothing about who wrote it."""

        def save() -> None:
            file.saved_revision = file.live.text_revision
            file.on_disk = stamp(file.path)
            self._checkpoint(file, "save")

        file.when_ready(save)

    def mark(self, file: OpenFile, first: int, last: int, evidence: Evidence) -> int:
        """A person says who wrote the lines `first` to `last` (0-based, inclusive). Returns how many lines that is."""
        live = file.live
        stop = min(last + 1, len(live.document.lines))
        lines = {line for line in range(max(first, 0), stop) if live.document.lines[line]}
        if not lines:
            return 0
        edit = self._new_id(file)
        self._owners(file).add(edit, (evidence,))
        row = Edit(edit, live.identity, live.version, evidence.channel.value, int(self._clock()))
        self._append(file, row, EvidenceOf(edit, evidence))
        live.splice(
            remarked(live.document, [edit if i in lines else marks for i, marks in enumerate(live.document.marks)])
        )
        self._checkpoint(file, "mark")
        return len(lines)

    def renew(self, project: Project) -> None:
        """The project's journal was lost, and a new one begun."""
        project.versions.forget_bases()
        for file in [file for file in self.files.values() if file.project is project and file.is_ready]:
            file.forget_acknowledgements()
            if file.recording:
                self._append(file, *renewed(project, file.recording.name, file.live))
                self._checkpoint(file, "renewed")

    def durable(self, project: Project, ticket: int) -> None:
        """The project's journal has committed all up to `ticket`."""
        for file in self.files.values():
            if file.project is project:
                file.durable(ticket)

    # --- a second look --------------------------------------------------------------------------------------------

    def reviewed(self, file: OpenFile, review: Review) -> None:
        """Take over what was found, as far as the document is still what it was."""
        found = review.document
        if file.live.revision != review.revision:
            found = rebased(file.live.document, found, self._owners(file))
        file.unreviewed -= review.reasons
        self._append(file, *review.claimed.for_good)
        splices = remarked(file.live.document, found.marks)
        file.live.splice(splices)
        if splices:
            self._checkpoint(file, "review")

    def declared(self, file: OpenFile) -> None:
        """Something was declared of the file: that deserves a second look, even while another one goes on."""
        call_for(file, object())

    def _judge_others_again(self, late: OpenFile) -> None:
        """What was cut from a file that was still being opened could not be recognised where it was pasted."""
        for file in self.files.values():
            if file is not late and file.is_ready and file.project is late.project:
                file.live.judge_again()

    def _consider_review(self, file: OpenFile, version: int) -> None:
        """Text that nobody accounts for deserves a second look."""
        if file.live.is_unaccounted(version):
            file.unaccounted = (version, time.monotonic())
            call_for(file, version)
        else:
            file.unreviewed.discard(version)

    def _keep_in_bounds(self, file: OpenFile) -> None:
        """What has become too large is recorded no longer."""
        if file.recording and file.recording.project.scope.is_too_large(file.live.document.text):
            file.stop_recording(_TOO_LARGE)

    # --- the journal ----------------------------------------------------------------------------------------------

    def _checkpoint(self, file: OpenFile, reason: str) -> None:
        if file.recording:
            self._append(file, self._snapshot(file.recording, file.live, reason))

    def _snapshot(self, recording: Recording, live: LiveDocument, reason: str) -> Snapshot:
        live.unsaved_rows = 0
        text = live.document.text
        return Snapshot(
            recording.project.journal.new_id(),
            recording.project.worktree,
            recording.name,
            live.identity,
            live.version,
            text_digest(text),
            text,
            live.document.marks.copy(),
            reason,
            int(self._clock()),
        )

    def _append(self, file: OpenFile, *rows: Row) -> None:
        """Queue `rows`, none of them too: then the version is safe with all before it."""
        recording = file.recording
        if recording is None or recording.project.journal.read_only:
            return
        if file.is_torn:
            rows = (*rows, self._snapshot(recording, file.live, "gap"))
        self._queued(file, file.live.version, recording.project.journal.append(*rows))

    def _queued(self, file: OpenFile, version: int, ticket: int) -> None:
        """Rows were queued, or refused: then no version is safe until a snapshot is taken that makes up for them."""
        file.is_torn = ticket == NEVER
        if not file.is_torn:
            file.appended(version, ticket)

    def _owners(self, file: OpenFile) -> OwnerIndex:
        return file.project.owners if file.project else self.nowhere

    def _new_id(self, file: OpenFile) -> int:
        return file.project.journal.new_id() if file.project else next(self._local_ids)
