from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commit_editor import editing

from byline.commit_messages.changes import Change, buffer_change, commit_change, staged_change
from byline.git.operation import Operation, operation
from byline.git.repository import Repository
from byline.git.staged import indexes, staged
from support.repo import Repo

Open = Callable[[Path], Repository]


@pytest.fixture
def story(repo: Repo) -> Repo:
    """Two commits; after them `a.py` is changed and staged, `b.py` changed only, `new.py` staged, `c.py` untouched."""
    repo.commit({"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c = 1\n", "folder/d.py": "d = 1\n"}, "first")
    repo.commit({"c.py": "c = 2\n"}, "second")
    repo.write("a.py", "a = 2\n")
    repo.write("b.py", "b = 2\n")
    repo.write("new.py", "new = 1\n")
    repo.git("add", "a.py", "new.py")
    return repo


def seen(change: Change) -> dict[str, str]:
    return {file.path: file.status for file in change.files}


def asked_while_editing(open_repository: Open, repo: Repo, *command: str, **more: object) -> Change:
    """What a program that has been running for long says of the commit while its message is being edited."""
    repository = open_repository(repo.root)
    repository.head()
    with editing(repo, *command, **more) as file:  # type: ignore[arg-type]
        return buffer_change(repository, file.read_text())


def made(open_repository: Open, repo: Repo) -> Change:
    """What the commit that is HEAD now really changed."""
    return commit_change(open_repository(repo.root), repo.head)


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (["commit", "-m", "x", "-e"], {"a.py": "M", "new.py": "A"}),
        (["commit", "-e", "-m", "x", "-v"], {"a.py": "M", "new.py": "A"}),
        (["commit", "-e", "-m", "x", "-v", "-v"], {"a.py": "M", "new.py": "A"}),
        (["commit", "-a", "-e", "-m", "x"], {"a.py": "M", "b.py": "M", "new.py": "A"}),
        (["commit", "-a", "-v", "-e", "-m", "x"], {"a.py": "M", "b.py": "M", "new.py": "A"}),
        (["commit", "-e", "-m", "x", "--", "b.py"], {"b.py": "M"}),
        (["commit", "-e", "-m", "x", "--only", "a.py"], {"a.py": "M"}),
        (["commit", "-e", "-m", "x", "--include", "b.py"], {"a.py": "M", "b.py": "M", "new.py": "A"}),
        (["commit", "--amend"], {"a.py": "M", "c.py": "M", "new.py": "A"}),
        (["commit", "--amend", "-v"], {"a.py": "M", "c.py": "M", "new.py": "A"}),
        (["commit", "--amend", "-a"], {"a.py": "M", "b.py": "M", "c.py": "M", "new.py": "A"}),
        (["commit", "--amend", "--", "b.py"], {"b.py": "M", "c.py": "M"}),
        (["commit", "-c", "HEAD"], {"a.py": "M", "new.py": "A"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_change_is_that_of_the_commit_that_is_being_made(
    story: Repo, open_repository: Open, command: list[str], wanted: dict[str, str]
) -> None:
    change = asked_while_editing(open_repository, story, *command)
    assert seen(change) == wanted
    really = made(open_repository, story)
    assert (change.files, change.base) == (really.files, really.base)
    assert (change.operation is Operation.AMEND) == ("--amend" in command)


def test_hunks_that_are_chosen_one_by_one(story: Repo, open_repository: Open) -> None:
    change = asked_while_editing(open_repository, story, "commit", "-p", "-e", "-m", "x", answers="y\n")
    assert seen(change) == {"a.py": "M", "b.py": "M", "new.py": "A"}
    assert change.files == made(open_repository, story).files


def test_a_configuration_that_shows_no_status(story: Repo, open_repository: Open) -> None:
    story.configure(commit__status="false")
    amended = asked_while_editing(open_repository, story, "commit", "--amend")
    assert amended.operation is Operation.AMEND
    assert seen(amended) == {"a.py": "M", "c.py": "M", "new.py": "A"}


def test_the_verbose_diff_in_another_language_and_with_another_comment(story: Repo, open_repository: Open) -> None:
    story.configure(core__commentChar=";", diff__noprefix="true")
    repository = open_repository(story.root)
    with editing(story, "commit", "-e", "-m", "x", "--", "b.py") as file:
        assert seen(buffer_change(repository, file.read_text(), ";")) == {"b.py": "M"}


def test_started_in_a_folder_with_names_that_git_quotes(repo: Repo, open_repository: Open) -> None:
    odd = 'ordner/größe "x".py'
    repo.commit({odd: "a = 1\n", "b.py": "b = 1\n"}, "first")
    repo.write(odd, "a = 2\n")
    repo.write("b.py", "b = 2\n")
    change = asked_while_editing(
        open_repository, repo, "commit", "-e", "-m", "x", "--", "../b.py", cwd=repo.root / "ordner"
    )
    assert seen(change) == {"b.py": "M"}


def test_the_first_commit(repo: Repo, open_repository: Open) -> None:
    repo.write("a.py", "a = 1\n")
    repo.git("add", "a.py")
    change = asked_while_editing(open_repository, repo, "commit", "-e", "-m", "x")
    assert (change.base, change.branch, seen(change)) == (None, "refs/heads/main", {"a.py": "A"})


def test_a_rename_is_one_file(repo: Repo, open_repository: Open) -> None:
    repo.commit({"old.py": [f"line {n}" for n in range(30)]}, "first")
    repo.git("mv", "old.py", "new.py")
    change = asked_while_editing(open_repository, repo, "commit", "-e", "-m", "x")
    assert [(f.status, f.old_path, f.path) for f in change.files] == [("R", "old.py", "new.py")]


@pytest.mark.parametrize(
    ("prepare", "command", "wanted", "kind"),
    [
        (["merge", "--no-commit", "--no-ff", "side"], ["commit"], {"side.py": "A"}, Operation.MERGE),
        (["merge", "--squash", "side"], ["commit"], {"side.py": "A"}, Operation.SQUASH),
        ([], ["cherry-pick", "-e", "side"], {"side.py": "A"}, None),
        (["cherry-pick", "-n", "side"], ["commit", "-e", "-m", "x"], {"side.py": "A"}, None),
        ([], ["revert", "-e", "main"], {"b.py": "M"}, Operation.REVERT),
    ],
    ids=["merge", "squash", "pick", "pick, no commit", "revert"],
)
def test_what_git_itself_prepares(
    repo: Repo, open_repository: Open, prepare: list[str], command: list[str], wanted: dict[str, str],
    kind: Operation | None,
) -> None:  # fmt: skip
    repo.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"}, "first")
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit({"side.py": "side = 1\n"}, "on the side")
    repo.git("switch", "--quiet", "main")
    repo.commit({"b.py": "b = 2\n"}, "on main")
    if prepare:
        repo.git(*prepare)
    repository = open_repository(repo.root)
    with editing(repo, *command) as file:
        change = buffer_change(repository, file.read_text())
    assert seen(change) == wanted
    assert kind in (None, change.operation)


def test_a_linked_worktree_and_a_submodule_have_indexes_of_their_own(
    repo: Repo, open_repository: Open, tmp_path: Path
) -> None:
    repo.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"}, "first")
    linked = Repo(tmp_path.resolve() / "linked", repo.clock)
    repo.git("worktree", "add", "--quiet", "-b", "other", str(linked.root))
    repo.write("a.py", "a = 3\n")
    repo.git("add", "a.py")
    linked.write("b.py", "b = 2\n")
    repository = open_repository(linked.root)
    with editing(linked, "commit", "-a", "-e", "-m", "x") as file:
        around = open_repository(file)
        assert around.git_dir == repository.git_dir
        change = buffer_change(around, file.read_text())
    assert (seen(change), change.branch) == ({"b.py": "M"}, "refs/heads/other")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(linked.root), "inner")
    repo.git("add", "--all")
    inner = Repo(repo.root / "inner", repo.clock)
    inner.write("a.py", "a = 9\n")
    with editing(inner, "commit", "-a", "-e", "-m", "x") as file:
        assert seen(buffer_change(open_repository(file), file.read_text())) == {"a.py": "M"}
    outer = staged_change(open_repository(repo.root))
    assert [f.path for f in outer.files if f.is_submodule] == ["inner"]


def test_indexes_that_were_left_behind_do_not_count(story: Repo, open_repository: Open) -> None:
    git_dir = story.root / ".git"
    (git_dir / "next-index-4194304999.lock").write_bytes(b"left behind")
    (git_dir / f"next-index-{os.getpid()}.lock").write_bytes(b"half written")
    repository = open_repository(story.root)
    assert [index.file.name for index in indexes(repository)] == [f"next-index-{os.getpid()}.lock", "index"]
    buffer = "\n# Changes to be committed:\n#\tmodified:   a.py\n#\tnew file:   new.py\n#\n"
    assert seen(buffer_change(repository, buffer)) == {"a.py": "M", "new.py": "A"}


def test_a_lock_of_another_command_does_not_count(story: Repo, open_repository: Open) -> None:
    """Somebody runs `git add` in a terminal while a plain commit is being written."""
    repository = open_repository(story.root)
    with editing(story, "commit", "-e", "-m", "x") as file:
        shutil.copy(story.root / ".git" / "index", story.root / ".git" / "index.lock")
        story.git("add", "b.py", GIT_INDEX_FILE=str(story.root / ".git" / "index.lock"))
        try:
            change = buffer_change(repository, file.read_text())
        finally:
            (story.root / ".git" / "index.lock").unlink()
    assert seen(change) == {"a.py": "M", "new.py": "A"}


def test_nothing_is_written(story: Repo, open_repository: Open) -> None:
    repository = open_repository(story.root)
    before = {file: file.stat().st_mtime_ns for file in (story.root / ".git").rglob("*") if file.is_file()}
    staged(repository, story.head)
    staged_change(repository, amend=True)
    assert before == {file: file.stat().st_mtime_ns for file in (story.root / ".git").rglob("*") if file.is_file()}


def test_what_was_only_announced_is_not_staged(story: Repo, open_repository: Open) -> None:
    story.write("later.py", "later = 1\n")
    story.git("add", "--intent-to-add", "later.py")
    assert seen(staged_change(open_repository(story.root))) == {"a.py": "M", "new.py": "A"}
    assert operation(open_repository(story.root)) is Operation.COMMIT
