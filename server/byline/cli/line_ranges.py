"""Choosing lines as `git blame -L` does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from byline.cli.output import Exit, Refusal, shown

_RANGE = re.compile(r"(\d{1,9})?(?:(,)(?:([+-])?(\d{1,9}))?)?")

T = TypeVar("T")


def chosen_lines(lines: Sequence[T], ranges: Sequence[str], name: str) -> Sequence[T]:
    """Those of `lines` that `ranges` name, all where there are none; in the file's order, each once.

    `name` is the file's, for people. Raises Refusal for what is no range, and where one begins after the end.
    """
    if not ranges:
        return lines
    wanted: set[int] = set()
    for written in ranges:
        first, last = line_range(written)
        if first > len(lines):
            count = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
            raise Refusal(Exit.NO, f"{name} has only {count}, so there is no line {first}.")
        wanted.update(range(first, min(last or len(lines), len(lines)) + 1))
    return [lines[number - 1] for number in sorted(wanted)]


def line_range(written: str) -> tuple[int, int | None]:
    """First and last line (1-based, inclusive; None: to the end) of `a,b`, `a,+n`, `a,-n`, `a,`, `,b` or `a`.

    As in git, `a` alone means to the end, and `b` may come before `a`. Raises Refusal for anything else.
    """
    match = _RANGE.fullmatch(written)
    if match is None or not (match[1] or match[4]):
        raise Refusal(Exit.USAGE, f"-L {shown(written)}: name lines as `10,20`, `10,+5` or `10,`.")
    start, end = int(match[1] or 1), int(match[4]) if match[4] else None
    if start == 0 or end == 0:
        raise Refusal(Exit.USAGE, f"-L {shown(written)}: lines are counted from 1.")
    if end is None:
        return start, None
    if match[3] == "+":
        return start, start + end - 1
    if match[3] == "-":
        return max(1, start - end + 1), start
    return min(start, end), max(start, end)
