"""Without a server on the machine, VS Code offers the one that the extension carries, and installs it."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest

from editors.test_vscode import BASE
from editors.vscode.window import needed, open_window, package, until
from support.repo import Repo

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(180)]


def test_the_server_is_installed_after_asking_twice(tmp_path: Path) -> None:
    needed()
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"app.py": BASE})
    folders = os.environ["PATH"].split(os.pathsep)
    variables = {
        "PATH": os.pathsep.join(folder for folder in folders if not Path(folder, "byline").exists()),
        # What the server needs is here already, so that the test fetches nothing.
        "PIP_NO_DEPS": "1",
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    with open_window(repo.root, tmp_path / "window", package(), variables=variables) as window:
        window.page(
            """
            const offer = page.locator('.notification-toast', {hasText: 'Byline needs its server'});
            await offer.getByRole('button', {name: 'Install'}).click();
            const question = page.locator('.monaco-dialog-box', {hasText: 'Install the Byline server?'});
            await question.getByRole('button', {name: 'Install'}).click();
            """
        )
        until(window.runs, 60)
        [log] = (tmp_path / "window" / "user" / "logs").glob("**/Byline.log")
        assert "(Byline's own environment)" in log.read_text()
        window.open("app.py", 1, 100)
        window.press("Enter")
        window.type("import mine")
        until(lambda: window.states("app.py").get("import mine") == "human")
