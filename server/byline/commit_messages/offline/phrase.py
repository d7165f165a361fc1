"""What a description is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """`verb` in its plain form, and what stands after it."""

    verb: str
    object: str
