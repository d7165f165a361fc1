"""Opening and reading a repository runs none of its code, whatever it brings along.

Each planted program leaves a file in the `ran` folder. A control shows that ordinary git does run them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from byline.git import blame as blames
from byline.git import changes as diffs
from byline.git import commit as commits
from byline.git import notes, reflog
from byline.git.blame_cache import BlameCache
from byline.git.errors import CommandFailed, GitError
from byline.git.repository import Repository
from support.repo import Repo

REF = "refs/notes/byline"

HOOKS = """
applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit
pre-rebase post-checkout post-merge pre-push pre-receive update post-receive post-update reference-transaction
push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman post-index-change proc-receive
"""

PROGRAMS = """
core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.alternateRefsCommand core.gitProxy
credential.helper diff.external gpg.program gpg.ssh.program gpg.x509.program gpg.ssh.defaultKeyCommand sequence.editor
interactive.diffFilter uploadpack.packObjectsHook pager.log pager.diff pager.blame pager.config trailer.evil.command
trailer.evil.cmd merge.evil.driver filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.command
diff.evil.textconv difftool.evil.cmd mergetool.evil.cmd browser.evil.cmd man.evil.cmd hook.evil.command
remote.origin.uploadpack
"""

SWITCHES = {
    "log.showSignature": "true",
    "commit.gpgSign": "true",
    "filter.evil.required": "true",
    "diff.evil.cachetextconv": "true",
    "hook.evil.event": "reference-transaction",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "protocol.ext.allow": "always",
    "protocol.allow": "always",
    "core.worktree": "/etc",
    "maintenance.auto": "true",
    "gc.auto": "1",
}

INCLUDED = """
[filter "e=v.il"]
    clean = {ran}
    required = true
[diff "e=v.il"]
    textconv = {ran}
    command = {ran}
