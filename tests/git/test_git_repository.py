from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git.errors import CommandFailed, ObjectTooLarge, UnknownRevision
from byline.git.objects import Objects
from byline.git.refs import Head, is_ref
from byline.git.repository import Repository
from support.repo import Repo

Open = Callable[[Path], Repository]

ODD_PATHS = [
    "plain.py",
    "with space.py",
    "tab\there",
    "new\nline",
    'quo"te',
    "back\\slash",
    "ünï/cödé",
    "not-utf8-\udcff",
    ":(top)magic",
    "-dash",
    "star*.py",
    "a b/c\td",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_paths(repo: Repo, opened: Repository, path: str) -> None:
    content = f"{path!r}\n".encode()
    commit = repo.commit({path: content, "other": "x\n"})
    assert opened.relative(repo.root / path) == path
    assert opened.blob(commit, path) == content
    assert opened.index_blob(path) == (repo.git("hash-object", "--stdin", stdin=content), content)
    assert opened.tracked(path)
    assert opened.ignored([path]) == frozenset()
    assert opened.blob(commit, path + "x") is None
    assert not opened.tracked(path + "x")


def test_relative(repo: Repo, opened: Repository, tmp_path: Path) -> None:
    Repo.init(repo.root / "vendor")
    (repo.root / "out").symlink_to(tmp_path)
    (repo.root / "etc").symlink_to("/etc/passwd")
    (repo.root / "alias.py").symlink_to("real.py")
    (repo.root / "loop").symlink_to("loop")
    (tmp_path / "in").symlink_to(repo.root)
    table = {
        repo.root / "a.py": "a.py",
        repo.root / "x" / ".." / "a.py": "a.py",
        tmp_path / "in" / "d" / "a.py": "d/a.py",
        repo.root / "alias.py": "real.py",
        repo.root: None,
        tmp_path / "elsewhere": None,
        repo.root / ".." / "x": None,
        repo.root / "out" / "x": None,
        repo.root / "etc": None,
        repo.root / ".git" / "config": None,
        repo.root / "sub" / ".GIT" / "x": None,
        repo.root / "vendor" / "a.py": None,
        Path("/a\0b"): None,
    }
    assert {path: opened.relative(path) for path in table} == table


def test_ignored(repo: Repo, opened: Repository, tmp_path: Path) -> None:
    (repo.root / "link").symlink_to(tmp_path)
    repo.write("kept.log", "x\n")
    repo.git("add", "--force", "kept.log")
    repo.write(".gitignore", "*.log\nbuild/\n")
    asked = ["a.py", "a.log", "kept.log", "build/x", "../x", "/etc/passwd", "link/x", "st*r.log", "", "a\0b", ":(top)y"]
    assert opened.ignored(asked) == {"a.log", "build/x", "../x", "/etc/passwd", "link/x", "st*r.log", "", "a\0b"}
    assert opened.ignored([]) == frozenset()


def test_ignored_agrees_with_git(repo: Repo, opened: Repository) -> None:
    repo.write(".gitignore", ["*.o", "!keep.o", "/root.txt", "deep/**/x", "dir/"])
    paths = ["a.o", "keep.o", "s/keep.o", "root.txt", "s/root.txt", "deep/a/b/x", "deep/x", "dir/f", "s/dir/f", "dir"]
    said = repo.git("check-ignore", "--no-index", *paths, ok=(0, 1)).split("\n")
    assert opened.ignored(paths) == set(said)


def test_index_blob(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "one\n", "folder/b": "b\n"})
    assert opened.index_blob("folder") is None
    repo.write("a", "two\n")
    assert opened.index_blob("a") == (repo.git("rev-parse", "HEAD:a"), b"one\n")
    repo.git("add", "a")
    assert opened.index_blob("a") == (repo.git("rev-parse", ":a"), b"two\n")
    repo.git("rm", "--cached", "--quiet", "a")
    assert opened.index_blob("a") is None


