"""What a plug-in is told of the commit that is being made: a small part of what Byline knows, in a form that stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StagedFile:
    """What the commit does to one file.

    `path` is relative to the root of the work tree, with `/`; `old_path` is set where the file was renamed or copied.
    `status` is git's letter (A, M, D, R, C, T), `kind` one of source, test, docs, ci, build, config, lock, generated,
    vendored, asset. `added` and `removed` are whole lines without their breaks, `symbols` the names of the functions
    and classes that are touched; all three are empty for what is binary, very large, or named in `.byline-ignore`.
    """

    path: str
    old_path: str | None
    status: str
    kind: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StagedCommit:
    """The commit that is being made.

    `root` is the work tree; `branch` the full ref of HEAD, None where it is detached or `commit.issueKey` is off;
    `amends` says whether the last commit is replaced. `types` and `scopes` are what the repository would use, the
    likeliest first, both empty where messages have no type. `messages` are those that Byline has written itself.
    """

    root: Path
    branch: str | None
    amends: bool
    files: tuple[StagedFile, ...]
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    messages: tuple[str, ...]
