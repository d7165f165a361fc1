from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git import notes, notes_ref
from byline.git.errors import CommandFailed, RefMoved
from byline.git.notes import NotesRef, update_notes, write_notes
from byline.git.repository import Repository
from support.repo import Repo

REF = "refs/notes/byline"
OTHER = "refs/notes/ai"

Layout = dict[str, bytes]
"""Path in the notes tree -> content."""


def oid(number: int) -> str:
    """The id of a commit that is not here: notes of such are normal."""
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def flat(commit: str) -> str:
    return commit


def one_deep(commit: str) -> str:
    return f"{commit[:2]}/{commit[2:]}"


def two_deep(commit: str) -> str:
    return f"{commit[:2]}/{commit[2:4]}/{commit[4:]}"


def plant(repo: Repo, layout: Layout, ref: str = REF) -> str:
    """Make a notes tree by hand."""
    stream = [b"commit %s\ncommitter A <a@b> 1 +0000\ndata 0\n" % ref.encode()]
    stream += [
        b'M 100644 inline "%s"\ndata %d\n%s\n' % (path.encode(), len(note), note) for path, note in layout.items()
    ]
    repo.git("fast-import", "--quiet", "--force", stdin=b"".join(stream))
    return repo.git("rev-parse", ref)


def paths(repo: Repo, ref: str = REF) -> list[str]:
    return repo.git("ls-tree", "-r", "--name-only", ref).split("\n")


def setting(values: dict[str, bytes | None]) -> notes.Change:
    return lambda _ref, commit, _note: values[commit]


def test_write_and_read(repo: Repo, opened: Repository) -> None:
    commits = [repo.commit() for _ in range(3)]
    ref = opened.notes(REF)
    assert (ref.tip(), dict(ref.listing()), ref.read(commits)) == (None, {}, {})
    write_notes(opened, {REF: {commits[0]: b"one\n", commits[1]: b"two"}, OTHER: {commits[0]: b"ai\n"}}, "both")
    assert ref.read(commits) == {commits[0]: b"one\n", commits[1]: b"two"}
    assert ref.listing() == {c: repo.git("notes", "--ref=byline", "list", c) for c in commits[:2]}
    assert repo.git_bytes("notes", "--ref=byline", "show", commits[1]) == b"two"
    assert repo.git_bytes("notes", "--ref=ai", "show", commits[0]) == b"ai\n"
    assert ref.tip() == repo.git("rev-parse", REF)
    assert repo.git("log", "-1", "--format=%an <%ae>|%cn|%s", REF) == "Ann <ann@example.org>|Ann|both"
    write_notes(opened, {REF: {commits[0]: None, commits[2]: b"\0\xff\n"}}, "more")
    assert ref.read(commits) == {commits[1]: b"two", commits[2]: b"\0\xff\n"}
    assert repo.git("rev-list", "--count", REF) == "2"


def test_nothing_to_do_writes_nothing(repo: Repo, opened: Repository) -> None:
    commit = repo.commit()
    write_notes(opened, {REF: {commit: b"1\n"}}, "x")
    tip = opened.notes(REF).tip()
    write_notes(opened, {REF: {}, OTHER: {}}, "x")
    assert update_notes(opened, {REF: [commit]}, lambda *a: a[2], "x").changed == {REF: frozenset()}
    assert opened.notes(REF).tip() == tip
    assert opened.notes(OTHER).tip() is None


@pytest.mark.parametrize("place", [flat, one_deep, two_deep])
def test_the_layout_of_the_tree_is_kept(repo: Repo, opened: Repository, place: Callable[[str], str]) -> None:
    plant(repo, {place(oid(n)): b"%d\n" % n for n in range(9)})
    write_notes(opened, {REF: {oid(3): b"new\n", oid(4): None, oid(100): b"added\n"}}, "x")
    expected = {oid(n): b"%d\n" % n for n in range(9)} | {oid(3): b"new\n", oid(100): b"added\n"}
    del expected[oid(4)]
    assert paths(repo) == sorted(map(place, expected))
    assert opened.notes(REF).read(map(oid, range(200))) == expected


