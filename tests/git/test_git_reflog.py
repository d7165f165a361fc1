from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git.reflog import Cursor, HeadLog, LogEntry, commits_between
from byline.git.refs import Head
from byline.git.repository import Repository
from support.repo import Repo

Open = Callable[[Path], Repository]

ZERO = "0" * 40


@pytest.fixture
def log(opened: Repository) -> HeadLog:
    return HeadLog(opened)


def operations(entries: list[LogEntry]) -> list[str]:
    return [entry.operation for entry in entries]


def check(log: HeadLog, cursor: Cursor, expected: list[str]) -> Cursor:
    """What happened since, told once and not again."""
    entries, after = log.since(cursor)
    assert operations(entries) == expected
    assert log.since(after) == ([], after)
    assert after == log.end()
    return after


def test_every_operation(repo: Repo, log: HeadLog) -> None:
    cursor = log.end()
    assert cursor.head is None
    first = repo.commit(message="one: two")
    cursor = check(log, cursor, ["commit (initial)"])
    assert cursor.head == first
    repo.commit({"a": "1\n"})
    repo.git("commit", "--amend", "-q", "-m", "amended")
    cursor = check(log, cursor, ["commit", "commit (amend)"])
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"b": "1\n"})
    repo.git("checkout", "-q", "main")
    cursor = check(log, cursor, ["checkout", "commit", "checkout"])
    repo.commit({"c": "1\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "m", "side")
    cursor = check(log, cursor, ["commit", "merge side"])
    repo.git("reset", "-q", "--hard", "HEAD^")
    repo.git("rebase", "-q", "side")
    cursor = check(log, cursor, ["reset", "rebase (start)", "rebase (pick)", "rebase (finish)"])
    repo.git("cherry-pick", "--allow-empty", "--keep-redundant-commits", "side")
    repo.git("revert", "--no-edit", "HEAD~1")
    cursor = check(log, cursor, ["cherry-pick", "revert"])
    repo.git("update-ref", "HEAD", first)
    cursor = check(log, cursor, [""])


def test_fields(repo: Repo, log: HeadLog) -> None:
    first = repo.commit(message="rebase (finish): spoof\twith tab")
    second = repo.commit(message="no colon")
    entries, cursor = log.since(Cursor(0, "", None))
    time = int(repo.git("log", "-1", "--format=%ct", first))
    assert entries[0] == LogEntry(ZERO, first, "commit (initial)", "rebase (finish): spoof\twith tab", time)
    assert (entries[1].old, entries[1].new, entries[1].message) == (first, second, "no colon")
    assert cursor.head == second


def test_only_complete_lines_count(repo: Repo, log: HeadLog) -> None:
    """Git appends to the log while it is read."""
    repo.commit()
    cursor = log.end()
    file = repo.root / ".git" / "logs" / "HEAD"
    before = file.read_bytes()
    repo.commit()
    after = file.read_bytes()
    for size in range(len(before) + 1, len(after)):
        file.write_bytes(after[:size])
        entries, now = log.since(cursor)
        assert entries == []
        assert now == cursor
    file.write_bytes(after)
    check(log, cursor, ["commit"])


def test_a_commit_between_reading_log_and_head_is_told_once(
    repo: Repo, log: HeadLog, opened: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit()
    cursor = log.end()
    head = type(opened).head
    commits: list[str] = []

    def late(repository: Repository) -> Head:
        if not commits:
            commits.append(repo.commit())
        return head(repository)

    monkeypatch.setattr(Repository, "head", late)
    assert log.since(cursor) == ([], cursor)
    entries, _ = log.since(cursor)
    assert [(entry.operation, entry.new) for entry in entries] == [("commit", commits[0])]


def test_a_log_ahead_of_the_ref_is_no_move_back(repo: Repo, log: HeadLog) -> None:
    """Git writes the log before the ref: what the ref says in between must not confuse."""
    old = repo.commit()
    cursor = log.end()
    new = repo.commit()
    branch = repo.root / ".git" / "refs" / "heads" / "main"
    branch.write_text(old + "\n")
    entries, after = log.since(cursor)
    assert [entry.new for entry in entries] == [new]
    assert after.head == new
    assert log.since(after) == ([], after)


def test_expired_log_is_found_again(repo: Repo, log: HeadLog) -> None:
    for _ in range(5):
        repo.commit()
    cursor = log.end()
    file = repo.root / ".git" / "logs" / "HEAD"
    repo.commit()
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[3:]))
    check(log, cursor, ["commit"])


def test_same_place_visited_twice(repo: Repo, log: HeadLog) -> None:
    repo.commit()
    repo.commit()
    repo.git("checkout", "-q", "HEAD~1")
    cursor = log.end()
    file = repo.root / ".git" / "logs" / "HEAD"
    repo.git("checkout", "-q", "main")
    repo.clock[0] += 1
    repo.git("checkout", "-q", "HEAD~1")
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))
    check(log, cursor, ["checkout", "checkout"])


