"""Line and token difference behind one small function.

Unique common items are anchors (as in a patience diff), what lies between them is aligned exactly by rapidfuzz. Chosen
by measurement, kept in `bench/diff_libraries.py`: linear on any input, and it pairs what really stayed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple


class Match(NamedTuple):
    """`size` equal items: `old[a : a + size] == new[b : b + size]`."""

    a: int
    b: int
    size: int


_SMALL = 2_500  # cells: anchors are not worth looking for
_LARGE = 4_000_000  # cells: half a megabyte of bits and a few milliseconds for the exact answer
_WINDOW = 1_000
_MAX_DEPTH = 12  # a staircase of lines can make each anchor reveal only one more


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """What two sequences have in common, in order, without overlap: an alignment, not necessarily the longest.

    Common ends off; items that only one side has out; unique common items as anchors; the rest by rapidfuzz.
    """
    a, b = _encode(old, new)
    head = _common_head(a, b)
    tail = _common_head(a[head:][::-1], b[head:][::-1])
    ends = (Match(0, 0, head), Match(len(a) - tail, len(b) - tail, tail))
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    shared = set(a).intersection(b)
    rows = [i for i, c in enumerate(a, head) if c in shared]
    columns = [j for j, c in enumerate(b, head) if c in shared]
    inner = _align("".join([c for c in a if c in shared]), "".join([c for c in b if c in shared]))
    pieces = (piece for m in inner for piece in _put_back(m, rows, columns))
    return list(_joined(chain(ends[:1], pieces, ends[1:])))


def _encode(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[str, str]:
    """Both sequences as strings of one character for each distinct item: rapidfuzz is fastest on those."""
    ids: dict[Hashable, str] = {}
    a = "".join([ids.setdefault(x, chr(len(ids))) for x in old])
    b = "".join([ids.setdefault(x, chr(len(ids))) for x in new])
    return a, b


def _put_back(match: Match, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Match]:
    """A match of shared items as matches of the whole sequences; `rows` and `columns` say where shared items stand."""
    a, b, size = match
    if rows[a + size - 1] - rows[a] == columns[b + size - 1] - columns[b] == size - 1:
        yield Match(rows[a], columns[b], size)
        return
    for k in range(size):
        yield Match(rows[a + k], columns[b + k], 1)


def _common_head(a: str, b: str) -> int:
    """How many characters two strings have in common at their start."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a.startswith(b[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


class _Rectangle(NamedTuple):
    """Items `a0` to `a1` of the one sequence against `b0` to `b1` of the other; `depth` anchors deep."""

    a0: int
    a1: int
    b0: int
    b1: int
    depth: int


def _align(a: str, b: str) -> Iterator[Match]:
    """Matches of `a` and `b` in order. A stack instead of recursion, so that depth is no limit."""
    from rapidfuzz.distance import LCSseq  # 15 ms at import, and not needed to start

    stack = [_Rectangle(0, len(a), 0, len(b), 0)]
    while stack:
        here = stack.pop()
        left, right = a[here.a0 : here.a1], b[here.b0 : here.b1]
        cells = len(left) * len(right)
        if not cells:
            continue
        if left == right:
            yield Match(here.a0, here.b0, len(left))
        elif cells > _SMALL and here.depth < _MAX_DEPTH and (anchors := _anchors(left, right)):
            stack.extend(reversed(list(_cut_at(anchors, here))))
        elif cells <= _LARGE:
            blocks = LCSseq.editops(left, right).as_matching_blocks()
            yield from (Match(here.a0 + x, here.b0 + y, size) for x, y, size in blocks if size)
        else:
            stack.extend(reversed(list(_windows(here))))


def _cut_at(anchors: Sequence[Match], whole: _Rectangle) -> Iterator[_Rectangle]:
    """A rectangle as the anchors in it and the gaps between them, in order."""
    a, b, depth = whole.a0, whole.b0, whole.depth + 1
    for m in anchors:
        yield _Rectangle(a, whole.a0 + m.a, b, whole.b0 + m.b, depth)
        a, b = whole.a0 + m.a + m.size, whole.b0 + m.b + m.size
        yield _Rectangle(a - m.size, a, b - m.size, b, depth)
    yield _Rectangle(a, whole.a1, b, whole.b1, depth)


def _windows(whole: _Rectangle) -> Iterator[_Rectangle]:
    """A rectangle that is too large, cut along its diagonal."""
    a0, a1, b0, b1, depth = whole
    steps = max(a1 - a0, b1 - b0) // _WINDOW + 1
    rows = [a0 + (a1 - a0) * k // steps for k in range(steps + 1)]
    columns = [b0 + (b1 - b0) * k // steps for k in range(steps + 1)]
    for k in range(steps):
        yield _Rectangle(rows[k], rows[k + 1], columns[k], columns[k + 1], depth)


def _anchors(a: str, b: str) -> list[Match]:
    """Runs around characters that are unique in both: the longest chain of them in order, each grown to both sides."""
    in_a, in_b = Counter(a), Counter(b)
    at_b = {c: j for j, c in enumerate(b) if in_b[c] == 1}
    pairs = [(i, at_b[c]) for i, c in enumerate(a) if in_a[c] == 1 and c in at_b]
    found: list[Match] = []
    o = n = 0
    for i, j in _longest_chain(pairs):
        if i < o or j < n:
            continue
        back = 0
        while i - back > o and j - back > n and a[i - back - 1] == b[j - back - 1]:
            back += 1
        size = back + 1
        i, j = i - back, j - back
        while i + size < len(a) and j + size < len(b) and a[i + size] == b[j + size]:
            size += 1
        found.append(Match(i, j, size))
        o, n = i + size, j + size
    return found


def _longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of `pairs` (increasing in the first) that increases in the second as well: patience sorting."""
    tops: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for k, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        previous.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            ends.append(k)
        else:
            tops[pile], ends[pile] = j, k
    chosen = []
    k = ends[-1] if ends else -1
    while k >= 0:
        chosen.append(pairs[k])
        k = previous[k]
    return chosen[::-1]


def _joined(matches: Iterable[Match]) -> Iterator[Match]:
    """Matches without empty ones, neighbours made one."""
    a = b = size = 0
    for m in matches:
        if m.a == a + size and m.b == b + size:
            size += m.size
        elif m.size:
            if size:
                yield Match(a, b, size)
            a, b, size = m
    if size:
        yield Match(a, b, size)
