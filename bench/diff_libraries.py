"""Which line difference to use: the candidates beside each other, for time and for quality.

Run `python -m bench.diff_libraries`. Each case is a file of code-like lines (a third of them common ones such as a
lone brace) and an edited copy of it, of which the true correspondence is known because this module made the edits.

The columns: `ms` is the best of three runs; `kept` is how many of the lines that really stayed were paired with
themselves; `wrong` is how many pairs join lines that are equal but were never the same line, in lines; `runs` is into
how many pieces the alignment falls (fewer reads better).
"""

from __future__ import annotations

import random
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq, Levenshtein


class Match(NamedTuple):
    """`size` equal items, at `a` of the old sequence and at `b` of the new one."""

    a: int
    b: int
    size: int


Matcher = Callable[[Sequence[str], Sequence[str]], list[Match]]


# --- the candidates -------------------------------------------------------------------------------------------------


def by_difflib(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [Match(*block) for block in blocks if block.size]


def by_difflib_junk(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    blocks = SequenceMatcher(None, old, new).get_matching_blocks()
    return [Match(*block) for block in blocks if block.size]


def by_indel(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    a, b = encode(old, new)
    return [Match(*block) for block in Indel.editops(a, b).as_matching_blocks() if block[2]]


def by_levenshtein(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    a, b = encode(old, new)
    return [Match(*block) for block in Levenshtein.editops(a, b).as_matching_blocks() if block[2]]


def by_pygit2(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    import pygit2

    patch = pygit2.Patch.create_from("".join(old), "".join(new), context_lines=0)
    found, o, n = [], 0, 0
    for hunk in patch.hunks:
        start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        if start > o:
            found.append(Match(o, n, start - o))
        o, n = start + hunk.old_lines, n + (start - o) + hunk.new_lines
    if len(old) > o:
        found.append(Match(o, n, len(old) - o))
    return found


def encode(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """Both sequences as strings of one character for each distinct item: rapidfuzz is fastest on those."""
    ids: dict[str, str] = {}
    a = "".join([ids.setdefault(x, chr(len(ids))) for x in old])
    b = "".join([ids.setdefault(x, chr(len(ids))) for x in new])
    return a, b


_SMALL = 2_500  # cells: anchors are not worth looking for
_LARGE = 4_000_000  # cells: half a megabyte of bits and a few milliseconds for the exact answer
_WINDOW = 1_000
_MAX_DEPTH = 12  # a staircase of lines can make each anchor reveal only one more


def by_anchors(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Common ends off; items that only one side has out; unique common items as anchors; the rest by rapidfuzz."""
    a, b = encode(old, new)
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
    stack = [_Rectangle(0, len(a), 0, len(b), 0)]
    while stack:
        here = stack.pop()
        left, right = a[here.a0 : here.a1], b[here.b0 : here.b1]
        cells = len(left) * len(right)
        if not cells:
            continue
        if left == right:
            yield Match(here.a0, here.b0, len(left))
        elif _SMALL < cells and here.depth < _MAX_DEPTH and (anchors := _anchors(left, right)):
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


# --- the cases ------------------------------------------------------------------------------------------------------

_COMMON = ("}\n", "\n", "    return None\n", "    )\n", "    else:\n", "        pass\n", "    try:\n", "{\n")


@dataclass(frozen=True, slots=True)
class Case:
    """An old and a new text as lines, and for each new line the old line that it truly is, or -1."""

    name: str
    old: list[str]
    new: list[str]
    truth: list[int]


def cases(sizes: Sequence[int], seed: int = 7) -> Iterator[Case]:
    for size in sizes:
        dice = random.Random(seed)
        old = [_line(dice, size) for _ in range(size)]
        yield edited(f"{size:,} lines, 3 edits", old, dice, 3)
        yield edited(f"{size:,} lines, 5 % edited", old, dice, max(1, size // 60))
        yield edited(f"{size:,} lines, 50 % edited", old, dice, size // 6)
        yield Case(f"{size:,} lines, all new", old, [f"other {i}\n" for i in range(size)], [-1] * size)
        moved = list(range(size // 2, size)) + list(range(size // 2))
        yield Case(f"{size:,} lines, halves swapped", old, [old[i] for i in moved], moved)
        common = [dice.choice(_COMMON) for _ in range(size)]
        other = [dice.choice(_COMMON) for _ in range(size)]
        yield Case(f"{size:,} lines of 8 kinds, shuffled", common, other, [-1] * size)
        twice = [f"line {i // 2}\n" for i in range(size)]
        yield Case(f"{size:,} lines, each twice, reversed", twice, twice[::-1], [-1] * size)
        stairs = [i + step for i in range(0, size // 2) for step in (1, 0)]
        yield Case(
            f"{size:,} lines, a staircase", [f"{i}\n" for i in stairs], [f"{i}\n" for i in range(size)], [-1] * size
        )
        wide = [f"{dice.randrange(300)}\n" for _ in range(size)]
        yield Case(f"{size:,} lines of 300 kinds, shuffled", wide, dice.sample(wide, size), [-1] * size)


def _line(dice: random.Random, size: int) -> str:
    if dice.random() < 0.33:
        return dice.choice(_COMMON)
    return f"    value_{dice.randrange(size * 4)} = call(argument, {dice.randrange(100)})\n"


def edited(name: str, old: list[str], dice: random.Random, edits: int) -> Case:
    """`old` after `edits` replacements of runs of one to five lines by runs of none to five."""
    new, truth = list(old), list(range(len(old)))
    for _ in range(edits):
        at = dice.randrange(len(new))
        stop = at + dice.randint(0, 5)
        count = dice.randint(0, 5)
        new[at:stop] = [_line(dice, len(old)) for _ in range(count)]
        truth[at:stop] = [-1] * count
    return Case(name, old, new, truth)


# --- the table ------------------------------------------------------------------------------------------------------

CANDIDATES: dict[str, Matcher] = {
    "difflib": by_difflib,
    "difflib autojunk": by_difflib_junk,
    "rapidfuzz Indel": by_indel,
    "rapidfuzz Levenshtein": by_levenshtein,
    "pygit2 patch": by_pygit2,
    "anchors + rapidfuzz": by_anchors,
}
_UNBOUNDED = ("difflib", "difflib autojunk", "rapidfuzz Indel", "rapidfuzz Levenshtein")
_LONG = 6_000  # lines from which the candidates without a bound are run on easy cases only


def main() -> None:
    sizes = [int(x) for x in sys.argv[1:]] or [500, 5_000, 50_000]
    print(f"{'case':36} {'candidate':22} {'ms':>9} {'kept':>7} {'wrong':>6} {'runs':>7}")
    for case in cases(sizes):
        for name, matcher in CANDIDATES.items():
            if name in _UNBOUNDED and len(case.old) > _LONG and "3 edits" not in case.name:
                print(f"{case.name:36} {name:22} {'-':>9}")
                continue
            print(row(case, name, matcher), flush=True)


def row(case: Case, name: str, matcher: Matcher) -> str:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = matcher(case.old, case.new)
        times.append(time.perf_counter() - start)
        if times[-1] > 1:
            break
    check(case, found)
    stayed = sum(t >= 0 for t in case.truth)
    right = sum(case.truth[m.b + k] == m.a + k for m in found for k in range(m.size))
    wrong = sum(m.size for m in found) - right
    kept = f"{100 * right / stayed:.1f}%" if stayed else "-"
    return f"{case.name:36} {name:22} {1000 * min(times):9.2f} {kept:>7} {wrong:6} {len(found):7}"


def check(case: Case, found: Sequence[Match]) -> None:
    """Fail if `found` is not an alignment: equal lines, in order, without overlap."""
    o = n = 0
    for m in found:
        assert m.a >= o and m.b >= n, m
        assert case.old[m.a : m.a + m.size] == case.new[m.b : m.b + m.size], m
        o, n = m.a + m.size, m.b + m.size


if __name__ == "__main__":
    main()
