"""The command line, run in this process: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Ending, Run

from byline.cli.app import main
from support.repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit of one file of two lines."""
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"app.py": ["first = 1", "second = 2"]}, "Begin")
    return repo


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, repo: Repo) -> Run:
    """Run the command in the repository, or in the folder `cwd`."""

    def run(*arguments: str, cwd: Path | None = None) -> Ending:
        monkeypatch.chdir(cwd or repo.root)
        code = main(arguments)
        return Ending(code, *capsys.readouterr())

    return run
