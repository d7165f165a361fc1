"""From offsets in a text, in code points, to places of the protocol, and back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.positions import Encoding, to_column, to_units

if TYPE_CHECKING:
    from byline.commit_messages.lint import Edit


class TextPlaces:
    """The places in one text, given as its lines with their breaks; the last one has none."""

    def __init__(self, lines: Sequence[str], encoding: Encoding) -> None:
        """`encoding` is what positions count."""
        self._lines = lines
        self._encoding = encoding
        self._starts = [0, *accumulate(map(len, lines))]

    def offset(self, position: types.Position) -> int:
        """The offset of a position; past the end of the text, its end."""
        if position.line >= len(self._lines):
            return self._starts[-1]
        column = to_column(self._lines[position.line], position.character, self._encoding)
        return self._starts[position.line] + column

    def position(self, offset: int) -> types.Position:
        """The position of an offset from 0 to the length of the text."""
        line = min(bisect_right(self._starts, offset), len(self._lines)) - 1
        column = to_units(self._lines[line], offset - self._starts[line], self._encoding)
        return types.Position(line, column)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def text_edit(self, edit: Edit) -> types.TextEdit:
        """An edit as the protocol has it."""
        return types.TextEdit(self.range(edit.start, edit.end), edit.text)
