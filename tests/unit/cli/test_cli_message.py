"""`byline message`: its options and what they print, in repositories that are not quite ordinary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from byline.commit_messages.templates import FOLDER, NAME
from support.repo import Repo

HOOK = ".git/hooks/prepare-commit-msg"
RULES = {"extends": ["@commitlint/config-conventional"]}


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def answer(run: Run, *arguments: str, code: int = 0, cwd: Path | None = None) -> Any:
    """The one JSON document on standard output; nothing on standard error."""
    ending = run("message", *arguments, "--json", cwd=cwd)
    assert (ending.code, ending.err) == (code, "")
    return json.loads(ending.out)


def stage(repo: Repo, path: str = "app.py", text: str = "first = 1\nsecond = 2\n\ndef third():\n    pass\n") -> None:
    repo.write(path, text)
    repo.git("add", path)


def check_rules(repo: Repo, **rules: object) -> None:
    repo.commit({".commitlintrc.json": json.dumps({**RULES, "rules": rules})}, "chore: check messages")


# --- one JSON document ------------------------------------------------------------------------------------------------


def test_nothing_staged_is_an_answer_too(run: Run) -> None:
    for arguments in ((), ("--preview",)):
        given = answer(run, *arguments, code=1)
        assert (given["message"], given["candidates"]) == ("", [])
        assert "Nothing is staged" in given["problems"][0]
        ending = run("message", *arguments)
        assert (ending.code, ending.out) == (1, "")
        assert ending.err.startswith("byline: Nothing is staged")


def test_the_preview_is_what_would_be_sent(run: Run, repo: Repo) -> None:
    stage(repo)
    given = answer(run, "--preview")
    assert set(given["preview"]) == {"system", "user"}
    assert "+def third():" in given["preview"]["user"]
    shown = run("message", "--preview").out
    assert all(line in shown for line in given["preview"]["user"].split("\n"))


def test_the_hook_is_named(run: Run, repo: Repo) -> None:
    path = str(repo.root / HOOK)
    assert answer(run, "--install-hook") == {"hook": path, "installed": True}
    assert answer(run, "--uninstall-hook") == {"hook": path, "installed": False}
    assert answer(run, "--uninstall-hook") == {"hook": None, "installed": False}


def test_the_hook_cannot_come_and_go_at_once(run: Run, repo: Repo) -> None:
    ending = run("message", "--install-hook", "--uninstall-hook")
    assert (ending.code, ending.out) == (2, "")
    assert "one of them" in ending.err
    assert not (repo.root / HOOK).exists()


# --- what is offered --------------------------------------------------------------------------------------------------


def test_the_likeliest_comes_first_and_says_so(run: Run, repo: Repo) -> None:
    check_rules(repo)
    repo.commit({"src/app.py": "def main():\n    return 1\n"}, "feat(api): add main")
    stage(repo, "src/app.py", "def main():\n    return 1\n\n\ndef extra():\n    return 2\n")
    given = answer(run, "--offline")
    odds = [candidate["confidence"] for candidate in given["candidates"]]
    assert len(odds) == 3
    assert odds == sorted(odds, reverse=True)
    assert given["message"] == given["candidates"][0]["message"]


def test_of_a_file_that_is_to_be_ignored_only_the_name_is_used(run: Run, repo: Repo) -> None:
    repo.commit({".byline-ignore": "secret.py\n", "secret.py": "a = 1\n"}, "Begin anew")
    stage(repo, "secret.py", "a = 1\n\n\ndef take_over():\n    return 2\n")
    given = answer(run, "--offline")
    assert "secret.py" in given["message"]
    assert "take_over" not in json.dumps(given)
    assert "4 lines added" in json.dumps(given)


@pytest.mark.parametrize(
    ("template", "said"),
    [(b"{% if body %}{{ body }}{% endif %}", "no text"), (b"x" * 20_000, "16 KiB"), (b"{{ header", "not understood")],
)
def test_a_template_that_cannot_be_used_is_named(run: Run, repo: Repo, template: bytes, said: str) -> None:
    stage(repo)
    usual = answer(run, "--offline")
    file = repo.root / FOLDER / NAME
    file.parent.mkdir(parents=True)
    file.write_bytes(template)
    given = answer(run, "--offline")
    assert given["message"] == usual["message"]
    (problem,) = given["problems"]
    assert problem.startswith(f"{file}: ")
    assert said in problem


# --- amending ---------------------------------------------------------------------------------------------------------


def test_where_a_shallow_history_begins_only_what_is_staged_can_be_told(run: Run, repo: Repo, tmp_path: Path) -> None:
    repo.commit({"app.py": "first = 3\n", "other.py": "other = 1\n"}, "Go on")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth=1", repo.root.as_uri(), str(clone))
    given = answer(run, "--amend", "--offline", code=1, cwd=clone)
    assert any("shallow" in problem for problem in given["problems"])
    stage(Repo(clone, repo.clock))
    given = answer(run, "--amend", "--offline", cwd=clone)
    assert "third" in given["message"]
    assert "other" not in given["message"]
    assert any("shallow" in problem for problem in given["problems"])


def test_a_merge_that_is_amended_keeps_gits_message(run: Run, repo: Repo) -> None:
    repo.git("switch", "-qc", "side")
    repo.commit({"side.py": "side = 1\n"}, "Add side")
    repo.git("switch", "-q", "main")
    repo.commit({"app.py": "first = 3\n"}, "Change app")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "side")
    (candidate,) = answer(run, "--amend", "--offline")["candidates"]
    assert candidate["message"] == "Merge branch 'side'"
    assert "git's own" in candidate["reasons"][0]


# --- rules that want a body -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [
        {".commitlintrc.json": json.dumps({**RULES, "rules": {"body-empty": [2, "never"]}})},
        {".commitlintrc.json": json.dumps({**RULES, "rules": {"body-min-length": [2, "always", 20]}})},
        {".gitlint": "[general]\n"},
    ],
)
@pytest.mark.parametrize("text", ["first = 1\nsecond = 3\n", "first = 1\n\n\ndef third():\n    pass\n", ""])
def test_where_a_body_is_asked_for_it_tells_what_changed(
    run: Run, repo: Repo, files: dict[str, str], text: str
) -> None:
    repo.commit(files, "chore: check messages")
    stage(repo, "app.py", text)
    header, _, body = answer(run, "--offline")["message"].partition("\n\n")
    assert header
    assert body.startswith("- app.py: ")
    assert "removed" in body


def test_the_rule_that_only_a_person_can_keep_is_named(run: Run, repo: Repo) -> None:
    check_rules(repo, **{"references-empty": [2, "never"]})
    stage(repo)
    given = answer(run, "--offline", code=1)
    assert (given["message"], given["candidates"]) == ("", [])
    assert any("(`references-empty`)" in problem for problem in given["problems"])
