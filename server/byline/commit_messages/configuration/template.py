"""A message template (`.gitmessage`): the trailers that it asks for."""

from __future__ import annotations

import re

_TRAILER = re.compile(r"#?[ \t]*([A-Z][0-9A-Za-z]*(?:-[0-9A-Za-z]+)*):(?:[ \t].*)?")
_MAX_BYTES = 64 << 10
_MAX_KEYS = 20


def trailer_keys(data: bytes | None) -> tuple[str, ...]:
    """The keys of the lines below the first paragraph that look like trailers, without repetition."""
    if not data or len(data) > _MAX_BYTES:
        return ()
    _, _, below = data.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")
    found = (_TRAILER.fullmatch(line) for line in below.split("\n"))
    return tuple(dict.fromkeys(match[1] for match in found if match))[:_MAX_KEYS]
