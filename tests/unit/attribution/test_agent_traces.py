"""Agent Trace records in a work tree, found by a commit's own id or its parent's."""

from __future__ import annotations

import json
from pathlib import Path

from byline.attribution.committed import Committed
from byline.attribution.note_store import NoteStore
from byline.git.repository import Repository
from support.repo import Repo


def test_a_record_is_found_by_the_commit_or_its_parent(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo")
    first = repo.commit({"app.py": "one = 1\n"})
    second = repo.commit({"app.py": "one = 1\ntwo = 2\n"})
    trace(repo.root, first, 2)
    assert states(repo.root, second) == [None, "agent-trace"]
    trace(repo.root, second, 2)
    assert states(repo.root, second) == [None, "agent-trace"]
    trace(repo.root, "0" * 40, 2)
    assert states(repo.root, second) == [None, None]


def test_a_broken_file_is_skipped_and_reported(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo")
    head = repo.commit({"app.py": "one = 1\n"})
    repo.write(".agent-trace/traces.jsonl", "{\n")
    store = NoteStore(Repository.discover(repo.root))
    assert store.notes([head]) == {}
    assert any(name.startswith(".agent-trace") for name in store.bad)


def trace(root: Path, revision: str, line: int) -> None:
    """Write one record that gives `line` of app.py to an AI."""
    contributor = {"type": "ai", "model_id": "anthropic/claude-opus-5"}
    ranges = [{"start_line": line, "end_line": line}]
    record = {
        "version": "0.1.0",
        "id": "550e8400-e29b-41d4-a716-446655440000",
        "timestamp": "2026-01-23T14:30:00Z",
        "vcs": {"type": "git", "revision": revision},
        "tool": {"name": "cursor", "version": "2.4.0"},
        "files": [{"path": "app.py", "conversations": [{"contributor": contributor, "ranges": ranges}]}],
    }
    folder = root / ".agent-trace"
    folder.mkdir(exist_ok=True)
    (folder / "traces.jsonl").write_text(json.dumps(record) + "\n")


def states(root: Path, commit: str) -> list[str | None]:
    repository = Repository.discover(root)
    file = Committed(repository, NoteStore(repository)).file(commit, "app.py")
    assert file is not None
    return list(file.sources)
