"""What the client sends: each version with its origins, and nothing that is nobody's business."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from editors.neovim import recorder
from editors.neovim.session import ESCAPE, Neovim
from support.repo import Repo

OPTIONAL = {"tool", "model", "session", "prompt", "proof", "request", "frames", "clip"}


class Record:
    """What a client has sent by now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def opts(self) -> dict[str, Any]:
        """Settings by which the server's input is recorded."""
        return {"cmd": [sys.executable, recorder.__file__, str(self._path)]}

    def of(self, *methods: str) -> list[dict[str, Any]]:
        """Messages with one of these methods, oldest first."""
        messages = [json.loads(line) for line in self._path.read_bytes().splitlines()]
        return [message for message in messages if message.get("method") in methods]

    def params(self, method: str) -> list[dict[str, Any]]:
        return [message["params"] for message in self.of(method)]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


def origins(record: Record) -> list[dict[str, Any]]:
    return [origin for params in record.params("byline/editContext") for origin in params["origins"]]


def test_each_version_has_one_context_of_one_origin_for_all_or_for_each_change(
    neovim: str, repo: Repo, record: Record
) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.press("Goalpha" + ESCAPE + "u" + "\x12" + "yyp" + "dd" + "ihello" + ESCAPE)
        editor.lua("require('sidekick.nes').apply('x = 1')")
        editor.paste("pasted")
        editor.command("silent write")
        editor.until(lambda: record.of("textDocument/didSave"))
        changes = {c["textDocument"]["version"]: c["contentChanges"] for c in record.params("textDocument/didChange")}
        contexts = record.params("byline/editContext")
        assert [c["textDocument"]["version"] for c in contexts] == list(changes)
        for context in contexts:
            assert len(context["origins"]) in (1, len(changes[context["textDocument"]["version"]]))
            assert all(set(origin) == {"channel"} | OPTIONAL for origin in context["origins"])


