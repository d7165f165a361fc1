"""Texts, numbers and patterns as JavaScript writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from tree_sitter import Node

from byline.commit_messages.configuration.problem import UNKNOWN, Regex, Unreadable

_ESCAPES: Mapping[str, str] = MappingProxyType(
    {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def string(node: Node) -> str:
    """The text that a string in quotes stands for. Raises Unreadable for an octal escape."""
    return unescaped(text_of(node)[1:-1])


def unescaped(text: str) -> str:
    """`text` without its escapes. Raises Unreadable for an octal one."""

    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
        if match[4] in "123456789":
            raise Unreadable("a text in it has an octal escape")
        return "" if match[4] in ("\n", "\r\n", "\r") else _ESCAPES.get(match[4], match[4])

    return _ESCAPE.sub(replaced, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number(node: Node) -> object:
    """The number, or UNKNOWN for one that is written in an unusual way."""
    text = text_of(node).replace("_", "")
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", text):
        return UNKNOWN
    return float(text) if "." in text else int(text)


def regex(node: Node) -> Regex:
    """The pattern, as it is written."""
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    return Regex(text_of(pattern) if pattern else "", text_of(flags) if flags else "")
