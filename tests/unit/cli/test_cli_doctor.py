"""What the doctor finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run

from byline.cli.output import Exit
from support.repo import Repo


def check(run: Run, code: Exit, part: str, health: str, says: str) -> None:
    ending = run("doctor", "--json")
    findings = json.loads(ending.out)["findings"]
    assert all(set(finding) == {"part", "health", "says"} for finding in findings)
    told = [(finding["health"], finding["says"]) for finding in findings if finding["part"] == part]
    assert any(found == health and says in sentence for found, sentence in told), told
    assert ending.code == code, findings


def test_all_is_well_before_anything_is_recorded(run: Run, repo: Repo) -> None:
    check(run, Exit.FINE, "journal", "info", "it begins when an editor opens a file")
    assert not (repo.root / ".git" / "byline").exists(), "looking begins no journal"


def test_a_journal(run: Run) -> None:
    run("settle")
    check(run, Exit.FINE, "journal", "good", "0 edits")
    check(run, Exit.FINE, "commits", "good", "attributed up to")


def test_commits_that_wait(run: Run, repo: Repo) -> None:
    run("settle")
    repo.commit({"app.py": "first = 2\n"})
    check(run, Exit.FINE, "commits", "info", "1 not attributed yet; `byline settle`")


def test_a_damaged_journal(run: Run, repo: Repo) -> None:
    run("settle")
    database = repo.root / ".git" / "byline" / "journal.db"
    database.write_bytes(b"not a database" * 500)
    ending = run("doctor")
    assert ending.code == Exit.NO
    assert "✗" in ending.out


@pytest.mark.parametrize("ref", ["byline", "ai"])
def test_a_note_that_cannot_be_read(run: Run, repo: Repo, ref: str) -> None:
    repo.git("notes", f"--ref={ref}", "add", "-m", "nonsense", "HEAD")
    check(run, Exit.NO, "notes", "bad", f"1 note in refs/notes/{ref}, of which 1 are passed over: {repo.head[:8]}")


def test_a_setting_that_does_not_count(run: Run, repo: Repo) -> None:
    repo.write(".byline.toml", "[hover]\nenabeld = false\n")
    check(run, Exit.NO, "settings", "bad", "Did you mean `hover.enabled`?")


def test_a_shallow_history(run: Run, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"app.py": "first = 2\n"})
    repo.git("clone", "--quiet", "--depth", "1", repo.root.as_uri(), str(tmp_path / "shallow"))
    ending = run("doctor", cwd=tmp_path / "shallow")
    assert ending.code == Exit.FINE
    assert "· history" in ending.out


def test_git_that_cannot_blame(run: Run, repo: Repo) -> None:
    repo.configure(blame__ignoreRevsFile=".ignored")
    check(run, Exit.NO, "blame", "bad", ".ignored, where there is no file; create it or unset")
    assert run("blame", "app.py").code == Exit.FAILED
    repo.write(".ignored", "")
    check(run, Exit.FINE, "blame", "good", "which commit each line is from")