def test_mixed_layout(repo: Repo, opened: Repository) -> None:
    """As other tools leave it; one commit is named twice, and its notes are joined, as git does."""
    layout = {flat(oid(1)): b"1\n", one_deep(oid(2)): b"2\n", two_deep(oid(3)): b"3\n", one_deep(oid(4)): b"4\n"}
    plant(repo, layout | {flat(oid(2)): b"2 again\n", "README": b"no note\n", "ab/cd": b"no note\n"})
    ref = opened.notes(REF)
    assert set(ref.listing()) == {oid(n) for n in (1, 2, 3, 4)}
    found = ref.read([oid(1), oid(2), oid(3), oid(4)])
    assert found[oid(3)] == b"3\n"
    assert sorted(found[oid(2)].split(b"\n")) == [b"", b"", b"2", b"2 again"]
    update_notes(opened, {REF: [oid(1), oid(2), oid(5)]}, lambda _r, _c, note: (note or b"") + b"+\n", "x")
    assert ref.read([oid(1), oid(2), oid(5)]) == {oid(1): b"1\n+\n", oid(2): found[oid(2)] + b"+\n", oid(5): b"+\n"}
    kept = set(paths(repo))
    assert {"README", "ab/cd", flat(oid(1)), two_deep(oid(3)), one_deep(oid(5))} <= kept
    assert len(kept & {flat(oid(2)), one_deep(oid(2))}) == 1


def test_a_tree_that_grows_is_laid_out_in_folders(
    repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "_FLAT", 8)
    plant(repo, {flat(oid(n)): b"%d\n" % n for n in range(8)} | {'odd "name"'.replace('"', "'"): b"x\n"})
    write_notes(opened, {REF: {oid(9): b"9\n", oid(1): None}}, "x")
    expected = sorted([*(one_deep(oid(n)) for n in (0, 2, 3, 4, 5, 6, 7, 9)), "odd 'name'"])
    assert paths(repo) == expected
    assert repo.git_bytes("cat-file", "blob", f"{REF}:{one_deep(oid(9))}") == b"9\n"
    assert repo.git_bytes("cat-file", "blob", f"{REF}:{one_deep(oid(5))}") == b"5\n"


def test_git_itself_can_work_with_our_trees(repo: Repo, opened: Repository) -> None:
    commits = [repo.commit() for _ in range(4)]
    write_notes(opened, {REF: dict.fromkeys(commits, b"x\n")}, "x")
    repo.git("notes", "--ref=byline", "append", "-m", "by git", commits[0])
    repo.git("notes", "--ref=byline", "remove", commits[1])
    assert opened.notes(REF).read(commits)[commits[0]] == b"x\n\nby git\n"
    assert commits[1] not in opened.notes(REF).listing()


def test_same_input_same_tree(repo: Repo, opened: Repository) -> None:
    values = {oid(n): b"%d\n" % n for n in range(20)}
    write_notes(opened, {REF: values}, "x")
    write_notes(opened, {OTHER: dict(reversed(values.items()))}, "x")
    assert repo.git("rev-parse", REF + "^{tree}") == repo.git("rev-parse", OTHER + "^{tree}")


def test_processes(repo: Repo, opened: Repository) -> None:
    """However many notes: one listing for each ref, one import, and the kept cat-file."""
    wanted = {REF: [oid(n) for n in range(300)], OTHER: [oid(n) for n in range(300)]}
    update_notes(opened, wanted, lambda *_: b"1\n", "x")
    opened.notes(REF).read(wanted[REF])
    before = opened.runner.spawns
    update_notes(opened, wanted, lambda *_: b"2\n", "x")
    assert opened.runner.spawns - before <= 3
    before = opened.runner.spawns
    assert len(opened.notes(REF).read(wanted[REF])) == 300
    assert len(opened.notes(REF).listing()) == 300
    assert opened.runner.spawns - before <= 1


