"""Is this value a secret, or code that stands for one? Asked only where nothing but a name speaks for it."""

from __future__ import annotations

import math
import re
from collections import Counter

_STAND_INS = (
    "your",
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "redacted",
    "dummy",
    "sample",
    "xxxx",
    "****",
    "....",
    "todo",
    "undefined",
)
_CODE = re.compile(r"^[$%{<@(\[*&|~/=!?]|[(){}\[\]<>]|::|->")
_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_WORD_LENGTH = 3.5
"""Letters in a row, on average, from which on a value reads as words. Random ones have fewer than two."""

_LEAST_ENTROPY = 3.0
"""Bits a character: 16 random hex digits have 3.2 on average, an English word of that length 2.9."""

_PLAIN_WORDS = {"password", "passwd", "secret", "token", "string", "required", "optional", "disabled", "enabled"}


def is_literal(value: str) -> bool:
    """Whether `value` is written out, and is neither a variable, a template nor a stand-in such as `<your key>`."""
    lower = value.lower()
    return not (
        _CODE.search(value) or any(word in lower for word in _STAND_INS) or len(set(value)) < 3 or lower in _PLAIN_WORDS
    )


def is_token(value: str) -> bool:
    """Whether `value` is a literal, and no dotted name such as `settings.token`."""
    return is_literal(value) and not _DOTTED.fullmatch(value)


def is_mixed(value: str) -> bool:
    """Whether `value` is a literal with a digit among other characters."""
    return is_token(value) and any(c.isdigit() for c in value) and not value.isdigit()


def is_random(value: str) -> bool:
    """Whether `value` is a mixed literal that does not read as words and has the entropy of something random."""
    if not is_mixed(value) or entropy(value) < _LEAST_ENTROPY:
        return False
    words = _WORD.findall(value)
    return sum(map(len, words)) < _WORD_LENGTH * len(words)


def entropy(value: str) -> float:
    """Shannon's entropy of the characters of `value`, in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
