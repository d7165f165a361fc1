"""JSON from strangers: read strictly, written canonically.

Python's own reader accepts what no two programs agree on (NaN, repeated keys, half surrogate pairs) and what costs too
much (huge numbers, deep nesting). Here all that is a `BadNote`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from byline.formats.note import BadNote

MAX_DEPTH = 32
MAX_NAME = 4_096
"""Characters of a path, a key, a tool, a model: anything that is not a text to read."""

MAX_TEXT = 262_144
"""Characters of a prompt."""

Record = Mapping[str, object]

_RAW_BYTE = re.compile("[\udc80-\udcff]")


def parse(text: str) -> object:
    """The value of a JSON text. Raises BadNote for anything but strict JSON of sensible depth and numbers."""
    try:
        value: object = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_small
        )
    except (ValueError, RecursionError) as error:
        raise BadNote(f"not valid JSON ({type(error).__name__})") from error
    return value


def canonical(record: Record) -> str:
    """`record` on one line: its first key first, all others at every level in the order of their names, no white space.

    A byte of a path that is no UTF-8 (a lone surrogate from U+DC80 to U+DCFF) is written as its `\\u` escape.
    Raises BadNote where the text could not be read back.
    """
    if _too_deep(record):
        raise BadNote(f"nested more than {MAX_DEPTH} levels deep")
    first, *others = record
    try:
        text = ",".join(f"{_dump(key)}:{_dump(record[key])}" for key in (first, *sorted(others)))
        text = _RAW_BYTE.sub(lambda match: f"\\u{ord(match[0]):04x}", f"{{{text}}}")
        text.encode()
    except UnicodeEncodeError as error:
        raise BadNote("half a surrogate pair in a text") from error
    return text


def as_record(value: object, what: str) -> dict[str, object]:
    """`value` as a JSON object."""
    if not isinstance(value, dict):
        raise BadNote(f"{what} is not an object")
    return value


def as_list(value: object, what: str) -> list[Any]:
    """`value` as a JSON array."""
    if not isinstance(value, list):
        raise BadNote(f"{what} is not an array")
    return value


def as_text(value: object, what: str, limit: int = MAX_NAME) -> str:
    """`value` as a text of at most `limit` characters without half surrogate pairs."""
    if not isinstance(value, str):
        raise BadNote(f"{what} is not a text")
    if len(value) > limit:
        raise BadNote(f"{what} is longer than {limit} characters")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise BadNote(f"{what} has half a surrogate pair")
    return value


def as_path(value: object, what: str) -> str:
    """`value` as a path from the repository's root; its bytes that are no UTF-8 are lone surrogates, U+DC80 to U+DCFF.

    A path is a key to compare and is never opened; still, one that leads out of the repository is refused.
    """
    path = value if isinstance(value, str) else ""
    as_text(_RAW_BYTE.sub("?", path), what)
    if not path or "\0" in path or path.startswith("/") or ".." in path.split("/"):
        raise BadNote(f"{what} is no path inside a repository")
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def as_number(value: object, what: str) -> int:
    """`value` as a whole number that is not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadNote(f"{what} is not a whole number")
    return value


def text_or_none(record: Record, key: str, limit: int = MAX_NAME) -> str | None:
    """The text under `key`; None where it is missing or null."""
    value = record.get(key)
    return None if value is None else as_text(value, key, limit)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise BadNote("a key is repeated in an object")
    return record


def _no_constant(word: str) -> NoReturn:
    raise BadNote(f"{word} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadNote("a number is too large")
    return number


def _small(digits: str) -> int:
    if len(digits) > 20:
        raise BadNote("a number is too large")
    return int(digits)


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            if isinstance(parent, (dict, list))
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return True
