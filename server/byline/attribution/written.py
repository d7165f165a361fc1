"""The edits that this server asks a client to make: they are known by construction, and so is who wrote them.

Before the client is asked, the edit is expected here. The change that carries it out is then recognised by what it
leads to: the document's text with that edit made. How a client reports it does not matter; some send only what really
differs, some all changes of a moment in one. What a client made of it beyond that is not ours.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from byline.provenance.align import Kept, align
from byline.provenance.assign import Change
from byline.provenance.document import Document, Splice
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Span
from byline.provenance.text import Position, squeezed

TOOL = "byline"
_EXPECTED_FOR = 60.0  # seconds between asking a client and the change


@dataclass(frozen=True, slots=True)
class Own:
    """A client's changes, told in another way: first the edit that it was asked to make, then what else it did."""

    changes: list[Change]
    evidence: Evidence  # of the first of them


@dataclass(frozen=True, slots=True)
class _Expected:
    change: Change
    evidence: Evidence
    until: float


class Written:
    """The edit that a client was last asked to make to one document, until it is seen."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds, and never goes back."""
        self._clock = clock
        self._expected: _Expected | None = None

    def expect(self, change: Change, evidence: Evidence) -> None:
        """The client is about to be asked for `change`, whose text is as `evidence` says."""
        self._expected = _Expected(change, evidence, self._clock() + _EXPECTED_FOR)

    def withdraw(self) -> None:
        """The client did not make it."""
        self._expected = None

    def take(self, document: Document, changes: Sequence[Change]) -> Own | None:
        """The expected edit if it is what `changes`, each made to the result of the one before, do to `document`.

        It is taken once. None where it is something else; then it is still expected, where it stands now.
        """
        expected, self._expected = self._expected, None
        if expected is None or self._clock() > expected.until:
            return None
        ours = expected.change
        goal, now = _after(document, [ours]), _after(document, changes)
        if goal.lines == now.lines:
            return Own([ours], expected.evidence)
        rest = _rest(goal, now)
        if _stands(ours, document.text_between(ours.start, ours.end), rest, goal):
            return Own([ours, rest], expected.evidence)
        place = place_now(document.lines, now.lines, ours.start, ours.end)
        if place:
            self._expected = replace(expected, change=Change(*place, ours.text))
        return None


def model_evidence(model: str, session: str) -> Evidence:
    """What is known of text that a language model wrote for this server."""
    return Evidence(Source.SERVER, Channel.CHAT_APPLY, tool=TOOL, model=model, session=session)


def place_now(
    before: Sequence[str], now: Sequence[str], start: Position, end: Position
) -> tuple[Position, Position] | None:
    """Where the place from `start` to `end` of the lines `before` is in the lines `now`; None if it was changed."""
    head, tail = _common(before, now)
    if end[0] < head or start < end == (head, 0):
        return start, end
    if start[0] >= len(before) - tail:
        moved = len(now) - len(before)
        return (start[0] + moved, start[1]), (end[0] + moved, end[1])
    return None


def _after(document: Document, changes: Sequence[Change]) -> Document:
    """What `changes` make of `document`, which is left as it was; nobody's text."""
    result = document.copy()
    for change in changes:
        spans = (Span(len(change.text), 1),) if change.text else ()
        result.apply(Splice(change.start, change.end, change.text, spans))
    return result


def _rest(goal: Document, now: Document) -> Change:
    """The change of whole lines that leads from `goal` to `now`."""
    head, tail = _common(goal.lines, now.lines)
    end = (len(goal.lines) - tail, 0) if tail else goal.end
    return Change((head, 0), end, "".join(now.lines[head : len(now.lines) - tail]))


def _common(before: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """How many lines two texts have in common at their beginning, and at their end beside those."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, now, strict=False)))
    room = min(len(before), len(now)) - head
    pairs = zip(reversed(before), reversed(now), strict=False)
    tail = sum(1 for _, pair in zip(range(room), takewhile(lambda pair: pair[0] == pair[1], pairs), strict=False))
    return head, tail


def _stands(ours: Change, replaced: str, rest: Change, goal: Document) -> bool:
    """Whether more than half of what is new in our edit is still there after `rest`, which was made to `goal`."""
    fresh = _not_in(align(replaced, ours.text), ours.text)
    inside = [place for place in map(_Offsets(goal, rest, ours).of, fresh) if place is not None]
    kept = align(goal.text_between(rest.start, rest.end), rest.text)
    lost = sum(not _is_kept(kept, place) for place in inside)
    return 2 * lost < len(fresh)


def _not_in(kept: Sequence[Kept], text: str) -> list[int]:
    """The offsets in `text` of what is neither kept nor white space."""
    old = {place for run in kept for place in range(run.new, run.new + run.size)}
    return [place for place, character in enumerate(text) if place not in old and squeezed(character)]


def _is_kept(kept: Sequence[Kept], place: int) -> bool:
    at = bisect_right(kept, place, key=lambda run: run.old) - 1
    return at >= 0 and place < kept[at].old + kept[at].size


class _Offsets:
    """Where the characters of our edit are in what `rest` replaces."""

    def __init__(self, goal: Document, rest: Change, ours: Change) -> None:
        self._size = len(goal.text_between(rest.start, rest.end))
        if rest.start <= ours.start:
            self._first = len(goal.text_between(rest.start, ours.start))
        else:
            self._first = -len(goal.text_between(ours.start, min(rest.start, goal.end)))

    def of(self, place: int) -> int | None:
        """The offset there of the character `place` of our text; None if it stands outside."""
        found = self._first + place
        return found if 0 <= found < self._size else None
