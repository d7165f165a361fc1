"""The editor's own way to write down a change: texts for ranges, lines and columns 1-based, columns in UTF-16."""

from __future__ import annotations

from byline.agents.fields import Record, record_at, text_at
from byline.provenance.text import split_lines

_PLACES = (("startLineNumber", "startColumn"), ("endLineNumber", "endColumn"))


def apply_edits(text: str | None, edits: list[Record]) -> str | None:
    """`text` after `edits`, all of which mean the text before; None where one does not fit."""
    if text is None:
        return None
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    found: list[tuple[int, int, str]] = []
    for edit in edits:
        range_, new = record_at(edit, "range"), text_at(edit, "text")
        start, end = (_offset(lines, starts, range_.get(line), range_.get(column)) for line, column in _PLACES)
        if new is None or start is None or end is None or start > end:
            return None
        found.append((start, end, new))
    pieces: list[str] = []
    at = 0
    for start, end, new in sorted(found, key=lambda edit: edit[:2]):
        if start < at:
            return None
        pieces += (text[at:start], new)
        at = end
    return "".join(pieces) + text[at:]


def _offset(lines: list[str], starts: list[int], line: object, column: object) -> int | None:
    """Where (`line`, `column`) is in the text, in code points; what lies beyond a line's end counts as its end."""
    if not isinstance(line, int) or not isinstance(column, int) or line < 1 or column < 1 or line > len(lines):
        return None
    content = lines[line - 1].rstrip("\r\n")
    if content.isascii():
        return starts[line - 1] + min(column - 1, len(content))
    units = 0
    for index, character in enumerate(content):
        if units >= column - 1:
            return starts[line - 1] + index
        units += 1 + (character > "\uffff")
    return starts[line - 1] + len(content)
