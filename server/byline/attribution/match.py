"""Evidence that speaks of text, not of an edit: what was declared counts only where the text is really there.

A hunk says that `old` became `new`. It is looked for in a document; of what the hunk inserts, that part is claimed
whose author is unknown so far. What was typed is never turned, and base text is never claimed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from byline.attribution.owners import OwnerIndex
from byline.attribution.survivors import Run, surviving
from byline.provenance.align import align
from byline.provenance.document import Document, Splice, merge
from byline.provenance.origin import Evidence, Kind, Source, level_of
from byline.provenance.span import Span
from byline.provenance.state import Owners
from byline.provenance.text import Position

_MOST_PLACES = 200
_BY_CONTENT = frozenset({Source.DECLARATION.value, Source.TRANSCRIPT.value})


@dataclass(frozen=True, slots=True)
class Hunk:
    """A declared change of a text: `old` (None where there was nothing) became `new`."""

    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a hunk claims: the splices that give it to its edit."""

    splices: tuple[Splice, ...]
    absorbed: tuple[int, ...]  # edits whose text was claimed
    disputed: tuple[int, ...]  # edits that another AI has claimed with all of that text, as well as this one could


def claim(
    document: Document,
    hunk: Hunk,
    evidence: Evidence,
    owners: Owners,
    edit: int,
    *,
    older: Container[int] = (),
) -> Claim | None:
    """What `hunk` may claim in `document` for `edit`, or None where its text is not there or is known to be another's.

    The text of `older` edits was there before. Of what a transcript tells, a part may be enough: the rest was changed.
    """
    text = document.text
    new = _with_line_ends_of(text, hunk.new)
    inserted = _inserted(_with_line_ends_of(text, hunk.old or ""), new)
    if not new.strip() or not inserted:
        return None
    taker = _Taker(evidence, owners, older)
    index = _LineIndex(document)
    best: tuple[int, list[Run]] = (0, [])
    disputed: set[int] = set()
    for runs in _standing(text, new, inserted, evidence):
        weight = sum(taker.weight(document, index, run) for run in runs)
        if weight > best[0]:
            best = (weight, runs)
        disputed |= taker.disputed(document, index, runs)
    if not best[0]:
        return Claim((), (), tuple(sorted(disputed))) if disputed else None
    splices: list[Splice] = []
    absorbed: set[int] = set()
    for start, stop in best[1]:
        first, last = index.position(start), index.position(stop)
        spans, taken = taker.reassigned(document.spans_between(first, last), edit)
        if taken:
            splices.append(Splice(first, last, text[start:stop], spans))
            absorbed |= taken
    return Claim(tuple(splices), tuple(sorted(absorbed)), ())


def _standing(text: str, new: str, inserted: Sequence[Run], evidence: Evidence) -> Iterator[list[Run]]:
    """Where in `text` the runs of `new` stand that a hunk inserts: all of them at each place, or else a part."""
    found = False
    for at in _places(text, new):
        found = True
        yield [(at + start, at + stop) for start, stop in inserted]
    if not found and evidence.source is Source.TRANSCRIPT:
        yield surviving(text, new, inserted)


def claimed_lines(document: Document, hunk: Hunk, evidence: Evidence, owners: OwnerIndex) -> set[int]:
    """The lines (0-based) of `document` with text that `hunk` inserts, of which `evidence` is known to speak."""
    text = document.text
    new = _with_line_ends_of(text, hunk.new)
    inserted = _inserted(_with_line_ends_of(text, hunk.old or ""), new) if new.strip() else []
    index = _LineIndex(document)
    lines: set[int] = set()
    for at in _places(text, new) if inserted else ():
        for start, stop in inserted:
            (first, _), (last, column) = index.position(at + start), index.position(at + stop)
            lines.update(range(first, last + (column > 0)))
    return {line for line in lines if _speaks_of(evidence, document.spans(line), owners)}


def _speaks_of(evidence: Evidence, spans: Sequence[Span], owners: OwnerIndex) -> bool:
    return any(s.length and s.owner > 0 and evidence in owners.evidence(s.owner) for s in spans)


def _with_line_ends_of(text: str, hunk: str) -> str:
    """Agents write `\\n` whatever the file has."""
    if "\r\n" in text and "\r\n" not in hunk:
        return hunk.replace("\n", "\r\n")
    return hunk


def _inserted(old: str, new: str) -> list[Run]:
    """The runs of `new` that `old` did not have."""
    runs: list[Run] = []
    at = 0
    for kept in align(old, new) if old else ():
        if at < kept.new:
            runs.append((at, kept.new))
        at = kept.new + kept.size
    if at < len(new):
        runs.append((at, len(new)))
    return runs


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(wanted, at + 1)


@dataclass(frozen=True, slots=True)
class _Taker:
    """Whose text `evidence` may claim; the text of `older` edits is none of it."""

    evidence: Evidence
    owners: Owners
    older: Container[int]

    def weight(self, document: Document, index: _LineIndex, run: Run) -> int:
        """How many characters of a run may be claimed."""
        spans = document.spans_between(index.position(run[0]), index.position(run[1]))
        return sum(span.length for span in spans if span.length and self._may_take(span.owner))

    def reassigned(self, spans: Sequence[Span], edit: int) -> tuple[tuple[Span, ...], set[int]]:
        """`spans` with what may be claimed given to `edit`, and the edits that it was taken from."""
        taken = {span.owner for span in spans if span.length and self._may_take(span.owner)}
        return tuple(merge(Span(s.length, edit) if s.length and s.owner in taken else s for s in spans)), taken

    def disputed(self, document: Document, index: _LineIndex, runs: Sequence[Run]) -> set[int]:
        """The edits of these runs, if each is another tool's that is claimed no better than by this evidence."""
        owners = {
            span.owner
            for start, stop in runs
            for span in document.spans_between(index.position(start), index.position(stop))
            if span.length
        }
        return owners if owners and all(map(self._is_anothers, owners)) else set()

    def _is_anothers(self, owner: int) -> bool:
        if owner < 0 or owner in self.older:
            return False
        origin = self.owners.origin(owner)
        same_level = origin.level == level_of(self.evidence)
        by_content = _BY_CONTENT.issuperset(origin.evidence)  # who carried the edit out knows better
        return origin.kind is Kind.AI and same_level and by_content and origin.tool not in (None, self.evidence.tool)

    def _may_take(self, owner: int) -> bool:
        if owner < 0 or owner in self.older:
            return False
        origin = self.owners.origin(owner)
        if origin.kind in (Kind.UNKNOWN, Kind.TOOL):
            return True
        is_same = origin.tool in (None, self.evidence.tool) and origin.session in (None, self.evidence.session)
        return origin.kind is Kind.AI and is_same and origin.prompt is None


class _LineIndex:
    """Positions of offsets in a document's text."""

    def __init__(self, document: Document) -> None:
        self._starts: list[int] = []
        at = 0
        for line in document.lines:
            self._starts.append(at)
            at += len(line)

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset) - 1
        return (line, offset - self._starts[line])