def test_listing_follows_what_changed(repo: Repo, opened: Repository) -> None:
    """The listing that is brought up to date is the listing made afresh."""
    ref = opened.notes(REF)
    for step in range(12):
        values: dict[str, bytes | None] = {oid(step * 3 + n): b"%d\n" % step for n in range(4)}
        values[oid(step)] = None
        if step == 6:
            repo.git("update-ref", REF, REF + "~3")
        write_notes(opened, {REF: values}, "x")
        assert ref.tree() == NotesRef(opened, REF).tree()
        assert ref.listing() == {
            line.split()[1]: line.split()[0] for line in repo.git("notes", "--ref=byline", "list").split("\n")
        }
    repo.git("update-ref", "-d", REF)
    assert ref.listing() == {}


def test_large_and_damaged_notes_are_left_out(repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes_ref, "NOTE_LIMIT", 100)
    monkeypatch.setattr(notes_ref, "READ_LIMIT", 150)
    plant(repo, {oid(1): b"x" * 100, oid(2): b"x" * 101, oid(3): b"x" * 51, oid(4): b"x" * 50})
    blob = repo.git("rev-parse", f"{REF}:{oid(4)}")
    ref = opened.notes(REF)
    assert set(ref.read([oid(1), oid(2), oid(3), oid(4)])) == {oid(1), oid(4)}
    assert len(ref.problems) == 2
    assert all(name in " ".join(ref.problems) for name in (oid(2), oid(3), "101"))
    done = update_notes(opened, {REF: [oid(2), oid(4)]}, lambda *_: b"new\n", "x")
    assert done.changed == {REF: {oid(4)}}
    assert len(done.problems) == 1
    assert repo.git("cat-file", "-s", f"{REF}:{oid(2)}") == "101"
    monkeypatch.undo()
    repo.git("update-ref", REF, REF + "~1")
    loose = list((repo.root / ".git" / "objects" / blob[:2]).glob(blob[2:]))
    for file in loose:
        file.unlink()
    opened.close()
    if loose:
        assert oid(4) not in ref.read([oid(4)])
        assert "damaged" in ref.problems[0]


