"""Byline in a real Helix, on a screen, with the configuration that docs/editors/helix.md gives."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.neovim.terminal import Terminal
from editors.page import snippets
from editors.program import program
from editors.screen import sees, sees_no_longer
from support.checks import check_blame
from support.scenario import Scene
from support.wire import wait_for

ESCAPE, DOWN, ENTER = "\x1b", "\x1b[B", "\r"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A fresh repository, in whose environment `byline` is found."""
    scene = Scene(tmp_path)
    scene.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{scene.env['PATH']}"
    yield scene
    scene.abandon()


class Helix:
    """Helix with a file open, and somebody at the keyboard."""

    def __init__(self, program: str, scene: Scene, file: Path) -> None:
        settings = Path(scene.env["XDG_CONFIG_HOME"], "helix")
        settings.mkdir(parents=True)
        ours, its_own = snippets("helix.md", "toml", "Settings")
        (settings / "languages.toml").write_text(snippets("helix.md", "toml", "Configuration")[0] + ours)
        (settings / "config.toml").write_text(its_own)
        self.terminal = Terminal([program, str(file)], scene.root, scene.env)
        sees(self.terminal, "NOR")

    def hovers(self, expected: str) -> None:
        """Look at the card of the cursor's line, again while the server is still starting, and close it."""

        def asks() -> bool:
            self.terminal.send(" k")
            try:
                sees(self.terminal, expected, 2)
            except AssertionError:
                return False
            return True

        wait_for(f"the card says {expected!r}", asks)
        self.terminal.send(ESCAPE)
        sees_no_longer(self.terminal, expected)

    def chooses(self, title: str) -> None:
        """Take a code action from Helix's menu, in which the first one is chosen already."""
        self.terminal.send(" a")
        sees(self.terminal, title)
        titles = [line.strip() for line in self.terminal.lines if "Byline: " in line]
        self.terminal.send(DOWN * titles.index(title) + ENTER)
        sees_no_longer(self.terminal, title)


def test_helix_types_hovers_and_marks(scene: Scene) -> None:
    found = program("hx", "tests/editors/helix/install-helix")
    file = scene.has("app.py", "import os\nimport sys\n")
    inserted = scene.base / "inserted.py"
    inserted.write_text("retries = 3\nverbose = True\n")
    helix = Helix(found, scene, file)
    try:
        helix.hovers("Add app.py")  # the server is there: what is typed from now on, it sees
        helix.terminal.send("geo")
        sees(helix.terminal, "INS")
        for key in "limit = 10":
            helix.terminal.send(key)
        sees(helix.terminal, "limit = 10 ○ you")  # an inlay hint
        helix.terminal.send(ESCAPE)
        sees(helix.terminal, "NOR")
        helix.hovers("it came in as keystrokes do")
        helix.terminal.send(f":append-output cat {inserted}{ENTER}")
        sees(helix.terminal, "verbose = True")
        helix.terminal.send("4Gxx")  # both of the lines that came in at once
        helix.chooses("Byline: Mark as written by me")
        helix.hovers("a person said so")
        helix.terminal.send(f":wq{ENTER}")
        wait_for("Helix has ended", lambda: helix.terminal.process.poll() is not None)
    finally:
        helix.terminal.end()
    text = "import os\nimport sys\nlimit = 10\nretries = 3\nverbose = True\n"
    assert file.read_text() == text
    scene.git("commit", "-qam", "Work in Helix")
    scene.byline("settle", "--json").json()
    check_blame(scene, "app.py", "U U H*3", text=text)
    levels = [line["level"] for line in scene.byline("blame", "--json", "app.py").json()["lines"]]
    assert levels == [None, None, "probable", "declared", "declared"]
