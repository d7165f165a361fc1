"""An agent writes files on disk while VS Code has them open, or has not; its transcript says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from editors.neovim.claude_code import MODEL, Agent
from editors.test_vscode import BASE, check
from editors.vscode.window import Window, needed, open_window, package, until
from support.repo import Repo

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(120)]

PROMPT = "add a way to delete things"
GETTER = "    def get(self, path):\n        return path\n"
ADDED = "\n    def delete(self, path):\n        return self.put(path, None)\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo.init(tmp_path_factory.mktemp("vscode") / "repo")
    repo.configure(user__name="Ann", user__email="ann@example.org")
    repo.commit({"client.py": BASE, "dirty.py": BASE}, "start")
    return repo


@pytest.fixture(scope="module")
def window(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    needed()
    settings = {"byline.agents.read": ["claude-code"]}
    with open_window(repo.root, tmp_path_factory.mktemp("window"), package(), settings) as window:
        yield window


def test_what_an_agent_writes_is_its_own(window: Window, repo: Repo) -> None:
    window.open("client.py", 1, 100)
    window.press("Enter")
    window.type("import mine")
    window.save()
    client, new = repo.root / "client.py", repo.root / "new.py"

    agent = Agent(window.home / ".claude", repo.root)
    agent.asked(PROMPT)
    agent.replaces(client, GETTER, GETTER + ADDED)
    agent.writes(new, "def first():\n    return the_first_of_all\n")

    until(lambda: "def delete" in window.text("client.py"))
    expected = {"import mine": "human", "def delete(self, path):": "ai", "return self.put(path, None)": "ai"}
    check(window, "client.py", expected)
    [line] = [line for line in window.lines("client.py") if "def delete" in line["text"]]
    told = [line[key] for key in ("tool", "model", "session", "prompt", "level")]
    assert told == ["claude-code", MODEL, "session-1", PROMPT, "proven"]

    window.open("new.py")
    check(window, "new.py", {"def first():": "ai", "return the_first_of_all": "ai"})

    window.page(
        """
        await page.locator('.view-line span', {hasText: /^first$/}).first().hover();
        await page.locator('.monaco-hover', {hasText: 'Show prompt'}).first().waitFor();
        """
    )
    card = window.page("return await page.locator('.monaco-hover', {hasText: 'Show prompt'}).first().innerText();")
    assert "Claude Code" in card
    assert PROMPT in card
    window.press("Escape")

    head = repo.commit(message="with the agent's work")
    note = until(lambda: repo.git("notes", "--ref=byline", "show", head))
    files = {record["file"]: record["ranges"] for record in map(json.loads, note.splitlines()) if "file" in record}
    assert [(r["lines"], r["state"]) for r in files["new.py"]] == [([1, 2], "ai")]
    assert {r["state"] for r in files["client.py"]} == {"human", "ai"}


def test_nothing_is_taken_from_a_person_who_types_meanwhile(window: Window, repo: Repo) -> None:
    """The buffer has unsaved changes, so the editor does not load what the agent wrote."""
    window.open("dirty.py", 1, 100)
    window.press("Enter")
    window.type("import mine")
    agent = Agent(window.home / ".claude", repo.root, "session-2")
    agent.asked(PROMPT)
    agent.replaces(repo.root / "dirty.py", GETTER, GETTER + ADDED)
    window.press("Enter")
    window.type("import more_of_mine")
    check(window, "dirty.py", {"import mine": "human", "import more_of_mine": "human"})
    window.editor("await vscode.commands.executeCommand('workbench.action.files.revert');")
    until(lambda: "def delete" in window.text("dirty.py"))
    check(window, "dirty.py", {"def delete(self, path):": "ai", "return self.put(path, None)": "ai"})
