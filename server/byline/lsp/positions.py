"""Positions within one line: the protocol's units on one side, code points on the other.

A position counts units of the encoding that was negotiated (UTF-8 bytes, UTF-16 code units or UTF-32 code points);
Byline counts code points. Rules are those of the protocol's specification 3.17, "Position": past the end of a line
means its end, before the line break; inside a character means the character's start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")  # what takes two units in UTF-16
_CONTINUATION = 0b1000_0000
_LEADING_BITS = 0b1100_0000


class Encoding(StrEnum):
    """What a position counts; the values are the protocol's words."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def negotiate(offered: Iterable[str] | None) -> Encoding:
    """The client's first choice that is known here; UTF-16, which every client must support, if there is none."""
    known = {encoding.value: encoding for encoding in Encoding}
    return next((known[word] for word in offered or () if word in known), Encoding.UTF16)


def to_column(line: str, units: int, encoding: Encoding) -> int:
    """The column (0-based, in code points) of the position `units` into `line`.

    `line` may end in a line break; the answer is at most the column before it. Never raises.
    """
    end = _content_length(line)
    if units <= 0:
        return 0
    if encoding is Encoding.UTF32 or line.isascii():
        return min(units, end)
    if encoding is Encoding.UTF16:
        return min(_from_utf16(line, units), end)
    return min(_from_utf8(line, units), end)


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """The position, in units of `encoding`, of `column` (0-based, in code points; clamped to the line's content)."""
    column = max(0, min(column, _content_length(line)))
    if encoding is Encoding.UTF32 or line.isascii():
        return column
    if encoding is Encoding.UTF16:
        return column + sum(1 for _ in _ASTRAL.finditer(line, 0, column))
    return len(line[:column].encode("utf-8", "surrogatepass"))


def _content_length(line: str) -> int:
    """How many code points stand before the line break."""
    if line.endswith("\r\n"):
        return len(line) - 2
    return len(line) - 1 if line.endswith(("\n", "\r")) else len(line)


def _from_utf16(line: str, units: int) -> int:
    """Each astral character before `units` takes one unit more than it takes columns."""
    extra = 0
    for match in _ASTRAL.finditer(line):
        first_unit = match.start() + extra
        if units <= first_unit:
            break
        if units == first_unit + 1:
            return match.start()
        extra += 1
    return units - extra


def _from_utf8(line: str, units: int) -> int:
    """No character takes less than a byte, so the first `units` characters are enough to look at."""
    head = line[:units]
    data = head.encode("utf-8", "surrogatepass")
    if units >= len(data):
        return len(head)
    while data[units] & _LEADING_BITS == _CONTINUATION:
        units -= 1
    return len(data[:units].decode("utf-8", "surrogatepass"))
