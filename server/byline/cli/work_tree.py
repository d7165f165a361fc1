"""Opening what a command is about: the repository around a folder, and the paths in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byline.attribution.project import Project, Projects
from byline.cli.output import Exit, Refusal, shown
from byline.config import Config, load


def settings(root: Path | None) -> Config:
    """The settings that hold in the work tree `root`, as a terminal sees them: no editor adds any."""
    return load(root, os.environ, None)


def here() -> Path:
    """The folder that the command was started in, or that `-C` named."""
    return Path.cwd()


@contextmanager
def opened(path: Path, *, to_write: bool = False) -> Iterator[Project]:
    """The project that the file or folder `path` belongs to, closed at the end of the block.

    Unless `to_write`, nothing is written, and no journal is made where there is none. Raises NotARepository, GitError
    and JournalError.
    """
    with projects(to_write=to_write) as known:
        yield known.at(path.absolute())


@contextmanager
def projects(*, to_write: bool = False) -> Iterator[Projects]:
    """The projects that a command meets, closed at the end of the block; writing as with `opened`."""
    known = Projects(settings, read_only=not to_write)
    try:
        yield known
    finally:
        known.close()


def name_in(project: Project, path: Path, *, committed: bool = False) -> str:
    """The path of a file as git names it in `project`; in a bare one, of what is `committed`, relative to its root.

    Raises Refusal where it is outside.
    """
    if project.repository.is_bare and committed and not path.is_absolute() and ".." not in path.parts:
        return path.as_posix()
    if project.repository.is_bare:
        raise Refusal(
            Exit.FAILED,
            f"{project.root} is a bare repository: it has no work tree, and so no files of its own. "
            "Run this in a clone of it.",
        )
    name = project.repository.relative(path.absolute())
    if name is None:
        raise Refusal(
            Exit.USAGE, f"{shown(str(path))} is not a file of {project.root}; name one that is, relative to here."
        )
    return name
