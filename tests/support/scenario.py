"""A scene: a real repository, an editor with a real server, and what everybody may ask about whose line is whose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from support.buffer import Buffer
from support.editor import Editor
from support.wire import wait_for

in_either_order = pytest.mark.parametrize("scene", ["before", "after"], indirect=True)
"""The editor tells of a change before it sends it (VS Code) and in a second run afterwards (Neovim)."""


def environment(home: Path) -> dict[str, str]:
    """An environment in which nothing of the person who runs the tests is found."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


class Scene:
    """One repository with one editor, more if a test asks for them."""

    def __init__(self, base: Path, context: str = "before", encoding: str = "utf-16", repository: bool = True) -> None:
        """`base` is an empty folder for everything; the repository is `base/repo`."""
        self.base = base
        self.root = base / "repo"
        self.env = environment(base / "home")
        self.context = context
        self.encoding = encoding
        self.settings: dict[str, Any] = {}  # of the editors that are started from now on
        self.answer: str | None = None  # what the person chooses when one of them asks
        self.editors: list[Editor] = []
        for folder in (self.root, base / "home"):
            folder.mkdir(parents=True)
        if repository:
            self.make_repository(self.root)

    @property
    def editor(self) -> Editor:
        """The first editor; it is started when it is first needed."""
        return self.editors[0] if self.editors else self.new_editor()

    def new_editor(self, root: Path | None = None, **manner: str) -> Editor:
        """One more editor with a server of its own, on `root` or the scene's."""
        manner = {"context": self.context, "encoding": self.encoding} | manner
        log = self.base / "server.log"
        editor = Editor(root or self.root, self.env, log, **manner, settings=self.settings, answer=self.answer)
        self.editors.append(editor)
        editor.start()
        return editor

    def close(self) -> None:
        """Close the editors. A server that had to be shot, or reported a crash, is a failure."""
        for editor in self.editors:
            editor.stop()
        log = self.base / "server.log"
        if log.exists():
            text = log.read_text("utf-8", "replace")
            assert "Traceback (most recent call last)" not in text, text[-3000:]

    def abandon(self) -> None:
        """End whatever still runs, asking nothing: a test has failed already, or is over."""
        for editor in self.editors:
            if editor.wire.alive:
                editor.wire.kill()

    # Files and documents

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file into the work tree, as a program does that no editor knows of."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return file

    def has(self, path: str, content: str | bytes) -> Path:
        """A file that was committed before anybody watched."""
        file = self.write(path, content)
        self.git("add", "--", path)
        self.git("commit", "-q", "-m", f"Add {path}")
        return file

    def open(self, path: str, text: str | None = None, *, editor: Editor | None = None) -> Buffer:
        """Open a file of the work tree. With `text`, it is committed with that text first (empty: it is new)."""
        if text:
            self.has(path, text)
        file = self.root / path
        return (editor or self.editor).open(file, file.read_bytes().decode("utf-8") if file.exists() else "")

    # git

    def make_repository(self, root: Path) -> None:
        """Make an empty repository with an identity."""
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", cwd=root)
        self.git("config", "user.name", "Ann", cwd=root)
        self.git("config", "user.email", "ann@example.org", cwd=root)

    def git(self, *arguments: str, cwd: Path | None = None, stdin: str | bytes | None = None) -> str:
        """Run git as the person does; returns what it prints."""
        data = stdin.encode("utf-8") if isinstance(stdin, str) else stdin
        done = subprocess.run(["git", *arguments], cwd=cwd or self.root, env=self.env, input=data, capture_output=True)
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode('utf-8', 'replace')}"
        return done.stdout.decode("utf-8", "surrogateescape")

    def head(self, cwd: Path | None = None) -> str:
        """The commit that HEAD stands for."""
        return self.git("rev-parse", "HEAD", cwd=cwd).strip()

    def root_of(self, path: Path) -> Path:
        """The work tree that a file belongs to, which may not exist yet."""
        folder = next(parent for parent in path.parents if parent.is_dir())
        return Path(self.git("rev-parse", "--show-toplevel", cwd=folder).removesuffix("\n"))

    def stage_hunk(self, path: str, number: int) -> None:
        """Stage one hunk (0 is the first) of a file."""
        self.git("add", "-p", "--", path, stdin="n\n" * number + "y\nq\n")

    def commit(self, *options: str, everything: bool = True, cwd: Path | None = None) -> str:
        """Commit (all that is in the work tree, unless told otherwise), and wait until it is settled everywhere."""
        if everything:
            self.git("add", "-A", cwd=cwd)
        message = () if "--amend" in options else ("-m", "Change")
        self.git("commit", "-q", *message, *options, cwd=cwd)
        self.wait_settled()
        return self.head(cwd)

    def wait_settled(self) -> None:
        """Wait until every running server has attributed everything on the HEAD of each document that it has open."""
        for editor in self.editors:
            for buffer in editor.buffers.values() if editor.wire.alive else ():
                self._wait_settled(buffer, self.head(self.root_of(buffer.path)))

    def _wait_settled(self, buffer: Buffer, head: str) -> None:
        status = buffer.editor.status
        wait_for(f"{head[:8]} is settled", lambda: status(buffer.uri)["settled"] == head)

    def wait_journalled(self, buffer: Buffer) -> None:
        """Wait until the newest version of a document is acknowledged."""
        wait_for(
            f"version {buffer.version} is journalled",
            lambda: buffer.editor.status(buffer.uri)["journalled"].get(buffer.uri) == buffer.version,
        )

    def note(self, commit: str = "HEAD", ref: str = "byline") -> str:
        """The text of the note of a commit, empty if it has none."""
        noted = self.git("notes", f"--ref={ref}", "list").split()
        commit = self.git("rev-parse", commit).strip()
        return self.git("notes", f"--ref={ref}", "show", commit) if commit in noted else ""

    # The command line

    def byline(self, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Command:
        """Start the `byline` command; commands run side by side until their results are asked for."""
        return Command(arguments, cwd or self.root, {**self.env, **(env or {})})


class Command:
    """A run of the `byline` command."""

    def __init__(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        self.arguments = arguments
        self._process = subprocess.Popen(
            [sys.executable, "-m", "byline", *arguments],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ends(self) -> tuple[int, str, str]:
        """Wait for the exit code, standard output and standard error."""
        out, err = self._process.communicate(timeout=60)
        return self._process.returncode, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "replace")

    def json(self) -> Any:
        """The JSON document that it must print, having gone well."""
        code, out, err = self.ends()
        assert code == 0, f"byline {' '.join(self.arguments)} ended with {code}: {err}"
        return json.loads(out)
