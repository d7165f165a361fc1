from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from byline.git import blame_cache
from byline.git.blame import Blame, assemble, blame
from byline.git.blame_cache import BlameCache
from byline.git.changes import added_lines_of_many
from byline.git.errors import GitError, NoSuchPath
from byline.git.reflog import commits_between
from byline.git.repository import Repository
from support.history import History
from support.repo import Repo

Open = Callable[[Path], Repository]


def said_by_git(repo: Repo, rev: str, path: str) -> list[tuple[str, int]]:
    """(commit, original line) of each line, from git's line porcelain with its own defaults."""
    said = repo.git_bytes("blame", "--line-porcelain", rev, "--", path)
    heads = [
        line.split(b" ") for line in said.split(b"\n") if line[:1].isalnum() and len(line.split(b" ")[0]) in (40, 64)
    ]
    return [(head[0].decode(), int(head[1])) for head in heads]


def check(repo: Repo, opened: Repository, rev: str, path: str) -> Blame:
    blamed = blame(opened, rev, path)
    assert [(line.commit.oid, line.line) for line in blamed] == said_by_git(repo, rev, path)
    return blamed


def test_blame(repo: Repo, opened: Repository) -> None:
    first = repo.commit({"old.py": ["a", "b", "c", "d", "e"]}, "first: ünï")
    repo.git("mv", "old.py", "new ü\t.py")
    second = repo.commit({"new ü\t.py": ["a", "X", "c", "d", "e"]})
    blamed = check(repo, opened, second, "new ü\t.py")
    assert len(blamed) == 5
    assert blamed.line(1).commit.oid == second
    line = blamed.line(2)
    assert (line.path, line.line, line.commit.oid) == ("old.py", 3, first)
    assert (line.commit.author, line.commit.mail, line.commit.tz) == ("Ann", "ann@example.org", "+0100")
    assert (line.commit.summary, line.commit.boundary) == ("first: ünï", False)
    assert line.commit.time == int(repo.git("log", "-1", "--format=%at", first))
    with pytest.raises(IndexError):
        blamed.line(5)


def test_odd_files(repo: Repo, opened: Repository) -> None:
    rev = repo.commit({"empty": "", "no-newline": "a\nb", "cr": "a\rb\r\nc\n", "binary": b"\0\1\n\2\n", "one": "\n"})
    for path, lines in {"empty": 0, "no-newline": 2, "cr": 2, "binary": 2, "one": 1}.items():
        assert len(check(repo, opened, rev, path)) == lines


def test_no_such_path(repo: Repo, opened: Repository) -> None:
    rev = repo.commit({"d/a": "1\n"})
    for path in ("nope", "d"):
        with pytest.raises(NoSuchPath):
            blame(opened, rev, path)
    with pytest.raises(ValueError, match="object id"):
        blame(opened, "HEAD", "d/a")


def test_names_in_another_encoding(repo: Repo, opened: Repository) -> None:
    repo.configure(i18n__commitEncoding="GBK")
    name = "\u738b\u5c0f\u660e".encode("gbk").decode("utf-8", "surrogateescape")
    repo.write("a", "1\n")
    repo.git("add", "a")
    repo.git("commit", "-q", "-F", "-", stdin="\u4f60\u597d".encode("gbk"), GIT_AUTHOR_NAME=name)
    assert blame(opened, repo.head, "a").line(0).commit.author == "\u738b\u5c0f\u660e"
    assert blame(opened, repo.head, "a").line(0).commit.summary == "\u4f60\u597d"


def test_shallow_history_is_marked(repo: Repo, tmp_path: Path, open_repository: Open) -> None:
    repo.commit({"a": ["1", "2"]})
    repo.commit({"a": ["1", "2", "3"]})
    repo.commit({"a": ["1", "2", "3", "4"]})
    repo.git("clone", "--quiet", "--depth", "2", f"file://{repo.root}", str(tmp_path / "clone"))
    blamed = blame(open_repository(tmp_path / "clone"), repo.head, "a")
    assert [line.commit.boundary for line in blamed] == [True, True, True, False]


def test_ignored_revisions(repo: Repo, opened: Repository) -> None:
    first = repo.commit({"a": ["x=1", "y=2"]})
    second = repo.commit({"a": ["x = 1", "y = 2"]})
    cache = BlameCache(opened)
    assert cache.get(second, "a").line(0).commit.oid == second
    repo.configure(blame__ignoreRevsFile=".ignored")
    for wrong in (None, "/dev/zero"):  # git would give up on the one, and read the other for ever
        if wrong:
            (repo.root / ".ignored").symlink_to(wrong)
        with pytest.raises(GitError, match=r"\.ignored"):
            cache.get(second, "a")
    (repo.root / ".ignored").unlink()
    repo.write(".ignored", second + "\n")
    assert cache.get(second, "a").line(0).commit.oid == first
    assert [(x.commit.oid, x.line) for x in blame(opened, second, "a")] == said_by_git(repo, second, "a")


