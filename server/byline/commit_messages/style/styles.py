"""The styles of repositories, learned as seldom as possible while somebody waits."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Lock

from cachetools import LRUCache

from byline.commit_messages.style.content import past_contents
from byline.commit_messages.style.kept import Kept
from byline.commit_messages.style.style import LEARNED_FROM, Style
from byline.git.history import PastCommit, recent_commits
from byline.git.repository import Repository

HOLD = 50
"""Commits for which weights may be used. They foretell a little less well than new ones, and that hardly grows."""


class Styles:
    """The styles of repositories, kept for each HEAD. Thread-safe.

    A style always knows all of the history; only its weights may be those of a HEAD that was at most `HOLD` commits
    ago, if some process kept them.
    """

    def __init__(self, most: int = 8, *, hurried: bool = False) -> None:
        """Keep the last `most` in memory.

        In a large repository it takes a second or two to read what past commits changed. Who is `hurried` goes without,
        where no weights are kept, and calls `renew` afterwards.
        """
        self._hurried = hurried
        self._known: LRUCache[tuple[Path, str | None], Style] = LRUCache(most)
        self._lock = Lock()

    def of(self, repository: Repository, beside: Path) -> Style:
        """The style of what HEAD has. Weights are kept `beside` the journal, in its folder. Blocks. Raises GitError."""
        key = (repository.common_dir, repository.head().oid)
        with self._lock:
            if key not in self._known:
                self._known[key] = self._style(repository, _commits(repository), Kept(beside))
            return self._known[key]

    def renew(self, repository: Repository, beside: Path) -> None:
        """Learn from what HEAD has, unless that was done, for the commits to come. Blocks. Raises GitError.

        What `of` answers for this HEAD stays as it is.
        """
        commits, kept = _commits(repository), Kept(beside)
        if commits and kept.newest([commits[0].oid]) is None:
            _learned(repository, commits, kept)

    def _style(self, repository: Repository, commits: list[PastCommit], kept: Kept) -> Style:
        known = kept.newest(commit.oid for commit in commits[: HOLD + 1])
        if known:
            style = Style(commits, known)
            if style.types.keys() >= set(known.classes):  # a file does not make a type: people do
                return style
        return Style(commits) if self._hurried else _learned(repository, commits, kept)


def _commits(repository: Repository) -> list[PastCommit]:
    head = repository.head().oid
    return recent_commits(repository, head, LEARNED_FROM) if head else []


def _learned(repository: Repository, commits: list[PastCommit], kept: Kept) -> Style:
    style = Style(commits, contents=partial(past_contents, repository))
    if style.weights:
        kept.keep(commits[0].oid, style.weights)
    return style
