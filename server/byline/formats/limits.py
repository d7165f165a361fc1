"""How much of a stranger's note is read at all.

A note costs up to 30 times its size in memory while it is read, and a few bytes can claim millions of lines.
"""

from __future__ import annotations

from byline.formats.note import BadNote

MAX_BYTES = {"byline": 1 << 20, "git-ai": 4 << 20, "whogitit": 4 << 20, "agent-trace": 16 << 20}
"""By source. whogitit stores the text of every line, old Git AI notes hold whole conversations, and an Agent Trace file
has the records of many commits."""

MAX_RANGES = 20_000
"""Git AI's own repository has notes of up to 4,300."""


def check_size(source: str, data: bytes) -> None:
    """Raise BadNote if `data` is more than is read of this format."""
    if len(data) > MAX_BYTES[source]:
        raise BadNote(f"{len(data)} bytes are more than the {MAX_BYTES[source]} that are read")


def check_count(ranges: int) -> None:
    """Raise BadNote if a note has more ranges than are read."""
    if ranges > MAX_RANGES:
        raise BadNote(f"more than {MAX_RANGES} ranges")
