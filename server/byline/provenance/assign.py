"""Whose the text of a change is: from a change to the splices that carry it out.

Only what really differs changes owner. Text that comes back gets the owner it had. Deleting text of another kind
leaves a tombstone. What decides is the change itself, the client's word for its channel, and what is remembered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from byline.provenance.align import Kept, align
from byline.provenance.document import Document, Splice, merge
from byline.provenance.memory import CONTEXT, Memory, Remembered, is_distinctive
from byline.provenance.origin import AI_CHANNELS, RESTORING_CHANNELS, TOOL_CHANNELS, Channel, Kind
from byline.provenance.span import Span
from byline.provenance.state import Owners, is_significant, owner_kind
from byline.provenance.text import Position, content, line_end, split_lines, squeezed


@dataclass(frozen=True, slots=True)
class Change:
    """What a client sends: replace all from `start` to `end` (valid positions, in order) by `text`."""

    start: Position
    end: Position
    text: str


_TOLD = frozenset({Channel.UNDO, Channel.REDO})
_FRESH = frozenset({Channel.TYPING, Channel.SNIPPET, Channel.SUGGEST})


class Assignment:
    """The judgement on one change: call `splices` once, and apply them in the order given."""

    def __init__(
        self, document: Document, change: Change, edit: int, channel: Channel | None, owners: Owners, memory: Memory
    ) -> None:
        """`edit` is the id that new text gets; `channel` the client's word for it, None where there is none."""
        self._document = document
        self._change = change
        self._edit = edit
        self._channel = channel
        self._owners = owners
        self._memory = memory

    def splices(self) -> list[Splice]:
        """What to apply, in order: later places first, so that no splice moves another. Remembers what goes."""
        start, end, text = self._rotated(self._change.start, self._change.end, self._change.text)
        old = self._document.text_between(start, end)
        if old == text:
            return []
        returning = self._recalled(text, *document_context(self._document, start, end)) if text else None
        gone = self._remember(start, end) if old else None
        if returning:
            before, after = self._standing_tombstones(start, end, returning)
            return [Splice(start, end, text, tuple(merge((*before, *returning, *after))))]
        if old and text:
            return self._cut(old, text, start)
        if gone and self._is_whole_lines(gone.text, start, end):
            by_key = gone.spans if len(gone.text) > len(old) else ()  # the keys before this one left traces
            before, after = self._standing_tombstones(start, end, by_key)
            return [Splice(start, end, text, tuple(merge((*before, *after))))]
        return [self._splice(start, end, text)]

    def copied(self, spans: Sequence[Span]) -> list[Splice]:
        """What to apply where it is known whose the text is that comes in, its `spans`: it is a copy."""
        start, end, text = self._change.start, self._change.end, self._change.text
        if start != end:
            self._remember(start, end)
        before, after = self._standing_tombstones(start, end, ())
        leading, trailing = self._tombstones(start, end)
        return [Splice(start, end, text, tuple(merge((*before, *leading, *spans, *trailing, *after))))]

    def _is_whole_lines(self, gone: str, start: Position, end: Position) -> bool:
        """Whether all that was deleted here, letter by letter perhaps, was whole lines: they leave no trace."""
        if gone.endswith(("\n", "\r")) and start[1] == 0:
            return True
        return gone.startswith(("\n", "\r")) and end[1] == len(content(self._document.lines[end[0]]))

    def _cut(self, old: str, new: str, start: Position) -> list[Splice]:
        """The splices for what differs between `old`, which stands at `start`, and `new`, both with text."""
        kept = align(old, new)
        place = _Places(start, old)
        gaps: list[tuple[Position, Position, str]] = []
        old_at = new_at = 0
        for run in (*kept, Kept(len(old), len(new), 0)):
            if old_at < run.old or new_at < run.new:
                gaps.append((place.at(old_at), place.at(run.old), new[new_at : run.new]))
                if kept and is_distinctive(old[old_at : run.old]):
                    self._remember(*gaps[-1][:2])  # it may have moved within this change
            old_at, new_at = run.old + run.size, run.new + run.size
        return [self._splice(*self._rotated(*gap)) for gap in reversed(gaps)]

    def _remember(self, start: Position, end: Position) -> Remembered:
        document = self._document
        text, spans = document.text_between(start, end), document.spans_between(start, end)
        return self._memory.remember(text, spans, *document_context(document, start, end))

    def _splice(self, start: Position, end: Position, text: str) -> Splice:
        """One place where something is deleted, inserted or both."""
        before, after = self._standing_tombstones(start, end, ())
        leading, trailing = self._tombstones(start, end)
        spans = (*before, *leading, *self._inserted(start, end, text), *trailing, *after)
        return Splice(start, end, text, tuple(merge(spans)))

    def _rotated(self, start: Position, end: Position, text: str) -> tuple[Position, Position, str]:
        """An insertion or deletion at a line's end that begins with a line break, so that the old break stays."""
        line, column = end
        lines = self._document.lines
        stop = line_end(lines[line])
        if not stop or line + 1 >= len(lines) or column != len(content(lines[line])):
            return start, end, text
        if start == end and text.startswith(stop) and len(split_lines(text)) > 1:
            return (line + 1, 0), (line + 1, 0), text[len(stop) :] + stop
        if (
            not text
            and start[0] < line
            and start[1] == len(content(lines[start[0]]))
            and line_end(lines[start[0]]) == stop
        ):
            return (start[0] + 1, 0), (line + 1, 0), text
        return start, end, text

    def _inserted(self, start: Position, end: Position, text: str) -> tuple[Span, ...]:
        if not text:
            return ()
        if self._channel in RESTORING_CHANNELS or is_distinctive(text):
            before, after = document_context(self._document, start, end)
            known = self._recalled(text, before, after)
            if known:
                return known
        if self._channel in TOOL_CHANNELS:
            return (Span(len(text), self._heir(start, end)),)
        return (Span(len(text), self._edit),)

    def _heir(self, start: Position, end: Position) -> int:
        """Whose a tool's text is: the owner of what it replaced, else of its line; alone it is the edit's.

        The owner with the most letters and digits; where there are none, with the most that is not white space.
        """
        first, last = (start[0], 0), (end[0], len(content(self._document.lines[end[0]])))
        for place in ((start, end), (first, last)):
            weight: dict[int, tuple[int, int]] = {}
            for text, span in self._pieces(*place):
                words, solid = weight.get(span.owner, (0, 0))
                weight[span.owner] = (words + sum(map(str.isalnum, text)), solid + len(squeezed(text)))
            if any(solid for _, solid in weight.values()):
                return max(weight, key=weight.__getitem__)
        return self._edit

    def _pieces(self, start: Position, end: Position) -> Iterator[tuple[str, Span]]:
        """The text between two places cut at its spans, tombstones left out."""
        text, at = self._document.text_between(start, end), 0
        for span in self._document.spans_between(start, end):
            if span.length:
                yield text[at : at + span.length], span
                at += span.length

    def _recalled(self, text: str, before: str, after: str) -> tuple[Span, ...] | None:
        if self._channel in _FRESH:
            return None
        admit = self._not_an_ais if self._channel in AI_CHANNELS else _anything
        return self._memory.recall(text, before, after, told=self._channel in _TOLD, admit=admit)

    def _not_an_ais(self, spans: tuple[Span, ...]) -> bool:
        """An AI that writes again what an AI wrote before is that text's new author; what it moves is not its own."""
        return not any(owner_kind(span.owner, self._owners) is Kind.AI for span in spans if span.length)

    def _standing_tombstones(
        self, start: Position, end: Position, returning: tuple[Span, ...]
    ) -> tuple[Sequence[Span], Sequence[Span]]:
        """The tombstones that stood at the ends of the place and stay: those before and those behind what comes in.

        They stay as long as anything is left of the line that they were in, and beside what is left of it, for what
        comes in may be a line of its own; but not those that come back, or whose text does.
        """
        head, tail = self._rests(start, end)
        in_line = start[0] == end[0]
        returned = {span.owner for span in returning if span.length}
        before, after = (
            [span for span in edge if span.lost not in returned and span not in returning]
            for edge in _edges(self._document.text_between(start, end), self._document.spans_between(start, end))
        )
        before = before if head or (in_line and tail) else []
        after = after if tail or (in_line and head) else []
        if head and tail and start != end:
            return before, after
        return ((), (*before, *after)) if tail else ((*before, *after), ())

    def _rests(self, start: Position, end: Position) -> tuple[str, str]:
        """What is left of the lines of the two places, before and behind them, without white space at its ends."""
        lines = self._document.lines
        return lines[start[0]][: start[1]].strip(), content(lines[end[0]])[end[1] :].strip()

    def _tombstones(self, start: Position, end: Position) -> tuple[list[Span], list[Span]]:
        """Traces of what is deleted, for the line that `start` is in and for the line that `end` is in.

        Only a line of which something is left can carry one: a line that goes as a whole leaves none.
        """
        if start == end or self._channel in RESTORING_CHANNELS or self._channel in TOOL_CHANNELS:
            return [], []
        head, tail = self._rests(start, end)
        if start[0] == end[0]:
            return (self._buried(start, end, {start, end}) if head or tail else []), []
        line_stop = (start[0], len(self._document.lines[start[0]]))
        return (self._buried(start, line_stop, {start}) if head else []), (
            self._buried((end[0], 0), end, {end}) if tail else []
        )

    def _buried(self, start: Position, end: Position, ends: set[Position]) -> list[Span]:
        """A trace for each kind of text but the edit's own that is deleted between two places of a line.

        None where one of the same kinds stands at `ends`, the places that remain: deleting a word letter by letter
        leaves one trace and not as many as the word had letters.
        """
        mine = owner_kind(self._edit, self._owners)
        standing = (span for place in ends for span in self._document.spans_between(place, place))
        seen = {owner_kind(s.lost, self._owners) for s in standing if owner_kind(s.owner, self._owners) is mine}
        seen.add(mine)
        traces: list[Span] = []
        for text, span in self._pieces(start, end):
            kind = owner_kind(span.owner, self._owners)
            if kind not in seen and is_significant(text):
                seen.add(kind)
                traces.append(Span(0, self._edit, span.owner))
        return traces


