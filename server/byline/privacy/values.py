"""Is this value a secret, or code that stands for one? Asked only where nothing but a name speaks for it."""

from __future__ import annotations

import base64
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
_CODE = re.compile(r"^[${<(\[]|[(){}\[\]<>]|::|->")
_SIGN_FIRST = re.compile(r"^[%@*&|~/=!?]")  # an operator, a path or a tag, unless what follows is random
_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+")
_NUMBER_OR_NAME = re.compile(r"[~^v]?[0-9]+(?:\.[0-9]+)*|0[xX][0-9A-Fa-f]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){2,}")
_LETTERS = re.compile(r"[A-Za-z+/]{20,}={0,2}")
_BASE64 = re.compile(r"[0-9A-Za-z+/]{10,}={0,2}")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LETTER_BY_DIGIT = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_WORD_LENGTH = 3.5
"""Letters in a row, on average, from which on a value reads as words. Random ones of mixed case have fewer than two."""

_SHUFFLED = 2.6
"""Letters without a digit, in runs shorter than that, are no words either."""

_CHANGES, _CHANGES_LONG, _LONG = 6, 9, 24
"""One change between letters and digits in so many characters, in long values in more, is what names do not have."""

_LEAST_PART = 12  # characters of a cookie

_LEAST_ENTROPY = 3.0
"""Bits a character: 16 random hex digits have 3.2 on average, an English word of that length 2.9."""

_MOST_ENTROPY = 4.6
"""Bits a character that no text of words has."""

_PLAIN_WORDS = frozenset(
    {"password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "string", "required", "optional"}
    | {"disabled", "enabled", "none", "null", "nil", "true", "false", "strict", "user", "test", "admin"}
    | {"foo", "bar", "baz", "abc", "xyz", "123"}
)


def is_literal(value: str) -> bool:
    """Whether `value` is written out, and is neither a variable, a template nor a stand-in such as `<your key>`."""
    return _is_written_out(value) and (not _SIGN_FIRST.match(value) or _looks_random(value))


def is_token(value: str) -> bool:
    """Whether `value` is a literal, and no dotted name such as `settings.token`."""
    return is_literal(value) and not _DOTTED.fullmatch(value)


def is_mixed(value: str) -> bool:
    """Whether `value` is a literal with a digit among other characters, and no number, version or constant's name."""
    return is_token(value) and any(c.isdigit() for c in value) and not _NUMBER_OR_NAME.fullmatch(value)


def is_random(value: str) -> bool:
    """Whether `value` is a literal that does not read as words and has the entropy of something random.

    Without a digit, its letters must change their case all the time. What is a text in Base64 counts as random.
    """
    if _is_encoded_text(value):
        return is_literal(value)
    return is_mixed(value) and _looks_random(value) if any(c.isdigit() for c in value) else _is_shuffled(value)


def is_encoded(value: str) -> bool:
    """Whether `value` is the Base64 of something random, as in the secrets of Kubernetes."""
    return is_random(_decoded(value))


def has_random_part(value: str) -> bool:
    """Whether one of the values in `name=value; name=value` is random."""
    return any(len(part) >= _LEAST_PART and is_random(part) for part in re.split(r"[=;,\s]+", value))


def _is_written_out(value: str) -> bool:
    lower = value.lower()
    return not (
        _CODE.search(value) or any(word in lower for word in _STAND_INS) or len(set(value)) < 3 or lower in _PLAIN_WORDS
    )


def _looks_random(value: str) -> bool:
    bits = entropy(value)
    if not _LEAST_ENTROPY <= bits < _MOST_ENTROPY:
        return bits >= _MOST_ENTROPY
    if _letters_in_a_row(value) < _WORD_LENGTH:
        return True
    each = _CHANGES if len(value) < _LONG else _CHANGES_LONG
    return len(_LETTER_BY_DIGIT.findall(value)) * each >= len(value)


def _is_shuffled(value: str) -> bool:
    return bool(_LETTERS.fullmatch(value)) and _letters_in_a_row(value) < _SHUFFLED and is_literal(value)


def _is_encoded_text(value: str) -> bool:
    return bool(_decoded(value))


def _decoded(value: str) -> str:
    """The text of which `value` is the Base64: printable ASCII, which does not happen by chance; empty if of none."""
    if not _BASE64.fullmatch(value):
        return ""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except ValueError:  # it is no Base64, or of something else
        return ""
    return text if text.isprintable() else ""


def _letters_in_a_row(value: str) -> float:
    """How long, on average, the runs of letters are in which nothing but the first is a capital."""
    words = _WORD.findall(value)
    return sum(map(len, words)) / len(words) if words else 0.0


def entropy(value: str) -> float:
    """Shannon's entropy of the characters of `value`, in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
