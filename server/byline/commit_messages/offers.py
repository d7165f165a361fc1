"""What was offered, and what became of it: kept on this machine for the person alone, never sent.

Microsoft's Copilot and JetBrains found that how much of a suggestion survives predicts best whether it was useful; both
measures are here, without anybody's telemetry.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\w+|[^\w\s]")
_FOUR = 4
_TAKEN = 0.5  # similarity from which on a message counts as taken and edited
_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A message that was offered for a tree of files that was about to be committed.

    `time` in seconds since 1970; `tree` is the base commit and the staged files' digest, so that the commit is
    recognised; `rank` is 0 for the first candidate, `provider` `offline` or a model's name.
    """

    time: int
    worktree: str
    tree: str
    rank: int
    provider: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the offers for one commit.

    `taken` is the offer that is nearest to what was committed, None where none is near; `similarity` (0 to 1) is the
    share of its tokens that stayed in order, `survived` the share of its runs of four tokens that stayed.
    """

    commit: str
    time: int
    taken: Offer | None
    similarity: float
    survived: float


class Offers(Protocol):
    """Where offers and outcomes are kept."""

    def add(self, offers: Iterable[Offer]) -> None:
        """Keep what was offered just now."""
        ...

    def of(self, worktree: str, tree: str) -> Sequence[Offer]:
        """What was offered for a tree, newest first."""
        ...


class OffersInMemory:
    """The latest offers, for as long as this process lives. Thread-safe."""

    def __init__(self, most: int = 200) -> None:
        """Keep the last `most`."""
        self._kept: deque[Offer] = deque(maxlen=most)
        self._lock = Lock()

    def add(self, offers: Iterable[Offer]) -> None:
        """Keep what was offered just now."""
        with self._lock:
            self._kept.extend(offers)

    def of(self, worktree: str, tree: str) -> Sequence[Offer]:
        """What was offered for a tree, newest first."""
        with self._lock:
            return [offer for offer in reversed(self._kept) if (offer.worktree, offer.tree) == (worktree, tree)]


def outcome(offers: Sequence[Offer], commit: str, message: str, now: int) -> Outcome:
    """What became of `offers` when `commit` was made with `message`. Total."""
    near = max(offers, key=lambda offer: (similarity(offer.message, message), -offer.rank), default=None)
    alike = similarity(near.message, message) if near else 0.0
    if near is None or alike < _TAKEN:
        return Outcome(commit, now, None, alike, 0.0)
    return Outcome(commit, now, near, alike, survival(near.message, message))


def similarity(offered: str, committed: str) -> float:
    """How alike two messages are, 0 to 1, by the tokens that have to be inserted or deleted."""
    return float(Indel.normalized_similarity(_tokens(offered), _tokens(committed)))


def survival(offered: str, committed: str) -> float:
    """The share of the offer's runs of four tokens that stand in what was committed; of shorter ones, of its tokens."""
    before, after = _tokens(offered), _tokens(committed)
    size = min(_FOUR, len(before)) or 1
    mine = Counter(tuple(before[at : at + size]) for at in range(len(before) - size + 1))
    theirs = Counter(tuple(after[at : at + size]) for at in range(len(after) - size + 1))
    return (mine & theirs).total() / mine.total() if mine else 0.0


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text[:_LONGEST])
