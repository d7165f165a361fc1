"""What owners are: edits by their evidence, base lines by the note of the commit that wrote them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from byline.journal.errors import JournalError
from byline.journal.records import Base
from byline.provenance.attribution import NOTHING, LineState
from byline.provenance.origin import UNKNOWN, Evidence, Origin, origin_of
from byline.provenance.span import Marks, base_line

BaseStates = Sequence[LineState]

log = logging.getLogger(__name__)


class Records(Protocol):
    """What the index asks of a journal."""

    def evidence(self, ids: Iterable[int]) -> dict[int, list[Evidence]]:
        """The evidence of these edits, oldest first."""
        ...

    def bases(self, ids: Iterable[int]) -> dict[int, Base]:
        """These bases."""
        ...


class OwnerIndex:
    """The `Owners` of one repository: answers from memory, filled from the journal and from notes.

    `origin` may read the journal for an edit of another window; `base` never blocks: what `load_bases` has not
    brought yet counts as nothing.
    """

    def __init__(self, journal: Records, states_of: Callable[[Base], BaseStates]) -> None:
        """`states_of` says what the notes say of each line of a base text; it may block."""
        self._journal = journal
        self._states_of = states_of
        self._evidence: dict[int, tuple[Evidence, ...]] = {}
        self._origins: dict[int, Origin] = {}
        self._judged: dict[tuple[Evidence, ...], Origin] = {}
        self._bases: dict[int, tuple[int, BaseStates]] = {}  # with the age of the notes that they were read from
        self._age = 0
        self._known: dict[int, Base] = {}
        self._lock = threading.Lock()

    def add(self, edit: int, evidence: Iterable[Evidence]) -> None:
        """Take note of evidence about `edit` (its first, or more)."""
        with self._lock:
            self._set(edit, (*self._evidence.get(edit, ()), *evidence))

    def evidence(self, edit: int) -> tuple[Evidence, ...]:
        """All evidence about `edit`, oldest first."""
        if edit not in self._evidence:
            self.load((edit,))
        return self._evidence.get(edit, ())

    def origin(self, edit: int) -> Origin:
        """The origin of `edit` by today's evidence; unknown while the journal does not answer. Never raises."""
        origin = self._origins.get(edit)
        if origin is None:
            try:
                self.load((edit,))
            except JournalError as problem:
                log.warning("the evidence of an edit is not known: %s", problem)
            origin = self._origins.get(edit, UNKNOWN)
        return origin

    def base(self, owner: int) -> LineState:
        """What is known of a base line; `NOTHING` while its base is not loaded."""
        base, line = base_line(owner)
        _, states = self._bases.get(base, (0, ()))
        return states[line] if line < len(states) else NOTHING

    def load(self, edits: Iterable[int]) -> None:
        """Bring the evidence of those `edits` that are not known yet from the journal."""
        missing = [edit for edit in edits if edit not in self._evidence]
        if missing:
            self._read(missing)

    def load_marks(self, marks: Iterable[Marks]) -> None:
        """Bring all that judging lines with these `marks` needs; blocks on the journal and on git."""
        edits, bases = owners_in(marks)
        self.load(edits)
        self.load_bases(bases)

    def reload(self, edits: Iterable[int]) -> None:
        """Read the evidence of these edits again: another window may have added some."""
        self._read(list(edits))

    def load_bases(self, bases: Iterable[int]) -> None:
        """Bring what the notes say of these base texts; blocks on git."""
        age = self._age
        missing = {base for base in bases if base not in self._bases or self._bases[base][0] != age}
        unknown = [number for number in missing if number not in self._known]
        if unknown:
            self._known.update(self._journal.bases(unknown))
        for number in missing & self._known.keys():
            self._bases[number] = (age, self._states_of(self._known[number]))

    def base_commits(self, marks: Iterable[Marks]) -> set[str | None]:
        """The commits that the base text in `marks` was read from."""
        numbers = owners_in(marks)[1]
        unknown = [number for number in numbers if number not in self._known]
        if unknown:
            self._known.update(self._journal.bases(unknown))
        return {self._known[number].commit for number in numbers if number in self._known}

    def known_bases(self, numbers: Iterable[int]) -> list[Base]:
        """Those of these bases that were met in this session."""
        return [self._known[number] for number in sorted(numbers) if number in self._known]

    def know_base(self, base: Base) -> None:
        """A base that the journal may not have yet."""
        self._known[base.id] = base

    def notes_changed(self) -> None:
        """Base lines are to be asked anew when they are loaded next; until then the old answers stand."""
        self._age += 1

    def _read(self, edits: Sequence[int]) -> None:
        found = self._journal.evidence(edits)
        with self._lock:
            for edit in edits:
                known = self._evidence.get(edit, ())  # may be ahead of what is durable
                self._set(edit, max(known, tuple(found.get(edit, ())), key=len))

    def _set(self, edit: int, evidence: tuple[Evidence, ...]) -> None:
        self._evidence[edit] = evidence
        origin = self._judged.get(evidence)
        if origin is None:
            origin = self._judged[evidence] = origin_of(evidence)
        self._origins[edit] = origin


def owners_in(marks: Iterable[Marks]) -> tuple[set[int], set[int]]:
    """The edits and the numbers of the bases that `marks` speak of."""
    edits: set[int] = set()
    bases: set[int] = set()
    for mark in marks:
        owners = (mark,) if isinstance(mark, int) else tuple(o for span in mark for o in (span.owner, span.lost) if o)
        for owner in owners:
            if owner > 0:
                edits.add(owner)
            elif owner < 0:
                bases.add(base_line(owner)[0])
    return edits, bases
