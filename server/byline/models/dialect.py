"""What one model of an endpoint turned out not to understand.

"OpenAI-compatible" says little: one server refuses `reasoning_effort`, another `stream_options`, a third every schema.
So a request begins with all that is useful; what a refusal names is left out, at once and from then on. A refusal is
not billed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_REFUSALS = frozenset({400, 422, 501})


class Dialect:
    """The optional parts that a model has refused so far."""

    def __init__(self, signs: Mapping[str, Sequence[str]]) -> None:
        """`signs` names, for each optional part, the words by which a refusal speaks of it; the likeliest first."""
        self._signs = signs
        self._refused: set[str] = set()

    def speaks(self, part: str) -> bool:
        """Whether a request should still have `part`."""
        return part not in self._refused

    def learn(self, status: int, words: str) -> bool:
        """Take note of a refusal. Whether it named a part that the next request will do without."""
        if status not in _REFUSALS:
            return False
        lower = words.lower()
        for part, signs in self._signs.items():
            if part not in self._refused and any(sign in lower for sign in signs):
                self._refused.add(part)
                return True
        return False
