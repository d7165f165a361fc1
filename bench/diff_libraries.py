"""Which line difference to use: Byline's own and the candidates that it was chosen from, for time and for quality.

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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel, Levenshtein

from byline.provenance.diff import Match, matches

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
    "byline": matches,
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
        assert m.a >= o, m
        assert m.b >= n, m
        assert case.old[m.a : m.a + m.size] == case.new[m.b : m.b + m.size], m
        o, n = m.a + m.size, m.b + m.size


if __name__ == "__main__":
    main()
