"""What was offered is found again with the commit that was made of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from byline.attribution.project import Project, Projects
from byline.commit_messages.changes import staged_change
from byline.commit_messages.offers.file import NAME
from byline.commit_messages.offers.history import History
from byline.commit_messages.offers.offer import Fate
from byline.commit_messages.writer import Candidate
from byline.config import Config
from byline.config.schema import Commit, Record
from support.repo import Repo

SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
DAY = 86_400


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"a.py": "a = 1\n", "old.py": "x = 1\ny = 2\nz = 3\n"}, "feat: begin")
    return repo


@pytest.fixture
def project(repo: Repo) -> Iterator[Project]:
    with opened(repo) as project:
        yield project


@contextmanager
def opened(repo: Repo, config: Config | None = None) -> Iterator[Project]:
    projects = Projects(lambda _: config or Config())
    try:
        project = projects.at(repo.root)
        project.clock = lambda: repo.clock[0]
        yield project
    finally:
        projects.close()


def candidate(message: str, plugin: str | None = None) -> Candidate:
    return Candidate(message, None, None, 0.5, (), plugin)


def offer(project: Project, *messages: str, amend: bool = False, provider: str = "offline") -> None:
    change = staged_change(project.repository, amend=amend)
    History(project).keep(change, [candidate(message) for message in messages], provider)


def stage(repo: Repo, **files: str) -> None:
    for name, text in files.items():
        repo.write(f"{name}.py", text)
    repo.git("add", "--all")


def fates(project: Project) -> list[tuple[str, str | None]]:
    """The fate and the message taken, newest first."""
    return [(each.fate.value, each.taken and each.taken.message) for each in History(project).outcomes()]


def _plain(repo: Repo) -> None:
    repo.commit({}, "feat: change a")


def _edited(repo: Repo) -> None:
    repo.commit({}, "feat: change a for good")


def _as_another_hook_has_it(repo: Repo) -> None:
    repo.commit({}, "feat: change a\n\nChange-Id: I0123456789abcdef0123456789abcdef01234567\n")


def _other(repo: Repo) -> None:
    repo.commit({}, "something else altogether")


def _signed(repo: Repo) -> None:
    repo.commit({}, "feat: change a", "--signoff")


def _other_files(repo: Repo) -> None:
    repo.commit({"c.py": "c = 1\n"}, "feat: change a")


def _in_two(repo: Repo) -> None:
    repo.git("reset", "--quiet")
    repo.git("commit", "--quiet", "--message", "feat: change a", "a.py")


def _amended(repo: Repo) -> None:
    repo.commit({}, "something else altogether")
    repo.commit({}, "feat: change a", "--amend")


def _rebased(repo: Repo) -> None:
    repo.commit({}, "feat: change a")
    repo.git("switch", "-qc", "side", "HEAD~1")
    repo.commit({"s.py": "s = 1\n"}, "feat: aside")
    repo.git("rebase", "--quiet", "side", "main")


@pytest.mark.parametrize(
    ("way", "fate", "taken"),
    [
        (_plain, "as is", "feat: change a"),
        (_signed, "as is", "feat: change a"),
        (_as_another_hook_has_it, "as is", "feat: change a"),
        (_amended, "as is", "feat: change a"),
        (_rebased, "as is", "feat: change a"),
        (_edited, "edited", "feat: change a"),
        (_other, "not taken", None),
        (_other_files, "open", None),
        (_in_two, "open", None),
        (lambda repo: None, "open", None),
    ],
)
def test_what_became_of_what_was_offered(
    repo: Repo, project: Project, way: Callable[[Repo], None], fate: str, taken: str | None
) -> None:
    repo.git("mv", "old.py", "new.py")
    stage(repo, a="a = 2\n", new="x = 1\ny = 2\nz = 4\n")
    offer(project, "feat: change a", "fix: mend a")
    way(repo)
    assert fates(project) == [(fate, taken)]


def _of_every_kind(repo: Repo) -> None:
    """Renamed, removed, added with odd names, made executable, turned into a link, binary, a submodule, announced."""
    repo.git("mv", "old.py", "moved.py")
    repo.write("moved.py", "x = 1\ny = 2\nz = 4\n")
    repo.git("rm", "-q", "gone.py")
    for name in ("new line\n.py", "tab\t.py", "not-\udcff.py", "ü.py"):
        repo.write(name, "n = 1\n")
    (repo.root / "tool.sh").chmod(0o755)
    (repo.root / "link.py").unlink()
    (repo.root / "link.py").symlink_to("a.py")
    repo.write("data.bin", b"\0\1" * 100)
    repo.git("add", "--all")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.head},inner")
    repo.write("later.py", "l = 1\n")
    repo.git("add", "--intent-to-add", "later.py")


def test_a_commit_of_every_kind_of_change_is_recognised(repo: Repo, project: Project) -> None:
    repo.commit({name: f"{name} = 1\n" for name in ("gone.py", "tool.sh", "link.py")}, "feat: more")
    _of_every_kind(repo)
    offer(project, "feat: change much")
    repo.clock[0] += 1
    repo.git("commit", "--quiet", "--message", "feat: change much")
    assert fates(project) == [("as is", "feat: change much")]


def test_newest_first_and_by_provider(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    offer(project, "feat: change a")
    offer(project, "feat: let a be two", provider="claude")
    repo.commit({}, "feat: let a be two")
    stage(repo, a="a = 3\n")
    offer(project, "feat: change a again")
    newest, oldest = History(project).outcomes()
    assert (newest.fate, oldest.fate) == (Fate.OPEN, Fate.AS_IS)
    assert [one.provider for one in oldest.offers] == ["offline", "claude"]
    assert oldest.taken is oldest.offers[1]


def test_the_first_commit_and_an_amended_one(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "new")
    with opened(repo) as project:
        stage(repo, a="a = 1\n")
        offer(project, "feat: add a")
        repo.commit({}, "feat: add a")
        stage(repo, a="a = 2\n")
        offer(project, "feat: add a and b", amend=True)
        repo.commit({}, "feat: add a and b", "--amend")
        assert fates(project) == [("as is", "feat: add a and b"), ("as is", "feat: add a")]


def test_each_worktree_has_its_own(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    offer(project, "feat: change a")
    repo.git("worktree", "add", "-q", "-b", "side", "../side")
    side = Repo(repo.root.parent / "side", repo.clock)
    with opened(side) as other:
        stage(side, a="a = 3\n")
        offer(other, "feat: change a aside")
        side.commit({}, "feat: change a aside")
        assert fates(project) == [("open", None)]
        assert fates(other) == [("as is", "feat: change a aside")]


def test_secrets_do_not_get_into_the_file(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    offer(project, f"feat: use {SECRET}")
    kept = (project.journal.location / NAME).read_text()
    assert SECRET not in kept
    assert "secret:" in kept


@pytest.mark.parametrize(
    "config",
    [Config(commit=Commit(history=False)), Config(record=Record(keep_days=0))],
)
def test_nothing_is_kept_where_nobody_wants_it(repo: Repo, config: Config) -> None:
    with opened(repo, config) as project:
        stage(repo, a="a = 2\n")
        offer(project, "feat: change a")
        repo.clock[0] += 1
        assert fates(project) == []


def test_what_is_old_is_forgotten(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    offer(project, "feat: change a")
    repo.clock[0] += 13 * DAY
    assert len(fates(project)) == 1
    repo.clock[0] += 2 * DAY
    assert fates(project) == []
    offer(project, "feat: change b")
    assert "change a" not in (project.journal.location / NAME).read_text()


def test_gits_own_messages_are_not_offers(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    (repo.root / ".git/MERGE_HEAD").write_text(repo.head + "\n")
    offer(project, "Merge branch 'side'")
    assert fates(project) == []


def test_a_disk_that_cannot_be_written_is_no_error(
    repo: Repo, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    stage(repo, a="a = 2\n")
    (project.journal.location / "offers.lock").mkdir()
    offer(project, "feat: change a")
    assert "is not kept" in caplog.text
    assert fates(project) == []


def test_what_a_copied_folder_brings_is_not_read(repo: Repo, project: Project, tmp_path: Path) -> None:
    stage(repo, a="a = 2\n")
    offer(project, "feat: change a")
    project.journal.flush()
    copy = tmp_path / "copy"
    shutil.copytree(repo.root, copy, symlinks=True)
    projects = Projects(lambda _: Config(), read_only=True)
    assert fates(projects.at(copy)) == []
    projects.close()


def test_plug_ins_are_told_apart(repo: Repo, project: Project) -> None:
    stage(repo, a="a = 2\n")
    candidates = [replace(candidate("feat: change a"), plugin="team"), candidate("fix: mend a")]
    History(project).keep(staged_change(project.repository), candidates, "offline")
    (found,) = History(project).outcomes()
    assert [(one.rank, one.provider) for one in found.offers] == [(0, "plugin:team"), (1, "offline")]
