"""Which characters of a new text are still characters of an old one.

Texts that differ in white space only keep all the rest. Else equal lines first, then lines that differ in white space
only, then tokens within what is left. Two blocks of lines that have little in common are not paired at all, so that a
rewritten function does not seem to keep its `return`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from byline.provenance.diff import Match, matches
from byline.provenance.text import content, split_lines, squeezed, tokens, words

_SPACE = re.compile(r"\s+")
_SOLID = re.compile(r"\S+")

_KINSHIP = 0.4
_MAX_TOKENS = 20_000


class Kept(NamedTuple):
    """`size` characters kept: at offset `old` of the old text and at offset `new` of the new one."""

    old: int
    new: int
    size: int


def align(old: str, new: str) -> list[Kept]:
    """The characters of `new` that `old` had, as runs in order. Linear in what is equal; bounded in what is not."""
    if old == new:
        return [Kept(0, 0, len(old))] if old else []
    if squeezed(old) == squeezed(new):
        return list(_joined(_align_formatted(old, new, 0, 0)))
    return list(_joined(_align_lines(split_lines(old), split_lines(new))))


def _joined(runs: Iterator[Kept]) -> Iterator[Kept]:
    last: Kept | None = None
    for run in runs:
        if not run.size:
            continue
        if last and last.old + last.size == run.old and last.new + last.size == run.new:
            last = Kept(last.old, last.new, last.size + run.size)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _align_lines(old: list[str], new: list[str]) -> Iterator[Kept]:
    old_at, new_at = _offsets(old), _offsets(new)
    for block in _blocks(matches([content(x) for x in old], [content(x) for x in new]), len(old), len(new)):
        if block.equal:
            for o, n in zip(block.old, block.new, strict=True):
                yield from _equal_lines(old[o], new[n], old_at[o], new_at[n])
        else:
            yield from _align_block(
                old[block.old.start : block.old.stop],
                new[block.new.start : block.new.stop],
                old_at[block.old.start],
                new_at[block.new.start],
            )


def _equal_lines(old: str, new: str, old_at: int, new_at: int) -> Iterator[Kept]:
    """Lines of equal content; a line break that changed its kind is still its line's."""
    if old == new:
        yield Kept(old_at, new_at, len(old))
        return
    yield Kept(old_at, new_at, len(content(old)))
    if old[-1:] == new[-1:] == "\n":
        yield Kept(old_at + len(old) - 1, new_at + len(new) - 1, 1)


class _Block(NamedTuple):
    equal: bool
    old: range
    new: range


def _blocks(found: Sequence[Match], old_size: int, new_size: int) -> Iterator[_Block]:
    """Equal and unequal stretches, in order, that cover both sequences."""
    o = n = 0
    for match in (*found, Match(old_size, new_size, 0)):
        if o < match.a or n < match.b:
            yield _Block(False, range(o, match.a), range(n, match.b))
        if match.size:
            yield _Block(True, range(match.a, match.a + match.size), range(match.b, match.b + match.size))
        o, n = match.a + match.size, match.b + match.size


def _align_block(old: list[str], new: list[str], old_at: int, new_at: int) -> Iterator[Kept]:
    """Lines that differ: first those that differ in white space only, then tokens of what lies between."""
    if not old or not new:
        return
    old_keys, new_keys = [squeezed(x) for x in old], [squeezed(x) for x in new]
    if "".join(old_keys) == "".join(new_keys):
        yield from _align_formatted("".join(old), "".join(new), old_at, new_at)
        return
    old_offsets, new_offsets = _offsets(old), _offsets(new)
    found = [m for m in matches(old_keys, new_keys) if any(old_keys[m.a : m.a + m.size])]
    for block in _blocks(found, len(old), len(new)):
        if not block.old or not block.new:
            continue
        left, right = old[block.old.start : block.old.stop], new[block.new.start : block.new.stop]
        o, n = old_at + old_offsets[block.old.start], new_at + new_offsets[block.new.start]
        if block.equal:
            for x, y in zip(left, right, strict=True):
                yield from _align_formatted(x, y, o, n)
                o, n = o + len(x), n + len(y)
        elif len(left) == len(right) == 1 or _are_kin("".join(left), "".join(right)):
            yield from _align_tokens("".join(left), "".join(right), o, n)


