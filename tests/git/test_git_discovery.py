"""Which repository a path belongs to. GitPython, which finds repositories by its own code, is asked as well."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import git as gitpython
from byline.git.discovery import Place, find
from byline.git.errors import NotARepository, UnsafeRepository
from byline.git.executable import find_git
from byline.git.ownership import check_owner, is_declared_safe
from byline.git.repository import Repository
from support.repo import Repo


def check(path: Path, git_dir: Path, work_tree: Path | None, common_dir: Path | None = None) -> None:
    assert find(path) == Place(git_dir, common_dir or git_dir, work_tree)
    folder = path if path.is_dir() else path.parent
    while not folder.is_dir():
        folder = folder.parent
    oracle = gitpython.Repo(folder, search_parent_directories=True)
    assert Path(oracle.git_dir).resolve() == git_dir
    assert Path(oracle.common_dir).resolve() == (common_dir or git_dir)
    assert (Path(oracle.working_tree_dir).resolve() if oracle.working_tree_dir else None) == work_tree


@pytest.mark.parametrize("inside", ["", "a.py", "folder", "not/yet/there.py", "folder/ä b.py"])
def test_ordinary(repo: Repo, inside: str) -> None:
    (repo.root / "folder").mkdir()
    check(repo.root / inside, repo.root / ".git", repo.root)


def test_commit_message_belongs_to_the_work_tree(repo: Repo) -> None:
    check(repo.root / ".git" / "COMMIT_EDITMSG", repo.root / ".git", repo.root)


def test_nested_repository_wins(repo: Repo) -> None:
    inner = Repo.init(repo.root / "vendor" / "inner")
    check(inner.root / "x", inner.root / ".git", inner.root)
    check(repo.root / "vendor" / "x", repo.root / ".git", repo.root)


def test_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    linked = tmp_path.resolve() / "linked"
    repo.git("worktree", "add", "--quiet", str(linked))
    own = repo.root / ".git" / "worktrees" / "linked"
    check(linked / "a", own, linked, repo.root / ".git")
    assert find(own / "COMMIT_EDITMSG") == Place(own, repo.root / ".git", linked)
    assert Repository.discover(linked).worktree_name == "linked"
    assert Repository.discover(repo.root).worktree_name == ""


def test_worktree_of_a_bare_repository(tmp_path: Path) -> None:
    bare = Repo.init(tmp_path.resolve() / "all.git", "--bare")
    tree = bare.git("mktree")
    bare.git("update-ref", "refs/heads/main", bare.git("commit-tree", "-m", "x", tree))
    bare.git("worktree", "add", "--quiet", str(tmp_path.resolve() / "tree"), "main")
    check(tmp_path.resolve() / "tree" / "a", bare.root / "worktrees" / "tree", tmp_path.resolve() / "tree", bare.root)


def test_bare(tmp_path: Path) -> None:
    bare = Repo.init(tmp_path.resolve() / "x.git", "--bare")
    check(bare.root, bare.root, None)
    assert Repository.discover(bare.root).is_bare


def test_bare_in_dot_git(tmp_path: Path) -> None:
    project = tmp_path.resolve() / "project"
    Repo.init(project / ".git", "--bare")
    check(project / "a", project / ".git", None)


def test_submodule(repo: Repo, tmp_path: Path) -> None:
    library = Repo.init(tmp_path.resolve() / "library")
    library.commit({"lib.py": "1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.root), "lib")
    own = repo.root / ".git" / "modules" / "lib"
    check(repo.root / "lib" / "lib.py", own, repo.root / "lib")
    assert find(own / "COMMIT_EDITMSG").work_tree == repo.root / "lib"


def test_through_a_symbolic_link(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo.root)
    assert find(tmp_path / "link" / "a.py").work_tree == repo.root


def test_core_worktree_of_a_stranger_is_not_believed(repo: Repo, tmp_path: Path) -> None:
    repo.configure(core__worktree=str(tmp_path))
    assert find(repo.root / "a").work_tree == repo.root
    moved = tmp_path / "moved.git"
    (repo.root / ".git").rename(moved)
    assert find(moved / "config").work_tree is None


@pytest.mark.parametrize(
    ("config", "bare"),
    [
        ("[core]\n\tbare = true\n", True),
        ("[CORE] Bare = Yes ; comment\n", True),
        ("[core]\nbare\n", True),
        ('[core]\nbare = "true"\n[core]\nbare = false\n', False),
        ("[remote]\n\tbare = true\n", False),
        ('[core "x"]\n\tbare = true\n', False),
        ("[core]\n\tbarely = true\n", False),
        ("\n" * 1_000_000 + "[core]\nbare = true" + " " * 40_000, True),
        ("[core]\nworktree = x" + " " * 1_000_000 + "y", False),
        ("[" * 1_000_000, False),
    ],
)
def test_what_the_configuration_says_of_the_shape(repo: Repo, config: str, bare: bool) -> None:
    """Also where it is made to take long."""
    (repo.root / ".git" / "config").write_text(config)
    began = time.monotonic()
    assert (find(repo.root / "a").work_tree is None) is bare
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"])
def test_variables_of_a_git_around_us_do_not_count(
    repo: Repo, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    assert find(repo.root).git_dir == repo.root / ".git"
    opened = Repository.discover(repo.root)
    assert opened.resolve(repo.commit()) == repo.head


def plain_file(root: Path) -> None:
    (root / ".git").write_text("no git file\n")


def dangling(root: Path) -> None:
    (root / ".git").write_text("gitdir: nowhere\n")


def pipe(root: Path) -> None:
    (root / ".git").mkdir()
    os.mkfifo(root / ".git" / "HEAD")


def nothing(root: Path) -> None:
    (root / ".git").mkdir()


@pytest.mark.parametrize("spoil", [plain_file, dangling, pipe, nothing])
def test_none(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(NotARepository) as caught:
        find(tmp_path / "a.py")
    assert str(tmp_path.resolve()) in caught.value.problem


def test_odd_path_is_no_repository() -> None:
    with pytest.raises(NotARepository):
        find(Path("/a\0b"))


def test_somebody_elses_repository(repo: Repo, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(UnsafeRepository, match=r"safe\.directory"):
        Repository.discover(repo.root)
    repo.configure(safe__directory="*")  # the repository's own word does not count
    with pytest.raises(UnsafeRepository):
        Repository.discover(repo.root)
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {repo.root}\n")
    check_owner(find(repo.root), find_git())


@pytest.mark.parametrize(
    ("values", "safe"),
    [
        ([], False),
        (["*"], True),
        (["*", ""], False),
        (["", "*"], True),
        (["/srv/a"], True),
        (["/srv/a/"], True),
        (["/srv/b"], False),
        (["/srv/*"], True),
        (["/srv/a/b"], False),
    ],
)
def test_safe_directory(values: list[str], safe: bool) -> None:
    assert is_declared_safe(Path("/srv/a"), values) is safe
