from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from byline.git.repository import Repository
from support.repo import Repo

Open = Callable[[Path], Repository]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository; its root is free of symbolic links."""
    return Repo.init(tmp_path.resolve() / "repo")


@pytest.fixture
def open_repository() -> Iterator[Open]:
    """`Repository.discover`, closed at the end of the test."""
    opened: list[Repository] = []

    def open_at(path: Path) -> Repository:
        opened.append(Repository.discover(path))
        return opened[-1]

    yield open_at
    for repository in opened:
        repository.close()


@pytest.fixture
def opened(repo: Repo, open_repository: Open) -> Repository:
    """The package's view of `repo`."""
    return open_repository(repo.root)
