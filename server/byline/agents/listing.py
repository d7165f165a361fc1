"""What lies in directories, remembered: asking again costs one `stat` for each directory, not a listing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from re import Pattern
from re import compile as pattern

_MOST = 50_000  # names in one directory
_SETTLED = 2_000_000_000  # ns: a change may not show in a directory's time if it was just changed before (FAT: 2 s)


@dataclass(slots=True)
class _Directory:
    changed: int
    trusted: bool
    directories: tuple[str, ...]
    files: tuple[str, ...]
    matching: dict[tuple[str, bool], tuple[str, ...]] = field(default_factory=dict)


class Listing:
    """The names in all directories that were asked for."""

    def __init__(self) -> None:
        self._known: dict[str, _Directory] = {}
        self._fresh: dict[str, _Directory | None] = {}  # those looked at since `refresh`

    def refresh(self) -> None:
        """Look at each directory again, once, when it is next asked for."""
        self._fresh.clear()

    def files(self, top: str, names: tuple[str, ...]) -> Iterator[str]:
        """The paths below `top` whose parts match the patterns `names`, one for each level; sorted within each level.

        A pattern is a name, or has `*` in it. What cannot be read holds nothing.
        """
        name, deeper = names[0], names[1:]
        if "*" in name:
            found: tuple[str, ...] = self._matching(top, name, files=not deeper)
        else:
            found = () if self._is_missing(top, name) else (f"{top}{os.sep}{name}",)
        if not deeper:
            yield from found
        else:
            for directory in found:
                yield from self.files(directory, deeper)

    def _is_missing(self, path: str, name: str) -> bool:
        """Whether there is no `name` in `path`, if that was looked at."""
        if path not in self._fresh:
            return False
        directory = self._fresh[path]
        return directory is None or (name not in directory.directories and name not in directory.files)

    def _matching(self, path: str, name: str, *, files: bool) -> tuple[str, ...]:
        directory = self._directory(path)
        if directory is None:
            return ()
        found = directory.matching.get((name, files))
        if found is None:
            matches = _matcher(name).match
            entries = directory.files if files else directory.directories
            found = tuple(f"{path}{os.sep}{entry}" for entry in entries if matches(entry))
            directory.matching[name, files] = found
        return found

    def _directory(self, path: str) -> _Directory | None:
        if path not in self._fresh:
            self._fresh[path] = self._looked_at(path)
        return self._fresh[path]

    def _looked_at(self, path: str) -> _Directory | None:
        try:
            changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - half the time of a poll would go into making paths
        except (OSError, ValueError):
            self._known.pop(path, None)
            return None
        known = self._known.get(path)
        if known is not None and known.trusted and known.changed == changed:
            return known
        trusted = time.time_ns() - changed > _SETTLED
        directory = self._known[path] = _Directory(changed, trusted, *_names(path))
        return directory


def _names(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    directories: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry, _ in zip(entries, range(_MOST), strict=False):
                (directories if _is_directory(entry) else files).append(entry.name)
    except OSError:
        return (), ()
    return tuple(sorted(directories)), tuple(sorted(files))


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a symbolic link that leads in a circle
        return False


@lru_cache(maxsize=256)
def _matcher(name: str) -> Pattern[str]:
    return pattern(translate(name))
