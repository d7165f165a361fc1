"""VS Code, as it really is: what a person does in it, and what is then said of each line.

All tests share one window and one repository; each has a file of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.vscode.window import Window, needed, open_window, package, until
from support.repo import Repo

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(120)]

BASE = """\
import os


class Client:
    def get(self, path):
        return path

    def put(self, path):
        return path
"""

FILES = (
    "commit",
    "copied",
    "copy",
    "disk",
    "edit",
    "first",
    "format",
    "inline",
    "link",
    "look",
    "paste",
    "restart",
    "typing",
    "undo",
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo.init(tmp_path_factory.mktemp("vscode") / "repo")
    repo.configure(user__name="Ann", user__email="ann@example.org")
    repo.commit({f"{name}.py": BASE for name in FILES}, "start")
    return repo


@pytest.fixture(scope="module")
def window(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    needed()
    with open_window(repo.root, tmp_path_factory.mktemp("window"), package()) as window:
        yield window


def accept(window: Window, suggestion: str) -> None:
    """An inline suggestion is offered where the cursor is, and accepted with Tab."""
    window.editor("probe.suggestion = args.suggestion;", suggestion=suggestion)
    window.editor("await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');")
    window.page("await page.locator('.ghost-text, .ghost-text-decoration').first().waitFor();")
    window.press("Tab")
    until(lambda: suggestion in window.editor("return vscode.window.activeTextEditor.document.getText();"))
    window.editor("probe.suggestion = null;")


def line_ends(window: Window) -> list[str]:
    """What is drawn behind the text of lines."""
    found: list[str] = window.page(
        """
        return page.evaluate(() => Array.from(document.querySelectorAll('.view-line span'))
            .map((span) => getComputedStyle(span, '::after').content)
            .filter((content) => content.length > 2 && content !== 'none')
            .map((content) => content.slice(1, -1).replaceAll('\u00a0', ' ')));
        """
    )
    return found


def check(window: Window, path: str, expected: dict[str, str]) -> None:
    """The states of these lines, as soon as the text is there and they are so; all others are unknown."""

    def looks_right() -> bool:
        found = window.states(path)
        wanted = {text: expected.get(text, "unknown") for text in {*found, *expected}}
        assert found == wanted
        return True

    until(looks_right)


def test_typing(window: Window) -> None:
    window.open("typing.py", 1, 100)
    window.press("Enter")
    window.type("import sys")
    window.press("ArrowDown", "ArrowDown", "ArrowDown", "End", "Enter")
    window.type("def __init__(self")  # the editor closes the bracket
    window.press("End")
    window.type(":")
    window.press("Enter")
    window.type("self.limit = 100")
    window.press("Backspace")
    check(
        window,
        "typing.py",
        {"import sys": "human", "def __init__(self):": "human", "self.limit = 10": "human"},
    )
    [line] = [line for line in window.lines("typing.py") if line["text"] == "import sys"]
    assert (line["level"], line["evidence"]) == ("probable", ["typing"])


def test_the_first_edit_after_a_save_is_no_reload(window: Window) -> None:
    window.open("first.py", 1, 100)
    for word in ("one", "two", "three"):
        window.press("Enter")
        window.type(f"{word} = 1")
        window.save()
        window.type("2")
        window.save()
    check(window, "first.py", {"one = 12": "human", "two = 12": "human", "three = 12": "human"})


def test_an_inline_suggestion_that_is_accepted_is_an_ais(window: Window) -> None:
    window.open("inline.py", 6, 100)
    window.press("Enter", "Enter")
    accept(window, "def delete(self, path):\n        return self.put(path)")
    check(window, "inline.py", {"def delete(self, path):": "ai", "return self.put(path)": "ai"})
    [line] = [line for line in window.lines("inline.py") if "def delete" in line["text"]]
    assert (line["level"], line["evidence"], line["tool"]) == ("strong", ["inlineAccept"], None)
    window.press("End")
    window.type("  # for now")
    check(window, "inline.py", {"def delete(self, path):": "ai", "return self.put(path)  # for now": "ai_modified"})


def test_pastes(window: Window) -> None:
    window.open("paste.py", 1, 100)
    window.page("await page.evaluate((text) => navigator.clipboard.writeText(text), args.text);", text="import json")
    window.press("Enter", "Control+v")
    until(lambda: "import json" in window.text("paste.py"))
    check(window, "paste.py", {})
    [line] = [line for line in window.lines("paste.py") if line["text"] == "import json"]
    assert line["evidence"] == ["paste"]

    window.press("Enter")
    window.type("from somewhere import one_thing, another_one, the_last_of_them")
    window.press("Control+x")  # the whole line
    until(lambda: "from somewhere import one_thing, another_one, the_last_of_them" not in window.text("paste.py"))
    window.press("ArrowUp", "Control+v")
    until(lambda: "from somewhere import one_thing, another_one, the_last_of_them" in window.text("paste.py"))
    check(window, "paste.py", {"from somewhere import one_thing, another_one, the_last_of_them": "human"})


def test_a_copy_keeps_its_author(window: Window) -> None:
    """However fast the keys come after it, and wherever it stands by then."""
    copied = "import an_ais, more_of_it"
    window.open("copy.py", 1, 100)
    window.press("Enter")
    accept(window, copied)
    check(window, "copy.py", {copied: "ai"})

    def check_copies(path: str, count: int) -> None:
        until(lambda: window.text(path).count(copied) == count)
        until(lambda: [line["state"] for line in window.lines(path) if line["text"] == copied] == ["ai"] * count)

    window.press("Home", "Shift+End", "Control+c", "Home", "Enter", "Enter", "ArrowUp", "Control+v")
    check_copies("copy.py", 2)
    window.press("ArrowDown", "Control+c", "ArrowUp", "Control+v")  # nothing is selected: that is the whole line
    check_copies("copy.py", 3)
    window.open("copied.py", 2, 1)
    window.press("Control+v")
    check_copies("copied.py", 1)


def test_undo_and_redo(window: Window) -> None:
    window.open("undo.py", 1, 100)
    window.press("Enter")
    window.type("import mine")
    window.press("Enter")
    accept(window, "import an_ais, more_of_it")
    expected = {"import mine": "human", "import an_ais, more_of_it": "ai"}
    check(window, "undo.py", expected)
    after = window.text("undo.py")
    for key, goal, states in (("Control+z", BASE, {}), ("Control+y", after, expected)):
        while (text := window.text("undo.py")) != goal:
            window.press(key)
            until(lambda text=text: window.text("undo.py") != text)
        check(window, "undo.py", states)


def test_an_edit_by_another_extension_is_nobodys(window: Window) -> None:
    window.open("edit.py", 1, 1)
    window.editor(
        """
        const edit = new vscode.WorkspaceEdit();
        const {document} = vscode.window.activeTextEditor;
        edit.insert(document.uri, new vscode.Position(1, 0), 'import inserted_by_something\\n');
        await vscode.workspace.applyEdit(edit);
        """
    )
    check(window, "edit.py", {"import inserted_by_something": "unknown"})
    # A command can type as well, but not as slowly as a person.
    window.press("Control+Home", "End", "Enter")
    window.editor("await vscode.commands.executeCommand('type', {text: 'import typed_by_a_command_and_not_by_me'});")
    check(window, "edit.py", {"import typed_by_a_command_and_not_by_me": "unknown"})


def test_a_file_that_changes_on_disk_keeps_the_owners_of_what_stays(window: Window) -> None:
    window.open("disk.py", 1, 100)
    window.press("Enter")
    window.type("import mine")
    window.save()
    file = window.folder / "disk.py"
    text = file.read_text()
    file.write_text("import first_by_something\n" + text.replace("return path", "return path + 'x'"))
    until(lambda: "first_by_something" in window.text("disk.py"))
    check(window, "disk.py", {"import mine": "human"})
    [line] = [line for line in window.lines("disk.py") if "first_by" in line["text"]]
    assert line["evidence"] in ([], ["reload"])


def test_a_formatter_changes_no_owner(window: Window) -> None:
    window.open("format.py", 1, 100)
    window.press("Enter")
    window.type("mine=1")
    window.press("Enter")
    accept(window, "theirs=f(1)")
    window.editor("await vscode.workspace.getConfiguration('editor').update('formatOnSave', true, true);")
    window.save()
    assert "mine = 1" in (window.folder / "format.py").read_text()
    check(window, "format.py", {"mine = 1": "human", "theirs = f(1)": "ai"})
    window.editor("await vscode.workspace.getConfiguration('editor').update('formatOnSave', undefined, true);")


def test_a_commit_in_the_terminal(window: Window, repo: Repo) -> None:
    window.open("commit.py", 1, 100)
    window.press("Enter")
    window.type("import mine")
    window.press("Enter")
    accept(window, "import an_ais, more_of_it")
    window.save()
    before = repo.head
    window.editor(
        """
        const terminal = vscode.window.createTerminal();
        terminal.sendText('git commit --quiet --message "three imports" commit.py && exit');
        """
    )
    until(lambda: repo.head != before)
    note = until(lambda: repo.git("notes", "--ref=byline", "show", "HEAD"))
    [file] = [record for record in map(json.loads, note.splitlines()) if record.get("file") == "commit.py"]
    assert [(r["lines"], r["state"]) for r in file["ranges"]] == [([2, 2], "human"), ([3, 3], "ai")]

    blame = window.blame("commit.py")
    told = {line["text"]: (line["state"], line["commit"], line["source"]) for line in blame["lines"][1:3]}
    assert told == {
        "import mine": ("human", repo.head, "byline"),
        "import an_ais, more_of_it": ("ai", repo.head, "byline"),
    }
    check(window, "commit.py", {"import mine": "human", "import an_ais, more_of_it": "ai"})


def test_what_is_to_be_seen(window: Window) -> None:
    window.open("look.py", 7, 1)
    window.press("Tab")
    accept(window, "def delete(self, path):\n        return self.put(path)\n")
    window.press("ArrowUp", "End")
    window.type("  # mine")
    check(window, "look.py", {"def delete(self, path):": "ai", "return self.put(path)  # mine": "ai_modified"})

    lens = "await page.locator('.codelens-decoration', {hasText: args.text}).first().waitFor();"
    window.page(lens, text="% AI · 9 % AI, then changed")
    window.page(lens, text="AI, then you (")

    # While a line is typed, nothing is drawn on it.
    assert line_ends(window) == []
    window.press("ArrowUp")
    until(lambda: line_ends(window) == ["● AI · not committed yet"])
    window.press("ArrowDown")
    until(lambda: line_ends(window) == ["◐ AI, then changed · not committed yet"])

    window.page(
        """
        await page.locator('.view-line span', {hasText: /^delete$/}).first().hover();
        await page.locator('.monaco-hover', {hasText: 'Mark as mine'}).first().waitFor();
        """
    )
    card = window.page("return await page.locator('.monaco-hover', {hasText: 'Mark as mine'}).first().innerText();")
    assert "an inline suggestion was accepted (strong)" in card
    assert "Mark as mine · Mark as AI" in card.replace("\u00a0", " ")
    assert "Show prompt" not in card  # there is none

    window.editor("await vscode.commands.executeCommand('byline.toggleGutter');")
    signs = "return await page.locator('.margin .cgmr, .glyph-margin-widgets .cgmr').count();"
    until(lambda: window.page(signs) >= 2)
    window.shot("look")


def test_a_link_in_the_card_marks_the_line(window: Window) -> None:
    window.open("link.py", 1, 100)
    window.press("Enter")
    accept(window, "import an_ais, more_of_it")
    check(window, "link.py", {"import an_ais, more_of_it": "ai"})
    window.page(
        """
        await page.locator('.view-line span', {hasText: /an_ais/}).first().hover();
        await page.locator('.monaco-hover a', {hasText: 'Mark as mine'}).first().click();
        """
    )
    check(window, "link.py", {"import an_ais, more_of_it": "human"})


def test_a_restart_of_the_server_forgets_nothing(window: Window) -> None:
    window.open("restart.py", 1, 100)
    window.press("Enter")
    accept(window, "import an_ais, more_of_it")
    check(window, "restart.py", {"import an_ais, more_of_it": "ai"})
    window.editor("await vscode.commands.executeCommand('byline.restartServer');")
    check(window, "restart.py", {"import an_ais, more_of_it": "ai"})


def test_the_button_fills_the_message_box(window: Window, repo: Repo) -> None:
    repo.write("staged.py", "x = 1\n")
    repo.git("add", "staged.py")
    window.editor("await vscode.commands.executeCommand('workbench.view.scm');")
    window.page("await page.locator('.scm-view [aria-label*=\"Commit\"]').first().waitFor();")
    button = "page.locator('a.action-label[aria-label*=\"Write the Commit Message\"]')"
    window.page(f"await {button}.first().click();")
    box = "return vscode.extensions.getExtension('vscode.git').exports.getAPI(1).repositories[0].inputBox.value;"
    assert until(lambda: window.editor(box)).strip()


def test_nothing_was_asked_of_the_person(window: Window) -> None:
    shown: list[str] = window.page("return await page.locator('.notification-toast').allInnerTexts();")
    assert not [text for text in shown if "Byline" in text]


def test_the_log_has_no_error_of_the_client(window: Window) -> None:
    logs = list((window.home.parent / "user" / "logs").glob("**/Byline.log"))
    assert logs
    problems = [line for log in logs for line in _problems(log)]
    assert not problems


def _problems(log: Path) -> list[str]:
    lines = log.read_text("utf-8").splitlines()
    return [line for line in lines if "[error]" in line and "byline.lsp.watchdog" not in line]
