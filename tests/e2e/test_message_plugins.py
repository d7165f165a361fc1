"""A plug-in as the documentation shows it, installed as an installer would, in a terminal and in an editor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from support.client import LSP, Editor, editing, wait_for
from support.repo import Repo

DOCUMENTED = Path(__file__).parents[2] / "docs/commit-messages.md"
HANGING = "import time\n\n\ndef generate(commit):\n    time.sleep(600)\n\n\ndef check(message):\n    time.sleep(600)\n"
MIGRATION = "feat(db): migrate add_users"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"app.py": "a = 1\n"}, "feat: begin")
    repo.write("migrations/add_users.sql", "create table users (name text);\n")
    repo.git("add", "--all")
    return repo


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has installed the documented package."""
    section = DOCUMENTED.read_text("utf-8").partition("## Plug-ins")[2]
    described, module = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("toml", "python"))
    project = tomllib.loads(described)["project"]
    (entries,) = project["entry-points"].values()
    (name,) = entries.values()
    return install(tmp_path / "site", project["name"], project["version"], entries, {f"{name}.py": module})


def install(
    site: Path, name: str, version: str, entries: Mapping[str, str], modules: Mapping[str, str]
) -> dict[str, str]:
    """What an installer leaves behind (https://packaging.python.org/specifications/recording-installed-packages)."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [f"{key} = {value}" for key, value in entries.items()]
    (folder / "entry_points.txt").write_text("\n".join(["[byline.commit_messages]", *lines, ""]))
    for path, source in modules.items():
        (site / path).write_text(source)
    return {"PYTHONPATH": str(site)}


def byline(repo: Repo, env: Mapping[str, str], *arguments: str) -> tuple[Any, str]:
    """The JSON that `byline message --offline` answers, and what it says besides."""
    command = [sys.executable, "-m", "byline", "message", "--offline", "--json", *arguments]
    done = subprocess.run(command, cwd=repo.root, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout), done.stderr


def test_the_documented_plug_in_in_a_terminal(repo: Repo, installed: dict[str, str]) -> None:
    answer, _ = byline(repo, installed)
    assert answer["message"] == MIGRATION
    assert answer["candidates"][0]["reasons"] == ["from the plug-in team"]
    assert len(answer["candidates"]) > 1
    assert answer["problems"] == []
    repo.write("app.py", "a = 2\n")
    repo.git("add", "--all")
    assert byline(repo, installed)[0]["message"] != MIGRATION


@pytest.mark.parametrize("place", ["setting", "repository", "folder"])
def test_who_decides_whether_plug_ins_run(repo: Repo, installed: dict[str, str], place: str) -> None:
    """The person may turn them off; a repository can turn nothing on, nor bring one along."""
    if place == "setting":
        answer, _ = byline(repo, {**installed, "BYLINE_COMMIT_PLUGINS": "false"})
    elif place == "repository":
        repo.write(".byline.toml", "[commit]\nplugins = true\n")
        answer, _ = byline(repo, {**installed, "BYLINE_COMMIT_PLUGINS": "false"})
    else:
        install(repo.root, "evil", "1.0", {"evil": "evil"}, {"evil.py": "open('was-run', 'a').close()\n"})
        answer, _ = byline(repo, {})
        assert not (repo.root / "was-run").exists()
    assert MIGRATION not in [candidate["message"] for candidate in answer["candidates"]]


def test_plug_ins_that_fail_are_said_and_left_out(repo: Repo, tmp_path: Path) -> None:
    entries = {"broken": "broken_plugin", "missing": "not_there", "printing": "printing_plugin"}
    modules = {
        "broken_plugin.py": "def generate(commit):\n    1 / 0\n",
        "printing_plugin.py": "print('loaded')\ndef check(message):\n    print('checked')\n",
    }
    answer, errors = byline(repo, install(tmp_path / "site", "bad", "1", entries, modules))
    assert answer["message"]
    assert "The plug-in broken failed in generate (ZeroDivisionError)" in " ".join(answer["problems"])
    assert "The plug-in missing cannot be loaded" in " ".join(answer["problems"])
    assert "checked" in errors


@asynccontextmanager
async def session(root: Path, env: Mapping[str, str], *, trusted: bool) -> AsyncIterator[Editor]:
    async with editing(root, command=LSP, env={**os.environ, **env}, options={"trusted": trusted}) as editor:
        try:
            yield editor
        except BaseException:
            editor._server.kill()  # else leaving waits for it
            raise


async def titles(editor: Editor, uri: str) -> list[str]:
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    context = types.CodeActionContext(diagnostics=[])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), nowhere, context)
    return [action.title for action in await editor.text_document_code_action_async(params) or ()]


async def warnings(editor: Editor, uri: str) -> list[types.Diagnostic]:
    async def shown() -> list[types.Diagnostic]:
        return [each for each in editor.diagnostics.get(uri, ()) if str(each.code).startswith("plugin:")]

    return await wait_for(shown, bool)


async def test_in_an_editor_where_the_folder_is_trusted(repo: Repo, installed: dict[str, str]) -> None:
    uri = (repo.root / ".git/COMMIT_EDITMSG").as_uri()
    async with session(repo.root, installed, trusted=True) as editor:
        editor.open(uri, "\n# comment\n", "gitcommit")
        assert (await titles(editor, uri))[0] == MIGRATION
        editor.insert(uri, 0, 0, "feat: add various things")
        (shown,) = await warnings(editor, uri)
        assert (shown.code, shown.severity) == ("plugin:team", types.DiagnosticSeverity.Warning)
        assert shown.message == "“various” tells nobody anything: name what was changed"
        assert (shown.range.start.character, shown.range.end.character) == (0, len("feat: add various things"))


async def test_none_is_loaded_before_a_commit_buffer_is_open_in_a_folder_that_is_trusted(
    repo: Repo, tmp_path: Path
) -> None:
    loaded = tmp_path / "loaded"
    env = install(
        tmp_path / "site", "own", "1", {"own": "own_plugin"}, {"own_plugin.py": f"open({str(loaded)!r}, 'a').close()\n"}
    )
    uri = (repo.root / ".git/COMMIT_EDITMSG").as_uri()
    for trusted in (False, True):
        async with session(repo.root, env, trusted=trusted) as editor:
            editor.open((repo.root / "app.py").as_uri(), "a = 1\n")
            await editor.ask("byline/status", {"uri": uri})
            assert not loaded.exists()
            editor.open(uri, "\n# comment\n", "gitcommit")
            assert await titles(editor, uri)
            assert loaded.exists() == trusted


async def test_one_that_hangs_costs_the_buffer_a_second_at_most(repo: Repo, tmp_path: Path) -> None:
    env = install(tmp_path / "site", "hanging", "1", {"hanging": "hanging_plugin"}, {"hanging_plugin.py": HANGING})
    uri = (repo.root / ".git/COMMIT_EDITMSG").as_uri()
    async with session(repo.root, env, trusted=True) as editor:
        editor.open(uri, "\n# comment\n", "gitcommit")
        assert await titles(editor, uri)
        status = await editor.wait_until(uri, lambda status: status["problems"])
        assert any("The plug-in hanging did not answer within 1 s" in problem for problem in status["problems"])
        assert await titles(editor, uri)
