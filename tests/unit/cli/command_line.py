"""A run of the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Ending(NamedTuple):
    """How a run of the command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ending]
