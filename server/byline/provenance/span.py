"""Spans: which edit every character of a line belongs to.

An *owner* is an integer. A positive owner is the id of an edit. A negative owner is a line of a *base*: a text that was
there before Byline watched, identified by (base number, line number); see `base_owner`. The spans of one line are its
*marks*: either one owner (the whole line with its line break is that owner's: by far the most common case, and cheap)
or a tuple of spans that covers the line's characters exactly.
"""

from __future__ import annotations

from typing import NamedTuple

MAX_BASE_LINES = 1 << 20


class Span(NamedTuple):
    """A run of `length` characters (code points) with one `owner`.

    With `length` 0 it is a tombstone: `owner` deleted text of `lost` here. `lost` is 0 in every other span.
    """

    length: int
    owner: int
    lost: int = 0


Marks = int | tuple[Span, ...]


def base_owner(base: int, line: int) -> int:
    """The owner that stands for line `line` (0-based) of base `base` (at least 0)."""
    return -(base * MAX_BASE_LINES + line) - 1


def base_line(owner: int) -> tuple[int, int]:
    """The (base, line) that a negative `owner` stands for; the inverse of `base_owner`."""
    return divmod(-owner - 1, MAX_BASE_LINES)
