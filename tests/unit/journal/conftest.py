from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from byline.journal.journal import Journal


@pytest.fixture
def common(tmp_path: Path) -> Path:
    """What stands for git's common directory."""
    directory = tmp_path / "repository" / ".git"
    directory.mkdir(parents=True)
    return directory


@pytest.fixture
def start(common: Path) -> Iterator[Callable[..., Journal]]:
    """Opens journals of `common`, and closes those that the test leaves open."""
    opened: list[Journal] = []

    def start(**options: object) -> Journal:
        opened.append(Journal.open(common, **options))
        return opened[-1]

    yield start
    for journal in opened:
        journal.close(timeout=1)


@pytest.fixture
def journal(start: Callable[..., Journal]) -> Journal:
    return start(clock=lambda: 1000.0)