def _align_formatted(old: str, new: str, old_at: int, new_at: int) -> Iterator[Kept]:
    """Texts that differ in white space only: all else stays, and of the white space what its ends have in common."""
    o = n = 0
    while o < len(old) or n < len(new):
        left, right = _run(_SPACE, old, o), _run(_SPACE, new, n)
        if left and right:
            yield from _align_space(left, right, old_at + o, new_at + n)
        o, n = o + len(left), n + len(right)
        size = min(len(_run(_SOLID, old, o)), len(_run(_SOLID, new, n)))
        yield Kept(old_at + o, new_at + n, size)
        o, n = o + size, n + size


def _run(pattern: re.Pattern[str], text: str, at: int) -> str:
    found = pattern.match(text, at)
    return found.group() if found else ""


def _are_kin(old: str, new: str) -> bool:
    """Whether two blocks share enough words to be versions of each other."""
    mine, other = Counter(words(old)), Counter(words(new))
    return sum((mine & other).values()) >= _KINSHIP * max(mine.total(), other.total(), 1)


def _align_tokens(old: str, new: str, old_at: int, new_at: int) -> Iterator[Kept]:
    """Equal tokens in order, and the white space beside them."""
    left, right = tokens(old), tokens(new)
    if len(left) + len(right) > _MAX_TOKENS:
        yield from _align_ends(old, new, old_at, new_at)
        return
    old_offsets, new_offsets = _offsets(left), _offsets(right)
    old_solid = [i for i, t in enumerate(left) if not t.isspace()]
    new_solid = [i for i, t in enumerate(right) if not t.isspace()]
    pairs = [
        (old_solid[m.a + k], new_solid[m.b + k])
        for m in matches([left[i] for i in old_solid], [right[i] for i in new_solid])
        for k in range(m.size)
    ]
    before = (-1, -1)
    for o, n in (*pairs, (len(left), len(right))):
        for i, j in _spaces_between(left, right, before, (o, n)):
            yield from _align_space(left[i], right[j], old_at + old_offsets[i], new_at + new_offsets[j])
        if o < len(left):
            yield Kept(old_at + old_offsets[o], new_at + new_offsets[n], len(left[o]))
        before = (o, n)


def _spaces_between(
    left: Sequence[str], right: Sequence[str], before: tuple[int, int], after: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """White space that in both texts stands right behind the pair `before` or right in front of the pair `after`."""
    first, last = (before[0] + 1, before[1] + 1), (after[0] - 1, after[1] - 1)
    if first[0] > last[0] or first[1] > last[1]:
        return
    behind = left[first[0]].isspace() and right[first[1]].isspace()
    if behind:
        yield first
    apart = last[0] > first[0] and last[1] > first[1]
    if left[last[0]].isspace() and right[last[1]].isspace() and (apart or not behind):
        yield last


def _align_space(old: str, new: str, old_at: int, new_at: int) -> Iterator[Kept]:
    """White space that changed between the same tokens: what its ends have in common stays."""
    head = _common_prefix(old, new)
    tail = _common_prefix(old[head:][::-1], new[head:][::-1])
    yield Kept(old_at, new_at, head)
    yield Kept(old_at + len(old) - tail, new_at + len(new) - tail, tail)


def _align_ends(old: str, new: str, old_at: int, new_at: int) -> Iterator[Kept]:
    """For texts too long to align by tokens: only their common beginning and end."""
    yield from _align_space(old, new, old_at, new_at)


def _common_prefix(a: str, b: str) -> int:
    limit = min(len(a), len(b))
    if a[:limit] == b[:limit]:
        return limit
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _offsets(pieces: Sequence[str]) -> list[int]:
    """The offset at which each piece begins, and the total length as a last element."""
    at = 0
    offsets = [0]
    for piece in pieces:
        at += len(piece)
        offsets.append(at)
    return offsets
