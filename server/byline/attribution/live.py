"""A live document: the text an editor has open, its spans, and what has not been said yet about its last changes.

Context may come before or after the change that it speaks of. If it comes late and decides whose text is (an undo, a
reload, formatting), the changes since then are taken back and judged again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import TypeVar

from byline.attribution.client_changes import ClientChange, Column, resolve
from byline.attribution.copies import Copy
from byline.attribution.owners import OwnerIndex
from byline.attribution.written import Written
from byline.journal.records import Edit, EvidenceOf, Fragment, Row
from byline.journal.records import Splice as SpliceRow
from byline.provenance.assign import Assignment, Change
from byline.provenance.document import Document, Splice
from byline.provenance.memory import Memory, Remembered
from byline.provenance.origin import Channel, Evidence, Kind, Source
from byline.provenance.shape import looks_typed
from byline.provenance.text import text_digest

_HISTORY = 200
_WAITING_CONTEXTS = 64

Told = TypeVar("Told")


@dataclass(slots=True)
class _Applied:
    """One version's changes as they were carried out, so that they can be taken back."""

    version: int
    changes: list[Change]
    edits: list[int]
    typed: bool
    contexts: list[Evidence | None]
    before: int  # the version that the changes were made to
    copies: list[Copy | None] = field(default_factory=list)
    final: bool = False  # whose the text is was decided elsewhere since
    splices: list[list[Splice]] = field(default_factory=list)
    inverses: list[list[Splice]] = field(default_factory=list)
    gone: list[Remembered] = field(default_factory=list)  # what was deleted, and is remembered


