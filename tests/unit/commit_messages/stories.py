"""Changes and styles for tests, made from a real repository or from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from byline.commit_messages.changes import staged_change
from byline.commit_messages.digest.digest import Digest, digest
from byline.commit_messages.style.style import Style
from byline.git.history import PastCommit, PastFile
from byline.git.repository import Repository
from support.repo import Content, Repo


def staged_digest(root: Path, before: Mapping[str, Content], after: Mapping[str, Content | None]) -> Digest:
    """The digest of a change that is staged: files as they were committed, and what became of some of them."""
    repo = Repo.init(root)
    if before:
        repo.commit(before, "chore: begin")
    for path, content in after.items():
        if content is None:
            (repo.root / path).unlink()
        else:
            repo.write(path, content)
    repo.git("add", "--all")
    repository = Repository.discover(repo.root)
    try:
        return digest(repository, staged_change(repository))
    finally:
        repository.close()


def past(message: str, *paths: str, author: str = "Ann <ann@example.org>", status: str = "M") -> PastCommit:
    """A commit as a log shows it."""
    return PastCommit("0" * 40, author, 0, message, tuple(PastFile(path, status) for path in paths))


def style(*commits: PastCommit, times: int = 1) -> Style:
    """The style of a history of these commits, newest first, all of it `times` over."""
    return Style(commits * times)
