"""Writing a commit message in VS Code, in the file that git waits for: finished messages, checks and completion."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from editors.vscode.window import Window, needed, open_window, package, until
from support.repo import Repo

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(120)]

HISTORY = [
    f"{kind}: {what}"
    for what in ("say hello", "say it louder", "say it once", "not at night", "to everybody")
    for kind in ("feat", "fix", "docs", "test")
]
MENU = "page.locator('.action-widget .monaco-list-row.action')"
STAGED = "import os\n\n\ndef greet(name):\n    return os.name + name\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository that words its messages as Conventional Commits, and has a change staged."""
    repo = Repo.init(tmp_path_factory.mktemp("vscode") / "repo")
    repo.configure(user__name="Ann", user__email="ann@example.org")
    for number, message in enumerate(HISTORY):
        repo.commit({"app.py": f"import os\n\nprint(os.name, {number})\n"}, message)
    repo.write("app.py", STAGED)
    repo.git("add", "app.py")
    return repo


@pytest.fixture(scope="module")
def opened(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    needed()
    with open_window(repo.root, tmp_path_factory.mktemp("window"), package()) as window:
        yield window


@pytest.fixture
def window(opened: Window) -> Iterator[Window]:
    """Git waits for a message, which the person writes in an editor."""
    opened.editor(
        """
        const git = vscode.extensions.getExtension('vscode.git').exports.getAPI(1);
        await git.repositories[0].status();  // what the last test left
        probe.commit = vscode.commands.executeCommand('git.commit');
        """
    )
    until(lambda: language(opened) == "git-commit")
    check(opened, [""])  # the editor may show the last message before git's new file
    opened.page("await page.locator('.editor-instance .view-lines').first().waitFor();")
    # Where the editor had to read the file anew, the cursor is no more where git left room for the message.
    opened.press("Control+Home")
    yield opened
    if language(opened) == "git-commit":
        opened.editor("await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');")
    opened.editor("await probe.commit;")


def language(window: Window) -> str | None:
    found: str | None = window.editor("return vscode.window.activeTextEditor?.document.languageId;")
    return found


def lines(window: Window) -> list[str]:
    """What stands in the buffer, without git's comments."""
    text: str = window.editor("return vscode.window.activeTextEditor.document.getText();")
    return [line for line in text.splitlines() if not line.startswith("#")]


def check(window: Window, expected: list[str]) -> None:
    """The message reads so, soon."""

    def reads_so() -> bool:
        assert lines(window) == expected
        return True

    until(reads_so)


def found(window: Window) -> set[str]:
    """The rules that the message breaks."""
    body = "return vscode.languages.getDiagnostics(vscode.window.activeTextEditor.document.uri)"
    return set(window.editor(f"{body}.filter(({{source}}) => source === 'byline').map(({{code}}) => code);"))


def fixes(window: Window) -> list[str]:
    """Ask for quick fixes where the cursor is: the titles in the menu that opens, of which Enter takes the first."""
    window.press("Control+.")
    window.page("await page.locator('.action-widget :focus').waitFor({state: 'attached'});")
    titles: list[str] = window.page(f"return await {MENU}.allInnerTexts();")
    return titles


def test_a_finished_message_is_a_quick_fix_away(window: Window, repo: Repo) -> None:
    """From the empty buffer to the commit."""
    offered = fixes(window)
    window.shot("quick-fix")
    assert re.match(r"[a-z]+: add greet\b", offered[0])
    window.press("Enter")
    check(window, [offered[0]])
    assert "# Please enter" in window.editor("return vscode.window.activeTextEditor.document.getText();")

    before = repo.head
    window.save()
    window.editor("await vscode.commands.executeCommand('git.commitMessageAccept'); await probe.commit;")
    assert repo.head != before
    assert repo.git("show", "--no-patch", "--format=%s").strip() == offered[0]
    repo.git("reset", "--soft", "HEAD~")


def test_what_breaks_a_rule_is_mended_by_a_quick_fix(window: Window) -> None:
    window.type("feat: add a greeting")
    window.press("Enter")
    window.type("and a body right below it")
    until(lambda: "body-leading-blank" in found(window))
    fixes(window)
    window.press("Enter")
    check(window, ["feat: add a greeting", "", "and a body right below it"])
    until(lambda: not found(window))


def test_a_type_is_completed(window: Window) -> None:
    window.type("fe")
    window.press("Control+Space")
    window.page("await page.locator('.suggest-widget .monaco-list-row.focused', {hasText: 'feat'}).waitFor();")
    window.shot("completion")
    window.press("Tab")
    until(lambda: lines(window)[0].startswith("feat"))


def test_what_a_person_typed_is_not_replaced(window: Window) -> None:
    """Finished messages are for an empty buffer; and who wrote a message is no news."""
    window.type("feat: add a greeting")
    window.press("Control+.")
    window.page("await page.locator('.monaco-editor-overlaymessage, .action-widget').first().waitFor();")
    assert window.page(f"return await {MENU}.count();") == 0
    assert window.page("return await page.locator('.codelens-decoration').count();") == 0


def test_the_box_of_source_control_is_such_a_buffer(opened: Window) -> None:
    opened.editor("await vscode.commands.executeCommand('workbench.view.scm');")
    opened.page("await page.locator('.scm-editor .view-lines').first().click();")
    offered = fixes(opened)
    opened.shot("box")
    opened.press("Enter")
    box = "return vscode.extensions.getExtension('vscode.git').exports.getAPI(1).repositories[0].inputBox.value;"
    until(lambda: opened.editor(box) == offered[0])
