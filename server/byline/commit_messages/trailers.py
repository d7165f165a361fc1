"""The trailers of a message, as `git interpret-trailers --parse` finds them (git's trailer.c)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SEPARATED = re.compile(r"(?P<key>[0-9A-Za-z-]+)[ \t]*:[ \t\r\v\f]*(?P<value>.*)", re.DOTALL)
_GENERATED = ("Signed-off-by: ", "(cherry picked from commit ")
_SPACE = (" ", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Trailer:
    """`key: value`. `line` is the index of its first line."""

    key: str
    value: str
    line: int


def trailers(lines: Sequence[str], comment: str = "#") -> tuple[Trailer, ...]:
    """The trailers in the last paragraph of a message, given as its lines; none where git would see none."""
    end = _block_end(lines, comment)
    start = _block_start(lines[:end], comment)
    found: list[Trailer] = []
    for at in range(start, end):
        line = lines[at]
        if line.startswith(comment):
            continue
        if line.startswith(_SPACE) and found:
            last = found[-1]
            found[-1] = Trailer(last.key, f"{last.value} {line.strip()}".strip(), last.line)
        elif match := _SEPARATED.match(line):
            found.append(Trailer(match["key"], match["value"].rstrip(), at))
    return tuple(found)


def _block_end(lines: Sequence[str], comment: str) -> int:
    """Behind the last line that is no comment and not empty, above a patch (`---`)."""
    end = next((at for at, line in enumerate(lines) if _begins_patch(line)), len(lines))
    while end and (not lines[end - 1] or lines[end - 1].startswith(comment)):
        end -= 1
    return end


def _begins_patch(line: str) -> bool:
    return line.startswith("---") and (len(line) == 3 or line[3] in _SPACE)


def _block_start(lines: Sequence[str], comment: str) -> int:
    """Where the last paragraph begins, if it is one of trailers; else the end."""
    title = next((at for at, line in enumerate(lines) if not line.strip() and not line.startswith(comment)), len(lines))
    trailing = others = possible = 0
    recognised, begun = False, False
    for at in range(len(lines) - 1, title - 1, -1):
        line = lines[at]
        if line.startswith(comment):
            others, possible = others + possible, 0
            continue
        if not line.strip():
            if not begun:
                continue
            others += possible
            block = trailing * 3 >= others if recognised else trailing and not others
            return at + 1 if block else len(lines)
        begun = True
        if line.startswith(_GENERATED):
            trailing, possible, recognised = trailing + 1, 0, True
        elif _SEPARATED.match(line):
            trailing, possible = trailing + 1, 0
        elif line.startswith(_SPACE):
            possible += 1
        else:
            others, possible = others + 1 + possible, 0
    return len(lines)
