"""Which names are spelled like another."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice

_MAX_COMPARED = 300
_MAX_NAME = 40


def nearest(written: str, names: Iterable[str]) -> list[str]:
    """`names` by how much they are spelled like `written`; comparing takes time, so only some are."""
    matcher = SequenceMatcher(b=written[:_MAX_NAME].casefold(), autojunk=False)

    def unlike(name: str) -> float:
        matcher.set_seq1(name.casefold())
        return -matcher.ratio()

    return sorted(islice((name for name in names if len(name) <= _MAX_NAME), _MAX_COMPARED), key=unlike)
