"""The part of YAML that configurations of commit messages are written in.

Block and flow collections, plain and quoted scalars, comments: what YAML 1.2's core schema
(https://yaml.org/spec/1.2.2/#103-core-schema) makes of those. Anything else (anchors, tags, block scalars, several
documents, texts over several lines, tabs as indentation) is refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from byline.commit_messages.configuration.problem import Unreadable

_MAX_DEPTH = 30
_MAX_LINES = 20_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]{1,15}|[0-9]{1,15}(?:\.[0-9]{0,15})?)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {"": None, "~": None, ".inf": float("inf"), ".Inf": float("inf")}
for _word, _value in (("null", None), ("true", True), ("false", False)):
    _WORDS |= dict.fromkeys((_word, _word.capitalize(), _word.upper()), _value)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", '"': '"', "/": "/", " ": " "}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_QUOTED = re.compile(r"""'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*\"""")
_SPECIAL = frozenset("#&*!|>%@`?'\",]}")
_AMBIGUOUS = re.compile(
    r"[-+]?0[0-7oxXbB_]|[-+]?[0-9][0-9_]*_|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[-+]?\.(?:inf|nan)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Line:
    indent: int
    text: str
    number: int


def read(text: str) -> object:
    """The value of a document: dictionaries, lists, texts, numbers, booleans, None. Raises Unreadable."""
    lines = _lines(text)
    if not lines:
        return None
    reader = _Block(lines)
    value = reader.node(lines[0].indent, 0)
    if reader.at < len(lines):
        raise _refusal(lines[reader.at], "is indented otherwise than what it belongs to")
    return value


def _refusal(line: _Line, why: str) -> Unreadable:
    return Unreadable(f"line {line.number} {why}, which is not read")


def _lines(text: str) -> list[_Line]:
    """The lines that hold something, comments left out; a flow collection over several lines as one."""
    raw = text.split("\n")
    if len(raw) > _MAX_LINES:
        raise Unreadable(f"it has more than {_MAX_LINES} lines")
    lines: list[_Line] = []
    number = 0
    while number < len(raw):
        first = number
        content = _without_comment(raw[number])
        number += 1
        if not content.strip() or (content.rstrip() == "---" and not lines):
            continue
        indent = len(content) - len(content.lstrip(" "))
        line = _Line(indent, content.strip(), first + 1)
        if "\t" in content or content.startswith(("---", "...", "%")):
            raise _refusal(line, "has a tab, a directive, or begins another document")
        pieces = [line.text]
        still_open = _open_brackets(_value_of(line.text)) if _value_of(line.text).startswith(("[", "{")) else 0
        while still_open > 0 and number < len(raw):
            pieces.append(_without_comment(raw[number], flow=True).strip())
            still_open += _open_brackets(pieces[-1])
            number += 1
        lines.append(_Line(indent, " ".join(pieces), first + 1))
    return lines


def _without_comment(line: str, *, flow: bool = False) -> str:
    """`line` up to its comment; `flow` if it goes on with a flow collection.

    A quote counts where a scalar may begin.
    """
    at = 0
    begins = True
    while at < len(line):
        letter, following = line[at], line[at + 1 : at + 2]
        quoted = _QUOTED.match(line, at) if begins and letter in "'\"" else None
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
    bare = _QUOTED.sub("", text)
    return sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}")


def _value_of(text: str) -> str:
    while text.startswith("- "):
        text = text[2:].lstrip()
    entry = _entry(text)
    return entry[1] if entry else text


def _entry(text: str) -> tuple[str, str] | None:
    """Key and value of `key: value`, as they are written; None for anything else."""
    quoted = _QUOTED.match(text)
    if quoted:
        rest = text[quoted.end() :]
        return (quoted[0], rest[1:].strip()) if re.match(r":(?: |$)", rest) else None
    if text.startswith(("[", "{")):
        return None
    key, colon, rest = (text[:-1], ":", "") if text.endswith(":") and ": " not in text else text.partition(": ")
    return (key.strip(), rest.strip()) if colon else None


