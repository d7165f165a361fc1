"""A server learns a repository's style aside, so that the next one need not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from support.raw_client import RawClient, running
from support.repo import Repo

COMMITS = 40
PATIENCE = 20.0  # seconds


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A history that is long enough to be learned from, and a change that is staged."""
    repo = Repo.init(tmp_path / "repo")
    stream = []
    for number in range(COMMITS):
        path, type_ = (("docs/a.md", "docs"), ("src/a.py", "fix"))[number % 2]
        message = f"{type_}: change {number}"
        stream.append(
            f"commit refs/heads/main\ncommitter Ann <ann@example.org> {1_700_000_000 + number} +0000\n"
            f"data {len(message)}\n{message}\nM 100644 inline {path}\ndata 3\n{number:02}\n\n"
        )
    repo.git("fast-import", "--quiet", stdin="".join(stream).encode())
    repo.git("checkout", "-q", "-f", "main")
    stage(repo, "first")
    return repo


def stage(repo: Repo, text: str) -> None:
    repo.write("docs/a.md", f"{text}\n")
    repo.git("add", "--all")


def kept(repo: Repo) -> set[str]:
    folder = repo.root / ".git/byline/styles"
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def messages(client: RawClient, repo: Repo) -> list[str]:
    """The finished messages that a commit buffer is offered when it is opened."""
    uri = (repo.root / ".git/COMMIT_EDITMSG").as_uri()
    client.initialize(rootUri=repo.root.as_uri(), workspaceFolders=[{"uri": repo.root.as_uri(), "name": "repo"}])
    item = {"uri": uri, "languageId": "gitcommit", "version": 1, "text": "\n# Please enter the commit message\n"}
    client.notify("textDocument/didOpen", {"textDocument": item})
    here = {"line": 0, "character": 0}
    params: dict[str, Any] = {"textDocument": {"uri": uri}, "range": {"start": here, "end": here}}
    answer = client.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}})
    return [action["title"] for action in answer["result"]]


def check_kept(repo: Repo, commit: str) -> None:
    end = time.monotonic() + PATIENCE
    while commit not in kept(repo):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_one_server_learns_the_next_one_knows(repo: Repo) -> None:
    first = repo.head
    with running() as client:
        offered = messages(client, repo)
        assert offered
        assert offered[0].startswith("docs")
        check_kept(repo, first)
        assert client.exit() == 0
    with running() as client:
        assert messages(client, repo) == offered
        assert kept(repo) == {first}
        assert client.exit() == 0
    repo.git("commit", "-q", "-m", "docs: more")
    stage(repo, "second")
    with running() as client:
        assert messages(client, repo)[0].startswith("docs")
        check_kept(repo, repo.head)  # for the commit after the one that is being written
        assert client.exit() == 0
