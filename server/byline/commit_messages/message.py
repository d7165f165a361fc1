"""A commit message and its parts, as commitlint's parser sees them.

The parts follow conventional-commits-parser (https://github.com/conventional-changelog/conventional-changelog), which
reads a little more than the Conventional Commits specification says: a line that refers to an issue (`Closes #1`)
begins the footer wherever it stands, and so does a line that begins with `BREAKING CHANGE:`.

Every part knows where it stands: offsets are in code points from the start of the text that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from byline.commit_messages.grammar import CONVENTIONAL, Grammar

_LINE_BREAK = re.compile(r"\r?\n")
_SIGNATURE = re.compile(r"[\s\ufeff]*gpg:")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that stands on one line: its text, and the offset at which it begins."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)

    def piece(self, span: tuple[int, int]) -> Part:
        """The part of this part between two offsets in its text."""
        return Part(self.text[span[0] : span[1]], self.start + span[0])


@dataclass(frozen=True, slots=True)
class Message:
    """A commit message. Made by `Message.of`, or by `buffer.reading.read` from what is in an editor.

    `source` is the text that all offsets count in; `raw` are the lines of the message in it, blank ones at the edges
    included, and `kept` what git will make of them, where that is something else. `type`, `scope` and `subject` are
    None where the header does not have the grammar's form, and where they are empty. `body` and `footer` are lines
    without blank ones at their edges.
    """

    source: str
    raw: tuple[Part, ...]
    grammar: Grammar = CONVENTIONAL
    header: Part | None = None
    type: Part | None = None
    scope: Part | None = None
    subject: Part | None = None
    breaking: bool = False
    body: tuple[Part, ...] = ()
    footer: tuple[Part, ...] = ()
    refers: bool = field(default=False)
    """Whether it refers to an issue."""
    kept: tuple[Part, ...] | None = None

    @classmethod
    def of(cls, text: str, grammar: Grammar = CONVENTIONAL) -> Message:
        """The message that `text` is, all of it: nothing is a comment."""
        return cls.from_lines(text, split(text), grammar)

    @classmethod
    def from_lines(
        cls, source: str, raw: Sequence[Part], grammar: Grammar = CONVENTIONAL, kept: Sequence[Part] | None = None
    ) -> Message:
        """The message made of the lines `raw` of `source`, of which git will make `kept`."""
        message = cls(source, tuple(raw), grammar, kept=None if kept is None else tuple(kept))
        lines = [line for line in _trimmed(raw) if not _SIGNATURE.match(line.text)]
        if not lines:
            return message
        header = lines[0] if lines[0].text else None
        if header:
            message = _with_header(message, header)
        first = next((at for at, line in enumerate(lines) if at and _begins_footer(line.text, grammar)), len(lines))
        body, footer = _trimmed(lines[1:first]), _trimmed(lines[first:])
        refers = any(grammar.refers(line.text) for line in footer if not grammar.is_note(line.text))
        return replace(message, body=body, footer=footer, refers=message.refers or refers)

    def under(self, grammar: Grammar) -> Message:
        """The same message with its parts as `grammar` finds them."""
        return self if grammar == self.grammar else self.from_lines(self.source, self.raw, grammar, self.kept)

    @property
    def text(self) -> str:
        """The message's own text, without what is a comment, as git will keep it."""
        return joined(self.raw if self.kept is None else self.kept)

    @property
    def empty(self) -> bool:
        """Whether there is nothing but white space."""
        return not any(line.text.strip() for line in self.raw)


def split(text: str) -> tuple[Part, ...]:
    """The lines of `text` without their breaks (`\\n` or `\\r\\n`); there is always at least one."""
    lines = []
    start = 0
    for match in _LINE_BREAK.finditer(text):
        lines.append(Part(text[start : match.start()], start))
        start = match.end()
    return (*lines, Part(text[start:], start))


def joined(lines: Iterable[Part]) -> str:
    """The text of several lines."""
    return "\n".join(line.text for line in lines)


def _with_header(message: Message, header: Part) -> Message:
    grammar = message.grammar
    message = replace(message, header=header, refers=grammar.refers(header.text))
    found = grammar.header_spans(header.text)
    if not found:
        return message
    spans, breaking = found
    parts = {name: header.piece(span) for name, span in spans.items() if span[0] < span[1]}
    return replace(
        message,
        type=parts.get("type"),
        scope=parts.get("scope"),
        subject=parts.get("subject"),
        breaking=breaking,
    )


def _begins_footer(line: str, grammar: Grammar) -> bool:
    return grammar.is_note(line) or grammar.refers(line)


def _trimmed(lines: Sequence[Part]) -> tuple[Part, ...]:
    """`lines` without empty ones at the edges; a lone `\\r` at the very edge goes with them."""
    held = [at for at, line in enumerate(lines) if line.text.strip("\r")]
    if not held:
        return ()
    kept = list(lines[held[0] : held[-1] + 1])
    kept[-1] = Part(kept[-1].text.rstrip("\r"), kept[-1].start)
    first = kept[0]
    bare = first.text.lstrip("\r")
    kept[0] = Part(bare, first.end - len(bare))
    return tuple(kept)