def test_index_blob_in_conflict(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"a": "2\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"a": "3\n"})
    repo.git("merge", "side", ok=(1,))
    assert opened.index_blob("a") is None
    assert opened.tracked("a")


def test_head(repo: Repo, opened: Repository) -> None:
    assert opened.head() == Head(None, "refs/heads/main")
    first = repo.commit()
    before = opened.runner.spawns
    assert opened.head() == Head(first, "refs/heads/main")
    repo.git("pack-refs", "--all")
    assert opened.head() == Head(first, "refs/heads/main")
    repo.git("checkout", "--quiet", "--detach")
    assert opened.head() == Head(first, None)
    repo.git("checkout", "--quiet", "-b", "feature/ünï")
    second = repo.commit()
    assert opened.head() == Head(second, "refs/heads/feature/ünï")
    repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    repo.git("symbolic-ref", "HEAD", "refs/heads/alias")
    assert opened.head().oid == first
    assert opened.runner.spawns == before


def test_head_of_a_linked_worktree(repo: Repo, tmp_path: Path, open_repository: Open) -> None:
    first = repo.commit()
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    second = repo.commit()
    assert open_repository(tmp_path / "linked").head() == Head(first, "refs/heads/side")
    assert open_repository(repo.root).head() == Head(second, "refs/heads/main")


@pytest.mark.parametrize("content", ["ref: ../../etc/passwd\n", "ref: refs/../x\n", "garbage\n", ""])
def test_head_of_a_hostile_repository(repo: Repo, opened: Repository, content: str) -> None:
    repo.commit()
    (repo.root / ".git" / "HEAD").write_text(content)
    with pytest.raises(CommandFailed):
        opened.head()


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("refs/heads/main", True),
        ("refs/notes/byline", True),
        ("refs/heads/ünï-1.x", True),
        ("HEAD", False),
        ("refs/heads/../x", False),
        ("refs/heads/a b", False),
        ("refs/heads/a\n", False),
        ("refs/heads/.a", False),
        ("refs/heads/a/", False),
        ("refs/heads/a.lock", False),
        ("refs/heads/@{x", False),
        ("", False),
    ],
)
def test_is_ref(repo: Repo, name: str, fine: bool) -> None:
    assert is_ref(name) is fine
    assert (repo.git("check-ref-format", "--allow-onelevel", name, ok=(0, 1)) == "") is True
    if fine:
        repo.git("check-ref-format", name)


def test_resolve(repo: Repo, opened: Repository) -> None:
    first, second = repo.commit(), repo.commit()
    repo.git("tag", "--annotate", "-m", "x", "v1", first)
    for rev, oid in {"HEAD": second, "main": second, "v1": first, "HEAD~1": first, first[:10]: first}.items():
        assert opened.resolve(rev) == oid
    for rev in ("nope", "", "--help", "-n1", "HEAD:", "HEAD^{tree}", "a\0b", "main..v1", "--output=x"):
        with pytest.raises(UnknownRevision):
            opened.resolve(rev)
    assert not (repo.root / "x").exists()


def test_blob(repo: Repo, opened: Repository) -> None:
    commit = repo.commit({"d/a": "1\n", "empty": ""})
    tree = repo.git("rev-parse", "HEAD^{tree}")
    assert opened.blob(tree, "d/a") == b"1\n"
    assert opened.blob("HEAD", "empty") == b""
    for rev, path in [
        (commit, "d"),
        (commit, "x"),
        ("nope", "d/a"),
        (commit, "../a"),
        ("HEAD:d", "a"),
        (commit, "./d/a"),
    ]:
        assert opened.blob(rev, path) is None


def test_shallow(repo: Repo, tmp_path: Path, open_repository: Open) -> None:
    for n in range(3):
        repo.commit({"a": f"{n}\n"})
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth", "2", f"file://{repo.root}", str(clone))
    opened = open_repository(clone)
    assert opened.is_shallow
    assert opened.shallow_commits() == {repo.git("rev-parse", "HEAD~1")}
    assert not open_repository(repo.root).is_shallow


def test_sha256(tmp_path: Path, open_repository: Open) -> None:
    repo = Repo.init(tmp_path / "r", "--object-format=sha256")
    commit = repo.commit({"a": "1\n"})
    opened = open_repository(repo.root)
    assert opened.hash_name == "sha256"
    assert opened.head().oid == commit == opened.resolve("HEAD")
    assert opened.blob(commit, "a") == b"1\n"


