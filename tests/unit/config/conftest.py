from __future__ import annotations

from pathlib import Path

import pytest

from support.settings import Person


@pytest.fixture
def person(tmp_path: Path, home: Path) -> Person:
    (tmp_path / "root").mkdir()
    return Person(tmp_path / "root", home)
