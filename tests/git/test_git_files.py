"""Small files are read only where they are files, and small."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git.files import read_small

LIMIT = 10


def nothing(path: Path) -> None:
    """Leave it missing."""


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


WITHOUT: dict[str, Callable[[Path], object]] = {
    "nothing": nothing,
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": a_link_to_itself,
    "too much": lambda path: path.write_bytes(b"x" * (LIMIT + 1)),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_no_small_file_has_no_content(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    WITHOUT[name](path)
    before = open_files()
    assert read_small(path, LIMIT) is None
    assert open_files() == before


def test_a_small_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * LIMIT)
    assert read_small(path, LIMIT) == b"x" * LIMIT


def open_files() -> int:
    """How many this process has open, where the system tells."""
    folder = Path("/dev/fd")
    return len(os.listdir(folder)) if folder.exists() else 0  # noqa: PTH208
