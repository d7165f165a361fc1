"""`config` and `redact`."""

from __future__ import annotations

import io
import json
import re
from types import SimpleNamespace

import pytest
from command_line import Run

from byline.config import Config
from support.repo import Repo

TOKEN = "ghp_" + "a1B2" * 9


def test_each_value_has_its_source(run: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write(".byline.toml", "[notes]\ngitAi = 'off'\n")
    monkeypatch.setenv("BYLINE_HOVER_ENABLED", "false")
    found = json.loads(run("config", "--json").out)
    assert found["problems"] == []
    assert list(found["settings"]) == list(Config().settings())
    assert found["settings"]["notes.gitAi"] == {"value": "off", "source": ".byline.toml"}
    assert found["settings"]["hover.enabled"] == {"value": False, "source": "BYLINE_HOVER_ENABLED"}
    assert found["settings"]["codeLens.file"] == {"value": True, "source": "default"}


def test_what_does_not_count_is_said_beside_it(run: Run, repo: Repo) -> None:
    repo.write(".byline.toml", "[git]\npath = '/tmp/git'\n")
    ending = run("config")
    assert ending.code == 0
    assert re.search(r'^git\.path +"" +default$', ending.out, re.MULTILINE)
    assert "`git.path`" in ending.err


def test_a_subfolder_has_the_settings_of_its_work_tree(run: Run, repo: Repo) -> None:
    repo.write("deep/file.txt", "")
    repo.write(".byline.toml", "[notes]\ngitAi = 'off'\n")
    assert '"off"' in run("config", cwd=repo.root / "deep").out


def test_a_secret_in_an_argument(run: Run) -> None:
    ending = run("redact", f"token {TOKEN} end")
    assert ending.code == 0
    assert ending.out.startswith("token «secret:github:")
    assert ending.out.endswith("» end\n")
    assert ending.err == "byline: 1 secret was replaced (github).\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [(b"no secret\n", "no secret\n"), (b"no line break", "no line break"), (b"", ""), (b"\xff\n", "�\n")],
)
def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, given: bytes, expected: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(given)))
    assert run("redact") == (0, expected, "")


def test_redacted_as_json(run: Run) -> None:
    found = json.loads(run("redact", "--json", TOKEN).out)
    assert (found["count"], found["kinds"]) == (1, ["github"])
    assert TOKEN not in found["text"]
