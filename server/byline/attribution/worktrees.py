"""The worktrees of a repository: each has a HEAD of its own, and so a log to settle."""

from __future__ import annotations

from pathlib import Path

from byline.git.discovery import find
from byline.git.errors import NotARepository
from byline.git.repository import Repository


def worktrees(repository: Repository) -> list[Path]:
    """The roots of all work trees that are still there, the main one first (none in a bare repository)."""
    linked = repository.common_dir / "worktrees"
    git_dirs = [repository.common_dir, *(sorted(linked.iterdir()) if linked.is_dir() else ())]
    roots = (_root(git_dir) for git_dir in git_dirs)
    return [root for root in roots if root is not None]


def _root(git_dir: Path) -> Path | None:
    """The work tree that belongs to a git directory; None where it was moved or removed."""
    try:
        return find(git_dir).work_tree
    except NotARepository:
        return None
