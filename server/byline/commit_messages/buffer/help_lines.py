"""Git's own help at the end of a commit's buffer, told by its form: its words are in the person's language."""

from __future__ import annotations

from collections.abc import Sequence

SCISSORS = " ------------------------ >8 ------------------------"
"""What follows the comment character on the line below which nothing is read."""

_CHOSEN_BY_GIT = "#;@!$%^&|:"  # what `core.commentChar = auto` chooses from (builtin/commit.c)


def help_begins(lines: Sequence[str], comment: str) -> int:
    """The index of the first line of the help that `lines` end with; their number where there is none.

    It is several comments at the very end, an empty one or a list of files among them (wt-status.c).
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].startswith(comment):
        start -= 1
    rests = [line[len(comment) :] for line in lines[start:end]]
    is_help = all(rest[:1] in ("", " ", "\t") for rest in rests) and any(rest[:1] in ("", "\t") for rest in rests)
    return start if len(rests) > 1 and is_help else len(lines)


def shown_comment(text: str) -> str | None:
    """The comment character that git's help in `text` shows; None where there is no help, or it cannot be told."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line[1:] == SCISSORS and line[0] in _CHOSEN_BY_GIT:
            return line[0]
        if line[1:] == SCISSORS:
            lines = lines[:at]
            break
    last = next((line for line in reversed(lines) if line.strip()), "")
    comment = last[:1]
    known = comment != "" and comment in _CHOSEN_BY_GIT
    return comment if known and help_begins(lines, comment) < len(lines) else None