class LiveDocument:
    """One open document and its spans. Not thread-safe: it belongs to the thread that feeds it."""

    def __init__(
        self,
        identity: int,
        place: tuple[str, str],
        version: int,
        document: Document,
        owners: OwnerIndex,
        memory: Memory,
        *,
        new_id: Callable[[], int],
        record: Callable[..., object],
        clock: Callable[[], float],
    ) -> None:
        """`identity` is the journal's id of this open generation, `place` its worktree and path there.

        `record` takes journal rows (and may drop them).
        """
        self.identity = identity
        self.worktree, self.name = place
        self.version = version
        self.document = document
        self.revision = 0  # grows with whatever may change an answer about this document
        self.text_revision = 0  # grows with the text
        self.unsaved_rows = 0  # splices since the last snapshot
        self.written = Written()  # what this server itself asks the client to change
        self._owners = owners
        self._memory = memory
        self._new_id = new_id
        self._record = record
        self._clock = clock
        self._history: deque[_Applied] = deque(maxlen=_HISTORY)
        self._contexts: dict[int, tuple[list[Evidence], list[Copy | None]]] = {}

    def change(self, version: int, changes: Sequence[ClientChange], column: Column) -> None:
        """Apply one notification's changes, which produced `version`."""
        resolved = resolve(self.document, changes, column)
        told, copies = self._contexts.pop(version, ([], []))
        own = self.written.take(self.document, resolved.changes)
        carried_out = own.changes if own else resolved.changes
        contexts = _one_each(told, len(carried_out))
        if own:
            contexts[0] = own.evidence
        applied = _Applied(
            version,
            carried_out,
            [self._new_id() for _ in carried_out],
            own is None and looks_typed(resolved.changes, resolved.replaced, resolved.whole_lines),
            contexts,
            self.version,
            _one_each(copies, len(carried_out)),
        )
        rows: list[Row] = []
        for edit, context in zip(applied.edits, contexts, strict=True):
            evidence = _evidence(context, applied.typed)
            self._owners.add(edit, evidence)
            channel = context.channel if context else Channel.TYPING if applied.typed else Channel.OTHER
            rows.append(Edit(edit, self.identity, version, channel.value, int(self._clock())))
            rows += [EvidenceOf(edit, e) for e in evidence]
        self._carry_out(applied)
        rows += self._rows(version, (s for group in applied.splices for s in group))
        rows += self._fragments(applied.gone)
        self.version = version
        self.revision += 1
        self.text_revision += 1
        self._history.append(applied)
        self._record(*rows)

    def context(self, version: int, origins: Sequence[Evidence], copies: Sequence[Copy | None] = ()) -> bool:
        """Learn where the changes that produced `version` came from; True if that changed anything already shown.

        `copies` has one for each of `origins`, None for what is no copy.
        """
        if version > self.version:
            while len(self._contexts) >= _WAITING_CONTEXTS:
                del self._contexts[min(self._contexts)]
            self._contexts[version] = (list(origins), list(copies))
            return False
        applied = self._applied(version)
        if applied is None:
            return False
        told = zip(_one_each(origins, len(applied.changes)), applied.contexts, strict=True)
        contexts = [old if _is_ours(old) else new or old for new, old in told]
        rows: list[Row] = []
        for i, (edit, context) in enumerate(zip(applied.edits, contexts, strict=True)):
            if context is not None and context != applied.contexts[i]:
                self._owners.add(edit, (context,))
                rows.append(EvidenceOf(edit, context))
        applied.contexts = contexts
        if any(copies):
            applied.copies = _one_each(copies, len(applied.changes))
        if not applied.final:
            rows += self._replay(applied)
        self.revision += 1
        self._record(*rows)
        return True

    def judge_again(self) -> bool:
        """Text that came in may be known by now: judge it again; True if whose it is has changed."""
        came_in = next((applied for applied in self._history if not applied.final and not applied.typed), None)
        rows = self._replay(came_in) if came_in else []
        if rows:
            self.revision += 1
            self._record(*rows)
        return bool(rows)

    def explain(self, version: int, evidence: Evidence) -> bool:
        """Take note of what is behind those changes of `version` of which nothing is known; True if it says anything.

        Whose the text is stays as it is: only what it is called changes.
        """
        applied = self._applied(version)
        return self.explain_edits(applied.edits if applied else (), evidence)

    def explain_edits(self, edits: Iterable[int], evidence: Evidence) -> bool:
        """Like `explain`, for these edits."""
        unknown = [edit for edit in edits if self._owners.origin(edit).kind is Kind.UNKNOWN]
        for edit in unknown:
            self._owners.add(edit, (evidence,))
        if unknown:
            self.revision += 1
            self._record(*(EvidenceOf(edit, evidence) for edit in unknown))
        return bool(unknown)

    def splice(self, splices: Sequence[Splice]) -> None:
        """Apply splices that were judged elsewhere (a mark, a declaration, a known version); they are recorded."""
        if not splices:
            return
        for splice in splices:
            self.document.apply(splice)
        for applied in self._history:
            applied.final = True
        self.revision += 1
        self._record(*self._rows(self.version, splices))

    def is_unaccounted(self, version: int) -> bool:
        """Whether what produced `version` is a reload, or no client says where it came from and nobody typed it."""
        applied = self._applied(version)
        if applied is None:
            return False
        channel = next((context.channel for context in applied.contexts if context), None)
        return channel is Channel.RELOAD or (channel in (None, Channel.OTHER) and not applied.typed)

    def is_guessed(self, version: int) -> bool:
        """Whether only the shape of its changes says that somebody typed `version`."""
        applied = self._history[-1] if self._history else None
        return applied is not None and applied.version == version and applied.typed and not any(applied.contexts)

    def untold(self, before: int, after: int) -> list[int]:
        """The versions after `before`, up to `after`, of whose changes no client has said where they came from."""
        return [a.version for a in self._history if before < a.version <= after and not any(a.contexts)]

    def _applied(self, version: int) -> _Applied | None:
        """What produced `version`; None where that is too long ago."""
        return next((applied for applied in reversed(self._history) if applied.version == version), None)

    def _carry_out(self, applied: _Applied) -> None:
        applied.splices, applied.inverses, applied.gone = [], [], []
        every = zip(applied.changes, applied.edits, applied.contexts, applied.copies, strict=True)
        for change, edit, context, copy in every:
            channel = context.channel if context else None
            spans = copy.spans(change, self.document, applied.before) if copy else None
            assignment = Assignment(self.document, change, edit, channel, self._owners, self._memory)
            judged = assignment.copied(spans) if spans else assignment.splices()
            applied.splices.append(judged)
            applied.inverses.append([self.document.apply(splice) for splice in judged])
            applied.gone += self._memory.news()

    def _replay(self, first: _Applied) -> list[Row]:
        """Take back `first` and all since, and judge it again; rows only if something is different."""
        tail = list(dropwhile(lambda applied: applied is not first, self._history))
        before = [splice for applied in tail for group in applied.splices for splice in group]
        remembered = [gone for applied in tail for gone in applied.gone]
        for gone in reversed(remembered):
            self._memory.forget(gone)
        undone: list[Splice] = []
        for applied in reversed(tail):
            for group in reversed(applied.inverses):
                for inverse in reversed(group):
                    self.document.apply(inverse)
                    undone.append(inverse)
        for applied in tail:
            self._carry_out(applied)
        after = [splice for applied in tail for group in applied.splices for splice in group]
        rows = [] if after == before else self._rows(self.version, (*undone, *after))
        gone_now = [gone for applied in tail for gone in applied.gone]
        return [*rows, *(() if gone_now == remembered else self._fragments(gone_now))]

    def _fragments(self, remembered: Iterable[Remembered]) -> list[Row]:
        """What was deleted just now and may come back after a restart."""
        now = int(self._clock())
        return [
            Fragment(text_digest(gone.text), gone.text, gone.spans, self.worktree, self.name, now)
            for gone in remembered
            if len(gone.text) > 1
        ]

    def _rows(self, version: int, splices: Iterable[Splice]) -> list[Row]:
        rows: list[Row] = [SpliceRow(self.identity, version, s.start, s.end, s.text, s.spans) for s in splices]
        self.unsaved_rows += len(rows)
        return rows


def _one_each(origins: Sequence[Told | None], count: int) -> list[Told | None]:
    """One for each change: as sent, or one for all; a number that fits neither says nothing of any."""
    if len(origins) == count:
        return list(origins)
    return [origins[0] if len(origins) == 1 else None for _ in range(count)]


def _is_ours(context: Evidence | None) -> bool:
    """Whether this server made the change itself: then no client knows better."""
    return context is not None and context.source is Source.SERVER


def _evidence(context: Evidence | None, typed: bool) -> tuple[Evidence, ...]:
    shape = (Evidence(Source.SHAPE, Channel.TYPING),) if typed else ()
    return (*shape, context) if context else shape
