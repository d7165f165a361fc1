"""The part of YAML that configurations of commit messages are written in.

Block and flow collections, plain and quoted scalars, comments, anchors, aliases and merges (`<<`): what YAML 1.2's core
schema (https://yaml.org/spec/1.2.2/#103-core-schema) and https://yaml.org/type/merge.html make of those. Anything else
(tags, block scalars, several documents, texts over several lines, tabs as indentation) is refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from byline.commit_messages.configuration.problem import Unreadable
from byline.commit_messages.configuration.yaml_lines import (
    QUOTED,
    Line,
    entry_of,
    lines_of,
    refusal,
    without_anchor,
)

_MAX_DEPTH = 30
_MAX_MERGED = 10_000
_MERGE = "<<"

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]{1,15}|[0-9]{1,15}(?:\.[0-9]{0,15})?)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {"": None, "~": None, ".inf": float("inf"), ".Inf": float("inf")}
for _word, _value in (("null", None), ("true", True), ("false", False)):
    _WORDS |= dict.fromkeys((_word, _word.capitalize(), _word.upper()), _value)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", '"': '"', "/": "/", " ": " "}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]{1,60}")
_SPECIAL = frozenset("#&*!|>%@`?'\",]}")
_AMBIGUOUS = re.compile(
    r"[-+]?0[0-7oxXbB_]|[-+]?[0-9][0-9_]*_|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[-+]?\.(?:inf|nan)", re.IGNORECASE
)


def read(text: str) -> object:
    """The value of a document: dictionaries, lists, texts, numbers, booleans, None. Raises Unreadable."""
    lines = lines_of(text)
    if not lines:
        return None
    reader = _Block(lines)
    value = reader.node(lines[0].indent, 0)
    if reader.at < len(lines):
        raise refusal(lines[reader.at], "is indented otherwise than what it belongs to")
    return value


@dataclass
class _Anchors:
    """The values that have a name so far, and how many entries merges have copied."""

    values: dict[str, object] = field(default_factory=dict)
    merged: int = 0

    def keep(self, name: str | None, value: object) -> object:
        """`value`, which has this name from now on."""
        if name is not None:
            self.values[name] = value
        return value

    def named(self, text: str, line: Line) -> object:
        """The value that `*name` stands for."""
        if text[1:] not in self.values:
            raise refusal(line, "names an anchor that is not there")
        return self.values[text[1:]]

    def merge(self, entries: _Entries, value: object, line: Line) -> None:
        """Add what `<<: value` stands for."""
        for mapping in value if isinstance(value, list) else [value]:
            if not isinstance(mapping, dict):
                raise refusal(line, "merges what is no mapping")
            self.merged += len(mapping)
            if self.merged > _MAX_MERGED:
                raise Unreadable(f"it merges more than {_MAX_MERGED} entries")
            entries.inherit(mapping)


@dataclass
class _Entries:
    """The entries of a mapping: those that are written in it hold against those that are merged into it."""

    own: dict[str, object] = field(default_factory=dict)
    inherited: dict[str, object] = field(default_factory=dict)

    def add(self, key: object, value: object, line: Line) -> None:
        if not isinstance(key, str) or key in self.own:
            raise refusal(line, "repeats a key, or has one that is no text")
        self.own[key] = value

    def inherit(self, mapping: dict[str, object]) -> None:
        """Of what several mappings set, the first one holds."""
        self.inherited = mapping | self.inherited

    def all(self) -> dict[str, object]:
        return self.inherited | self.own


class _Block:
    """Block collections, line by line."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._anchors = _Anchors()
        self.at = 0

    def node(self, indent: int, depth: int) -> object:
        line = self._lines[self.at]
        if depth > _MAX_DEPTH:
            raise refusal(line, "is nested too deeply")
        if _is_item(line.text):
            return self._sequence(indent, depth)
        if entry_of(line.text):
            return self._mapping(indent, depth)
        self.at += 1
        return self._inline(line.text, line)

    def _sequence(self, indent: int, depth: int) -> list[object]:
        items: list[object] = []
        while self.at < len(self._lines):
            line = self._lines[self.at]
            if line.indent != indent or not _is_item(line.text):
                break
            name, rest = without_anchor(line.text[1:].lstrip())
            if not rest:
                self.at += 1
                item = self._nested(indent, depth)
                if item is None:
                    raise refusal(line, "has an empty entry")
            elif name and (entry_of(rest) or _is_item(rest)):
                raise refusal(line, "has an anchor before a key")
            else:  # what follows the dash is a line of its own, further in
                inner = line.indent + len(line.text) - len(rest)
                self._lines[self.at] = Line(inner, rest, line.number)
                item = self.node(inner, depth + 1)
            items.append(self._anchors.keep(name, item))
        return items

    def _mapping(self, indent: int, depth: int) -> dict[str, object]:
        entries = _Entries()
        while self.at < len(self._lines):
            line = self._lines[self.at]
            entry = entry_of(line.text) if line.indent == indent and not _is_item(line.text) else None
            if not entry:
                break
            self.at += 1
            name, rest = without_anchor(entry[1])
            value = self._inline(rest, line) if rest else self._nested(indent, depth, sequence=True)
            self._anchors.keep(name, value)
            if entry[0] == _MERGE:
                self._anchors.merge(entries, value, line)
            else:
                entries.add(_scalar(entry[0], line), value, line)
        return entries.all()

    def _nested(self, indent: int, depth: int, *, sequence: bool = False) -> object:
        """The value below a key or a dash; a list may stand as far out as its key."""
        if self.at == len(self._lines):
            return None
        line = self._lines[self.at]
        if line.indent > indent or (sequence and line.indent == indent and _is_item(line.text)):
            return self.node(line.indent, depth + 1)
        return None

    def _inline(self, text: str, line: Line) -> object:
        """The value of what stands on one line: a flow collection, an alias or a scalar."""
        if not text.startswith(("[", "{")):
            return self._anchors.named(text, line) if _is_alias(text) else _scalar(text, line)
        value, end = _Flow(text, line, self._anchors).value(0, 0)
        if text[end:].strip():
            raise refusal(line, "goes on behind a list")
        return value


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _is_alias(text: str) -> bool:
    return bool(_ALIAS.fullmatch(text))