def test_bare(tmp_path: Path, open_repository: Open) -> None:
    repo = Repo.init(tmp_path / "r.git", "--bare")
    oid = repo.git("hash-object", "-w", "--stdin", stdin="1\n")
    tree = repo.git("mktree", stdin=f"100644 blob {oid}\ta\n")
    commit = repo.git("commit-tree", "-m", "x", tree)
    opened = open_repository(repo.root)
    assert opened.resolve(commit) == commit
    assert opened.blob(commit, "a") == b"1\n"
    assert opened.relative(repo.root / "a") is None
    assert opened.index_blob("a") is None
    assert not opened.tracked("a")
    assert opened.ignored(["a"]) == {"a"}
    assert opened.hash_name == "sha1"


@pytest.mark.parametrize(
    ("env", "config", "expected"),
    [
        ({}, {"user__name": "Bob", "user__email": "bob@x.org"}, ("Bob", "bob@x.org")),
        ({}, {"user__name": "Bob", "user__email": "b@x", "committer__name": "Robot"}, ("Robot", "b@x")),
        ({"GIT_COMMITTER_NAME": "Eve", "GIT_COMMITTER_EMAIL": "e@x"}, {"user__name": "Bob"}, ("Eve", "e@x")),
        ({}, {"user__name": "A <b>\tc.", "user__email": "<x@y>"}, ("A bc", "x@y")),
    ],
)
def test_committer(
    repo: Repo,
    opened: Repository,
    env: dict[str, str],
    config: dict[str, str],
    expected: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    repo.configure(**config)
    assert opened.committer() == expected


def test_committer_never_fails(repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    name, mail = opened.committer()
    assert name
    assert mail
    (repo.root / ".git" / "config").write_text("[broken\n")
    assert all(opened.committer())


def test_objects(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n", "big": "x" * 5000})
    blob, big = repo.git("rev-parse", "HEAD:a"), repo.git("rev-parse", "HEAD:big")
    objects = opened.objects
    assert objects.size(blob) == (blob, "blob", 2)
    assert objects.read("HEAD:a") == b"1\n"
    assert objects.read_many([blob, "0" * 40, big, "HEAD:a", "bad\nspec", ""]) == [
        b"1\n",
        None,
        b"x" * 5000,
        b"1\n",
        None,
        None,
    ]
    assert objects.size(f"{blob}\n{big}") is None
    with pytest.raises(ObjectTooLarge):
        objects.read(big, limit=4999)
    assert objects.read(big, limit=5000) == b"x" * 5000


def test_objects_are_many_and_cost_two_processes(repo: Repo, opened: Repository) -> None:
    repo.commit({f"f{n}": f"{n}\n" * 50 for n in range(300)})
    before = opened.runner.spawns
    contents = opened.objects.read_many([f"HEAD:f{n}" for n in range(300)] * 2)
    assert contents == [f"{n}\n".encode() * 50 for n in range(300)] * 2
    assert opened.runner.spawns - before <= 3  # with the configuration


def test_objects_survive_their_processes(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    assert opened.objects.read("HEAD:a") == b"1\n"
    for batch in (opened.objects._infos, opened.objects._contents):
        assert batch._git is not None
        os.kill(batch._git._process.pid, 9)
        batch._git._process.wait()
    assert opened.objects.read("HEAD:a") == b"1\n"
    opened.close()
    assert opened.objects.read("HEAD:a") == b"1\n"


def test_objects_see_what_is_new(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    assert opened.objects.read("HEAD:a") == b"1\n"
    repo.commit({"a": "2\n"})
    assert opened.objects.read("HEAD:a") == b"2\n"
    repo.git("gc", "--quiet", "--prune=now")
    assert opened.objects.read("HEAD~1:a") == b"1\n"


def test_objects_from_many_threads(repo: Repo, opened: Repository) -> None:
    from concurrent.futures import ThreadPoolExecutor

    repo.commit({f"f{n}": f"{n}\n" for n in range(20)})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: opened.objects.read(f"HEAD:f{n % 20}"), range(200)))
    assert found == [f"{n % 20}\n".encode() for n in range(200)]
    assert isinstance(opened.objects, Objects)
