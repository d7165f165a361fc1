"""The lines of a YAML document, before anything is made of them: comments gone, lists over several lines in one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from byline.commit_messages.configuration.problem import Unreadable

QUOTED = re.compile(r"""'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*\"""")
"""A scalar in quotes."""

_ANCHOR = re.compile(r"&(?P<name>[^\s,\[\]{}]{1,60})(?:\s+|$)")
_MAX_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line's text without its indentation, and its number from 1."""

    indent: int
    text: str
    number: int


def refusal(line: Line, why: str) -> Unreadable:
    """What is raised for a line that is not read."""
    return Unreadable(f"line {line.number} {why}, which is not read")


def lines_of(text: str) -> list[Line]:
    """The lines that hold something, comments left out; a flow collection over several lines as one."""
    raw = text.split("\n")
    if len(raw) > _MAX_LINES:
        raise Unreadable(f"it has more than {_MAX_LINES} lines")
    lines: list[Line] = []
    number = 0
    while number < len(raw):
        first = number
        content = _without_comment(raw[number])
        number += 1
        if not content.strip() or (content.rstrip() == "---" and not lines):
            continue
        indent = len(content) - len(content.lstrip(" "))
        line = Line(indent, content.strip(), first + 1)
        if "\t" in content or content.startswith(("---", "...", "%")):
            raise refusal(line, "has a tab, a directive, or begins another document")
        pieces = [line.text]
        still_open = _open_brackets(_value_of(line.text)) if _value_of(line.text).startswith(("[", "{")) else 0
        while still_open > 0 and number < len(raw):
            pieces.append(_without_comment(raw[number], flow=True).strip())
            still_open += _open_brackets(pieces[-1])
            number += 1
        lines.append(Line(indent, " ".join(pieces), first + 1))
    return lines


def _without_comment(line: str, *, flow: bool = False) -> str:
    """`line` up to its comment; `flow` if it goes on with a flow collection.

    A quote counts where a scalar may begin.
    """
    at = 0
    begins = True
    while at < len(line):
        letter, following = line[at], line[at + 1 : at + 2]
        if begins and letter == "&" and (anchor := _ANCHOR.match(line, at)):
            at = anchor.end()
            continue
        quoted = QUOTED.match(line, at) if begins and letter in "'\"" else None
        if letter == "#" and (at == 0 or line[at - 1] == " "):
            return line[:at]
        if quoted:
            at = quoted.end()
            begins = flow and line[at : at + 1] == ":"
            at += begins
            continue
        flow = flow or (begins and letter in "[{")
        begins = (
            (begins and letter == " ")
            or (flow and letter in ",[{")
            or (letter == ":" and following in ("", " "))
            or (begins and letter == "-" and following in ("", " "))
        )
        at += 1
    return line


def _open_brackets(text: str) -> int:
    """How many more brackets are opened than closed in a part of a flow collection."""
    bare = QUOTED.sub("", text)
    return sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}")


def _value_of(text: str) -> str:
    while text.startswith("- "):
        text = text[2:].lstrip()
    entry = entry_of(text)
    return without_anchor(entry[1] if entry else text)[1]


def entry_of(text: str) -> tuple[str, str] | None:
    """Key and value of `key: value`, as they are written; None for anything else."""
    quoted = QUOTED.match(text)
    if quoted:
        rest = text[quoted.end() :]
        return (quoted[0], rest[1:].strip()) if re.match(r":(?: |$)", rest) else None
    if text.startswith(("[", "{")):
        return None
    key, colon, rest = (text[:-1], ":", "") if text.endswith(":") and ": " not in text else text.partition(": ")
    return (key.strip(), rest.strip()) if colon else None


def without_anchor(text: str) -> tuple[str | None, str]:
    """The name of the anchor (`&name`) that `text` begins with, None without one, and what follows it."""
    anchor = _ANCHOR.match(text)
    return (anchor["name"], text[anchor.end() :]) if anchor else (None, text)
