"""Aider: `.aider.chat.history.md` in the folder in which it works, a Markdown log without the times of its entries.

What the person asks stands behind `####`, what Aider itself says behind `>`; between them is the model's answer, with
blocks of edits, each below the name of its file. `> Applied edit to` says which files were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from byline.agents.calls import Call, replaced
from byline.agents.fields import absolute
from byline.agents.homes import Homes
from byline.agents.prompts import own_words
from byline.agents.reader import Place, Reader
from byline.agents.record import AgentEdit, Hunk
from byline.agents.search_replace import blocks

_FILE = ".aider.chat.history.md"
_STARTED = "# aider chat started at "
_MODEL = re.compile(r"(?:Main model|Model): (\S+) with ")
_APPLIED = "Applied edit to "
_QUOTE = re.compile(r"[`*\s]*(.+?)[`*:\s]*")
_LONGEST = 200_000  # characters of one answer


class Aider(Reader):
    """The reader of Aider."""

    tool = "aider"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """The open folders themselves."""
        return [Place(root, (_FILE,), lambda path: AiderHistory(str(path.parent))) for root in roots]

    def signs(self, homes: Homes) -> list[Path]:
        """Where Aider keeps what it needs for itself."""
        return [homes.home / ".aider"]


class AiderHistory:
    """The history of all chats in one folder, line by line; a chat is called by when it started."""

    def __init__(self, cwd: str) -> None:
        self.cwd: str | None = cwd
        self._started = ""
        self._model: str | None = None
        self._asked: list[str] = []
        self._is_asking = False
        self._prompt: str | None = None
        self._answer: list[str] = []
        self._size = 0
        self._hunks: dict[str, list[Hunk]] = {}

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """The edits that the line `piece` says were applied."""
        line = piece.decode("utf-8", "replace").rstrip("\r")
        if line.startswith(_STARTED):
            self._started = line[len(_STARTED) :].strip()
            self._begin([])
        elif line.startswith("####"):
            if not self._is_asking:
                self._begin([])
            self._is_asking = True
            self._asked.append(line[4:].strip())
            self._prompt = own_words("\n".join(self._asked))
            return
        elif line.startswith("> "):
            self._close()
            yield from self._told(line[2:].strip())
        else:
            self._size += len(line)
            if self._size <= _LONGEST:
                self._answer.append(line)
        self._is_asking = False

    def _begin(self, asked: list[str]) -> None:
        self._asked = asked
        self._close()
        self._hunks = {}

    def _close(self) -> None:
        """Take the blocks out of the answer that ends here."""
        for index, hunk in blocks(self._answer):
            name = self._name_above(index)
            if name:
                self._hunks.setdefault(name, []).append(hunk)
        self._answer = []
        self._size = 0

    def _name_above(self, index: int) -> str | None:
        """The file's name in the lines above a block: the last that is no fence."""
        above = (line.strip() for line in reversed(self._answer[max(0, index - 3) : index]))
        named = next((line for line in above if line and not line.startswith(("```", "~~~"))), None)
        match = _QUOTE.fullmatch(named) if named else None
        return match[1] if match else None

    def _told(self, said: str) -> Iterator[AgentEdit]:
        if model := _MODEL.match(said):
            self._model = model[1]
        elif said.startswith(_APPLIED):
            name = said[len(_APPLIED) :].strip()
            hunks, path = self._hunks.pop(name, None), absolute(name, self.cwd)
            if hunks and path is not None:
                yield Call(
                    tool=Aider.tool,
                    session=self._started,
                    model=self._model,
                    prompt=self._prompt,
                    call=None,
                    time=None,
                    cwd=self.cwd,
                    succeeded=True,
                ).edit(replaced(path, tuple(hunks)))
