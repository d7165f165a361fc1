"""Edits that a plug-in or an editor's own AI announces, kept until the change that they speak of is seen.

An announcement names a file and no text. So it explains only what no known version explains, once, and soon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from byline.provenance.origin import Evidence
from byline.provenance.text import sha256

_EDITED_FOR = 15.0  # seconds between the word of an edit and the change
_PROPOSED_FOR = 300.0  # seconds that a person may think about a proposal
_MOST = 1000

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class _Edited:
    evidence: Evidence
    time: float


class Announced:
    """What was announced to one session."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, and never goes back."""
        self._clock = clock
        self._edited: dict[Path, _Edited] = {}
        self._proposed: dict[tuple[Path, str], _Edited] = {}

    def edited(self, path: Path, evidence: Evidence) -> None:
        """Somebody edits, or has just edited, the file `path`."""
        _bounded(self._edited)[path] = _Edited(evidence, self._clock())

    def proposed(self, path: Path, digest: str, evidence: Evidence) -> None:
        """Somebody proposes that the file's whole text becomes one with this SHA-256 (hexadecimal, of UTF-8 bytes)."""
        _bounded(self._proposed)[path, digest.lower()] = _Edited(evidence, self._clock())

    def withdrawn(self, path: Path, digest: str) -> None:
        """That proposal was rejected."""
        self._proposed.pop((path, digest.lower()), None)

    def explains(self, path: Path, text: Callable[[], str]) -> Evidence | None:
        """What was announced of a change to `path` that led to `text`. It is told once."""
        now = self._clock()
        if any(of == path for of, _ in self._proposed):
            key = (path, sha256(text()))
            proposed = self._proposed.pop(key, None)
            if proposed and now - proposed.time <= _PROPOSED_FOR:
                return proposed.evidence
        edited = self._edited.pop(path, None)
        return edited.evidence if edited and now - edited.time <= _EDITED_FOR else None


def _bounded(known: dict[Key, _Edited]) -> dict[Key, _Edited]:
    while len(known) >= _MOST:
        del known[next(iter(known))]
    return known