class _Block:
    """Block collections, line by line."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self.at = 0

    def node(self, indent: int, depth: int) -> object:
        line = self._lines[self.at]
        if depth > _MAX_DEPTH:
            raise _refusal(line, "is nested too deeply")
        if _is_item(line.text):
            return self._sequence(indent, depth)
        if _entry(line.text):
            return self._mapping(indent, depth)
        self.at += 1
        return _scalar_or_flow(line.text, line)

    def _sequence(self, indent: int, depth: int) -> list[object]:
        items: list[object] = []
        while self.at < len(self._lines):
            line = self._lines[self.at]
            if line.indent != indent or not _is_item(line.text):
                break
            rest = line.text[1:].lstrip()
            if not rest:
                self.at += 1
                item = self._nested(indent, depth)
                if item is None:
                    raise _refusal(line, "has an empty entry")
                items.append(item)
            else:  # what follows the dash is a line of its own, further in
                inner = line.indent + len(line.text) - len(rest)
                self._lines[self.at] = _Line(inner, rest, line.number)
                items.append(self.node(inner, depth + 1))
        return items

    def _mapping(self, indent: int, depth: int) -> dict[str, object]:
        entries: dict[str, object] = {}
        while self.at < len(self._lines):
            line = self._lines[self.at]
            entry = _entry(line.text) if line.indent == indent and not _is_item(line.text) else None
            if not entry:
                break
            self.at += 1
            name = _scalar(entry[0], line)
            if not isinstance(name, str) or name in entries or name == "<<":
                raise _refusal(line, "repeats a key, or has one that is no text")
            value = entry[1]
            entries[name] = _scalar_or_flow(value, line) if value else self._nested(indent, depth, sequence=True)
        return entries

    def _nested(self, indent: int, depth: int, *, sequence: bool = False) -> object:
        """The value below a key or a dash; a list may stand as far out as its key."""
        if self.at == len(self._lines):
            return None
        line = self._lines[self.at]
        if line.indent > indent or (sequence and line.indent == indent and _is_item(line.text)):
            return self.node(line.indent, depth + 1)
        return None


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _scalar_or_flow(text: str, line: _Line) -> object:
    if not text.startswith(("[", "{")):
        return _scalar(text, line)
    value, end = _flow(text, 0, line, 0)
    if text[end:].strip():
        raise _refusal(line, "goes on behind a list")
    return value


def _flow(text: str, at: int, line: _Line, depth: int) -> tuple[object, int]:
    """The flow value at `at`, and where it ends."""
    if depth > _MAX_DEPTH:
        raise _refusal(line, "is nested too deeply")
    at = _skip(text, at)
    if text[at : at + 1] == "[":
        return _flow_items(text, at + 1, line, depth)
    if text[at : at + 1] == "{":
        return _flow_entries(text, at + 1, line, depth)
    quoted = _QUOTED.match(text, at)
    end = quoted.end() if quoted else _plain_end(text, at)
    return _scalar(text[at:end].strip(), line), end


def _flow_items(text: str, at: int, line: _Line, depth: int) -> tuple[list[object], int]:
    items: list[object] = []
    while text[_skip(text, at) : _skip(text, at) + 1] != "]":
        item, at = _flow(text, at, line, depth + 1)
        items.append(item)
        at = _after(text, at, "]", line)
    return items, _skip(text, at) + 1


def _flow_entries(text: str, at: int, line: _Line, depth: int) -> tuple[dict[str, object], int]:
    entries: dict[str, object] = {}
    while text[_skip(text, at) : _skip(text, at) + 1] != "}":
        key, at = _flow(text, at, line, depth + 1)
        at = _skip(text, at)
        if text[at : at + 1] != ":" or not isinstance(key, str) or key in entries or key == "<<":
            raise _refusal(line, "has an entry without a key of its own")
        entries[key], at = _flow(text, at + 1, line, depth + 1)
        at = _after(text, at, "}", line)
    return entries, _skip(text, at) + 1


def _after(text: str, at: int, end: str, line: _Line) -> int:
    """Behind the comma after an element; at the closing bracket where that follows."""
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return at + 1
    if text[at : at + 1] != end:
        raise _refusal(line, "has a bracket that is not closed")
    return at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _plain_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in ",[]{}":
        if text[at] == ":" and text[at + 1 : at + 2] in ("", " ", ",", "]", "}"):
            break
        at += 1
    return at


def _scalar(text: str, line: _Line) -> object:
    if quoted := _QUOTED.fullmatch(text):
        return _unquoted(quoted[0], line)
    if text in _WORDS:
        return _WORDS[text]
    structure = text == "-" or text.startswith("- ") or text.endswith(":") or ": " in text
    if structure or text[0] in _SPECIAL or _AMBIGUOUS.match(text):
        raise _refusal(line, "has an anchor, a tag, a text over several lines, or an unusual number")
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _unquoted(text: str, line: _Line) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        return inner.replace("''", "'")

    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        if match[3] not in _ESCAPES:
            raise _refusal(line, "has an unusual escape")
        return _ESCAPES[match[3]]

    return _ESCAPE.sub(replaced, inner).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
