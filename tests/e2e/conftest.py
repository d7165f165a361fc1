"""The scene that every black-box test plays in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checks import check_an_ordinary_file
from support.scenario import Scene


@pytest.fixture
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A fresh repository; its parameter, if any, says when the editor gives context: before or after a change."""
    scene = Scene(tmp_path, context=getattr(request, "param", "before"))
    try:
        yield scene
        scene.close()
    finally:
        scene.abandon()


@pytest.fixture
def an_ordinary_file_stays_right(scene: Scene) -> Iterator[None]:
    """Whatever a test sent: an ordinary file of another repository is attributed rightly afterwards."""
    yield
    if scene.editors:
        check_an_ordinary_file(scene)
