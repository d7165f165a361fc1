"""How every command ends: a code, and one clear line where it could not do what was asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run

from byline.cli import app
from byline.cli.output import Exit
from support.repo import Repo

FINE, NO, USAGE, NO_REPOSITORY, FAILED = Exit


def check_refused(run: Run, arguments: str, code: int, says: str, cwd: Path | None = None) -> None:
    ending = run(*arguments.split(), cwd=cwd)
    assert (ending.code, ending.out) == (code, "")
    assert ending.err.count("\n") == 1
    assert ending.err.startswith("byline: ")
    assert says in ending.err


@pytest.mark.parametrize(
    "arguments",
    [
        "blame app.py",
        "blame --rev HEAD app.py",
        "show",
        "show HEAD",
        "summary",
        "summary HEAD..HEAD",
        "settle",
        "settle --all",
        "redact nothing",
        "config",
        "doctor",
    ],
)
def test_it_goes_well_in_a_person_s_words_and_as_json(run: Run, arguments: str) -> None:
    ending = run(*arguments.split())
    assert (ending.code, ending.err) == (FINE, "")
    assert ending.out.strip()
    ending = run(*arguments.split(), "--json")
    assert (ending.code, ending.err) == (FINE, "")
    assert isinstance(json.loads(ending.out), dict)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("blame gone.py", "no file gone.py in the work tree"),
        ("blame --rev HEAD gone.py", "no file gone.py in HEAD"),
        ("blame --rev nothing app.py", "names no commit"),
        ("blame --rev --json app.py", "not a revision"),
        ("blame -L 3,4 app.py", "has only 2 lines"),
        ("blame binary", "is not text"),
        ("blame --rev HEAD binary", "is not text"),
        ("blame folder", "is not a file"),
        ("show nothing", "names no commit"),
        ("summary nothing..HEAD", "names no commit"),
        ("prompt app.py:3", "no line 3"),
        ("prompt gone.py:1", "no file gone.py"),
    ],
)
def test_the_answer_is_no(run: Run, repo: Repo, arguments: str, says: str) -> None:
    repo.commit({"binary": b"\x89PNG\0\n", "folder/inner.py": "inner = 1\n"})
    check_refused(run, arguments, NO, says)


def test_a_line_of_no_ai_has_no_prompt(run: Run) -> None:
    ending = run("prompt", "app.py:2")
    assert (ending.code, ending.err) == (NO, "")
    assert "No AI is known" in ending.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("nonsense", "No such command 'nonsense'"),
        ("blame", "Missing argument 'PATH'. See `byline blame --help`"),
        ("blame --nonsense app.py", "No such option: --nonsense"),
        ("blame --format nonsense app.py", "'nonsense' is not one of"),
        ("blame -L x app.py", "-L x"),
        ("blame .", "is not a file of"),
        ("blame link.py", "is not a file of"),
        ("summary HEAD...HEAD", "use A..B"),
        ("prompt app.py", "name a file and a line"),
        ("prompt app.py:one", "name a file and a line"),
        ("-C nowhere blame app.py", "-C nowhere"),
    ],
)
def test_wrong_use(run: Run, repo: Repo, tmp_path: Path, arguments: str, says: str) -> None:
    (tmp_path / "outside.py").write_text("outside = 1\n")
    (repo.root / "link.py").symlink_to(tmp_path / "outside.py")
    check_refused(run, arguments, USAGE, says)


def test_without_a_command_there_is_help(run: Run) -> None:
    ending = run()
    assert (ending.code, ending.err) == (USAGE, "")
    assert ending.out == run("--help").out


@pytest.mark.parametrize("arguments", ["blame app.py", "show", "summary", "prompt app.py:1", "settle", "settle --all"])
def test_not_in_a_repository(run: Run, tmp_path: Path, arguments: str) -> None:
    check_refused(run, arguments, NO_REPOSITORY, "git init", cwd=tmp_path)
    check_refused(run, f"-C {tmp_path} {arguments}", NO_REPOSITORY, "git init")


def test_what_works_outside_of_a_repository(run: Run, tmp_path: Path) -> None:
    assert run("config", cwd=tmp_path).code == FINE
    assert run("redact", "text", cwd=tmp_path).out == "text\n"
    ending = run("doctor", cwd=tmp_path)
    assert ending.code == NO_REPOSITORY
    assert "✗ repository" in ending.out
    assert "✓ git" in ending.out


@pytest.mark.parametrize("arguments", ["blame --rev HEAD app.py", "show", "show --json", "summary"])
def test_before_the_first_commit(run: Run, tmp_path: Path, arguments: str) -> None:
    unborn = Repo.init(tmp_path / "unborn")
    check_refused(run, arguments, NO, "names no commit", cwd=unborn.root)


def test_work_before_the_first_commit(run: Run, tmp_path: Path) -> None:
    unborn = Repo.init(tmp_path / "unborn")
    unborn.write("app.py", "first = 1\n")
    found = json.loads(run("blame", "--json", "app.py", cwd=unborn.root).out)
    assert (found["rev"], found["dirty"], found["lines"][0]["commit"]) == (None, True, None)


def test_a_bare_repository(run: Run, repo: Repo, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(bare))
    check_refused(run, "blame app.py", FAILED, "bare repository", cwd=bare)
    assert run("blame", "--rev", "HEAD", "app.py", cwd=bare).code == FINE
    assert run("show", cwd=bare).code == FINE
    assert "bare repository" in run("settle", cwd=bare).out


def test_git_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    check_refused(run, "blame app.py", FAILED, "install git")
    ending = run("doctor")
    assert ending.code == NO
    assert "✗ git" in ending.out


def _fails() -> int:
    raise RuntimeError("two\nlines")


def test_an_error_of_ours_is_one_line_and_with_debug_its_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_COMMANDS", {"fails": _fails, "more": _fails})
    check_refused(run, "fails", FAILED, "RuntimeError: two lines); --debug shows where")
    ending = run("--debug", "fails")
    assert ending.code == FAILED
    assert 'in _fails\n    raise RuntimeError("two\\nlines")' in ending.err


@pytest.mark.parametrize("name", [name for name in app._COMMANDS if name not in ("lsp", "mcp")])
def test_every_command_has_json_and_an_example(run: Run, name: str) -> None:
    help_ = run(name, "--help").out
    assert "--json" in help_
    assert "Example" in help_
    assert f"byline {name}" in help_


def test_all_commands_are_listed(run: Run) -> None:
    listed = run("--help").out.partition("Commands:")[2]
    assert [line.split()[0] for line in listed.splitlines() if line.startswith("  ")][:-1] == list(app._COMMANDS)
    assert "..." not in listed
