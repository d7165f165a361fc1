"""Weights that were learned before, in files: learning takes most of the time until the first answer of a process.

A file is named after the newest commit that it was learned from, and belongs to the code that learned it: another
version makes its own. It holds single words of the history, such as the names of files and of authors, but none that
looks like a secret. Whatever is wrong with a file, the weights are learned anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeGuard

from byline.commit_messages.style.softmax import Softmax
from byline.git.files import read_small
from byline.git.oid import is_oid
from byline.privacy import RedactionUnavailable, redact

_log = logging.getLogger(__name__)

_FOLDER = "styles"
_MOST_FILES = 4  # for branches that went far apart
_LARGEST = 4 << 20  # bytes; those of large repositories have a tenth of it
_MOST_CLASSES = 64
_LARGEST_WEIGHT = 1_000.0
_TEMPERATURES = (0.1, 10.0)


class Kept:
    """The files of one repository. Blocks; raises nothing."""

    def __init__(self, beside: Path) -> None:
        """`beside` is the folder of the journal. Where there is none, nothing is kept."""
        self._beside = beside
        self._folder = beside / _FOLDER

    def newest(self, commits: Iterable[str]) -> Softmax | None:
        """What was learned up to the first of `commits` for which there is something; None without any."""
        try:
            names = set(os.listdir(self._folder))  # noqa: PTH208 - names are enough
        except OSError:
            return None
        return next((found for commit in commits if commit in names and (found := self._read(commit))), None)

    def _read(self, commit: str) -> Softmax | None:
        data = read_small(self._folder / commit, _LARGEST)
        return decoded(data) if data else None

    def keep(self, commit: str, weights: Softmax) -> None:
        """Keep what was learned up to `commit`, and drop what is oldest."""
        try:
            data = encoded(weights)
            if is_oid(commit) and len(data) <= _LARGEST and self._is_there():
                _write(self._folder / commit, data)
                self._drop_oldest()
        except (OSError, RedactionUnavailable) as problem:
            _log.info("the style of %s is not kept: %s", self._beside.parent, problem)

    def _is_there(self) -> bool:
        """Whether the folder can be written to: it is made where the journal is, and no link is followed."""
        if not _is_folder(self._beside):
            return False
        if not self._folder.is_symlink():
            self._folder.mkdir(mode=0o700, exist_ok=True)
        return _is_folder(self._folder)

    def _drop_oldest(self) -> None:
        newest_first = sorted(self._folder.iterdir(), key=lambda file: file.lstat().st_mtime_ns, reverse=True)
        for file in newest_first[_MOST_FILES:]:
            file.unlink(missing_ok=True)


def encoded(weights: Softmax) -> bytes:
    """`weights` as JSON, without the rows whose names look like a secret. Raises RedactionUnavailable."""
    harmless = set(redact("\n".join(weights.rows)).text.split("\n"))
    rows = {name: row for name, row in weights.rows.items() if name in harmless}
    found = {"code": _code(), "classes": weights.classes, "temperature": weights.temperature, "rows": rows}
    return json.dumps(found, separators=(",", ":"), allow_nan=False).encode("ascii")


def decoded(data: bytes) -> Softmax | None:
    """The weights that `data` holds; None where that is anything else, or was made by other code."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("code") != _code():
        return None
    classes, temperature, rows = found.get("classes"), found.get("temperature"), found.get("rows")
    if not _are_names(classes) or not _is_between(temperature, *_TEMPERATURES) or not isinstance(rows, dict):
        return None
    if not all(_is_row(row, len(classes)) for row in rows.values()):
        return None
    return Softmax(tuple(classes), rows, temperature)


def _are_names(value: object) -> TypeGuard[list[str]]:
    if not isinstance(value, list) or not 1 < len(value) <= _MOST_CLASSES:
        return False
    return all(isinstance(name, str) for name in value) and len(set(value)) == len(value)


def _is_row(value: object, size: int) -> TypeGuard[list[float]]:
    if not isinstance(value, list) or len(value) != size:
        return False
    return all(_is_between(weight, -_LARGEST_WEIGHT, _LARGEST_WEIGHT) for weight in value)


def _is_between(value: object, least: float, most: float) -> TypeGuard[float]:
    return type(value) is float and least <= value <= most  # which nan is not


@cache
def _code() -> str:
    """A name for the code that learns, which is all of this package: weights mean something only to that."""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    """Put `content` at `path` (0600) in one step. Raises OSError."""
    draft = path.with_name(f"{secrets.token_hex(8)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
