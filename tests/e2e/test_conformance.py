"""Byline sees in a repository what git sees: in this very one, in shallow ones, whatever its notes are like."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.repo import Repo

ROOT = Path(__file__).parents[2]


def conformance(root: Path, *options: str) -> tuple[int, str]:
    """The exit code and the output of the script."""
    command = [sys.executable, "-m", "tests.conformance", str(root), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def check_same(root: Path, *options: str, files: int) -> str:
    """All of at least so many files are as git blames them, and nothing was written; returns the output."""
    code, said = conformance(root, *options)
    assert code == 0, said
    right, looked_at = map(int, re.findall(r"in this process: (\d+) of (\d+) files", said)[0])
    assert right == looked_at >= files, said
    assert not (root / ".git" / "byline").exists() or root == ROOT
    return said


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Three commits by different people, and one file that is no text."""
    repo = Repo.init(tmp_path / "repo")
    lines = [f"line {n}" for n in range(20)]
    repo.commit({"app.py": lines, "data.bin": b"\0\1\2", "é x.txt": "one\r\ntwo\r\n"})
    repo.commit({"app.py": [*lines[:5], "new", *lines[7:]]}, "change", "--author=Zoë <zoe@example.org>")
    repo.commit({"app.py": ["top", *lines[:5], "new", *lines[9:]]})
    return repo


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="these files are in no repository")
def test_this_repository_is_blamed_as_git_blames_it() -> None:
    check_same(ROOT, "--files", "10", "--commands", "1", files=10)


def test_every_file_at_head_and_some_in_older_commits(repo: Repo) -> None:
    said = check_same(repo.root, "--all", files=4)
    assert "3 of 3 files" in re.findall("by the command: .*", said)[0]


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    repo.git("clone", "--quiet", "--depth=2", repo.root.as_uri(), str(shallow))
    assert "2 commits behind HEAD" in check_same(shallow, files=2)


def test_a_bare_repository(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(tmp_path / "bare"))
    assert "by the command" not in check_same(tmp_path / "bare", files=2)


def test_notes_that_are_not_understood_are_counted_and_explained(repo: Repo) -> None:
    repo.git("notes", "--ref=whogitit", "add", "-m", "no note of that kind", "HEAD")
    repo.git("notes", "--ref=commits", "add", "-m", "somebody's remark", "HEAD")
    said = check_same(repo.root, files=2)
    assert "refs/notes/whogitit: 0 of 1 notes are understood (0.0%)" in said
    assert f"The note of {repo.head} cannot be decoded: " in said
    assert "not read: refs/notes/commits" in said


def test_what_git_sees_differently_is_named(repo: Repo) -> None:
    repo.configure(i18n__logOutputEncoding="ISO-8859-1")  # git alone obeys
    code, said = conformance(repo.root)
    assert code == 1, said
    assert "Zoë" in said
    assert "'app.py': line 6 is " in said


def test_what_is_no_repository_is_said_to_be_none(tmp_path: Path) -> None:
    code, said = conformance(tmp_path)
    assert code == 2, said
    assert "not a git repository" in said
