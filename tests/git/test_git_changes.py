from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git.changes import FileChange, Hunk, added_lines, changes, changes_of_many
from byline.git.commit import commit_info, commit_infos, parse_commit
from byline.git.errors import CommandFailed, UnknownRevision
from byline.git.repository import Repository
from support.history import History
from support.repo import Repo

Open = Callable[[Path], Repository]

LINES = [f"line {n}" for n in range(20)]


def summary(found: list[FileChange]) -> list[tuple[str, str, str | None]]:
    return [(change.status, change.path, change.old_path) for change in found]


def said_by_git(repo: Repo, old: str, new: str, change: FileChange) -> list[tuple[int, ...]]:
    """The hunk headers that `git diff` prints for one file."""
    paths = [change.path, *([change.old_path] if change.old_path else [])]
    said = repo.git("--literal-pathspecs", "diff", "-U0", "-M", "--indent-heuristic", old, new, "--", *paths)
    heads = re.findall(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", said, re.MULTILINE)
    return [tuple(int(part) if part else 1 for part in head) for head in heads]


def check(repo: Repo, opened: Repository, old: str, new: str) -> list[FileChange]:
    found = changes(opened, new, old)
    for change in found:
        if change.status != "T":
            assert [tuple(map(int, vars_of(h))) for h in change.hunks] == said_by_git(repo, old, new, change), change
    return found


def vars_of(hunk: Hunk) -> tuple[int, int, int, int]:
    return (hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count)


def test_changes(repo: Repo, opened: Repository) -> None:
    old = repo.commit({"edit": LINES, "gone": LINES[:3], "move": LINES[5:], "same": "1\n"})
    repo.git("mv", "move", "moved")
    new = repo.commit({"edit": [*LINES[:4], "X", *LINES[6:], "Y"], "gone": None, "fresh": ["a", "b"], "empty": ""})
    found = {change.path: change for change in check(repo, opened, old, new)}
    assert summary(sorted(found.values(), key=lambda c: c.path)) == [
        ("M", "edit", None),
        ("A", "empty", None),
        ("A", "fresh", None),
        ("D", "gone", None),
        ("R", "moved", "move"),
    ]
    assert found["edit"].hunks == (Hunk(5, 2, 5, 1), Hunk(20, 0, 20, 1))
    assert found["edit"].added == (range(5, 6), range(20, 21))
    assert found["fresh"].hunks == (Hunk(0, 0, 1, 2),)
    assert found["fresh"].old_oid is None
    assert found["fresh"].new_oid == repo.git("rev-parse", "HEAD:fresh")
    assert (found["gone"].new_oid, found["gone"].mode) == (None, "100644")
    assert found["moved"].hunks == ()


def test_initial_and_empty_commits(repo: Repo, opened: Repository) -> None:
    first = repo.commit({"a": "1\n2\n"})
    empty = repo.commit()
    assert changes(opened, first, None)[0].hunks == (Hunk(0, 0, 1, 2),)
    assert changes(opened, empty, first) == []
    assert changes_of_many(opened, [(empty, first), (first, None), (empty, first)])[1][0].path == "a"
    assert changes_of_many(opened, []) == []


@pytest.mark.parametrize(
    "path",
    [
        "with space",
        "tab\there",
        "new\nline",
        'quo"te',
        "back\\slash",
        "ünï",
        "raw-\udcff",
        "@@ -1 +1 @@",
        "x\n@@ -9 +9 @@",
        "-",
    ],
)
def test_odd_paths(repo: Repo, opened: Repository, path: str) -> None:
    first = repo.commit({path: LINES, "zz": LINES})
    repo.git("mv", "--", path, path + "2")
    second = repo.commit({path + "2": [*LINES, "new"], "zz": [*LINES, "z"]})
    assert [(c.path, c.hunks) for c in changes(opened, first, None)] == [
        (p, (Hunk(0, 0, 1, 20),)) for p in sorted((path, "zz"), key=lambda p: p.encode("utf-8", "surrogateescape"))
    ]
    found = {c.path: c for c in check(repo, opened, first, second)}
    assert found[path + "2"].old_path == path
    assert {c.hunks for c in found.values()} == {(Hunk(20, 0, 21, 1),)}


def test_content_cannot_pass_for_a_header(repo: Repo, opened: Repository) -> None:
    spoof = [
        "diff --git a/x b/x",
        "@@ -1 +1 @@",
        "a" * 40,
        "Binary files a and b differ",
        "\\ No newline",
        "--- a",
        "+++ b",
    ]
    first = repo.commit({"a": spoof, "b": spoof})
    second = repo.commit({"a": spoof[::-1], "b": "\n".join(spoof)})
    check(repo, opened, first, second)
    assert [c.hunks for c in changes(opened, first, None)] == [(Hunk(0, 0, 1, 7),)] * 2


def test_lines_longer_than_what_is_read_at_once(repo: Repo, opened: Repository) -> None:
    long = "@@ -1 +1 @@" * 100_000
    rev = repo.commit({"a": [long, long], "b": ["short"]})
    assert [c.hunks for c in changes(opened, rev, None)] == [(Hunk(0, 0, 1, 2),), (Hunk(0, 0, 1, 1),)]


def test_kinds_of_files(repo: Repo, opened: Repository, tmp_path: Path) -> None:
    library = Repo.init(tmp_path / "library")
    library.commit({"x": "1\n"})
    first = repo.commit({"a-bin": b"\0\1", "link": "text\n", "mode": "#!\n", "z": "1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.root), "lib")
    (repo.root / "link").unlink()
    (repo.root / "link").symlink_to("a")
    (repo.root / "mode").chmod(0o755)
    second = repo.commit({"a-bin": b"\0\2", "z": "2\n"})
    found = {c.path: c for c in changes(opened, second, first)}
    assert (found["a-bin"].binary, found["a-bin"].hunks) == (True, ())
    assert (found["link"].status, found["link"].mode) == ("T", "120000")
    assert found["link"].hunks == (Hunk(1, 1, 0, 0), Hunk(0, 0, 1, 1))
    assert (found["mode"].mode, found["mode"].hunks) == ("100755", ())
    assert found["lib"].is_submodule
    assert found["z"].hunks == (Hunk(1, 1, 1, 1),)
    assert set(added_lines(opened, second)) == {".gitmodules", "link", "z"}


def test_settings_change_nothing(repo: Repo, opened: Repository) -> None:
    history = History(repo, 3)
    for _ in range(10):
        history.step()
    pairs = [(c, repo.git("rev-parse", "--quiet", "--verify", f"{c}^", ok=(0, 1)) or None) for c in history.commits]
    before = changes_of_many(opened, pairs)
    repo.configure(
        diff__algorithm="histogram",
        diff__indentHeuristic="false",
        diff__renames="false",
        diff__context="9",
        diff__interHunkContext="9",
        diff__noprefix="true",
        diff__renameLimit="1",
        diff__orderFile="x",
        color__ui="always",
        core__quotePath="false",
    )
    assert changes_of_many(opened, pairs) == before


@pytest.mark.parametrize("number", range(4))
def test_random_histories(repo: Repo, opened: Repository, seed: int, number: int) -> None:
    history = History(repo, seed + number)
    for _ in range(12):
        history.step()
    for commit in history.commits[1:]:
        check(repo, opened, repo.git("rev-parse", f"{commit}^"), commit)


def test_added_lines(repo: Repo, opened: Repository) -> None:
    first = repo.commit({"a": ["1", "2", "3"]})
    second = repo.commit({"a": ["1", "3"]})
    third = repo.commit({"a": ["1", "3", "4", "5"], "b": "x\n"})
    assert added_lines(opened, first)["a"].added == (range(1, 4),)
    assert added_lines(opened, second) == {}
    assert {path: change.added for path, change in added_lines(opened, third).items()} == {
        "a": (range(3, 5),),
        "b": (range(1, 2),),
    }


def test_added_lines_of_a_merge(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": LINES, "b": LINES})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"a": ["side", *LINES], "only-side": "1\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"a": [*LINES, "main"], "only-main": "1\n"})
    clean = repo.merge("side")
    assert added_lines(opened, clean) == {}
    repo.git("checkout", "--quiet", "-b", "evil", "HEAD^")
    evil = repo.merge("side", files={"a": ["side", "evil 1", *LINES, "main", "evil 2"], "new": "1\n"})
    found = added_lines(opened, evil)
    assert {path: change.added for path, change in found.items()} == {
        "a": (range(2, 3), range(24, 25)),
        "new": (range(1, 2),),
    }
    assert all(h.old_count == 0 for h in found["a"].hunks)


def test_added_lines_of_an_octopus(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    for name in ("x", "y"):
        repo.git("checkout", "--quiet", "-b", name, "main")
        repo.commit({name: f"{name}\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"m": "m\n"})
    repo.git("merge", "--quiet", "x", "y")
    assert len(commit_info(opened, repo.head).parents) == 3
    assert added_lines(opened, repo.head) == {}


def test_where_a_shallow_history_begins_nothing_is_known(repo: Repo, tmp_path: Path, open_repository: Open) -> None:
    repo.commit({"a": "1\n"})
    begin = repo.commit({"a": "1\n2\n"})
    after = repo.commit({"a": "1\n2\n3\n"})
    repo.git("clone", "--quiet", "--depth", "2", f"file://{repo.root}", str(tmp_path / "clone"))
    clone = open_repository(tmp_path / "clone")
    assert added_lines(clone, begin) == {}
    assert added_lines(clone, after)["a"].added == (range(3, 4),)


def test_what_is_no_commit(repo: Repo, opened: Repository) -> None:
    commit = repo.commit({"a": "1\n"})
    with pytest.raises(ValueError, match="object id"):
        changes(opened, "HEAD", None)
    with pytest.raises(UnknownRevision):
        added_lines(opened, "0" * 40)
    with pytest.raises(UnknownRevision):
        commit_info(opened, repo.git("rev-parse", "HEAD:a"))
    with pytest.raises((CommandFailed, ValueError)):
        changes(opened, commit, "1" * 40)


def test_a_thousand_commits_take_a_constant_number_of_processes(repo: Repo, opened: Repository) -> None:
    from byline.git.changes import added_lines_of_many

    head = "commit refs/heads/main\ncommitter A <a@b> {0} +0000\ndata 1\nx\n"
    stream = "".join(head.format(n) + f"M 100644 inline a\ndata 5\n{n}\n\n" for n in range(1000, 2000))
    repo.git("fast-import", "--quiet", stdin=stream)
    commits = repo.git("rev-list", "main").split()
    added = added_lines_of_many(opened, commits)
    assert [found["a"].added for found in added] == [(range(1, 2),)] * 1000
    assert opened.runner.spawns <= 5


def test_commit_info(repo: Repo, opened: Repository) -> None:
    first = repo.commit(message="one")
    oid = repo.commit({"a": "1\n"}, "Subject: ü\n\nBody\nwith lines\n")
    before = opened.runner.spawns
    info = commit_info(opened, oid)
    assert (info.oid, info.parents, info.tree) == (oid, (first,), repo.git("rev-parse", "HEAD^{tree}"))
    assert info.subject == "Subject: ü"
    assert info.message == "Subject: ü\n\nBody\nwith lines\n"
    assert (info.author.name, info.author.mail, info.author.tz) == ("Ann", "ann@example.org", "+0100")
    assert info.author.time == int(repo.git("log", "-1", "--format=%at"))
    after = opened.runner.spawns
    assert [i.subject for i in commit_infos(opened, [first, oid, first])] == ["one", "Subject: ü", "one"]
    assert after - before <= 3
    assert opened.runner.spawns == after


def test_a_hostile_commit_takes_no_time() -> None:
    line = b"author " + b"< " * 500_000 + b"\n"
    assert parse_commit("x", line + b"\n").author.time == 0


GBK = "\u738b".encode("gbk")


@pytest.mark.parametrize(
    ("content", "author", "message"),
    [
        (b"author A B <a@b> 12 +0530\nencoding GBK\n\n" + GBK, ("A B", "a@b", 12, "+0530"), "\u738b"),
        (b"author " + GBK + b" <a@b> 12 +0000\nencoding GBK\n\nm", ("\u738b", "a@b", 12, "+0000"), "m"),
        (b"author " + GBK + b" <a@b> 12 +0000\n\nm", ("\ufffd\ufffd", "a@b", 12, "+0000"), "m"),
        (b"author A <a@b> 12 +0000\nencoding zlib\n\nm\xff", ("A", "a@b", 12, "+0000"), "m\ufffd"),
        (b"author A <a@b> 12 +0000\nencoding utf-99\n\nm", ("A", "a@b", 12, "+0000"), "m"),
        (b"author  <> -5 +0000\ngpgsig x\n author fake\n\nm", ("", "", -5, "+0000"), "m"),
        (b"author nobody\n\nm", ("nobody", "", 0, "+0000"), "m"),
        (b"author A <a <b> c> 99999999999999999999999 +0000\n\n", ("A", "a <b", 0, "+0000"), ""),
        (b"", ("", "", 0, "+0000"), ""),
    ],
)
def test_parse_commit(content: bytes, author: tuple[str, str, int, str], message: str) -> None:
    info = parse_commit("x", content)
    assert (info.author.name, info.author.mail, info.author.time, info.author.tz) == author
    assert info.message == message