[filter "two\\"words"]
    clean = {ran}
"""


class Trap:
    """A repository in which every vector that we know of is planted."""

    def __init__(self, repo: Repo, folder: Path) -> None:
        self.repo = repo
        self.ran = folder / "ran"
        self.ran.mkdir()
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.commits = [
            repo.commit({"a.txt": "1\n2\n3\n", "odd=.txt": "x\n", "two.txt": "x\n", "plain.md": "1\n"}),
            repo.commit({"a.txt": "1\n2\n3\n4\n", "plain.md": "2\n"}),
        ]
        repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
        repo.commit({"b.txt": "b\n"})
        repo.git("checkout", "--quiet", "main")
        self.commits.append(repo.merge("side"))
        self.missing = self._lose_a_blob()
        self._plant()

    def _lose_a_blob(self) -> str:
        oid = self.repo.git("hash-object", "-w", "--stdin", stdin="lost\n")
        (self.repo.root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        return oid

    def program(self, name: str) -> str:
        """A program that leaves a trace."""
        safe = name.replace("/", "_")
        file = self.programs / safe
        file.write_text(f"#!/bin/sh\ntouch '{self.ran / safe}'\n")
        file.chmod(0o755)
        return str(file)

    def _plant(self) -> None:
        git = self.repo.root / ".git"
        for name in PROGRAMS.split():
            self.repo.git("config", name, self.program(name))
        for name, value in SWITCHES.items():
            if name != "core.worktree":
                self.repo.git("config", name, value)
        self.repo.git("config", "remote.origin.url", f"ext::{self.program('ext-transport')} %S")
        self.repo.git("config", "include.path", "../included.cfg")
        for hook in HOOKS.split():
            shutil.copy(self.program(f"hook-{hook}"), git / "hooks" / hook)
        (self.repo.root / "included.cfg").write_text(INCLUDED.format(ran=self.program("included")))
        attributes = (
            '*.txt filter=evil diff=evil merge=evil\nodd=.txt filter=e=v.il diff=e=v.il\ntwo.txt filter=two"words\n'
        )
        (git / "info").mkdir(exist_ok=True)
        (git / "info" / "attributes").write_text(attributes)
        (self.repo.root / ".gitattributes").write_text(attributes)
        shutil.copy(self.program("git-in-the-work-tree"), self.repo.root / "git")
        for name, value in SWITCHES.items():
            if name == "core.worktree":
                self.repo.git("config", name, value)

    def traces(self) -> set[str]:
        return {file.name for file in self.ran.iterdir()}


@pytest.fixture
def trap(repo: Repo, tmp_path: Path) -> Trap:
    return Trap(repo, tmp_path)


def clean(root: Path) -> None:
    (root / ".git" / "index").touch()


def size_changed(root: Path) -> None:
    (root / "a.txt").write_text("1\n2\n3\n4\nand more\n")


def same_size(root: Path) -> None:
    (root / "a.txt").write_text("1\n2\n3\n5\n")


def calls(trap: Trap, repository: Repository) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every public call of the package, by name."""
    first, second, merge = trap.commits
    root = trap.repo.root
    log = reflog.HeadLog(repository)
    ref = repository.notes(REF)
    cache = BlameCache(repository)
    start = reflog.Cursor(0, "", None)
    yield "discover", lambda: Repository.discover(root / "a.txt").close()
    yield "root", lambda: repository.root
    yield "is_bare", lambda: repository.is_bare
    yield "is_shallow", lambda: repository.is_shallow
    yield "shallow_commits", repository.shallow_commits
    yield "worktree_name", lambda: repository.worktree_name
    yield "hash_name", lambda: repository.hash_name
    yield "relative", lambda: repository.relative(root / "a.txt")
    yield "head", repository.head
    yield "resolve", lambda: repository.resolve("main")
    yield "blob", lambda: [repository.blob(second, path) for path in ("a.txt", "odd=.txt", "tab\t")]
    yield "blob_oid", lambda: repository.blob_oid(second, "a.txt")
    yield "index_blob", lambda: [repository.index_blob(path) for path in ("a.txt", "odd=.txt", "two.txt")]
    yield "tracked", lambda: repository.tracked("a.txt")
    yield "ignored", lambda: repository.ignored(["a.txt", "x.o"])
    yield "committer", repository.committer
    yield "notes", lambda: repository.notes(REF)
    yield "size", lambda: [repository.objects.size(spec) for spec in (trap.missing, "HEAD:a.txt")]
    yield "read", lambda: [repository.objects.read(spec) for spec in (trap.missing, "HEAD:a.txt")]
    yield "get", lambda: repository.objects.get(merge)
    yield "signature", log.signature
    yield "end", log.end
    yield "since", lambda: [log.since(start), log.since(reflog.Cursor(99, "gone", first))]
    yield "commits_between", lambda: reflog.commits_between(repository, first, merge)
    yield "changes", lambda: diffs.changes(repository, second, first)
    yield "changes_of_many", lambda: diffs.changes_of_many(repository, [(first, None), (merge, second)])
    yield "added_lines", lambda: [diffs.added_lines(repository, oid) for oid in trap.commits]
    yield "added_lines_of_many", lambda: diffs.added_lines_of_many(repository, trap.commits)
    yield "commit_info", lambda: [commits.commit_info(repository, oid) for oid in trap.commits]
    yield "commit_infos", lambda: commits.commit_infos(repository, trap.commits)
    yield "blame", lambda: [blames.blame(repository, merge, path) for path in ("a.txt", "odd=.txt", "two.txt")]
    yield "conditions", lambda: blames.conditions(repository)
    yield "get_blame", lambda: [cache.get(oid, "a.txt") for oid in trap.commits]
    yield "write_notes", lambda: notes.write_notes(repository, {REF: {first: b"1\n"}}, "x")
    yield "update_notes", lambda: notes.update_notes(repository, {REF: trap.commits}, lambda *_: b"2\n", "x")
    yield "tip", ref.tip
    yield "listing", ref.listing
    yield "read_notes", lambda: ref.read(trap.commits)
    yield "close", repository.close


@pytest.mark.parametrize("spoil", [clean, size_changed, same_size])
def test_nothing_runs(trap: Trap, spoil: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(trap.ran)
    trap.ran.mkdir()
    spoil(trap.repo.root)
    monkeypatch.setenv("PATH", f".:{trap.repo.root}:{os.environ['PATH']}")
    monkeypatch.chdir(trap.repo.root)
    for variable in (
        "GIT_EXTERNAL_DIFF",
        "GIT_SSH_COMMAND",
        "GIT_PAGER",
        "GIT_EDITOR",
        "GIT_ASKPASS",
        "GIT_PROXY_COMMAND",
    ):
        monkeypatch.setenv(variable, trap.program(variable))
    repository = Repository.discover(trap.repo.root)
    assert repository.work_tree == trap.repo.root
    for name, call in calls(trap, repository):
        try:
            call()
        finally:
            assert trap.traces() == set(), name
    assert repository.notes(REF).read(trap.commits) == dict.fromkeys(trap.commits, b"2\n")
    repository.close()


@pytest.mark.parametrize("spoil", [clean, size_changed, same_size])
@pytest.mark.parametrize(
    "command",
    [
        ["status", "--porcelain"],
        ["diff", "--no-ext-diff", "--no-textconv"],
        ["diff-files", "--no-ext-diff", "--no-textconv", "-p"],
        ["hash-object", "a.txt", "odd=.txt", "two.txt"],
        ["log", "-p", "-m", "--no-ext-diff", "--no-textconv"],
    ],
)
def test_commands_that_read_the_work_tree_run_nothing_either(
    trap: Trap, opened: Repository, spoil: Callable[[Path], None], command: list[str]
) -> None:
    """Byline asks none of these; whoever asks one tomorrow is as safe."""
    spoil(trap.repo.root)
    opened.runner.run(command)
    assert trap.traces() == set()


def test_every_public_call_is_in_the_list(trap: Trap, opened: Repository) -> None:
    tried = {name for name, _ in calls(trap, opened)}
    own = {
        "git_dir",
        "common_dir",
        "work_tree",
        "runner",
        "objects",
        "at",
    }  # fields, and a constructor that only stores
    public = {name for name in dir(Repository) if not name.startswith("_")} - own
    for module in (diffs, commits, reflog, notes):
        public |= {name for name, value in vars(module).items() if is_function_of(value, module.__name__)}
    assert public - tried - {"parse_commit"} == set()


def is_function_of(value: object, module: str) -> bool:
    name = getattr(value, "__name__", "_")
    return (
        callable(value)
        and not isinstance(value, type)
        and getattr(value, "__module__", "") == module
        and name[0] != "_"
    )


@pytest.mark.parametrize("key", ["onbranch", "include"])
def test_drivers_that_appear_later_are_noticed(repo: Repo, opened: Repository, tmp_path: Path, key: str) -> None:
    """A configuration read once must not hide what an include brings in after a checkout."""
    repo.commit({"a": "1\n"})
    section = 'includeIf "onbranch:side"' if key == "onbranch" else "include"
    with (repo.root / ".git" / "config").open("a") as config:
        config.write(f"[{section}]\n\tpath = {tmp_path}/later.cfg\n")
    brought = tmp_path / "later.cfg"
    if key == "onbranch":
        brought.write_text('[filter "late"]\n\tclean = evil\n')
    assert opened.runner.config().get("filter.late.clean") is None
    if key == "onbranch":
        repo.git("checkout", "--quiet", "-b", "side")
    else:
        brought.write_text('[filter "late"]\n\tclean = evil\n')
    assert opened.runner.config().get("filter.late.clean") == "evil"


@pytest.mark.parametrize("path", ["~/x", "/dev/null", "missing"])
def test_odd_includes(repo: Repo, opened: Repository, path: str) -> None:
    commit = repo.commit({"a": "1\n"})
    repo.configure(include__path=path)
    assert opened.resolve("HEAD") == commit


def test_include_that_git_refuses(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    repo.configure(include__path="~nobody-of-this-name/x")
    with pytest.raises(CommandFailed, match="expand"):
        opened.runner.run(["rev-parse", "HEAD"])


def test_control(trap: Trap) -> None:
    """The traps are live: ordinary git falls into them."""
    same_size(trap.repo.root)
    trap.repo.git("config", "--unset", "core.worktree")
    trap.repo.git("status", ok=range(256))
    assert {"core.fsmonitor", "filter.evil.process"} <= trap.traces()
    trap.repo.git("config", "--unset", "filter.evil.process")
    trap.repo.git("config", "--unset", "filter.evil.required")
    for command in (
        ["status"],
        ["diff", "HEAD~2", "HEAD"],
        ["diff", "--no-ext-diff", "HEAD~2", "HEAD"],
        ["hash-object", "two.txt"],
        ["log", "-1"],
        ["update-ref", "refs/heads/x", "HEAD"],
        ["cat-file", "-p", trap.missing],
    ):
        trap.repo.git(*command, ok=range(256))
    assert trap.traces() >= {
        "core.fsmonitor",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "ext-transport",
        "filter.evil.clean",
        "hook-reference-transaction",
        "included",
    }


def test_hostile_names_do_not_become_options(repo: Repo, opened: Repository) -> None:
    commit = repo.commit({"--output=stolen": "1\n", "-x": "2\n"})
    assert opened.blob(commit, "--output=stolen") == b"1\n"
    assert len(blames.blame(opened, commit, "-x")) == 1
    for call in (
        lambda: blames.blame(opened, "--output=stolen", "-x"),
        lambda: diffs.changes(opened, "-p", None),
        lambda: reflog.commits_between(opened, "--all", commit),
        lambda: notes.write_notes(opened, {REF: {"--x": b""}}, "m"),
        lambda: opened.notes("--exec=x"),
    ):
        with pytest.raises(ValueError, match="Not a"):
            call()
    with suppress(GitError):
        opened.resolve("--output=stolen2")
    assert {file.name for file in repo.root.iterdir()} == {".git", "--output=stolen", "-x"}
