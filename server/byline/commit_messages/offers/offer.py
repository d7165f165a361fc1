"""Messages that were offered for a commit, and how much of one stands in what was committed.

How much of a suggestion survives tells best whether it was useful; this is for the person alone and never sent.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from byline.commit_messages.trailers import trailers
from byline.git.changes import FileChange

OFFLINE: Final = "offline"
"""The provider of what was written without a model."""

# A word; in scripts that set no spaces between words, a character.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+")
_RUN = 4
_TAKEN = 0.5  # similarity from which on a message counts as taken and edited
_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A message that was offered for a commit that was about to be made.

    `time` in seconds since 1970; `worktree` is the linked worktree's name, "" for the main one. `base` is the commit
    that the change was against, None for a first one, and `tree` tells the files (`tree_of`): by these two the commit
    is recognised. `rank` is 0 for the first candidate; `provider` is OFFLINE, a model's provider, or `plugin:` with a
    plug-in's name.
    """

    time: int
    worktree: str
    base: str | None
    tree: str
    rank: int
    provider: str
    message: str


class Fate(StrEnum):
    """What became of what was offered for one commit."""

    AS_IS = "as is"
    EDITED = "edited"
    NOT_TAKEN = "not taken"
    OPEN = "open"  # no such commit was made yet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of `offers`, which were all for the same commit, when it was made with `message`.

    `commit` and `message` are None where it was not made. `taken` is the offer that is nearest to the message, None
    where none is near; `similarity` (0 to 1) is the share of words that both have in order, `survived` the share of the
    offer's runs of four words that stayed.
    """

    offers: tuple[Offer, ...]
    fate: Fate
    commit: str | None = None
    message: str | None = None
    taken: Offer | None = None
    similarity: float = 0.0
    survived: float = 0.0


def tree_of(files: Iterable[FileChange]) -> str:
    """What tells a change by its files: the same for what is staged and for the commit that it becomes."""
    lines = sorted(f"{file.mode} {file.new_oid or '-'} {file.path}\0" for file in files)
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def outcome(offers: Sequence[Offer], commit: str, message: str) -> Outcome:
    """What became of `offers`, at least one, when `commit` was made with `message`. Total.

    Trailers that are in no offer do not count: git and hooks add them by themselves.
    """
    compared = [(offer, _without_more_trailers(message, offer.message)) for offer in offers]
    near, committed = max(compared, key=lambda pair: (similarity(pair[0].message, pair[1]), -pair[0].rank))
    alike = similarity(near.message, committed)
    if alike < _TAKEN:
        return Outcome(tuple(offers), Fate.NOT_TAKEN, commit, message, None, alike)
    fate = Fate.AS_IS if _lines(near.message) == _lines(committed) else Fate.EDITED
    return Outcome(tuple(offers), fate, commit, message, near, alike, survival(near.message, committed))


def similarity(offered: str, committed: str) -> float:
    """How alike two messages are, 0 to 1, by the words that have to be inserted or deleted."""
    from rapidfuzz.distance import Indel  # no quick-fix in an empty buffer needs it

    return float(Indel.normalized_similarity(_words(offered), _words(committed)))


def survival(offered: str, committed: str) -> float:
    """The share of the offer's runs of four words that stand in what was committed; of shorter ones, of its words."""
    before, after = _words(offered), _words(committed)
    size = min(_RUN, len(before)) or 1
    mine = Counter(tuple(before[at : at + size]) for at in range(len(before) - size + 1))
    theirs = Counter(tuple(after[at : at + size]) for at in range(len(after) - size + 1))
    return (mine & theirs).total() / mine.total() if mine else 0.0


def _without_more_trailers(committed: str, offered: str) -> str:
    """`committed` without the trailers that `offered` has not."""
    lines, known = _lines(committed), set(_lines(offered))
    carried = trailers(lines)
    start = carried[0].line if carried else len(lines)
    return "\n".join((*lines[:start], *(line for line in lines[start:] if line in known)))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().split("\n")]


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].casefold())