def test_diff_settings_change_nothing(repo: Repo, opened: Repository) -> None:
    history = History(repo, 7)
    for _ in range(15):
        history.step()
    rev, path = repo.head, repo.git("ls-files").split()[0]
    before = list(blame(opened, rev, path))
    repo.configure(diff__algorithm="patience", diff__indentHeuristic="false", diff__renames="false")
    assert list(blame(opened, rev, path)) == before


@pytest.mark.parametrize("shift", range(6))
def test_composed_blame_is_the_full_blame(repo: Repo, opened: Repository, seed: int, shift: int) -> None:
    """And what each commit added is what blame gives to it."""
    history = History(repo, seed + shift)
    random = Random(seed + shift)
    cache = BlameCache(opened)
    for _ in range(25):
        history.step()
        paths = repo.git("ls-files").split()
        for path in random.sample(paths, min(2, len(paths))):
            composed = cache.get(repo.head, path)
            full = blame(opened, repo.head, path)
            assert list(composed) == list(full), f"seed {seed}, shift {shift}, {repo.head} {path}"
            assert {c.oid for c in composed.commits} == {line.commit.oid for line in full}
    commits = commits_between(opened, None, repo.head)
    added = dict(zip(commits, added_lines_of_many(opened, commits), strict=True))
    for path in repo.git("ls-files").split():
        for line in check(repo, opened, repo.head, path):
            ranges = added[line.commit.oid][line.path].added
            assert any(line.line in lines for lines in ranges), f"seed {seed}, shift {shift}, {line}"


def test_composing_happens(repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Along a line of history nothing is blamed twice, not even when the file was renamed."""
    first = repo.commit({"a": [str(n) for n in range(30)], "b": "b\n"})
    cache = BlameCache(opened)
    cache.get(first, "a")

    def forbidden(*_: object) -> Blame:
        raise AssertionError("a full blame")

    monkeypatch.setattr(blame_cache, "blame", forbidden)
    for n in range(5):
        rev = repo.commit({"a": [str(n) if n != k else "new" for k in range(30)]})
        assert [(x.commit.oid, x.line) for x in cache.get(rev, "a")] == said_by_git(repo, rev, "a")
    before = opened.runner.spawns
    cache.get(rev, "a")
    assert opened.runner.spawns == before


def test_another_branch_is_blamed_in_full(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": ["1", "2"]})
    repo.git("branch", "side")
    one = repo.commit({"a": ["1", "2", "main"]})
    repo.git("checkout", "--quiet", "side")
    other = repo.commit({"a": ["side", "1", "2"]})
    cache = BlameCache(opened)
    for rev in (one, other, one + "", repo.git("rev-parse", "HEAD~1")):
        assert [(x.commit.oid, x.line) for x in cache.get(rev, "a")] == said_by_git(repo, rev, "a")


def test_one_question_is_asked_once(repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    rev = repo.commit({"a": "1\n"})
    cache = BlameCache(opened)
    asked, go = [], threading.Event()

    def slow(repository: Repository, rev: str, path: str) -> Blame:
        asked.append(rev)
        assert go.wait(20)
        return blame(repository, rev, path)

    monkeypatch.setattr(blame_cache, "blame", slow)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(cache.get, rev, "a") for _ in range(4)]
        go.set()
        found = [answer.result() for answer in answers]
    assert len(asked) == 1
    assert all(answer is found[0] for answer in found)


def test_a_failure_is_told_to_everybody_and_not_kept(repo: Repo, opened: Repository) -> None:
    rev = repo.commit()
    cache = BlameCache(opened)
    for _ in range(2):
        with pytest.raises(NoSuchPath):
            cache.get(rev, "a")


def test_lines_that_are_left_out_are_noticed() -> None:
    from byline.git.blame import BlameCommit, Run

    commit = BlameCommit("c", "", "", 0, "", "")
    for runs in ([Run(1, 1, "c", 1, "a")], [Run(0, 1, "c", 1, "a"), Run(0, 1, "c", 1, "a")]):
        with pytest.raises(GitError):
            assemble("r", "a", runs, {"c": commit})
