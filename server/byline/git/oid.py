"""Object ids, and git's way of writing odd paths."""

from __future__ import annotations

import re

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def is_oid(text: str) -> bool:
    """Whether `text` is a whole object id, SHA-1 or SHA-256, in lower case."""
    return _OID.fullmatch(text) is not None


def checked_oid(text: str) -> str:
    """`text`, if it is a whole object id; so nothing else can become a command's argument.

    Raises ValueError otherwise.
    """
    if not is_oid(text):
        raise ValueError(f"Not an object id: {text[:80]!r}. Resolve the revision first.")
    return text


def is_null(oid: str) -> bool:
    """Whether `oid` is the all-zero id that git writes for "nothing"."""
    return not oid.strip("0")


def path_from_git(raw: bytes, *, quoted: bool = True) -> str:
    """A path as git prints it; bytes that are not UTF-8 become surrogates.

    With `quoted`, one in double quotes has C escapes (git-config(1), `core.quotePath`); with `-z` git never quotes.
    """
    if quoted and raw.startswith(b'"') and raw.endswith(b'"') and len(raw) >= 2:
        raw = _ESCAPE.sub(_unescape, raw[1:-1])
    return raw.decode("utf-8", "surrogateescape")


def path_to_git(path: str) -> bytes:
    """The bytes of a path that `path_from_git` gave."""
    return path.encode("utf-8", "surrogateescape")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if len(code) == 3:
        return bytes([int(code, 8) & 0xFF])
    return _LETTERS.get(code, code)
