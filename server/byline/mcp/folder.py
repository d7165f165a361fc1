"""The folder that the server was started in: only what lies there, or in the repository around it, is spoken of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byline.attribution.project import Project, Projects
from byline.config import Config, load
from byline.git.errors import NotARepository


class OutOfReachError(Exception):
    """A path that this server does not speak of; the message says why, and what to do."""


class Folder:
    """Opens projects for one call each, so that what other processes have recorded meanwhile is always seen."""

    def __init__(self, start: Path) -> None:
        """`start` need not be in a repository: there may be some in it."""
        self._start = start

    @contextmanager
    def project(self, *, to_write: bool = False) -> Iterator[Project]:
        """The project of the folder itself, closed at the end of the block; see `file` for the rest."""
        with self._opened(self._start, to_write) as project:
            yield project

    @contextmanager
    def file(self, path: str, *, to_write: bool = False) -> Iterator[tuple[Project, str]]:
        """The project of the file `path` (absolute, or relative to the repository's root) and git's name for it there.

        Unless `to_write`, nothing is written, and no journal is made where there is none. Raises OutOfReachError,
        NotARepository, GitError and JournalError.
        """
        place = self._place(path)
        if place.is_dir():
            raise OutOfReachError(f"{path} is a folder; name a file.")
        with self._opened(place, to_write) as project:
            name = project.repository.relative(place)
            if name is None:
                raise OutOfReachError(f"{path} is not a file of the work tree {project.root}; name one that is.")
            yield project, name

    def _place(self, path: str) -> Path:
        given = Path(path)
        if not path or "\0" in path or ".." in given.parts:
            raise OutOfReachError("A path is empty, or has '..' or a null character; send it in its plain form.")
        root = self._root()
        places = [root / given, self._start / given]  # an absolute path replaces what stands before it
        place = next(filter(os.path.lexists, places), places[0])
        if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root)):
            raise OutOfReachError(f"{path} is outside of {root}; start `byline mcp` in the repository that it is in.")
        return place

    def _root(self) -> Path:
        try:
            with self._opened(self._start, to_write=False) as project:
                return project.root
        except NotARepository:
            return self._start

    @contextmanager
    def _opened(self, path: Path, to_write: bool) -> Iterator[Project]:
        projects = Projects(_settings, read_only=not to_write)
        try:
            yield projects.at(path)
        finally:
            projects.close()


def _settings(root: Path | None) -> Config:
    """The settings that hold in the work tree `root`; no editor adds any."""
    return load(root, os.environ, None)
