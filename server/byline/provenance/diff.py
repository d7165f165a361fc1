"""Line and token difference behind one small function."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Match(NamedTuple):
    """`size` equal items: `old[a : a + size] == new[b : b + size]`."""

    a: int
    b: int
    size: int


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """What two sequences have in common, in order, without overlap: an alignment, not necessarily the longest."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [Match(*block) for block in blocks if block.size]
