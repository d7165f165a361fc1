"""What the shape of a change shows, where no client says how it came about.

Only typing has a shape: a few characters on one line, an auto-closed pair, Enter with its indent, a deletion. What
appears at once in several lines was not typed, whatever it is; size and speed never show an AI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from byline.provenance.assign import Change
from byline.provenance.text import Position, end_of

MAX_TYPED = 15
_ENTER = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:(?:\r\n|\n|\r)[ \t]*)?\Z")


def looks_typed(changes: Sequence[Change], replaced: Sequence[str], whole_lines: Sequence[bool]) -> bool:
    """Whether one notification's `changes` have the shape of typing.

    `replaced` is the text that each change replaces, `whole_lines` whether that was the whole of a line. Several
    changes pass where each goes on at the place where the one before it ended, as when a client gathers keystrokes,
    and where together they are still no more than one change may be.
    """
    if not all(map(_is_keystroke, changes, replaced, whole_lines)):
        return False
    if sum(len(change.text) for change in changes if not _ENTER.match(change.text)) > MAX_TYPED:
        return False
    return all(_goes_on(before, after) for before, after in pairwise(changes))


def _is_keystroke(change: Change, replaced: str, whole_line: bool) -> bool:
    text = change.text
    if not text:
        return True
    if replaced and (whole_line or "\n" in replaced or "\r" in replaced) and len(text) > 1:
        return False
    if _ENTER.match(text):
        return True
    return len(text) <= MAX_TYPED and "\n" not in text and "\r" not in text


def _goes_on(before: Change, after: Change) -> bool:
    end = end_of(before.start, before.text)
    return _touches(after, end) or _touches(after, before.start)


def _touches(change: Change, place: Position) -> bool:
    return change.start <= place <= change.end or (change.start[0] == place[0] == change.end[0])
