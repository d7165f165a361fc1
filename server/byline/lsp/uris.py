"""Document URIs: which ones are ours, and the paths that they stand for.

Only `file:` and `untitled:` documents are known; everything else an editor may show (`git:`, `output:`, notebook
cells) is left alone. RFC 8089 describes `file:`; a URI is decoded exactly once.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

_FILE = re.compile(r"file:(?://(?P<authority>[^/]*))?(?P<path>/(?!/).*)", re.IGNORECASE | re.DOTALL)
_WINDOWS_DRIVE = re.compile(r"/([A-Za-z]):(?=/|\Z)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LOCAL = ("", "localhost")
_MAX_LENGTH = 8192


class BadUriError(ValueError):
    """A URI that is no path on this machine; the message says why and may be shown."""


def is_file(uri: str) -> bool:
    """Whether `uri` names a file (which need not exist)."""
    return uri[:5].lower() == "file:"


def to_path(uri: str) -> Path:
    """The absolute path that a `file:` URI names, without looking at the disk.

    Bytes that are not UTF-8 come out as the file system's own escapes.
    Raises `BadUriError` for another scheme, another machine, a relative path, `..` segments or control characters.
    """
    if len(uri) > _MAX_LENGTH:
        raise BadUriError("The URI is too long to be a path.")
    match = _FILE.fullmatch(uri)
    if match is None:
        raise BadUriError("Only file: URIs with an absolute path name a file.")
    if (match["authority"] or "").lower() not in _LOCAL:
        raise BadUriError("The URI names a file on another machine; only local files are known.")
    path = os.fsdecode(unquote_to_bytes(match["path"]))
    if _CONTROL.search(path):
        raise BadUriError("The path contains control characters.")
    if ".." in path.replace("\\", "/").split("/"):
        raise BadUriError("The path contains '..'; send it in its plain form.")
    return Path(path[1:] if os.name == "nt" and _WINDOWS_DRIVE.match(path) else path)
