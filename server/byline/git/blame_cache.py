"""Blames that are kept, and new ones composed from them: only what is newer is blamed again."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache

from byline.git.blame import Assembly, Blame, Found, blame, conditions, find_runs

if TYPE_CHECKING:
    from byline.git.repository import Repository

_Key = tuple[str, str]  # commit id, path

LINES = 500_000
"""How many lines are kept in all; each takes 12 bytes."""


class BlameCache:
    """The blames of one repository, the least recently used dropped first. Thread-safe; one question is asked once."""

    def __init__(self, repo: Repository, lines: int = LINES) -> None:
        self._repo = repo
        self._lock = Lock()
        self._kept: LRUCache[_Key, Blame] = LRUCache(lines, getsizeof=lambda blamed: len(blamed) + 1)
        self._newest: LRUCache[str, str] = LRUCache(10_000)  # path -> the commit of its newest blame
        self._running: dict[_Key, Future[Blame]] = {}
        self._conditions: object = None

    def get(self, rev: str, path: str) -> Blame:
        """The blame of `path` in the commit with the id `rev`: what `blame` gives. Raises what `blame` raises."""
        key = (rev, path)
        now = conditions(self._repo)
        with self._lock:
            if now != self._conditions:
                self._kept.clear()
                self._conditions = now
            found = self._kept.get(key)
            if found is not None:
                return found
            running = self._running.get(key)
            if running is None:
                mine = self._running[key] = Future()
        if running is not None:
            return running.result()
        try:
            blamed = self._compose(rev, path)
            if blamed is None:
                blamed = blame(self._repo, rev, path)
        except BaseException as error:
            mine.set_exception(error)
            self._finish(key, None, now)
            raise
        mine.set_result(blamed)
        self._finish(key, blamed, now)
        return blamed

    def _finish(self, key: _Key, blamed: Blame | None, then: object) -> None:
        with self._lock:
            del self._running[key]
            if blamed is not None and len(blamed) < self._kept.maxsize and then == self._conditions:
                self._kept[key] = blamed
                self._newest[blamed.path] = blamed.rev

    def _compose(self, rev: str, path: str) -> Blame | None:
        """From the newest blame of the same path and what was committed since, if that is exact."""
        with self._lock:
            since = self._newest.get(path)
            if since is None or (since, path) not in self._kept:
                return None
        found = find_runs(self._repo, rev, path, since)
        with self._lock:
            older = {run.path: self._kept.get((since, run.path)) for run in found.runs if run.commit == since}
        return compose(rev, path, found, since, older)


def compose(rev: str, path: str, found: Found, since: str, older: Mapping[str, Blame | None]) -> Blame | None:
    """A blame from what was `found` down to `since`, and the `older` blames in that commit, by path.

    None where that would not be exact: git stopped at another commit, or one of the blames is missing.
    """
    if found.stops - {since} or None in older.values():
        return None
    assembly = Assembly(rev, path, sum(run.size for run in found.runs))
    for run in found.runs:
        source = older.get(run.path) if run.commit == since else None
        if source is None:
            assembly.add(run, found.commits[run.commit])
        else:
            assembly.copy(run, source)
    return assembly.finished()
