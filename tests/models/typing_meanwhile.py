"""Run as a program: how long somebody who types waits for the server, alone and while a model's library is imported.

Takes the number of rounds. Each has a new server. A client types a character every 5 ms and waits until the server has
dealt with it: first for a second, then while the first question to Claude of that process goes on, which imports
`anthropic`. What the machine does beside is in both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))

from support.provider import Provider, providing
from support.raw_client import RawClient, running

ALONE = 1.0  # seconds of typing without an import


class Typist:
    """Types into one open document."""

    def __init__(self, client: RawClient, uri: str) -> None:
        self._client = client
        self._uri = uri
        self._versions = count(2)
        self.answered: set[int] = set()

    def longest_pause(self, until: Callable[[], bool]) -> float:
        """The longest time in seconds that the server took for a character, typing until something holds."""
        longest = 0.0
        while not until():
            start = time.perf_counter()
            self._type()
            longest = max(longest, time.perf_counter() - start)
            time.sleep(0.005)  # faster than anybody
        return longest

    def _type(self) -> None:
        here = {"line": 0, "character": 0}
        change = {"range": {"start": here, "end": here}, "text": "x"}
        document = {"uri": self._uri, "version": next(self._versions)}
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        barrier = self._client.ask("test/barrier")  # an unknown method: its refusal comes after what was sent before it
        while (answer := self._client.receive().get("id")) != barrier:
            self.answered.add(answer)


def pauses() -> tuple[float, float]:
    """The longest pauses of one round in seconds: typing alone, and during a process's first question to a model."""
    with providing() as claude, tempfile.TemporaryDirectory() as folder, _typing(Path(folder), claude) as typing:
        client, typist, root = typing
        end = time.perf_counter() + ALONE
        alone = typist.longest_pause(lambda: time.perf_counter() >= end)
        question = client.ask("workspace/executeCommand", _generate(root, offline=False))
        meanwhile = typist.longest_pause(lambda: question in typist.answered)
        assert claude.asked, "no model was asked"
    return alone, meanwhile


@contextmanager
def _typing(folder: Path, claude: Provider) -> Iterator[tuple[RawClient, Typist, Path]]:
    """A server in a repository with something staged, its messages looked for, and a file open."""
    root, file = folder / "repo", folder / "repo" / "a.py"
    file.parent.mkdir()
    file.write_text("a = 1\n")
    for arguments in (("init", "-q"), ("add", ".")):
        subprocess.run(("git", *arguments), cwd=root, check=True)
    env = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), **claude.environment()}
    with running(env=env) as client:
        client.initialize(rootUri=root.as_uri(), initializationOptions={"trusted": True})
        item = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": "a = 1\n"}
        client.notify("textDocument/didOpen", {"textDocument": item})
        client.request("workspace/executeCommand", _generate(root, offline=True))
        yield client, Typist(client, file.as_uri()), root


def _generate(root: Path, *, offline: bool) -> dict[str, Any]:
    argument = {"root": root.as_uri(), "offline": offline}
    return {"command": "byline.generateCommitMessage", "arguments": [argument]}


if __name__ == "__main__":
    for _ in range(int(sys.argv[1])):
        print("alone {:.0f} ms, meanwhile {:.0f} ms".format(*(1000 * pause for pause in pauses())), flush=True)
