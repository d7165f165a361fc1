"""Commit buffers that are not quite ordinary: whose they are, what git put into them, and how large they are."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.client import DEADLINE, LSP, Editor, editing, wait_for
from support.provider import Provider, providing
from support.repo import Repo

COMMENTS = "\n# Please enter the commit message\n#\n# Changes to be committed:\n#\tmodified:   alpha.py\n#\n"
SIGNED = "Signed-off-by: Ann <ann@example.org>"
RULES = json.dumps({"extends": ["@commitlint/config-conventional"]})


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"alpha.py": "a = 1\n", ".commitlintrc.json": RULES}, "feat(core): begin")
    repo.write("alpha.py", "a = 1\n\n\ndef new_alpha():\n    return 2\n")
    repo.git("add", "--all")
    return repo


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@asynccontextmanager
async def session(root: Path, env: Mapping[str, str] | None = None, **options: Any) -> AsyncIterator[Editor]:
    async with editing(root, command=LSP, env={**os.environ, **(env or {})}, options=options) as editor:
        try:
            yield editor
        except BaseException:
            editor._server.kill()  # else leaving waits for it
            raise


def uri_of(repo: Repo) -> str:
    return (repo.root / ".git/COMMIT_EDITMSG").as_uri()


async def actions(editor: Editor, uri: str) -> list[types.CodeAction]:
    where = types.Range(types.Position(0, 0), types.Position(0, 0))
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, types.CodeActionContext(diagnostics=[]))
    return list(await asyncio.wait_for(editor.text_document_code_action_async(params), DEADLINE) or ())


async def offered(editor: Editor, uri: str) -> list[types.CodeAction]:
    """The finished messages."""
    return [action for action in await actions(editor, uri) if action.edit and not action.diagnostics]


def applied(editor: Editor, uri: str, edit: types.WorkspaceEdit | None) -> str:
    assert edit is not None
    outcome = editor._apply(types.ApplyWorkspaceEditParams(edit))
    assert outcome.applied, outcome.failure_reason
    return editor.texts[uri]


async def run(editor: Editor, command: str, **argument: Any) -> Any:
    params = types.ExecuteCommandParams(command, [argument])
    return await asyncio.wait_for(editor.workspace_execute_command_async(params), DEADLINE)


def edited(folder: Path, repo: Repo, *command: str, becomes: str | None = None) -> str:
    """What git puts into its editor for `git *command`; the commit is made if that becomes something else."""
    shown, written, script = (folder / name for name in ("shown", "written", "editor"))
    written.write_text(becomes or "", newline="")
    script.write_text(f'#!/bin/sh\ncp "$1" "{shown}"\ntest -s "{written}" && cp "{written}" "$1"\n')
    script.chmod(0o755)
    repo.git(*command, ok=(0,) if becomes else (1,), GIT_EDITOR=str(script))
    return shown.read_text()


# --- whose buffer it is -----------------------------------------------------------------------------------------------


async def test_no_repository_lends_another_its_message(repo: Repo, outside: Path) -> None:
    inner = quote(outside.as_uri(), safe="")
    uris = {
        (outside / "COMMIT_EDITMSG").as_uri(): "gitcommit",
        "untitled:COMMIT_EDITMSG": "gitcommit",
        f"vscode-scm:git/scm0/input?rootUri={inner}": "scminput",
        f"vscode-scm:git/scm0/input?rootUri={quote('https://example.org/', safe='')}": "scminput",
    }
    async with session(repo.root) as editor:
        for uri, language in uris.items():
            editor.open(uri, "", language)
            assert await actions(editor, uri) == []
        for root in ("/nope/zz", "/", str(outside), outside.as_uri()):
            with pytest.raises(JsonRpcException, match="repository"):
                await run(editor, "byline.generateCommitMessage", root=root)
        with pytest.raises(JsonRpcException, match="repository"):
            await run(editor, "byline.refineCommitMessage", uri=(outside / "COMMIT_EDITMSG").as_uri())
        assert "alpha" in (await run(editor, "byline.generateCommitMessage", root=str(repo.root)))["message"]
        editor.open("vscode-scm:git/scm0/input", "", "scminput")
        assert await offered(editor, "vscode-scm:git/scm0/input")


# --- what git put there -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        ({}, ["-s"]),
        ({}, ["--trailer", "Change-Id: 5"]),
        ({"commit__template": "Refs:\n"}, []),
        ({"commit__template": "feat: \n"}, []),
        ({"commit__template": "\nWhy:\n\nRefs:\n"}, ["-s"]),
        ({"commit__cleanup": "verbatim"}, []),
        ({"commit__cleanup": "whitespace"}, ["-s"]),
        ({"commit__cleanup": "scissors"}, ["-s", "-v"]),
        ({}, ["-c", "core.commentChar=;"]),
    ],
)
async def test_nothing_is_typed_yet(tmp_path: Path, repo: Repo, settings: dict[str, str], options: list[str]) -> None:
    if "commit__template" in settings:
        (tmp_path / "template").write_text(settings["commit__template"])
        settings = {"commit__template": str(tmp_path / "template")}
    repo.configure(**settings)
    command = [*options, "commit"] if options[:1] == ["-c"] else ["commit", *options]
    text = edited(tmp_path, repo, *command)
    async with session(repo.root) as editor:
        uri = uri_of(repo)
        editor.open(uri, text, "gitcommit")
        found = await offered(editor, uri)
        assert found, text
        now = applied(editor, uri, found[0].edit)
        assert not await offered(editor, uri)
    edited(tmp_path, repo, *command, becomes=now)
    kept = repo.git("log", "-1", "--format=%B")
    assert kept.partition("\n")[0] == found[0].title
    trailers = repo.git("log", "-1", "--format=%(trailers:only)").split("\n")
    assert ("-s" in options) == any(line.startswith("Signed-off-by: ") for line in trailers) or "verbatim" in settings
    assert ("--trailer" in options) == ("Change-Id: 5" in trailers)


def test_the_hook_writes_above_what_git_signs(repo: Repo) -> None:
    command = [sys.executable, "-m", "byline", "message", "--install-hook"]
    subprocess.run(command, cwd=repo.root, check=True, capture_output=True, timeout=60)
    repo.git("commit", "-qs", GIT_EDITOR="true")
    message = repo.git("log", "-1", "--format=%B").strip()
    assert message.count("Signed-off-by: ") == 1
    assert "alpha" in message.partition("\n")[0]
    assert message.split("\n")[1] == ""


# --- refining ---------------------------------------------------------------------------------------------------------


def says(*messages: tuple[str, str, str, str]) -> str:
    names = ("type", "scope", "subject", "body")
    return json.dumps({"messages": [dict(zip(names, message, strict=True)) for message in messages]})


@pytest.mark.parametrize(
    ("typed", "type_", "header"),
    [
        ("feat(", "feat", "feat(core): add new_alpha"),
        ("docs", "docs", "docs: add new_alpha"),
        ("fix: ", "fix", "fix: add new_alpha"),
        ("perf(co", "perf", "perf(core): add new_alpha"),
    ],
)
async def test_a_header_that_was_begun_is_completed(
    repo: Repo, provider: Provider, typed: str, type_: str, header: str
) -> None:
    provider.text = says((type_, "", "add new_alpha", "It returns two."))
    async with session(repo.root, provider.environment(), trusted=True) as editor:
        uri = uri_of(repo)
        editor.open(uri, f"{typed}{COMMENTS}", "gitcommit")
        answer = await run(editor, "byline.refineCommitMessage", uri=uri)
        assert answer["applied"]
        assert answer["message"] == f"{header}\n\nIt returns two."
        assert editor.texts[uri] == f"{header}\n\nIt returns two.{COMMENTS}"


async def test_the_answer_is_what_stands_in_the_buffer(repo: Repo, provider: Provider) -> None:
    provider.text = says(("feat", "", "add new_alpha", "It returns two."), ("fix", "", "mend alpha", ""))
    async with session(repo.root, provider.environment(), trusted=True) as editor:
        uri = uri_of(repo)
        editor.open(uri, f"fix: mine{COMMENTS}", "gitcommit")
        answer = await run(editor, "byline.refineCommitMessage", uri=uri)
        assert answer["message"] == "fix: mine\n\nIt returns two."
        assert editor.texts[uri] == f"fix: mine\n\nIt returns two.{COMMENTS}"
        assert answer["candidates"][0]["message"] == "feat: add new_alpha\n\nIt returns two."


async def test_while_a_model_writes_the_subject_is_shown(repo: Repo, provider: Provider) -> None:
    provider.text = says(("feat", "", "add new_alpha to alpha", ""))
    async with session(repo.root, provider.environment(), trusted=True) as editor:
        uri = uri_of(repo)
        editor.open(uri, COMMENTS, "gitcommit")
        await run(editor, "byline.refineCommitMessage", uri=uri)
        values = [value for values in editor.progress_reports.values() for value in values]
        shown = [value.message for value in values if isinstance(value, types.WorkDoneProgressReport)]
        assert all("add new_alpha to alpha".startswith(text) for text in shown)


# --- what clients say and can do --------------------------------------------------------------------------------------


async def test_null_is_what_a_client_does_not_know(repo: Repo) -> None:
    async with session(repo.root) as editor:
        given = {"offline": None, "amend": None, "hint": None}
        assert (await run(editor, "byline.generateCommitMessage", root=str(repo.root), **given))["message"]
        with pytest.raises(JsonRpcException, match=r"wrong or missing: hint, offline\."):
            await run(editor, "byline.generateCommitMessage", root=str(repo.root), offline="yes", hint=5)
        with pytest.raises(JsonRpcException, match=r"wrong or missing: root\."):
            await run(editor, "byline.generateCommitMessage", root=None)


async def test_a_client_that_says_nothing_of_itself_gets_actions_that_need_no_resolving(
    repo: Repo, provider: Provider
) -> None:
    capabilities = types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities())
    plain = Editor()
    await plain.start_io(*LSP, env={**os.environ, **provider.environment()})
    folders = [types.WorkspaceFolder(repo.root.as_uri(), "repo")]
    await plain.initialize_session(
        types.InitializeParams(
            capabilities=capabilities, workspace_folders=folders, initialization_options={"trusted": True}
        )
    )
    uri = uri_of(repo)
    plain.open(uri, COMMENTS, "gitcommit")
    found = await wait_for(lambda: actions(plain, uri), bool)
    *finished, refining = found
    assert finished
    assert all(action.edit for action in finished)
    assert "byline.refineCommitMessage" in str(refining.command)
    await plain.shutdown_session()
    await plain.stop()
