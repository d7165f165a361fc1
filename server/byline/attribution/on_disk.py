"""Whether a buffer shows what somebody else has just written to its file.

A change that no client explains may look typed and be a reload all the same: then the file on disk is newer than when
it was last seen, and equal to the buffer.
"""

from __future__ import annotations

from pathlib import Path

from byline.attribution.open_file import OpenFile
from byline.provenance.origin import Channel, Evidence, Source

LOADED = Evidence(Source.SERVER, Channel.RELOAD, "disk_digest")

_LARGEST = 4_000_000


def stamp(path: Path | None) -> tuple[int, int] | None:
    """Size and time of the file at `path`, by which a new content is noticed; None if there is none."""
    if path is None:
        return None
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def is_loaded(file: OpenFile) -> bool:
    """Whether the file was written since it was last equal to the buffer, and is equal to it again."""
    now = stamp(file.path)
    if now is None or now == file.on_disk or now[0] > _LARGEST or file.path is None:
        return False
    data = file.live.document.text.encode("utf-8", "surrogateescape")
    try:
        return len(data) == now[0] and file.path.read_bytes() == data
    except OSError:
        return False
