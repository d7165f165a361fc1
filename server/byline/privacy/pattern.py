"""What a secret looks like: the shape of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of secret: `regex` with a group `secret`, tried if any of `words` is in the lower-cased text.

    `judge` says whether what was found is one; None means that the pattern is proof enough.
    """

    kind: str
    words: tuple[str, ...]
    regex: str
    judge: Callable[[str], bool] | None = None