def test_what_is_known_while_it_is_typed_is_said_before_the_change(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.press("A # alpha" + ESCAPE)
        editor.until(lambda: record.of("textDocument/didChange"))
        sent = [message["method"] for message in record.of("textDocument/didChange", "byline/editContext")]
        assert sent[::2] == ["byline/editContext"] * (len(sent) // 2)
        assert sent[1::2] == ["textDocument/didChange"] * (len(sent) // 2)


def test_what_was_typed_before_quitting_is_said(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.press("Goalpha" + ESCAPE)
        editor.terminal.send(":wq\r")
        editor.terminal.process.wait(10)
    last = record.params("textDocument/didChange")[-1]["textDocument"]["version"]
    assert record.params("byline/editContext")[-1]["textDocument"]["version"] == last
    assert {origin["channel"] for origin in origins(record)} == {"typing"}


def test_frames_are_relative_and_no_text_is_in_them(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.lua("require('sidekick.nes').apply('secret_word = 1')")
        editor.until(lambda: origins(record))
        (origin,) = origins(record)
        assert "sidekick/nes/init.lua" in origin["frames"]
        assert not any(Path(frame).is_absolute() for frame in origin["frames"])
        assert "secret_word" not in json.dumps(record.params("byline/editContext"))


def test_a_plugin_says_its_model_and_prompt_by_its_events(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.lua("require('avante.llm_tools.replace_in_file').func('a = 1')")
        editor.lua("require('codecompanion.interactions.inline').place('b = 2')")
        editor.until(lambda: {"avante", "codecompanion"} <= {origin["tool"] for origin in origins(record)})
        said = {origin["tool"]: origin for origin in origins(record)}
        assert (said["avante"]["channel"], said["avante"]["prompt"]) == ("agent", "write it with care")
        assert (said["codecompanion"]["channel"], said["codecompanion"]["model"]) == ("chatApply", "a-model")
        assert said["codecompanion"]["session"] == "7"


@pytest.mark.parametrize("register", ['"', "a"])
def test_a_put_text_says_where_it_was_yanked(register: str, neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.press(f'gg"{register}yyG"{register}p')
        editor.until(lambda: origins(record))
        (origin,) = origins(record)
        assert origin["channel"] == "paste"
        clip = origin["clip"]
        assert (clip["internal"], clip["srcUri"]) == (True, (repo.root / "app.py").as_uri())
        assert clip["srcRange"] == {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}


def test_a_text_from_elsewhere_is_told_by_its_hash_alone(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.paste("from_elsewhere = 1")
        editor.until(lambda: origins(record))
        (origin,) = origins(record)
        assert (origin["channel"], origin["clip"]["internal"], origin["clip"]["srcUri"]) == ("paste", False, None)
        assert "from_elsewhere" not in json.dumps(origin)


EVENTS = [
    (
        "CodeCompanionRequestStarted",
        "{ id = 1, adapter = { model = 'm' } }",
        {"tool": "codecompanion", "event": "request_start", "model": "m"},
    ),
    (
        "CodeCompanionRequestFinished",
        "{ id = 1, adapter = { model = { name = 'm' } } }",
        {"tool": "codecompanion", "event": "request_end", "model": "m"},
    ),
    (
        "CodeCompanionFileEdited",
        "{ path = '/x/y.py' }",
        {"tool": "codecompanion", "event": "file_edited", "path": "/x/y.py"},
    ),
    ("AvanteEditSubmitted", "{ request = 'do it' }", {"tool": "avante", "event": "prompt", "prompt": "do it"}),
    ("MinuetRequestFinished", "{ model = 'm' }", {"tool": "minuet", "event": "request_end", "model": "m"}),
    ("SidekickNesDone", "{ client_id = 1 }", {"tool": "copilot", "event": "request_end"}),
    (
        "OpencodeEvent:file.edited",
        "{ event = { properties = { file = 'y.py' } } }",
        {"tool": "opencode", "event": "file_edited", "path": "y.py"},
    ),
]


@pytest.mark.parametrize(("event", "data", "said"), EVENTS, ids=[event for event, _, _ in EVENTS])
def test_events_of_plugins_are_passed_on(
    event: str, data: str, said: dict[str, str], neovim: str, repo: Repo, record: Record
) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        editor.lua(f"vim.api.nvim_exec_autocmds('User', {{ pattern = '{event}', data = {data} }})")
        editor.until(lambda: record.of("byline/agentEvent"))
        (params,) = record.params("byline/agentEvent")
        assert set(params) == {"tool", "event", "session", "model", "path", "prompt", "ts"}
        assert {key: params[key] for key in said} == said


@pytest.mark.parametrize(("event", "state"), [("ClaudeCodeDiffOpened", "shown"), ("ClaudeCodeDiffClosed", "closed")])
def test_proposals_are_passed_on(event: str, state: str, neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", record.opts) as editor:
        path = repo.root / "app.py"
        editor.lua(f"vim.api.nvim_exec_autocmds('User', {{ pattern = '{event}', data = {{ file_path = '{path}' }} }})")
        editor.until(lambda: record.of("byline/proposal"))
        (params,) = record.params("byline/proposal")
        assert params == {
            "uri": path.as_uri(),
            "tool": "claude-code",
            "session": None,
            "sha256After": None,
            "state": state,
            "ts": params["ts"],
        }


def test_the_client_introduces_itself_once_and_passes_settings(neovim: str, repo: Repo, record: Record) -> None:
    repo.write("other.py", ["x = 1"])
    opts = {**record.opts, "settings": {"byline": {"codeLens": {"functions": True}}}, "trust": [str(repo.root.parent)]}
    with Neovim(neovim, repo, "app.py", opts) as editor:
        editor.command("edit other.py")
        editor.ask("byline/attribution", {"range": None})
        (hello,) = record.params("byline/hello")
        assert (hello["client"], hello["channels"]["stack"]) == ("nvim", True)
        assert {plugin["id"] for plugin in hello["aiExtensions"]} == set()
        options = record.params("initialize")[0]["initializationOptions"]
        assert options == {"codeLens": {"functions": True}, "trusted": True}
        assert editor.ask("byline/status", {})["trusted"] is True


def test_nothing_is_trusted_unless_somebody_says_so(neovim: str, repo: Repo, record: Record) -> None:
    with Neovim(neovim, repo, "app.py", {**record.opts, "trust": [str(repo.root / "elsewhere")]}) as editor:
        assert record.params("initialize")[0]["initializationOptions"] == {"trusted": False}
        assert editor.ask("byline/status", {})["trusted"] is False
