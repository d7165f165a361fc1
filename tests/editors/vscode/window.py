"""A real VS Code with the extension in it: code-server in Chromium, on a real repository, with the real server.

Three parties act: the person at the keyboard (`page`), another extension in the same window (`editor`), and whatever
the test does outside of the editor.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from editors.program import program

T = TypeVar("T")

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
EXTENSION = ROOT / "editors" / "vscode"
VERSION = "4.100.3"
# Where `install-code-server` puts it; asked now, because each test has a home of its own.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "byline-editors")
CODE_SERVER = CACHE / f"code-server-{VERSION}" / "node_modules" / ".bin" / "code-server"
PLAYWRIGHT = EXTENSION / "node_modules" / "playwright-core"
BYLINE = Path(sys.executable).with_name("byline")
SERVER: Mapping[str, str] = {"BYLINE_SERVER": str(BYLINE)}

STARTING = 60.0
PATIENCE = 20.0
QUIET: Mapping[str, object] = {
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "workbench.enableExperiments": False,
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Dark Modern",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "update.mode": "none",
    "chat.commandCenter.enabled": False,
    "git.openRepositoryInParentFolders": "never",
    "git.autofetch": False,
    "files.autoSave": "off",
    "window.restoreWindows": "none",
    "editor.minimap.enabled": False,
    "editor.wordBasedSuggestions": "off",
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.acceptSuggestionOnEnter": "off",
    "editor.autoClosingBrackets": "always",
    "[python]": {"editor.defaultFormatter": "byline-tests.probe"},
}


def needed() -> None:
    """Skip the test, or fail where all editors have to be here, by the name of what this machine does not have."""
    program("node", "Node 20")
    chromium()
    for path, remedy in (
        (CODE_SERVER, "tests/editors/vscode/install-code-server"),
        (PLAYWRIGHT, "`npm ci` in editors/vscode"),
    ):
        if not path.exists():
            absent(f"{path.name} for VS Code is not here; {remedy} gives it")


def absent(what: str) -> NoReturn:
    """`what` is a sentence."""
    if os.environ.get("BYLINE_ALL_EDITORS") == "1":
        pytest.fail(what)
    pytest.skip(what)


def chromium() -> str:
    """The browser's program."""
    return program("chromium", "the package 'chromium'")


