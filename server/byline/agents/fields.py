"""Careful access to what others wrote: whatever a record holds, a wrong type reads as absent."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

Record = Mapping[str, object]

EMPTY: Record = {}
_LATEST = 4_102_444_800  # the year 2100: what is beyond is milliseconds


def parse(data: bytes | str) -> object:
    """The JSON value in `data`; None where it is none, or nests too deeply."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def as_record(value: object) -> Record:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else EMPTY


def as_records(value: object) -> list[Record]:
    """The objects among the items of `value`."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """`value` if it is a string."""
    return value if isinstance(value, str) else None


def record_at(record: Record, *keys: str) -> Record:
    """The object that `keys` lead to, one inside the other."""
    for key in keys:
        record = as_record(record.get(key))
    return record


def text_at(record: Record, *keys: str) -> str | None:
    """The first string under one of `keys`."""
    return next((value for key in keys if isinstance(value := record.get(key), str)), None)


def name_at(record: Record, *keys: str) -> str | None:
    """The first string under one of `keys` that is not empty."""
    return next((value for key in keys if isinstance(value := record.get(key), str) and value), None)


def arguments_at(record: Record, key: str) -> Record:
    """A call's arguments: an object, or an object as JSON in a string."""
    value = record.get(key)
    return as_record(parse(value) if isinstance(value, str) else value)


def moment(value: object) -> float | None:
    """Seconds since 1970 of an ISO 8601 time, or of a number of seconds or milliseconds."""
    if isinstance(value, str):
        try:
            when = datetime.fromisoformat(value)
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < 1000 * _LATEST or not math.isfinite(value):
        return None
    return value / 1000 if value > _LATEST else float(value)


def absolute(path: object, cwd: str | None = None) -> str | None:
    """`path` (also a `file:` address), taken from `cwd` where it is relative; None where it can be no path."""
    if not isinstance(path, str) or not path or "\0" in path:
        return None
    if path.startswith("file:"):
        path = address_path(path)
        if path is None:
            return None
    if not Path(path).is_absolute():
        if cwd is None or not Path(cwd).is_absolute():
            return None
        path = f"{cwd}{os.sep}{path}"
    return os.path.normpath(path) if _can_be_encoded(path) else None


def address_path(address: str) -> str | None:
    """The path that a `file:` address stands for."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    path = unquote(parts.path)
    return path if parts.scheme == "file" and path.startswith("/") and "\0" not in path else None


def _can_be_encoded(path: str) -> bool:
    """Whether no half of a UTF-16 pair is in it, which JSON may hold and no file name does."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
