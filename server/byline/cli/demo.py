"""`byline demo`: a short story about one file, told by a real server, real edits and a real commit.

Nothing in it is prepared but the text that is typed: all that is shown at the end was found out by the server and is
asked of the same code that everything else uses. The repository is a temporary folder; nobody's own is touched.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from byline.attribution.blame import FileBlame, blame_commit, line_json, summary_json
from byline.attribution.project import Projects
from byline.cli.arguments import AsJson
from byline.cli.blame import line_rows
from byline.cli.editor import Editor, OpenDocument, editor
from byline.cli.output import Exit, Piece, Refusal, print_json, print_rows, shown
from byline.config import load
from byline.git.discovery import Place
from byline.git.executable import find_git
from byline.git.repository import Repository

_PATIENCE = 15.0
_NAME = "fetch.py"
_BEFORE = '"""Fetch pages, politely."""\n\nimport time\n'
_TYPED = "\n\ndef wait(seconds):\n    time.sleep(seconds)\n"
_WRITTEN = """

def fetch(client, url):
    for attempt in range(3):
        try:
            return client.get(url)
        except ConnectionError:
            wait(2**attempt)
    raise ConnectionError(url)
"""
_OLD, _NEW = "3", "5"
_PROMPT = "fetch a URL; if the connection fails, try again, waiting longer each time"
_AGENT = {
    "channel": "agent",
    "tool": "claude-code",
    "model": "claude-opus-5",
    "session": "demo",
    "prompt": _PROMPT,
}


@dataclass(frozen=True, slots=True)
class _Story:
    """What came out of it."""

    blame: FileBlame
    rows: list[list[Piece]]
    lines: list[dict[str, object]]
    note: str
    message: str
    lens: str
    hover: str
    seconds: float  # from the commit to its note


Say = Callable[[str, str], None]


def demo(as_json: AsJson = False) -> int:
    """Watch Byline at work in a throw-away repository.

    A person and an AI write a file together, and every line knows whose it is. The server, the edits and the commit
    are real; the person and the AI are played. No network is used, and nothing of yours is touched.

    \b
    Example:
      byline demo
    """
    began = time.monotonic()
    if not as_json:
        print_rows(_introduction())
    with tempfile.TemporaryDirectory(prefix="byline-demo-", ignore_cleanup_errors=True) as folder:
        story = _play(Path(os.path.realpath(folder)), _silent if as_json else _say)
    took = time.monotonic() - began
    if as_json:
        print_json(_json(story, took))
    else:
        print_rows(_result(story, took))
    return Exit.FINE


def _play(base: Path, say: Say) -> _Story:
    root, home = base / "repository", base / "home"
    root.mkdir()
    home.mkdir()
    repository = _made(root)
    try:
        say("A repository", f"with {_NAME}, committed before anybody watched")
        with editor(root, _environment(home)) as session:
            say("A language server", "started as an editor starts it")
            document = OpenDocument(session, root / _NAME, "python")
            keys = document.type(_TYPED)
            say("You", f"type a function, key by key ({keys} changes)")
            document.insert(_WRITTEN, _AGENT)
            say("An AI", f"adds another one, asked to “{_PROMPT}”")
            document.type(_NEW, instead_of=_OLD)
            say("You", f"change one of its lines: range({_OLD}) becomes range({_NEW})")
            document.save()
            _until(lambda: _status(session, document)["journalled"].get(document.uri) == document.version)
            repository.runner.run(["add", "--", _NAME])
            message = _message(session, root)
            say("A commit message", f"written from the change, without a model: “{message}”")
            commit = _commit(repository, message)
            committed = time.monotonic()
            _until(lambda: _status(session, document)["settled"] == commit)
            seconds = time.monotonic() - committed
            say("git commit", f"{commit[:8]}; its note was there {seconds:.1f} s later")
            lens, hover = _lens(session, document), _hover(session, document)
    finally:
        repository.close()
    return _found(root, commit, message, lens, hover, seconds)


def _made(root: Path) -> Repository:
    """A repository with one commit, in which you are you."""
    git_dir = root / ".git"
    repository = Repository.at(Place(git_dir, git_dir, root), find_git(root))
    run = repository.runner.run
    run(["init", "--quiet"])
    run(["symbolic-ref", "HEAD", "refs/heads/main"])
    run(["config", "user.name", "You"])
    run(["config", "user.email", "you@example.org"])
    (root / _NAME).write_text(_BEFORE, "utf-8")
    _commit(repository, "Begin")
    return repository


def _commit(repository: Repository, message: str) -> str:
    repository.runner.run(["add", "--", _NAME])
    repository.runner.run(["commit", "--quiet", "--message", message])
    return repository.resolve("HEAD")


def _environment(home: Path) -> dict[str, str]:
    """The server's: of the person's own only what it takes to find programs."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH", "TMPDIR", "VIRTUAL_ENV") if name in os.environ
    }
    return kept | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}


