"""What is on record of staged lines, in a real repository with a real journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from byline.attribution.declare import declare_on_disk, store
from byline.attribution.match import Hunk
from byline.attribution.project import Project
from byline.cli.work_tree import opened
from byline.commit_messages.changes import staged_change
from byline.commit_messages.digest.behind import Behind, RecordedInJournal, added_up
from byline.commit_messages.digest.digest import digest
from byline.provenance.origin import Channel, Evidence, Source
from support.repo import Repo

BASE = "first = 1\nlast = 9\n"
BY_AI = "def wait(seconds):\n    return seconds * 2\n"
ALSO_BY_AI = "def work(hours):\n    return hours * 3\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path.resolve() / "repo")
    made.commit({"a.py": BASE, "b.py": BASE}, "first")
    return made


@pytest.fixture
def project(repo: Repo) -> Iterator[Project]:
    with opened(repo.root, to_write=True) as found:
        yield found


def declare(project: Project, repo: Repo, path: str, text: str, *hunks: str, prompt: str = "add waiting") -> None:
    """An agent writes the file and says which parts are its own."""
    repo.write(path, text)
    said = Evidence(Source.DECLARATION, Channel.AGENT, None, "claude-code", "claude-opus-5", "s1")
    said = project.prompts.on(said, prompt)
    given = [Hunk("", hunk) for hunk in hunks]
    store(project, path, given, said)
    assert declare_on_disk(project, path, given, said)
    project.journal.flush()


def behind(project: Project) -> tuple[Behind, ...]:
    return digest(project.repository, staged_change(project.repository), RecordedInJournal(project)).behind


def test_the_prompt_behind_staged_lines(repo: Repo, project: Project) -> None:
    declare(project, repo, "a.py", BASE + BY_AI, BY_AI)
    repo.git("add", "a.py")
    assert behind(project) == (Behind("claude-code", "claude-opus-5", "s1", "add waiting", 2, 0),)


def test_only_a_part_is_staged(repo: Repo, project: Project) -> None:
    declare(project, repo, "a.py", BY_AI + BASE + ALSO_BY_AI, BY_AI, ALSO_BY_AI)
    repo.git("add", "-p", "a.py", stdin="s\ny\nn\n")
    assert [(part.lines, part.prompt) for part in behind(project)] == [(2, "add waiting")]


def test_what_nobody_recorded_has_nobody_behind_it(repo: Repo, project: Project) -> None:
    repo.write("a.py", BASE + BY_AI)
    repo.git("add", "a.py")
    assert behind(project) == ()


def test_a_line_that_only_looks_alike_in_another_file_is_nobodys(repo: Repo, project: Project) -> None:
    declare(project, repo, "a.py", BASE + BY_AI, BY_AI)
    repo.write("b.py", BASE + "def wait(minutes):\n")
    repo.git("add", "b.py")
    assert behind(project) == ()


def test_a_secret_in_a_prompt_is_never_seen(repo: Repo, project: Project) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    declare(project, repo, "a.py", BASE + BY_AI, BY_AI, prompt=f"use {secret}")
    repo.git("add", "a.py")
    (part,) = behind(project)
    assert part.prompt is not None
    assert secret not in part.prompt
    assert part.prompt.startswith("use «secret:")


def test_the_same_session_is_added_up() -> None:
    one, other = Behind("t", None, "s", "p", 2, 1), Behind("t", None, "s", "q", 1, 0)
    assert added_up([other, one, one]) == (Behind("t", None, "s", "p", 4, 2), other)
