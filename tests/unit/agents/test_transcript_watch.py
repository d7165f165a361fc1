from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from agent_transcripts import Row, claude, claude_edit, line

from byline.agents import watch as watch_module
from byline.agents.record import AgentEdit
from byline.agents.tools import READERS
from byline.agents.watch import Watch, present

TOOLS = [reader.tool for reader in READERS]


class Place:
    """A home with transcripts of Claude Code, an open folder, and a watch."""

    def __init__(self, top: Path) -> None:
        self.home = top / "home"
        self.root = top / "repo"
        self.root.mkdir()
        self.home.mkdir()
        self.roots = [self.root]
        self.watch = self.begin()

    def begin(self, since: float = 0, tools: Iterable[str] = TOOLS) -> Watch:
        return Watch(tools, lambda: self.roots, {"HOME": str(self.home)}, since=since)

    def transcript(self, name: str = "s1.jsonl", project: str = "-repo") -> Path:
        path = self.home / ".claude" / "projects" / project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def rows(self, *news: str, cwd: Path | None = None, **more: object) -> list[Row]:
        """A prompt, and an edit of a file for each of the new texts."""
        folder = str(cwd or self.root)
        edits = [row for new in news for row in claude_edit("old", new, f"toolu_{new}", f"{folder}/app.py")]
        return [{**row, "cwd": folder, **more} for row in [claude("user", "go"), *edits]]

    def found(self) -> list[str]:
        """The new texts of all edits until there is no more."""
        return [edit.hunks[0].new for edit in self.edits()]

    def edits(self) -> list[AgentEdit]:
        found: list[AgentEdit] = []
        more = True
        while more:
            batch = self.watch.poll()
            found += batch.edits
            more = batch.more
        return found


def append(path: Path, rows: Iterable[Row]) -> None:
    with path.open("ab") as file:
        file.writelines(line(row) + b"\n" for row in rows)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_transcript_grows(place: Place) -> None:
    assert place.found() == []
    append(place.transcript(), place.rows("a"))
    assert place.found() == ["a"]
    assert place.found() == []
    append(place.transcript(), place.rows("b")[1:])
    [edit] = place.edits()
    assert (edit.hunks[0].new, edit.prompt, edit.cwd) == ("b", "go", str(place.root))