def _until(condition: Callable[[], bool]) -> None:
    """Ask again and again until `condition` holds. Raises Refusal if it takes too long."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Refusal(Exit.FAILED, "The server did not finish in time; `byline doctor` shows what works here.")
        time.sleep(0.02)


def _status(session: Editor, document: OpenDocument) -> dict[str, Any]:
    status: dict[str, Any] = session.request("byline/status", {"uri": document.uri})
    return status


def _message(session: Editor, root: Path) -> str:
    """The message that the server writes for what is staged."""
    argument = {"root": str(root), "offline": True}
    command = {"command": "byline.generateCommitMessage", "arguments": [argument]}
    return str(session.request("workspace/executeCommand", command)["message"])


def _lens(session: Editor, document: OpenDocument) -> str:
    """The title of the lens of the file."""
    lenses = session.request("textDocument/codeLens", {"textDocument": {"uri": document.uri}})
    if not lenses:
        raise Refusal(Exit.FAILED, "The server gave no lens for the file; please report this.")
    first = lenses[0] if lenses[0].get("command") else session.request("codeLens/resolve", lenses[0])
    return str(first["command"]["title"])


def _hover(session: Editor, document: OpenDocument) -> str:
    """The card of the line that both wrote."""
    line = document.text[: document.text.index(f"range({_NEW})")].count("\n")
    place = {"textDocument": {"uri": document.uri}, "position": {"line": line, "character": 4}}
    answer = session.request("textDocument/hover", place)
    return str(answer["contents"]["value"]) if answer else ""


def _found(root: Path, commit: str, message: str, lens: str, hover: str, seconds: float) -> _Story:
    """Ask the repository, when no server runs any more."""
    projects = Projects(lambda root: load(root, {}, None), read_only=True)
    try:
        project = projects.at(root)
        blame = blame_commit(project, commit, _NAME)
        note = project.repository.notes("refs/notes/byline").read([commit]).get(commit, b"").decode()
        if blame is None or not note:
            raise Refusal(Exit.FAILED, "The commit got no note; `byline doctor` shows what works here.")
        rows = list(line_rows(blame.lines, time.time(), "you@example.org"))
        lines = [line_json(line, project.prompts.text) for line in blame.lines]
        return _Story(blame, rows, lines, note, message, lens, hover, seconds)
    finally:
        projects.close()


def _introduction() -> Iterator[list[Piece]]:
    yield [("Byline knows who wrote each line.", "bold")]
    yield [("The server, the edits and the commit are real; the person and the AI are played.", "bright_black")]
    yield [("", "")]


def _silent(who: str, does: str) -> None:
    """Nothing is said on the way to a JSON document."""


def _say(who: str, does: str) -> None:
    print_rows([[("✓ ", "green"), (f"{who:<19}", "bold"), (does, "")]])


def _json(story: _Story, took: float) -> dict[str, object]:
    return {
        "path": story.blame.path,
        "commit": story.blame.head,
        "summary": summary_json(story.blame.summary),
        "lines": story.lines,
        "note": story.note,
        "message": story.message,
        "lens": story.lens,
        "hover": story.hover,
        "seconds": {"note": round(story.seconds, 3), "total": round(took, 3)},
    }


def _result(story: _Story, took: float) -> Iterator[list[Piece]]:
    yield from _heading("In a terminal", f"byline blame {_NAME}")
    yield from ([("  ", ""), *row] for row in story.rows)
    yield [("", "")]
    yield [("  ● ", "cyan"), ("AI   ", ""), ("◐ ", "yellow"), ("AI, then changed   ", ""), ("○ ", "green"),
           ("you   ", ""), ("· ", "bright_black"), ("nobody was watching, so nothing is claimed", "")]  # fmt: skip
    yield from _heading("In an editor", "above the file")
    yield [(f"  {shown(story.lens)}", "italic")]
    yield from _heading("In an editor", f"pointing at range({_NEW})")
    for row in story.hover.splitlines():
        yield [("  │ ", "yellow"), (shown(row), "")]
    yield from _heading("In git", "git notes --ref=byline show")
    for row in story.note.splitlines():
        yield [(f"  {shown(row)}", "bright_black")]
    yield [("", "")]
    yield [(f"All of this was found out in {took:.1f} s and is gone again. In a repository of your own:", "bold")]
    for command, does in (
        ("byline lsp", "for your editor: it starts this, and recording begins"),
        ("byline blame FILE", "who wrote each line, uncommitted work included"),
        ("byline prompt FILE:LINE", "the prompt behind a line"),
        ("byline message", "a commit message for what is staged"),
        ("byline doctor", "what works here, and what does not"),
    ):
        yield [(f"  {command:<26}", "cyan"), (does, "")]


def _heading(where: str, what: str) -> Iterator[list[Piece]]:
    yield [("", "")]
    yield [(f"{where}: ", "bold"), (what, "bold")]
    yield [("", "")]
