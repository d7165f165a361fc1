"""What is left in a text of what an agent inserted, where a person has changed some of it since.

A line alone proves nothing: of unrelated files, a fifth share some line, but hardly any share three in a row, or a
long line beside one that is certain. So only such runs count.
"""

from __future__ import annotations

from collections.abc import Sequence

from byline.provenance.diff import Match, matches
from byline.provenance.text import content, split_lines

Run = tuple[int, int]
"""Where a piece of a text begins and ends, in characters."""

_LINES = 3  # that are not blank, one after the other
_LONG = 40  # characters of a line that counts beside a certain one


def surviving(text: str, new: str, inserted: Sequence[Run]) -> list[Run]:
    """Where in `text` lines stand, as whole lines, that `new` has within its `inserted` runs."""
    ours, theirs = split_lines(new), split_lines(text)
    common = matches([content(line) for line in ours], [content(line) for line in theirs])
    starts, places = _starts(ours), _starts(theirs)
    runs: list[Run] = []
    for match in _certain(common, ours):
        for offset in range(match.size):
            start, stop = starts[match.a + offset], starts[match.a + offset + 1]
            if any(first <= start and stop <= last for first, last in inserted):
                line = match.b + offset
                _extend(runs, (places[line], places[line + 1]))
    return runs


def _certain(common: Sequence[Match], lines: Sequence[str]) -> list[Match]:
    """The matches that are no accident: long enough themselves, or long lines next to one that is."""
    sure = [_solid(match, lines) >= _LINES for match in common]
    near = [False, *sure, False]
    return [
        match
        for i, match in enumerate(common)
        if sure[i] or ((near[i] or near[i + 2]) and _longest(match, lines) >= _LONG)
    ]


def _solid(match: Match, lines: Sequence[str]) -> int:
    return sum(bool(line.strip()) for line in lines[match.a : match.a + match.size])


def _longest(match: Match, lines: Sequence[str]) -> int:
    return max((len(line.strip()) for line in lines[match.a : match.a + match.size]), default=0)


def _starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins, and where the last one ends."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _extend(runs: list[Run], run: Run) -> None:
    if runs and runs[-1][1] == run[0]:
        runs[-1] = (runs[-1][0], run[1])
    elif run[0] < run[1]:
        runs.append(run)