@pytest.mark.parametrize("how", ["emptied", "removed", "expired"])
def test_lost_log_is_replaced_by_the_graph(repo: Repo, log: HeadLog, how: str) -> None:
    repo.commit()
    cursor = log.end()
    commits = [repo.commit(message=f"c{n}") for n in range(3)]
    repo.git("branch", "side", "HEAD~1")
    merge = repo.merge("side") if repo.git("rev-list", "HEAD..side") else repo.commit()
    file = repo.root / ".git" / "logs" / "HEAD"
    if how == "emptied":
        file.write_bytes(b"")
    elif how == "removed":
        file.unlink()
    else:
        repo.git("reflog", "expire", "--expire=all", "HEAD")
    entries, after = log.since(cursor)
    assert [(entry.operation, entry.new) for entry in entries] == [("commit", oid) for oid in [*commits, merge]]
    assert [entry.old for entry in entries] == [cursor.head, *commits]
    assert entries[0].message == "c0"
    assert log.since(after) == ([], after)


def without_log(repo: Repo) -> None:
    repo.configure(core__logAllRefUpdates="false")


def test_no_log_at_all(repo: Repo, log: HeadLog) -> None:
    without_log(repo)
    cursor = log.end()
    first = repo.commit()
    cursor = check(log, cursor, ["commit (initial)"])
    repo.git("checkout", "-q", "-b", "side")
    cursor = check(log, cursor, [])
    repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"})
    cursor = check(log, cursor, ["commit", "commit"])
    repo.git("checkout", "-q", "main")
    entries, cursor = log.since(cursor)
    assert [(entry.operation, entry.new) for entry in entries] == [("", first)]
    repo.commit({"b": "1\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "m", "side")
    cursor = check(log, cursor, ["commit", "commit (merge)"])
    repo.git("commit", "-q", "--amend", "-m", "amended")
    entries, cursor = log.since(cursor)
    assert operations(entries) == [""]


def test_log_that_begins_later(repo: Repo, log: HeadLog) -> None:
    without_log(repo)
    repo.commit()
    cursor = log.end()
    repo.commit(message="unlogged")
    repo.configure(core__logAllRefUpdates="true")
    repo.commit(message="logged")
    entries, _ = log.since(cursor)
    assert [(entry.operation, entry.message) for entry in entries] == [("commit", "unlogged"), ("commit", "logged")]


def test_tool_that_moves_head_without_logging(repo: Repo, log: HeadLog) -> None:
    repo.commit()
    cursor = log.end()
    repo.clock[0] += 60
    commit = repo.git("commit-tree", "-m", "silent", "-p", "HEAD", "HEAD^{tree}")
    (repo.root / ".git" / "refs" / "heads" / "main").write_text(commit + "\n")
    entries, cursor = log.since(cursor)
    assert [(entry.operation, entry.message, entry.new) for entry in entries] == [("commit", "silent", commit)]
    assert log.since(cursor) == ([], cursor)
    repo.commit()
    entries, _ = log.since(cursor)
    assert operations(entries) == ["commit"]


def test_pruned_head(repo: Repo, log: HeadLog) -> None:
    repo.commit()
    entries, _ = log.since(Cursor(99999, "gone", "1" * 40))
    assert [(entry.old, entry.operation) for entry in entries] == [("1" * 40, "")]


@pytest.mark.parametrize(
    "line",
    [
        b"garbage\n",
        b"\n",
        b"\0\xff\n",
        b"%b %b A <a@b> 12 +0000\tcommit: x\n" % (b"z" * 40, b"1" * 40),
        b"%b %b A <a@b> 99999999999999999999999999 +0000\tcommit: x\n" % (b"1" * 40, b"2" * 40),
    ],
)
def test_damaged_lines_are_passed_over(repo: Repo, log: HeadLog, line: bytes) -> None:
    repo.commit()
    cursor = log.end()
    with (repo.root / ".git" / "logs" / "HEAD").open("ab") as file:
        file.write(line)
    repo.commit()
    entries, _ = log.since(cursor)
    assert operations(entries) == ["commit"]


def test_each_worktree_has_its_own(repo: Repo, log: HeadLog, tmp_path: Path, open_repository: Open) -> None:
    repo.commit()
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = HeadLog(open_repository(tmp_path / "linked"))
    here, there = log.end(), linked.end()
    Repo(tmp_path / "linked", repo.clock).commit({"a": "1\n"})
    check(log, here, [])
    check(linked, there, ["commit"])


def test_signature(repo: Repo, log: HeadLog, opened: Repository) -> None:
    seen = [log.signature()]
    before = opened.runner.spawns

    def moved() -> bool:
        seen.append(log.signature())
        return seen[-1] != seen[-2]

    repo.commit()
    assert moved()
    assert not moved()
    repo.write("a", "1\n")
    repo.git("add", "a")
    assert not moved()
    repo.git("checkout", "-q", "-b", "side")
    assert moved()
    without_log(repo)
    (repo.root / ".git" / "logs" / "HEAD").unlink()
    assert moved()
    repo.commit()
    assert moved()
    repo.git("pack-refs", "--all")
    assert moved()
    assert opened.runner.spawns == before


def test_commits_between(repo: Repo, opened: Repository) -> None:
    first = repo.commit({"a": "1\n"})
    repo.git("branch", "side")
    second = repo.commit({"a": "2\n"})
    repo.git("checkout", "-q", "side")
    other = repo.commit({"b": "2\n"})
    repo.git("checkout", "-q", "main")
    merge = repo.merge("side")
    everything = commits_between(opened, None, merge)
    assert everything[0] == first
    assert everything[-1] == merge
    assert set(everything) == {first, second, other, merge}
    assert commits_between(opened, first, merge, first_parent=True) == [second, merge]
    assert commits_between(opened, None, merge, first_parent=True, most=1) == [merge]
    assert commits_between(opened, merge, first) == []