@dataclass
class Window:
    """An open window on `folder`.

    `home` is the person's home, `shots` where pictures go, `probe` the port of the other extension, `server` the
    session of processes that the window's server side is.
    """

    folder: Path
    home: Path
    shots: Path
    probe: int
    server: int
    browser: subprocess.Popen[str]

    def editor(self, body: str, **args: object) -> Any:
        """What a JavaScript function with `body` gives in the extension host, for `vscode`, `probe` and `args`."""
        data = json.dumps({"body": body, "args": args}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.probe}", data, PATIENCE) as answer:
            return _value(json.load(answer))

    def page(self, body: str, **args: object) -> Any:
        """What a JavaScript function with `body` gives in the test's own process, for playwright's `page`."""
        assert self.browser.stdin is not None
        self.browser.stdin.write(json.dumps({"body": body, "args": args}) + "\n")
        self.browser.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.browser.stdout is not None
        line = self.browser.stdout.readline()
        assert line, "the browser has ended"
        return _value(json.loads(line))

    def loaded(self) -> None:
        """Wait until the window is there, and its extensions run."""
        self._answer()
        until(lambda: self.editor("return true;"), STARTING)

    def runs(self) -> bool:
        """Whether the server runs: its commands are there."""
        return "byline.copyAttribution" in self.editor("return await vscode.commands.getCommands(true);")

    # --- the person -----------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.page("for (const key of args.keys) await page.keyboard.press(key);", keys=keys)

    def type(self, text: str, delay: int = 15) -> None:
        """Type `text`, a key every `delay` milliseconds."""
        self.page("await page.keyboard.type(args.text, {delay: args.delay});", text=text, delay=delay)

    def save(self) -> None:
        """Save the file that is shown, and wait until the editor has."""
        self.press("Control+s")
        until(lambda: not self.editor("return vscode.window.activeTextEditor.document.isDirty;"))

    def open(self, path: str, line: int = 1, column: int = 1) -> None:
        """Show a file, with the cursor at a place (counted from 1; a column beyond the end is the end)."""
        self.editor(
            """
            const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, args.path);
            const place = new vscode.Position(args.line - 1, args.column - 1);
            const selection = new vscode.Range(place, place);
            await vscode.window.showTextDocument(uri, {selection, preview: false});
            """,
            path=path,
            line=line,
            column=column,
        )
        self.page("await page.locator('.editor-instance .view-lines').first().waitFor();")

    def shot(self, name: str) -> Path:
        """A picture of the window."""
        path = self.shots / f"{name}.png"
        self.page("await page.screenshot({path: args.path});", path=str(path))
        return path

    # --- what is to be seen ---------------------------------------------------------------------------------------

    def text(self, path: str) -> str:
        """The text of a file in the editor, saved or not."""
        return str(self.editor(f"{_DOCUMENT} return document.getText();", path=path))

    def lines(self, path: str) -> list[dict[str, Any]]:
        """Who wrote the lines of an open file, as in `byline blame --json`."""
        body = f"{_DOCUMENT} return (await vscode.commands.executeCommand('byline.copyAttribution', {{uri}})).lines;"
        found: list[dict[str, Any]] = self.editor(body, path=path)
        return found

    def states(self, path: str) -> dict[str, str]:
        """The state of each line that is not blank, by its text without indentation."""
        return {line["text"].strip(): line["state"] for line in self.lines(path) if line["text"].strip()}

    def blame(self, path: str) -> dict[str, Any]:
        """`byline blame --json` of a file."""
        done = subprocess.run(
            [BYLINE, "blame", "--json", path],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def environment(self) -> dict[str, str]:
        """The person's environment."""
        return {**os.environ, **homes(self.home)}


_DOCUMENT = """
const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, args.path).toString();
const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
if (!document) throw new Error(`${uri} is not open`);
"""


def _value(answer: dict[str, Any]) -> Any:
    assert "error" not in answer, answer["error"]
    return answer["value"]


def until(look: Callable[[], T], patience: float = PATIENCE) -> T:
    """What `look` gives as soon as that is true; its last failure once `patience` (seconds) is at an end."""
    end = time.monotonic() + patience
    while True:
        try:
            found = look()
            if found:
                return found
            problem: Exception = AssertionError(f"still {found!r} after {patience} s")
        except (AssertionError, OSError) as error:
            problem = error
        if time.monotonic() > end:
            raise problem
        time.sleep(0.05)


def homes(home: Path) -> dict[str, str]:
    """The variables that lead to a home of its own."""
    return {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "CLAUDE_CONFIG_DIR": str(home / ".claude"),
    }


@cache
def package() -> Path:
    """The extension as it is now, built once; the file to install."""
    folder = Path(tempfile.mkdtemp(prefix="byline-vsix-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    env = {**os.environ, "PYTHON": sys.executable}
    with (EXTENSION / ".packaging").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # it is built in place, and these tests may run in several processes
        done = subprocess.run(
            ["node", EXTENSION / "scripts" / "package.mjs", folder], env=env, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    return folder / "byline.vsix"


@contextmanager
def open_window(
    folder: Path,
    state: Path,
    vsix: Path | None,
    settings: Mapping[str, object] = {},
    variables: Mapping[str, str] = SERVER,
) -> Iterator[Window]:
    """A window on `folder` with the extension `vsix` (None: without it); `state` is an empty folder for the rest.

    `variables` say where the server is; where they do, the window is given when it runs.
    """
    user, extensions, home = state / "user", state / "extensions", state / "home"
    for place in (user / "User", user / "Machine", home, state / "shots"):
        place.mkdir(parents=True)
    for place in ("User", "Machine"):
        (user / place / "settings.json").write_text(json.dumps({**QUIET, **settings}))
    shutil.copytree(HERE / "probe", extensions / "byline-tests.probe-1.0.0")
    port, probe = _free_port(), _free_port()
    env = {
        **os.environ,
        **homes(home),
        "CS_DISABLE_GETTING_STARTED_OVERRIDE": "1",
        "EXTENSIONS_GALLERY": "{}",
        "PROBE_PORT": str(probe),
        **variables,
    }
    common = [CODE_SERVER, "--user-data-dir", user, "--extensions-dir", extensions]
    if vsix is not None:
        subprocess.run([*common, "--install-extension", vsix], env=env, check=True, capture_output=True)
    quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
    started = [*common, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", *quiet, folder]
    with (state / "code-server.log").open("w") as log, _tree(started, env, log) as server:
        until(lambda: _answers(port), STARTING)
        url = f"http://127.0.0.1:{port}/?folder={folder}"
        with _browser(url, env) as browser:
            window = Window(folder, home, state / "shots", probe, server, browser)
            window.loaded()
            if vsix is not None and "BYLINE_SERVER" in variables:
                until(window.runs, STARTING)
            yield window


@contextmanager
def _browser(url: str, env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = ["node", HERE / "browser.mjs", PLAYWRIGHT, chromium(), url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as browser:
        try:
            yield browser
        finally:
            assert browser.stdin is not None
            browser.stdin.close()
            try:
                browser.wait(10)
            except subprocess.TimeoutExpired:
                browser.kill()


@contextmanager
def _tree(command: list[Any], env: Mapping[str, str], log: Any) -> Iterator[int]:
    """A process and all that it starts, which would outlive the page by hours; gives the id of their session."""
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
        return bool(answer.status == 200)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