def test_half_a_line_waits(place: Place) -> None:
    data = b"".join(line(row) + b"\n" for row in place.rows("a"))
    for cut in (len(data) // 2, len(data) - 1, len(data)):
        place.transcript().write_bytes(data[:cut])
        assert place.found() == (["a"] if cut == len(data) else [])


def test_folders_that_appear_later(place: Place) -> None:
    for new in "abc":
        assert place.found() == []
        append(place.transcript(f"{new}.jsonl", f"-{new}"), place.rows(new))
        assert place.found() == [new]
    append(place.transcript("subagents/agent-1.jsonl", "-a/s1"), place.rows("d", isSidechain=True))
    assert place.found() == ["d"]


def test_a_file_that_takes_the_others_place(place: Place) -> None:
    path = place.transcript()
    append(path, place.rows("a"))
    assert place.found() == ["a"]
    staged = path.with_suffix(".staged")
    append(staged, place.rows("a", "b"))
    staged.replace(path)
    assert place.found() == ["b"]
    path.write_bytes(b"")
    assert place.found() == []
    append(path, place.rows("c"))
    assert place.found() == ["c"]


def test_a_file_that_goes_and_comes_back(place: Place) -> None:
    path = place.transcript()
    append(path, place.rows("a"))
    assert place.found() == ["a"]
    path.unlink()
    assert place.found() == []
    append(path, place.rows("a", "b"))
    assert place.found() == ["b"]


def test_copies_are_given_out_once(place: Place) -> None:
    append(place.transcript("1.jsonl"), place.rows("a"))
    append(place.transcript("2.jsonl"), place.rows("a", "b"))
    assert place.found() == ["a", "b"]


def test_a_foreign_folder_is_given_up(place: Place) -> None:
    path = place.transcript()
    foreign = place.root.parent / "other"
    append(path, place.rows("a", cwd=foreign))
    append(place.transcript("2.jsonl"), place.rows("b"))
    assert place.found() == ["b"]
    append(path, place.rows("c"))
    assert place.found() == []
    place.roots = [place.root, foreign]
    assert place.found() == ["a", "c"]


def test_a_folder_with_a_name_that_goes_on_is_another(place: Place) -> None:
    append(place.transcript(), place.rows("a", cwd=place.root.with_name("repository")))
    assert place.found() == []


def test_a_part_of_the_folder_and_a_link_to_it(place: Place) -> None:
    link = place.root.parent / "link"
    link.symlink_to(place.root)
    append(place.transcript("1.jsonl"), place.rows("a", cwd=place.root / "src"))
    append(place.transcript("2.jsonl"), place.rows("b", cwd=link))
    assert place.found() == ["a", "b"]


def test_without_folders_nothing_is_read(place: Place) -> None:
    place.roots = []
    append(place.transcript(), place.rows("a"))
    assert place.found() == []
    assert place.watch.readers()[0].files == 0


def test_without_a_folder_in_the_record_the_path_decides(place: Place) -> None:
    path = place.home / ".windsurf" / "transcripts" / "w.jsonl"
    path.parent.mkdir(parents=True)
    for name in (place.root / "app.py", "/elsewhere/app.py"):
        action = {"path": f"file://{name}", "original_content": "old", "new_content": str(name)}
        append(path, [{"type": "code_action", "status": "done", "code_action": action}])
    assert place.found() == [str(place.root / "app.py")]


def test_old_transcripts_are_not_opened_until_they_grow(place: Place) -> None:
    path = place.transcript()
    append(path, place.rows("a"))
    os.utime(path, (1_000_000, 1_000_000))
    place.watch = place.begin(since=2_000_000)
    assert place.found() == []
    append(path, place.rows("b")[1:])
    assert place.found() == ["a", "b"]


def test_only_the_tools_that_may_be_read(place: Place) -> None:
    append(place.transcript(), place.rows("a"))
    place.watch = place.begin(tools=["codex", "no such tool"])
    assert place.found() == []
    assert [state.tool for state in place.watch.readers()] == ["codex"]


def test_one_poll_reads_no_more_than_it_may(place: Place) -> None:
    for number in range(20):
        append(place.transcript(f"{number:02}.jsonl"), place.rows(*(f"{number}-{k}" for k in range(20))))
    size = place.transcript("00.jsonl").stat().st_size
    batch = place.watch.poll(max_bytes=size)
    assert batch.more
    assert len(batch.edits) == 20
    assert len(place.found()) == 19 * 20


def test_a_document_that_is_written_again(place: Place) -> None:
    path = place.home / ".local/share/amp/threads/T-1.json"
    path.parent.mkdir(parents=True)
    messages: list[Row] = []
    for new in "ab":
        part = {"type": "tool_use", "id": new, "name": "edit_file",
                "input": {"path": f"{place.root}/app.py", "old_str": "old", "new_str": new}}  # fmt: skip
        result = {"type": "tool_result", "toolUseID": new, "run": {"status": "done"}}
        messages += [{"role": "assistant", "content": [part]}, {"role": "user", "content": [result]}]
        path.write_text(json.dumps({"id": "T-1", "messages": messages}))
        assert place.found() == [new]
    path.write_text('{"id": "T-1", "messages": [')
    assert place.found() == []


def test_how_the_readers_fare(place: Place) -> None:
    append(place.transcript(), place.rows("a", "b"))
    append(place.transcript("2.jsonl"), place.rows("c", cwd=Path("/other")))
    broken = place.transcript("3.jsonl")
    broken.symlink_to(broken)
    place.found()
    states = {state.tool: state for state in place.watch.readers()}
    assert states["claude-code"].found
    assert (states["claude-code"].files, states["claude-code"].edits) == (1, 2)
    assert states["claude-code"].problem is None
    assert (states["codex"].found, states["codex"].files) == (False, 0)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(place: Place) -> None:
    os.mkfifo(place.transcript("1.jsonl"))
    append(place.transcript("2.jsonl"), place.rows("a"))
    assert place.found() == ["a"]
    assert "not a regular file" in str(place.watch.readers()[0].problem)


def test_what_could_not_be_read_is_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place.transcript()
    append(path, place.rows("a"))
    real, tries = os.open, []

    def refuse(name: str, flags: int) -> int:
        if str(name) == str(path) and not tries:
            tries.append(name)
            raise PermissionError(13, "Permission denied")
        return real(name, flags)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(watch_module, "_RETRY_AFTER", -1)
    assert place.found() == []
    assert "Permission denied" in str(place.watch.readers()[0].problem)
    assert place.found() == ["a"]
    assert place.watch.readers()[0].problem is None


def test_a_timeline_that_goes_on(place: Place) -> None:
    storage = place.home / ".config/Code/User/workspaceStorage/abc"
    state = storage / "chatEditingSessions" / "v1" / "state.json"
    state.parent.mkdir(parents=True)
    (storage / "workspace.json").write_text(json.dumps({"folder": place.root.as_uri()}))
    uri = {"fsPath": f"{place.root}/app.py", "scheme": "file"}
    whole = {"startLineNumber": 1, "startColumn": 1, "endLineNumber": 1, "endColumn": 1}
    operations: list[Row] = []
    for number, after in enumerate(("b\na\n", "c\nb\na\n")):
        change = {"text": after[:2], "range": whole}
        operations.append({"type": "textEdit", "requestId": "r", "uri": uri, "epoch": number, "edits": [change]})
        baselines = [[f"{place.root.as_uri()}/app.py::r", {"uri": uri, "requestId": "r", "content": "a\n"}]]
        told = {"fileBaselines": baselines, "operations": operations, "currentEpoch": 9}
        state.write_text(json.dumps({"version": 2, "timeline": told}))
        [edit] = place.edits()
        assert (edit.before, edit.after, edit.cwd) == ("a\n", after, str(place.root))


def test_a_reader_that_fails_is_told_and_the_others_are_read(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    append(place.transcript("1.jsonl"), place.rows("a"))
    append(place.transcript("2.jsonl"), place.rows("b"))

    def feed(self: object, piece: bytes) -> Iterable[AgentEdit]:
        raise KeyError(piece)

    monkeypatch.setattr("byline.agents.claude_code.ClaudeCodeConversation.feed", feed)
    assert place.found() == []
    assert "not understood (KeyError)" in str(place.watch.readers()[0].problem)
    assert "could not be understood" in caplog.text


@pytest.mark.parametrize(
    ("directory", "environ", "expected"),
    [
        (".claude/projects", {}, ("claude-code",)),
        ("elsewhere/projects", {"CLAUDE_CONFIG_DIR": "elsewhere"}, ("claude-code",)),
        (".codex/sessions", {}, ("codex",)),
        ("cx/archived_sessions", {"CODEX_HOME": "cx"}, ("codex",)),
        (".gemini/tmp", {}, ("gemini-cli",)),
        ("g/.gemini/tmp", {"GEMINI_CLI_HOME": "g"}, ("gemini-cli",)),
        (".local/share/opencode", {}, ("opencode",)),
        ("data/opencode", {"XDG_DATA_HOME": "data"}, ("opencode",)),
        (".config/Code/User/globalStorage/github.copilot-chat", {}, ("copilot",)),
        ("c/Code/User/globalStorage/github.copilot-chat", {"XDG_CONFIG_HOME": "c"}, ("copilot",)),
        (".copilot/session-state", {}, ("copilot-cli",)),
        (".config/Cursor/User/globalStorage", {}, ("cursor",)),
        (".aider", {}, ("aider",)),
        (".config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks", {}, ("cline",)),
        (".windsurf/transcripts", {}, ("windsurf",)),
        (".continue/sessions", {}, ("continue",)),
        (".local/share/amp/threads", {}, ("amp",)),
        (".factory/sessions", {}, ("droid",)),
        ("nothing", {}, ()),
    ],
)
def test_present(directory: str, environ: dict[str, str], expected: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / directory).mkdir(parents=True)
    told = {variable: str(tmp_path / value) for variable, value in environ.items()}
    assert present({"HOME": str(tmp_path), **told}) == expected


def test_an_edit_in_the_history_of_aider_in_the_folder(place: Place) -> None:
    history = place.root / ".aider.chat.history.md"
    history.write_text(
        "# aider chat started at 2026-11-20 10:00:00\n\n#### go\n\napp.py\n```\n<<<<<<< SEARCH\nold\n\n"
        "=======\nnew\n\n>>>>>>> REPLACE\n```\n\n> Applied edit to app.py\n"
    )
    [edit] = place.edits()
    assert (edit.path, edit.hunks[0].old, edit.hunks[0].new) == (str(place.root / "app.py"), "old\n\n", "new\n\n")
