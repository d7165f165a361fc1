"""Which work trees `settle --all` goes through."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from command_line import Run

from support.repo import Repo


def test_every_worktree_that_is_still_there(run: Run, repo: Repo, tmp_path: Path) -> None:
    linked, gone = tmp_path / "linked", tmp_path / "gone"
    for branch, folder in (("side", linked), ("other", gone)):
        repo.git("worktree", "add", "--quiet", "-b", branch, str(folder))
    shutil.rmtree(gone)
    for cwd in (repo.root, linked):
        found = json.loads(run("settle", "--all", "--json", cwd=cwd).out)["worktrees"]
        assert [entry["root"] for entry in found] == [str(repo.root), str(linked)]
        assert all(entry["settled"] == repo.head and entry["commits"] == [] for entry in found)