def test_endless_tree(repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that share their content can list far more than is stored."""
    monkeypatch.setattr(notes_ref, "LISTING_LIMIT", 5000)
    blob = repo.git("hash-object", "-w", "--stdin", stdin="x")
    tree = repo.git("mktree", stdin=f"100644 blob {blob}\tf\n")
    for _ in range(6):
        tree = repo.git("mktree", stdin="".join(f"040000 tree {tree}\t{n:02x}\n" for n in range(64)))
    repo.git("update-ref", REF, repo.git("commit-tree", "-m", "x", tree))
    from byline.git.errors import GitError

    with pytest.raises(GitError, match="more than 5000"):
        opened.notes(REF).listing()


@pytest.mark.parametrize(
    "name", ["refs/heads/main", "notes/x", "refs/notes/../heads/main", "refs/notes/a b", "--x", ""]
)
def test_only_notes_refs(opened: Repository, name: str) -> None:
    with pytest.raises(ValueError, match="Not a notes ref"):
        opened.notes(name)


@pytest.mark.parametrize("commit", ["HEAD", "a" * 39, "../x", "a" * 40 + "\nD x", ""])
def test_only_object_ids(repo: Repo, opened: Repository, commit: str) -> None:
    with pytest.raises(ValueError, match="object id"):
        update_notes(opened, {REF: [commit]}, lambda *_: b"x", "x")
    with pytest.raises(ValueError, match="object id"):
        write_notes(opened, {REF: {commit: b"x"}}, "x")
    assert opened.notes(REF).tip() is None


def test_content_cannot_pass_for_a_command(repo: Repo, opened: Repository) -> None:
    evil = b"x\n\ncommit refs/heads/evil\ncommitter A <a@b> 1 +0000\ndata 0\nreset refs/heads/evil2\ndone\n"
    write_notes(opened, {REF: {oid(1): evil, oid(2): b"M 100644 inline x\n"}}, evil.decode())
    assert opened.notes(REF).read([oid(1)]) == {oid(1): evil}
    assert repo.git("for-each-ref", "--format=%(refname)").split("\n") == [REF]


def test_a_moved_ref_is_noticed_and_tried_again(repo: Repo, opened: Repository) -> None:
    commits = [repo.commit() for _ in range(2)]
    write_notes(opened, {REF: {commits[0]: b"1\n"}, OTHER: {commits[0]: b"1\n"}}, "x")
    asked: list[tuple[str, bytes | None]] = []

    def meddle(ref: str, _commit: str, note: bytes | None) -> bytes:
        asked.append((ref, note))
        if len(asked) == 1:
            repo.git("notes", "--ref=byline", "append", "-m", "meanwhile", commits[0])
        return (note or b"") + b"+\n" if not (note or b"").endswith(b"+\n") else note or b""

    done = update_notes(opened, {REF: [commits[0]], OTHER: [commits[0]]}, meddle, "x")
    assert opened.notes(REF).read(commits) == {commits[0]: b"1\n\nmeanwhile\n+\n"}
    assert opened.notes(OTHER).read(commits) == {commits[0]: b"1\n+\n"}
    assert done.changed == {REF: {commits[0]}, OTHER: {commits[0]}}
    assert [note for ref, note in asked if ref == REF] == [b"1\n", b"1\n\nmeanwhile\n"]


def test_giving_up(repo: Repo, opened: Repository) -> None:
    commit = repo.commit()
    write_notes(opened, {REF: {commit: b"1\n"}}, "x")

    def always_late(_ref: str, _commit: str, note: bytes | None) -> bytes:
        repo.git("notes", "--ref=byline", "append", "-m", "again", commit)
        return (note or b"") + b"+\n"

    with pytest.raises(RefMoved, match=REF):
        update_notes(opened, {REF: [commit]}, always_late, "x", tries=3)
    assert b"+\n" not in opened.notes(REF).read([commit])[commit]


def test_a_new_ref_that_another_makes_first(repo: Repo, opened: Repository) -> None:
    commit = repo.commit()

    def late(_ref: str, _commit: str, note: bytes | None) -> bytes:
        if note is None:
            repo.git("notes", "--ref=byline", "add", "-m", "first", commit)
        return (note or b"") + b"+\n"

    update_notes(opened, {REF: [commit]}, late, "x")
    assert opened.notes(REF).read([commit]) == {commit: b"first\n+\n"}


def test_a_locked_ref_is_said(repo: Repo, opened: Repository) -> None:
    commit = repo.commit()
    write_notes(opened, {REF: {commit: b"1\n"}}, "x")
    (repo.root / ".git" / (REF + ".lock")).touch()
    with pytest.raises((RefMoved, CommandFailed)):
        update_notes(opened, {REF: [commit]}, lambda *_: b"2\n", "x", tries=2)
    assert opened.notes(REF).read([commit]) == {commit: b"1\n"}


def test_two_processes_lose_nothing(repo: Repo, opened: Repository) -> None:
    commit = repo.commit()
    script = str(Path(__file__).with_name("note_writer.py"))
    names, times = ("a", "b"), 12
    writers = [
        subprocess.Popen([sys.executable, script, str(repo.root), REF, commit, name, str(times)]) for name in names
    ]
    assert [writer.wait(100) for writer in writers] == [0, 0]
    lines = opened.notes(REF).read([commit])[commit].decode().splitlines()
    assert sorted(lines) == sorted(f"{name} {number}" for name in names for number in range(times))
    assert repo.git("fsck", "--no-dangling") == ""


def test_sha256(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "r", "--object-format=sha256")
    commit = repo.commit()
    opened = Repository.discover(repo.root)
    write_notes(opened, {REF: {commit: b"x\n"}}, "x")
    assert opened.notes(REF).read([commit]) == {commit: b"x\n"}
    assert repo.git("notes", "--ref=byline", "show", commit) == "x"
    opened.close()


def test_the_work_tree_and_branches_are_left_alone(repo: Repo, opened: Repository) -> None:
    commit = repo.commit({"a": "1\n"})
    repo.write("a", "2\n")
    before = (repo.git("status", "--porcelain=v2", "--branch"), (repo.root / ".git" / "index").read_bytes())
    write_notes(opened, {REF: {commit: b"x\n"}}, "x")
    assert ((repo.git("status", "--porcelain=v2", "--branch")), (repo.root / ".git" / "index").read_bytes()) == before
    assert repo.git("log", "-1", "--format=%H") == commit
