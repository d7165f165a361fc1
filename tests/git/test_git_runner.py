from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from byline.git.errors import CommandFailed, GitError, GitMissing, GitTooOld
from byline.git.executable import find_git, parse_version
from byline.git.hardening import as_options, as_variables, drivers_off, environment
from byline.git.repository import Repository
from byline.git.runner import Runner
from support.repo import Repo

SLEEPY = '#!/bin/sh\ncase "$*" in --version) echo git version 2.40.0;; *config*) ;; *) exec sleep 60;; esac\n'


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def runner_with(git: Path, repo: Repo) -> Runner:
    return Runner(git, repo.root / ".git", repo.root / ".git", repo.root)


def test_run(repo: Repo, opened: Repository) -> None:
    run = opened.runner.run
    assert run(["hash-object", "--stdin"], stdin=b"x").decode().strip() == repo.git("hash-object", "--stdin", stdin="x")
    assert run(["rev-parse", "--verify", "--quiet", "nope"], ok=(1,)) == b""
    with pytest.raises(CommandFailed) as caught:
        run(["rev-parse", "nope"])
    assert caught.value.code == 128
    assert "rev-parse" in caught.value.problem
    assert "nope" in caught.value.problem
    assert "\n" not in caught.value.problem


def test_stdin_is_not_inherited(repo: Repo) -> None:
    code = "from pathlib import Path\nfrom byline.git.repository import Repository\nimport sys\n"
    code += "print(Repository.discover(Path(sys.argv[1])).runner.run(['hash-object', '--stdin']).decode())"
    done = subprocess.run(
        [sys.executable, "-c", code, str(repo.root)], input=b"secret", capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == repo.git("hash-object", "--stdin", stdin="")


def test_spawns_are_counted(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "1\n"})
    assert opened.runner.spawns == 0
    opened.runner.run(["rev-parse", "HEAD"])
    assert opened.runner.spawns == 2  # with the configuration, which is kept
    opened.runner.run(["rev-parse", "HEAD"])
    assert opened.runner.spawns == 3


def test_a_command_that_takes_too_long_is_ended(repo: Repo, tmp_path: Path) -> None:
    runner = runner_with(script(tmp_path / "git", SLEEPY), repo)
    began = time.monotonic()
    with pytest.raises(CommandFailed, match="more than") as caught:
        runner.run(["anything"], timeout=0.1)
    assert caught.value.code is None
    with pytest.raises(CommandFailed, match="more than"), runner.stream(["anything"], timeout=0.1) as output:
        assert output.read() == b""
    assert time.monotonic() - began < 20


def test_leaving_a_stream_early_ends_the_process(repo: Repo, opened: Repository) -> None:
    repo.commit({f"f{n}": "x\n" for n in range(2000)})
    with opened.runner.stream(["ls-tree", "-r", "HEAD"]) as output:
        assert output.readline().startswith(b"100644")
    with pytest.raises(ZeroDivisionError), opened.runner.stream(["ls-tree", "-r", "HEAD"]):
        _ = 1 // 0
    with pytest.raises(CommandFailed), opened.runner.stream(["ls-tree", "nope"]) as output:
        assert output.read() == b""


def test_a_vanished_work_tree_is_said(repo: Repo, opened: Repository) -> None:
    repo.root.rename(repo.root.with_name("moved"))
    with pytest.raises(CommandFailed, match="not there any more"):
        opened.runner.run(["status"])


def test_old_git_is_refused(repo: Repo, tmp_path: Path) -> None:
    old = script(tmp_path / "git", "#!/bin/sh\necho git version 2.24.4\n")
    with pytest.raises(GitTooOld, match=r"2\.24\.4.*2\.25"):
        runner_with(old, repo).run(["status"])


def test_git_without_configuration_variables_gets_options(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git of before 2.31 is told by `-c`, and not at all where a driver's name could not be told that way."""
    repo.git("config", "filter.evil.clean", "x")
    monkeypatch.setenv("REAL", str(find_git()))
    cases = '--version) echo git version 2.30.0;; *--list*) exec "$REAL" "$@";; *) echo "$@"'
    echo = script(tmp_path / "git", f'#!/bin/sh\ncase "$*" in {cases};; esac\n')
    assert "-c filter.evil.clean= " in runner_with(echo, repo).run(["x"]).decode()
    repo.git("config", "filter.e=vil.clean", "x")
    with pytest.raises(GitError, match="odd name"):
        runner_with(echo, repo).run(["x"])


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (b"git version 2.39.5\n", (2, 39, 5)),
        (b"git version 2.50.1 (Apple Git-155)\n", (2, 50, 1)),
        (b"git version 2.47.0.windows.1\n", (2, 47, 0)),
        (b"git version 2.50\n", (2, 50, 0)),
        (b"hello\n", (0, 0, 0)),
    ],
)
def test_version(said: bytes, version: tuple[int, int, int]) -> None:
    assert parse_version(said) == version


def test_git_is_never_taken_from_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "repo" / "bin"
    own = tmp_path / "own"
    for folder in (planted, own):
        folder.mkdir(parents=True)
        script(folder / "git", "#!/bin/sh\n")
    monkeypatch.chdir(planted)
    monkeypatch.setenv("PATH", f".:{planted}:../bin::{own}")
    assert find_git(avoid=tmp_path / "repo") == own / "git"
    monkeypatch.setenv("PATH", ".:")
    with pytest.raises(GitMissing, match=r"git\.path"):
        find_git()
    assert find_git(chosen=own / "git") == own / "git"
    with pytest.raises(GitMissing):
        find_git(chosen=Path("git"))


def test_environment() -> None:
    inherited = {
        "GIT_DIR": "x",
        "git_config": "x",
        "GIT_CONFIG_PARAMETERS": "x",
        "PATH": "/bin",
        "GIT_CONFIG_GLOBAL": "g",
    }
    seen = environment(inherited)
    assert seen["PATH"] == "/bin"
    assert seen["GIT_CONFIG_GLOBAL"] == "g"
    assert seen["LC_ALL"] == "C"
    assert not {"GIT_DIR", "git_config", "GIT_CONFIG_PARAMETERS"} & set(seen)


def test_drivers_off() -> None:
    keys = [
        "filter.a.clean",
        "filter.a.b.required",
        "diff.x\ny.textconv",
        "user.name",
        "trailer.t.cmd",
        "merge.m.driver",
    ]
    off = drivers_off([*keys, "filter.a.clean"])
    assert off == dict.fromkeys(set(keys) - {"user.name"}, "") | {"filter.a.b.required": "false"}
    assert as_variables({}) == {}
    assert as_variables({"a.b": "c"}) == {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    assert as_options({"a.b": "c"}) == ["-c", "a.b=c"]
    with pytest.raises(GitError):
        as_options({"a=.b": "c"})


def test_importing_is_cheap() -> None:
    code = "import sys; import byline.git.repository, byline.git.notes, byline.git.reflog, byline.git.blame_cache; "
    code += "print(sorted({'git', 'pydantic', 'pygls', 'asyncio'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