def _edges(text: str, spans: Sequence[Span]) -> tuple[Sequence[Span], Sequence[Span]]:
    """The tombstones of `text` before which, and those behind which, there is at most white space of their own line."""
    blank_head, blank_tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    first, last = len(content(split_lines(blank_head)[0])), len(text) - len(split_lines(blank_tail)[-1])
    before: list[Span] = []
    after: list[Span] = []
    at = 0
    for span in spans:
        at += span.length
        if not span.length and (at <= first or at >= last):
            (before if at <= first else after).append(span)
    return before, after


def _anything(spans: tuple[Span, ...]) -> bool:
    return True


def document_context(document: Document, start: Position, end: Position) -> tuple[str, str]:
    """Up to `CONTEXT` characters before `start` and after `end`."""
    return _before(document.lines, start), _after(document.lines, end)


def _before(lines: Sequence[str], position: Position) -> str:
    line, column = position
    found = lines[line][max(0, column - CONTEXT) : column]
    while len(found) < CONTEXT and line:
        line -= 1
        found = lines[line][-(CONTEXT - len(found)) :] + found
    return found


def _after(lines: Sequence[str], position: Position) -> str:
    line, column = position
    found = lines[line][column : column + CONTEXT]
    while len(found) < CONTEXT and line + 1 < len(lines):
        line += 1
        found += lines[line][: CONTEXT - len(found)]
    return found


class _Places:
    """Positions of offsets in a text that stands at `start`."""

    def __init__(self, start: Position, text: str) -> None:
        self._start = start
        self._offsets = [0, *accumulate(len(line) for line in split_lines(text)[:-1])]

    def at(self, offset: int) -> Position:
        line = bisect_right(self._offsets, offset) - 1
        column = offset - self._offsets[line]
        return (self._start[0] + line, column + (self._start[1] if line == 0 else 0))
