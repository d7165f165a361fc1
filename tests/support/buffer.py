"""An open document: people and agents edit it, and the server is told.

Every verb sends what a real editor would send for it, and keeps the text that the editor would show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.editor import Editor

LINE_BREAK = re.compile(r"\r\n|\n|\r")
AGENT = {"tool": "claude-code", "model": "claude-opus-5", "session": "s1", "prompt": "write it", "proof": None}
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

Origin = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a text: at `offset`, `old` becomes `new`."""

    offset: int
    old: str
    new: str

    @property
    def inverse(self) -> Step:
        """The step that takes this one back."""
        return Step(self.offset, self.new, self.old)


def origin(channel: str, **known: Any) -> Origin:
    """An Origin with all its keys, null where nothing is known."""
    return {"channel": channel, "tool": None, "model": None, "session": None, "prompt": None, "proof": None, **known}


def keys_of(step: Step) -> list[Step]:
    """The step as one step a key; Enter is one key, also where it makes two characters."""
    first, *more = re.findall(r"\r\n|.", step.new, re.DOTALL) or [""]
    keys = [Step(step.offset, step.old, first)]
    for key in more:
        keys.append(Step(keys[-1].offset + len(keys[-1].new), "", key))
    return keys


def position(text: str, offset: int, encoding: str) -> dict[str, int]:
    """The position of `offset` (code points) in `text`, as the protocol counts."""
    line, start = 0, 0
    for line_break in LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, line_break.end()
    codec, size = UNITS[encoding]
    return {"line": line, "character": len(text[start:offset].encode(codec, "surrogatepass")) // size}


@dataclass(slots=True)
class Buffer:
    """One open document."""

    editor: Editor
    path: Path
    text: str
    language: str
    version: int = 1
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    _tells: bool = True

    @property
    def uri(self) -> str:
        """The document's URI, as an editor writes it."""
        return self.path.as_uri()

    @property
    def document(self) -> dict[str, Any]:
        """How messages name the document at its present version."""
        return {"uri": self.uri, "version": self.version}

    def show(self) -> None:
        """Send didOpen with the text as it stands."""
        item = {"uri": self.uri, "languageId": self.language, "version": self.version, "text": self.text}
        self.editor.wire.notify("textDocument/didOpen", {"textDocument": item})

    def close(self) -> None:
        """Send didClose."""
        self.editor.wire.notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})
        self.editor.buffers.pop(self.uri, None)

    @contextmanager
    def untold(self) -> Iterator[Buffer]:
        """As long as this lasts, the editor is one that never says where a change came from."""
        self._tells = False
        yield self
        self._tells = True

    def find(
        self,
        *,
        append: str = "",
        prepend: str = "",
        replace: tuple[str, str] | None = None,
        after: tuple[str, str] | None = None,
        before: tuple[str, str] | None = None,
        delete: str = "",
        everything: str | None = None,
    ) -> Step:
        """The step that a verb's arguments describe; what they name must stand in the text exactly once."""
        if append:
            return Step(len(self.text), "", append)
        if prepend:
            return Step(0, "", prepend)
        if everything is not None:
            return Step(0, self.text, everything)
        old, new = replace or (delete, "")
        if after or before:
            anchor, new = after or before or ("", "")
            return Step(self._only(anchor) + (len(anchor) if after else 0), "", new)
        return Step(self._only(old), old, new)

    def change(self, steps: Sequence[Step], said: Origin | Sequence[Origin] | None) -> None:
        """Send one didChange with these steps in order, and what the editor says of it in its manner."""
        changes = []
        for step in steps:
            start, end = step.offset, step.offset + len(step.old)
            assert self.text[start:end] == step.old, f"{step} does not fit {self.text[start:end]!r}"
            encoding = self.editor.encoding
            place = {"start": position(self.text, start, encoding), "end": position(self.text, end, encoding)}
            changes.append({"range": place, "text": step.new})
            self.text = self.text[:start] + step.new + self.text[end:]
        self.version += 1
        wire, document = self.editor.wire, self.document
        origins = [said] if isinstance(said, dict) else list(said or ())
        tells = bool(origins) and self._tells
        context = {"textDocument": document, "origins": origins}
        if tells and self.editor.context == "before":
            wire.notify("byline/editContext", context)
        wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
        if tells and self.editor.context == "after":
            wire.notify("byline/editContext", context)

    def types(self, **where: Any) -> None:
        """A person types: one change a key. What is to be replaced is selected first and goes with the first key."""
        step = self.find(**where)
        for key in keys_of(step):
            self.change([key], origin("typing"))
        self._did(step)

    def types_in_a_burst(self, **where: Any) -> None:
        """As `types`, but the editor sends all keys in one didChange (Neovim waits 150 ms)."""
        step = self.find(**where)
        keys = keys_of(step)
        self.change(keys, [origin("typing") for _ in keys])
        self._did(step)

    def presses_backspace_over(self, text: str) -> None:
        """A person deletes `text`, one character a key, from its end."""
        step = self.find(delete=text)
        for length in range(len(text) - 1, -1, -1):
            self.change([Step(step.offset + length, text[length], "")], origin("typing"))
        self._did(step)

    def deletes(self, text: str) -> None:
        """A person selects `text` and deletes it."""
        self._at_once(self.find(delete=text), origin("typing"))

    def cuts(self, text: str) -> str:
        """A person cuts `text` out; returns the clipboard."""
        self._at_once(self.find(delete=text), origin("other"))
        return text

    def pastes(self, clip: Mapping[str, Any] | None = None, **where: Any) -> None:
        """Something is pasted; `clip` is what the editor knows of the clipboard's text."""
        extra = {"clip": dict(clip)} if clip else {}
        self._at_once(self.find(**where), origin("paste", **extra))

    def ai(self, channel: str = "agent", **arguments: Any) -> None:
        """An AI edits the buffer through the editor, in one change. Its tool, session and so on may be named."""
        known = {key: arguments.pop(key) for key in AGENT if key in arguments}
        self._at_once(self.find(**arguments), origin(channel, **(AGENT | known)))

    def undoes(self) -> None:
        """The last verb is undone."""
        step = self.done.pop()
        self.change([step.inverse], origin("undo"))
        self.undone.append(step)

    def redoes(self) -> None:
        """What was undone last is done again."""
        step = self.undone.pop()
        self.change([step], origin("redo"))
        self.done.append(step)

    def is_formatted(self, text: str) -> None:
        """A formatter gives the whole document this text."""
        self._at_once(self.find(everything=text), origin("format"))

    def reloads(self, text: str) -> None:
        """The file changed on disk: as VS Code does, replace the lines between the equal head and the equal tail."""
        head, tail = 0, 0
        old, new = self.text.splitlines(True), text.splitlines(True)
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        step = Step(
            len("".join(old[:head])),
            "".join(old[head : len(old) - tail]),
            "".join(new[head : len(new) - tail]),
        )
        self._at_once(step, origin("reload"))

    def reopens(self, text: str) -> None:
        """The file changed on disk: as Neovim does, close the document and open it anew; versions start again."""
        self.close()
        self.text, self.version = text, 1
        self.editor.buffers[self.uri] = self
        self.show()

    def saves(self) -> None:
        """Write the file and say so."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self.text.encode("utf-8"))
        self.editor.wire.notify("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    def mark(self, kind: str, first: int, last: int, tool: str | None = None) -> int:
        """A person states who wrote the lines `first` to `last` (1-based, inclusive); returns how many it is about."""
        place = {"start": {"line": first - 1, "character": 0}, "end": {"line": last, "character": 0}}
        params = {"textDocument": self.document, "range": place, "as": kind, "tool": tool, "model": None}
        lines: int = self.editor.wire.request("byline/mark", params)["lines"]
        return lines

    def attribution(self) -> dict[str, Any]:
        """What `byline/attribution` says of the whole live text."""
        params = {"textDocument": self.document, "range": None}
        answer: dict[str, Any] = self.editor.wire.request("byline/attribution", params)
        return answer

    def lens_titles(self) -> list[str]:
        """The titles of the document's code lenses, after what was not sent complete has been resolved."""
        wire = self.editor.wire
        lenses = wire.request("textDocument/codeLens", {"textDocument": {"uri": self.uri}}) or []
        whole = [lens if lens.get("command") else wire.request("codeLens/resolve", lens) for lens in lenses]
        return [lens["command"]["title"] for lens in whole]

    def _at_once(self, step: Step, said: Origin) -> None:
        self.change([step], said)
        self._did(step)

    def _did(self, step: Step) -> None:
        self.done.append(step)
        self.undone.clear()

    def _only(self, text: str) -> int:
        assert text, "nothing is looked for"
        assert self.text.count(text) == 1, f"{text!r} stands {self.text.count(text)} times in {self.text!r}"
        return self.text.index(text)
