"""The scene that every black-box test plays in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checks import check_an_ordinary_file
from support.scenario import Scene
from support.transcripts import Claude


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


@pytest.fixture
def claude(scene: Scene, tmp_path: Path) -> Claude:
    home = tmp_path / "claude"
    home.mkdir()
    scene.env["CLAUDE_CONFIG_DIR"] = str(home)
    scene.settings = {"trusted": True, "agents": {"read": ["claude-code"]}}
    return Claude(home, scene.root)
