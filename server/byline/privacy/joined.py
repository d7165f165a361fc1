"""Values that are written over several lines, as one.

`"abc"` and `"def"` on the next line are one text in most languages; so are two lines in a shell with a backslash
between them, and the lines of a block in YAML. What stands between the pieces is left out: a secret is seen whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from byline.privacy.engine import compiled

Span = tuple[int, int]
"""Start and end, in bytes."""

_LITERALS = r"""(["'`][ \t]*(?:[+.&~\\]|<>|\.\.)?[ \t]*\r?\n[-+ ]?[ \t]*(?:[+.&][ \t]*)?[bfru]?["'`])"""
_OPENED = r"""=[ \t]*(\([ \t]*\r?\n[-+ ]?[ \t]*)[bfru]?["'`]"""
_CONTINUED = r"(\\\r?\n[-+ ]?[ \t]*)"
_BLOCK = (
    r":[ \t]*(?P<lines>[>|][-+0-9]{0,2}[ \t]*\r?\n[-+ ]?[ \t]+[^\s#\"']{3,}[^\s:#\"']"
    r"(?:\r?\n[-+ ]?[ \t]+[^\s#\"']{3,}[^\s:#\"'])*)[ \t]*(?:\r?\n|$)"
)
_BLOCK_GAP = r"(?:[>|][-+0-9]{0,2}[ \t]*)?\r?\n[-+ ]?[ \t]+"
_BETWEEN = b"\n\n"


@dataclass(frozen=True, slots=True)
class Joined:
    """`data` are the lines with such values, joined; `pieces` says what stood where: here, there, how many bytes."""

    data: bytes
    pieces: tuple[tuple[int, int, int], ...]

    def there(self, start: int, end: int) -> Iterator[Span]:
        """Where the bytes from `start` to `end` stood."""
        at = max(bisect_right(self.pieces, start, key=itemgetter(0)) - 1, 0)
        while at < len(self.pieces) and self.pieces[at][0] < end:
            here, there, length = self.pieces[at]
            first, last = max(start, here), min(end, here + length)
            if first < last:
                yield there + first - here, there + last - here
            at += 1


def joined(data: bytes) -> Joined | None:
    """What is written over several lines in `data`; None where nothing is."""
    gaps = sorted(_gaps(data))
    if not gaps:
        return None
    parts: list[bytes] = []
    pieces: list[tuple[int, int, int]] = []
    here = 0
    for first, last, inside in _windows(data, gaps):
        at = first
        for start, end in [*inside, (last, last)]:
            pieces.append((here, at, start - at))
            parts.append(data[at:start])
            here, at = here + start - at, end
        parts.append(_BETWEEN)
        here += len(_BETWEEN)
    return Joined(b"".join(parts), tuple(pieces))


def _gaps(data: bytes) -> Iterator[Span]:
    if b"\n" not in data:
        return
    for regex in (_LITERALS, _OPENED, _CONTINUED):
        yield from (match.span(1) for match in compiled(regex).finditer(data))
    for block in compiled(_BLOCK).finditer(data):
        start, end = block.span(1)
        yield from ((start + gap.start(), start + gap.end()) for gap in compiled(_BLOCK_GAP).finditer(data[start:end]))


def _windows(data: bytes, gaps: list[Span]) -> Iterator[tuple[int, int, list[Span]]]:
    """The whole lines around `gaps`, each run of lines once: start, end, and the gaps inside, none overlapping."""
    first, last, inside = -1, -1, list[Span]()
    for start, end in gaps:
        if inside and start < inside[-1][1]:
            continue
        if start > last:
            if inside:
                yield first, last, inside
            first, inside = data.rfind(b"\n", 0, start) + 1, []
        found = data.find(b"\n", end)
        last = found if found >= 0 else len(data)
        inside.append((start, end))
    if inside:
        yield first, last, inside
