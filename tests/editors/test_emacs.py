"""Byline in a real Emacs, with the configurations that docs/editors/emacs.md gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from editors.neovim.terminal import Terminal
from editors.page import snippets
from editors.program import absent, program
from editors.screen import sees
from support.checks import check_blame
from support.scenario import Scene
from support.wire import wait_for

META, ENTER = "\x1b", "\r"
SESSIONS = Path(__file__).parent / "emacs"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A fresh repository, in whose environment `byline` is found."""
    scene = Scene(tmp_path)
    scene.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{scene.env['PATH']}"
    yield scene
    scene.abandon()


def emacs_with(package: str) -> str:
    """The Emacs of this machine, which has `package`, or there is no test."""
    emacs = program("emacs", "apt-get install emacs-nox")
    wanted = f"(progn (package-initialize) (require '{package}))"
    if subprocess.run([emacs, "--batch", "--eval", wanted], capture_output=True).returncode:
        absent(f"Emacs has no {package}", f"apt-get install elpa-{package}")
    return emacs


def works_in(emacs: str, scene: Scene, session: str, configuration: str, file: Path) -> dict[str, Any]:
    """Run a session in Emacs with a configuration; what was seen."""
    start = scene.base / "init.el"
    start.write_text(f"(package-initialize)\n{configuration}")
    answers = scene.base / "answers.json"
    env = {**scene.env, "SESSION_FILE": str(file), "SESSION_ANSWERS": str(answers)}
    command = [emacs, "--batch", "-l", str(start), "-l", str(SESSIONS / session)]
    done = subprocess.run(command, cwd=scene.root, env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    seen: dict[str, Any] = json.loads(answers.read_text("utf-8"))
    return seen


def test_eglot_types_hovers_and_marks(scene: Scene) -> None:
    emacs = emacs_with("eglot")
    file = scene.has("app.py", "import os\nimport sys\n")
    seen = works_in(emacs, scene, "eglot-session.el", snippets("emacs.md", "elisp", "Eglot")[0], file)
    assert seen["before"] == ["unknown", "unknown", "human", "unknown", "unknown"]
    assert seen["after"] == ["unknown", "unknown", "human", "human", "human"]
    assert "Byline: Mark as written by me" in seen["offered"]
    assert "not committed" in seen["hover"].lower(), seen["hover"]
    assert "a person said so" in seen["marked-hover"], seen["marked-hover"]
    scene.git("commit", "-qam", "Work in Emacs")
    scene.byline("settle", "--json").json()
    check_blame(scene, "app.py", "U U H*3", text=file.read_text())


def test_lsp_mode_shows_lenses_and_marks(scene: Scene) -> None:
    emacs = emacs_with("lsp-mode")
    file = scene.has("app.py", "import os\n")
    start = scene.base / "init.el"
    # No question about the project on the first visit, and no native code for a home that is gone in a moment.
    quiet = (
        "(setq lsp-auto-guess-root t inhibit-startup-screen t"
        " native-comp-deferred-compilation nil warning-minimum-level :error)\n"
    )
    start.write_text(f"(package-initialize)\n{quiet}{snippets('emacs.md', 'elisp', 'lsp-mode')[0]}")
    command = ["setsid", "--ctty", "--wait", emacs, "-nw", "-q", "-l", str(start), str(file)]
    terminal = Terminal(command, scene.root, scene.env)
    try:
        sees(terminal, "you, just now")  # the lens of a file of which only git knows anything
        terminal.send(f"{META}>")
        for key in "limit = 10":
            terminal.send(key)
        sees(terminal, "○ you · not committed yet")  # the hover, in the echo area
        terminal.send(f"{META}<{META}xlsp-execute-code-action{ENTER}")
        sees(terminal, "Select code action")
        terminal.send(f"Byline: Mark as written by me{ENTER}")
        sees(terminal, "○ you · just now")
        terminal.send("\x18\x13")  # C-x C-s
        sees(terminal, "Wrote")
        terminal.send("\x18\x03")  # C-x C-c
        wait_for("Emacs has ended", lambda: terminal.process.poll() is not None)
    finally:
        terminal.end()
    assert file.read_text() == "import os\nlimit = 10\n"
    scene.git("commit", "-qam", "Work in Emacs")
    scene.byline("settle", "--json").json()
    check_blame(scene, "app.py", "H H")
