"""What a check finds, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from byline.commit_messages.rules import Level


@dataclass(frozen=True, slots=True)
class Edit:
    """The text between two offsets, replaced. An insertion has `start == end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding: a title in plain words, and edits that do not overlap.

    `certain` is False where a person has to choose, or still to fill something in. One that is `partial` mends nothing
    before that, and its title says so.
    """

    title: str
    edits: tuple[Edit, ...]
    certain: bool = True
    partial: bool = False

    def applied(self, text: str) -> str:
        """`text` with the edits made."""
        return apply(text, self.edits)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: commitlint's name of it, how bad that is, a sentence, where, and what mends it.

    `start` and `end` are offsets in code points from the start of the text that was checked.
    """

    rule: str
    level: Level
    text: str
    start: int
    end: int
    fixes: tuple[Fix, ...] = ()


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits` made; they must not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
