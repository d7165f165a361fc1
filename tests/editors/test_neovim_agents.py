"""An agent writes files while Neovim has them open, or not: its transcript shows whose the lines are."""

from __future__ import annotations

from pathlib import Path

import pytest

from editors.neovim.claude_code import MODEL, Agent
from editors.neovim.lines import blame, check
from editors.neovim.session import ESCAPE, Neovim
from support.repo import Repo

OPTS = {"trust": True, "settings": {"byline": {"agents": {"read": ["claude-code"]}}}}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "claude"


def test_what_an_agent_writes_into_the_open_file_is_its_own(neovim: str, repo: Repo, config: Path) -> None:
    agent = Agent(config, repo.root)
    with Neovim(neovim, repo, "app.py", OPTS, CLAUDE_CONFIG_DIR=str(config)) as editor:
        editor.press("Gohello = 1" + ESCAPE)
        editor.command("silent write")
        agent.asked("add a helper")
        agent.replaces(repo.root / "app.py", "hello = 1\n", "hello = 1\nresult = compute(hello)\n")
        editor.command("checktime")
        editor.until(lambda: "result = compute(hello)" in editor.text)
        editor.until(lambda: editor.lines[-1]["state"] == "ai")
        editor.press("G")
        assert "“add a helper”" in editor.until_seen("● Claude Code")
        check(editor, {"hello = 1": "human None proven", "result = compute(hello)": "ai claude-code proven"})
        line = blame(editor, "app.py")[-1]
        assert (line["model"], line["session"], line["prompt"]) == (MODEL, "session-1", "add a helper")


def test_what_an_agent_writes_elsewhere_is_its_own_too(neovim: str, repo: Repo, config: Path) -> None:
    agent = Agent(config, repo.root)
    with Neovim(neovim, repo, "app.py", OPTS, CLAUDE_CONFIG_DIR=str(config)) as editor:
        agent.asked("write a module")
        agent.writes(repo.root / "module.py", "alpha = 1\nbeta = 2\n")
        editor.command("edit module.py")
        editor.until(lambda: [line["state"] for line in editor.lines] == ["ai", "ai"])
        check(editor, {"alpha = 1": "ai claude-code proven", "beta = 2": "ai claude-code proven"})


def test_what_a_person_changes_after_the_agent_is_seen(neovim: str, repo: Repo, config: Path) -> None:
    agent = Agent(config, repo.root)
    with Neovim(neovim, repo, "app.py", OPTS, CLAUDE_CONFIG_DIR=str(config)) as editor:
        agent.asked("add a helper")
        agent.replaces(repo.root / "app.py", "import os\n", "import os\nlimit = compute(10)\n")
        editor.command("checktime")
        editor.until(lambda: "limit = compute(10)" in editor.text)
        editor.until(lambda: editor.lines[1]["state"] == "ai")
        editor.press("2Gf1ce25" + ESCAPE)
        check(editor, {"limit = compute(25)": "ai_modified claude-code"})


def test_without_trust_a_transcript_is_not_read(neovim: str, repo: Repo, config: Path) -> None:
    agent = Agent(config, repo.root)
    with Neovim(neovim, repo, "app.py", {**OPTS, "trust": False}, CLAUDE_CONFIG_DIR=str(config)) as editor:
        agent.asked("add a helper")
        agent.replaces(repo.root / "app.py", "import os\n", "import os\nlimit = compute(10)\n")
        editor.command("checktime")
        editor.until(lambda: "limit = compute(10)" in editor.text)
        check(editor, {"limit = compute(10)": "unknown"})
