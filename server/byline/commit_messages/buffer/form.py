"""How git will read what stands in a commit's editor: what begins a comment there, and what is cleaned up."""

from __future__ import annotations

from dataclasses import dataclass

from byline.commit_messages.buffer.help_lines import SCISSORS, shown_comment
from byline.commit_messages.buffer.reading import Cleanup, read
from byline.commit_messages.grammar import CONVENTIONAL, Grammar
from byline.commit_messages.message import Message
from byline.git.repository import Repository

_STRINGS_SINCE = (2, 45)  # before, a comment began with one character
_CHOSEN_BY_GIT = "#;@!$%^&|:"  # what `core.commentChar = auto` chooses from (builtin/commit.c)
_LONGEST_COMMENT = 40


@dataclass(frozen=True, slots=True)
class Form:
    """`comment` is what begins a comment, `cleanup` what git does with the text before it commits.

    `edited` is False for a text that git gets cleaned up already, and that no hook sees otherwise.
    """

    comment: str = "#"
    cleanup: Cleanup = Cleanup.STRIP
    edited: bool = True

    def read(self, text: str, grammar: Grammar = CONVENTIONAL) -> Message:
        """The message in `text`; its offsets are those of `text`."""
        return read(text, self.comment, self.cleanup, grammar, edited=self.edited)


INPUT = Form(cleanup=Cleanup.WHITESPACE, edited=False)
"""A text field of an editor: what is typed there is committed as it is, lines with `#` too."""


def form_of(repository: Repository, text: str) -> Form:
    """The form of a commit buffer that holds `text`, by git's configuration. Raises GitError.

    What git's own help in the buffer shows holds against what is configured: `git -c core.commentChar=…` says it to
    nobody else.
    """
    config = repository.runner.config()
    named = config.get("core.commentchar")
    if repository.runner.version >= _STRINGS_SINCE:
        named = config.get("core.commentstring") or named
    comment = shown_comment(text) or (_chosen(text) if named == "auto" else named)
    if not comment or len(comment) > _LONGEST_COMMENT or "\n" in comment:
        comment = "#"
    wanted = config.get("commit.cleanup") or ""
    return Form(comment, Cleanup(wanted) if wanted in list(Cleanup) else Cleanup.STRIP)


def _chosen(text: str) -> str:
    """What git chose in this buffer: its own comments stand last, above the scissors."""
    found = "#"
    for line in text.splitlines():
        if line[1:] == SCISSORS:
            return line[:1]
        if line:
            found = line[0] if line[0] in _CHOSEN_BY_GIT else "#"
    return found
