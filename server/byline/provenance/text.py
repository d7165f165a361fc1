"""Text as lines and tokens.

Two kinds of line meet here. The protocol ends a line at `\\n`, `\\r\\n` or a lone `\\r`; git ends one at `\\n` only.
Documents are kept in protocol lines; what is said of a file is said of git lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")

Position = tuple[int, int]
"""(line, column), both 0-based; columns count code points."""


def split_lines(text: str) -> list[str]:
    """Protocol lines with their line ends; the last one has none and may be empty, so there is always at least one."""
    if "\r" not in text:
        lines = [line + "\n" for line in text.split("\n")]
        lines[-1] = lines[-1][:-1]
        return lines
    lines = _LINE.findall(text)
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines


def split_git_lines(text: str) -> list[str]:
    """Git's lines without their line ends (`\\n`, and a `\\r` before it)."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line[:-1] if line.endswith("\r") else line for line in lines]


def git_line_groups(lines: Sequence[str]) -> Iterable[range]:
    """For each git line, in order, the protocol lines that make it up (one, but where a lone `\\r` ends a line)."""
    start = 0
    for index, line in enumerate(lines):
        if line.endswith("\n"):
            yield range(start, index + 1)
            start = index + 1
    if start < len(lines) and any(lines[start:]):
        yield range(start, len(lines))


def line_end(line: str) -> str:
    """The line break that `line` ends with, or an empty string."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1] if line.endswith(("\n", "\r")) else ""


def content(line: str) -> str:
    """`line` without its line break."""
    return line[: len(line) - len(line_end(line))]


def end_of(start: Position, text: str) -> Position:
    """Where `text` ends if it is inserted at `start`."""
    lines = split_lines(text)
    if len(lines) == 1:
        return (start[0], start[1] + len(text))
    return (start[0] + len(lines) - 1, len(lines[-1]))


def tokens(text: str) -> list[str]:
    """Words (letters, digits, underscore), runs of white space, single other characters; together they are `text`."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """Only the words of `text`."""
    return _WORD.findall(text)


def squeezed(text: str) -> str:
    """`text` without any white space: two texts that squeeze to the same differ in formatting only."""
    return "".join(text.split())


def digest(data: bytes) -> str:
    """The object id that git (with SHA-1) gives to a blob of these bytes; equal texts are recognised by it."""
    header = f"blob {len(data)}\0".encode()
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()


def text_digest(text: str) -> str:
    """`digest` of the bytes that `text` has in UTF-8."""
    try:
        return digest(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # half a UTF-16 pair, as an editor may send it
        return digest(text.encode("utf-8", "surrogatepass"))


def sha256(text: str) -> str:
    """The SHA-256, in hexadecimal, of the bytes that `text` has in UTF-8: what other programs tell texts by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
