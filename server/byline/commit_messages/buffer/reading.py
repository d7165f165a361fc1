"""What git keeps of the text in a commit's editor: comments, the scissors line and all below it are no message.

The rules are those of `git commit --cleanup` (https://git-scm.com/docs/git-commit#Documentation/git-commit.txt---cleanupltmodegt).
The words of git's own comments are in the person's language and are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from byline.commit_messages.buffer.help_lines import SCISSORS, help_begins
from byline.commit_messages.grammar import CONVENTIONAL, Grammar
from byline.commit_messages.message import Message, Part, split

_WHITE_SPACE = " \t\r"


class Cleanup(StrEnum):
    """The values of `commit.cleanup`; git's `default` is `strip` in an editor."""

    STRIP = "strip"
    WHITESPACE = "whitespace"
    VERBATIM = "verbatim"
    SCISSORS = "scissors"


def read(
    source: str,
    comment: str = "#",
    cleanup: Cleanup = Cleanup.STRIP,
    grammar: Grammar = CONVENTIONAL,
    *,
    edited: bool = True,
) -> Message:
    """The message in `source`, the text of a commit buffer; its offsets are those of `source`.

    `comment` is what begins a comment (`core.commentString`, else `core.commentChar`, never `auto`). Where the text was
    `edited`, hooks see it before git cleans it up: the message's lines are those that stand there, and its text is what
    git will keep. Git's own help at the end belongs to neither, even where git would keep it.
    """
    lines = list(_above_scissors(split(source), comment))
    if cleanup is Cleanup.STRIP:
        lines = [line for line in lines if not line.text.startswith(comment)]
    elif edited:
        lines = lines[: help_begins([line.text for line in lines], comment)]
    kept = lines if cleanup is Cleanup.VERBATIM else list(_single_blanks(lines))
    return Message.from_lines(source, _without_margin(lines) if edited else kept, grammar, kept)


def _without_margin(lines: Iterable[Part]) -> list[Part]:
    """`lines` with nothing on the blank ones above the first that says something."""
    written = list(lines)
    first = next((at for at, line in enumerate(written) if line.text.strip()), 0)
    return [Part("", line.start) if at < first else line for at, line in enumerate(written)]


def _above_scissors(lines: Iterable[Part], comment: str) -> Iterator[Part]:
    for line in lines:
        if line.text == comment + SCISSORS:
            return
        yield line


def _single_blanks(lines: Iterable[Part]) -> Iterator[Part]:
    """`lines` without white space at their ends, and without blank ones at the edges and after another."""
    blank: Part | None = None
    begun = False
    for line in lines:
        kept = Part(line.text.rstrip(_WHITE_SPACE), line.start)
        if not kept.text:
            blank = blank or kept
            continue
        if blank and begun:
            yield blank
        blank, begun = None, True
        yield kept