class _Flow:
    """A flow collection on one line. Its methods give a value, and where it ends."""

    def __init__(self, text: str, line: Line, anchors: _Anchors) -> None:
        self._text = text
        self._line = line
        self._anchors = anchors

    def value(self, at: int, depth: int) -> tuple[object, int]:
        """The value at `at`."""
        if depth > _MAX_DEPTH:
            raise refusal(self._line, "is nested too deeply")
        at = _skip(self._text, at)
        name, rest = without_anchor(self._text[at:]) if self._text[at : at + 1] == "&" else (None, "")
        at = len(self._text) - len(rest) if name else at
        value, end = self._bare(at, depth)
        return self._anchors.keep(name, value), end

    def _bare(self, at: int, depth: int) -> tuple[object, int]:
        text = self._text
        if text[at : at + 1] == "[":
            return self._items(at + 1, depth)
        if text[at : at + 1] == "{":
            return self._entries(at + 1, depth)
        quoted = QUOTED.match(text, at)
        end = quoted.end() if quoted else _plain_end(text, at)
        scalar = text[at:end].strip()
        if _is_alias(scalar):
            return self._anchors.named(scalar, self._line), end
        return _scalar(scalar, self._line), end

    def _items(self, at: int, depth: int) -> tuple[list[object], int]:
        items: list[object] = []
        while self._next(at) != "]":
            item, at = self.value(at, depth + 1)
            items.append(item)
            at = self._after(at, "]")
        return items, _skip(self._text, at) + 1

    def _entries(self, at: int, depth: int) -> tuple[dict[str, object], int]:
        entries = _Entries()
        while self._next(at) != "}":
            begins = _skip(self._text, at)
            key, at = self.value(at, depth + 1)
            merges = self._text[begins:at].strip() == _MERGE
            at = _skip(self._text, at)
            if self._text[at : at + 1] != ":":
                raise refusal(self._line, "has an entry without a key of its own")
            value, at = self.value(at + 1, depth + 1)
            if merges:
                self._anchors.merge(entries, value, self._line)
            else:
                entries.add(key, value, self._line)
            at = self._after(at, "}")
        return entries.all(), _skip(self._text, at) + 1

    def _next(self, at: int) -> str:
        at = _skip(self._text, at)
        return self._text[at : at + 1]

    def _after(self, at: int, end: str) -> int:
        """Behind the comma after an element; at the closing bracket where that follows."""
        at = _skip(self._text, at)
        if self._text[at : at + 1] == ",":
            return at + 1
        if self._text[at : at + 1] != end:
            raise refusal(self._line, "has a bracket that is not closed")
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


def _scalar(text: str, line: Line) -> object:
    if quoted := QUOTED.fullmatch(text):
        return _unquoted(quoted[0], line)
    if text in _WORDS:
        return _WORDS[text]
    structure = text == "-" or text.startswith("- ") or text.endswith(":") or ": " in text
    if structure or text[0] in _SPECIAL or _AMBIGUOUS.match(text):
        raise refusal(line, "has a tag, a text over several lines, or an unusual number")
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _unquoted(text: str, line: Line) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        return inner.replace("''", "'")

    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        if match[3] not in _ESCAPES:
            raise refusal(line, "has an unusual escape")
        return _ESCAPES[match[3]]

    return _ESCAPE.sub(replaced, inner).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
