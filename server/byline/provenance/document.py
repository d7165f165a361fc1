"""A document: text and spans together.

A plain list of lines beside a list of their marks. A change costs time in the length of the lines that it touches,
never of the file, but for one `memmove` of pointers when lines come or go (bench/didchange measures it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from byline.provenance.span import Marks, Span
from byline.provenance.text import Position, content, split_lines


@dataclass(frozen=True, slots=True)
class Splice:
    """Replace all from `start` to `end` by `text`, whose characters belong to `spans`.

    The one way in which a document changes, and what the journal stores: applying it needs no judgement. Tombstones
    at `start`, between, and at `end` go too; `spans` holds those that are to stay.
    """

    start: Position
    end: Position
    text: str
    spans: tuple[Span, ...]


class Document:
    """The text of one document, line by line, and for each line its marks."""

    __slots__ = ("lines", "marks")

    def __init__(self, lines: list[str], marks: list[Marks]) -> None:
        """`lines` as `split_lines` gives them, `marks` one for each; both are owned by the document from now on."""
        self.lines = lines
        self.marks = marks

    @classmethod
    def of_one_owner(cls, text: str, owner: int) -> Document:
        """All of `text` belongs to the edit `owner`."""
        lines = split_lines(text)
        return cls(lines, [owner if line else () for line in lines])

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)

    def copy(self) -> Document:
        """An independent document with the same text and spans (lines and marks are immutable and shared)."""
        return Document(self.lines.copy(), self.marks.copy())

    @property
    def end(self) -> Position:
        """The position after the last character."""
        return (len(self.lines) - 1, len(self.lines[-1]))

    def clamp(self, position: Position) -> Position:
        """The nearest valid position: past a line's end is before its line break, past the last line the text's end."""
        line, column = position
        if line < 0:
            return (0, 0)
        if line >= len(self.lines):
            return self.end
        return (line, max(0, min(column, len(content(self.lines[line])))))

    def text_between(self, start: Position, end: Position) -> str:
        """The text from `start` to `end`, which must be valid positions in order."""
        (first, left), (last, right) = start, end
        if first == last:
            return self.lines[first][left:right]
        return "".join((self.lines[first][left:], *self.lines[first + 1 : last], self.lines[last][:right]))

    def spans_between(self, start: Position, end: Position) -> tuple[Span, ...]:
        """The spans of the text from `start` to `end`, with the tombstones that stand at either end."""
        (first, left), (last, right) = start, end
        if first == last:
            return tuple(cut(self.spans(first), left, right))
        pieces: list[Iterable[Span]] = [cut(self.spans(first), left, len(self.lines[first]))]
        pieces += [self.spans(line) for line in range(first + 1, last)]
        pieces.append(cut(self.spans(last), 0, right))
        return tuple(merge(span for piece in pieces for span in piece))

    def spans(self, line: int) -> tuple[Span, ...]:
        """The spans of one line, line break included."""
        marks = self.marks[line]
        return (Span(len(self.lines[line]), marks),) if isinstance(marks, int) else marks

    def apply(self, splice: Splice) -> Splice:
        """Apply `splice` and return the one that takes it back exactly."""
        (first, left), (last, right) = splice.start, splice.end
        removed = self.text_between(splice.start, splice.end)
        removed_spans = self.spans_between(splice.start, splice.end)
        text = self.lines[first][:left] + splice.text + self.lines[last][right:]
        spans = [*cut(self.spans(first), 0, left, closed=False), *splice.spans, *cut_tail(self.spans(last), right)]
        stop = last + 1
        if text.endswith("\r") and stop < len(self.lines) and self.lines[stop].startswith("\n"):
            text += self.lines[stop]
            spans += self.spans(stop)
            stop += 1
        if text.startswith("\n") and first and self.lines[first - 1].endswith("\r"):
            first -= 1
            left += len(self.lines[first])
            text = self.lines[first] + text
            spans = [*self.spans(first), *spans]
        lines = split_lines(text)
        if stop < len(self.lines) and not lines[-1]:
            lines.pop()
        self.lines[first:stop] = lines
        self.marks[first:stop] = distribute(lines, spans)
        start = self._locate(first, left)
        return Splice(start, self._locate(start[0], start[1] + len(splice.text)), removed, removed_spans)

    def _locate(self, line: int, column: int) -> Position:
        """The position `column` characters after the start of `line`, line breaks counted."""
        while line + 1 < len(self.lines) and column >= len(self.lines[line]):
            column -= len(self.lines[line])
            line += 1
        return (line, column)


def cut(spans: Iterable[Span], start: int, end: int, *, closed: bool = True) -> list[Span]:
    """The spans of the characters `start` to `end` of a line.

    Tombstones strictly inside are kept; those at `start` and at `end` only if `closed` (at `start` 0 they always are
    part of what stands before, so `closed=False` keeps none there either).
    """
    pieces: list[Span] = []
    at = 0
    for span in spans:
        if not span.length:
            inside = start <= at <= end if closed else at < end and start <= at
            if inside:
                pieces.append(span)
            continue
        low, high = max(at, start), min(at + span.length, end)
        if low < high:
            pieces.append(Span(high - low, span.owner))
        at += span.length
    return pieces


def cut_tail(spans: Iterable[Span], start: int) -> list[Span]:
    """The spans after column `start`, without the tombstones that stand at `start` itself."""
    pieces: list[Span] = []
    at = 0
    for span in spans:
        if not span.length:
            if at > start:
                pieces.append(span)
            continue
        if at + span.length > start:
            pieces.append(Span(at + span.length - max(at, start), span.owner))
        at += span.length
    return pieces


def merge(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours of one owner and drop repeated tombstones."""
    last: Span | None = None
    for span in spans:
        if last is None:
            last = span
        elif span.length and last.length and span.owner == last.owner:
            last = Span(last.length + span.length, last.owner)
        elif span != last or span.length:
            yield last
            last = span
    if last is not None:
        yield last


def distribute(lines: Sequence[str], spans: Iterable[Span]) -> Iterator[Marks]:
    """Deal `spans`, which cover the concatenated `lines` exactly, out to the lines: one marks value for each."""
    queue = iter(spans)
    rest: Span | None = next(queue, None)
    for index, line in enumerate(lines):
        own: list[Span] = []
        missing = len(line)
        last = index == len(lines) - 1
        while rest is not None and (missing or not rest.length or last):
            if rest.length <= missing:
                own.append(rest)
                missing -= rest.length
                rest = next(queue, None)
                if not missing and not last:
                    break
            else:
                own.append(Span(missing, rest.owner))
                rest = Span(rest.length - missing, rest.owner)
                missing = 0
                break
        yield pack(tuple(merge(own)))


def pack(spans: tuple[Span, ...]) -> Marks:
    """The marks for a line with these `spans`: a bare owner where there is only one."""
    if len(spans) == 1 and spans[0].length:
        return spans[0].owner
    return spans
