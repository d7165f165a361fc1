"""Names from a change that may stand in a message. A change is somebody's text: most of what it could hold may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MAX_NAME = 60
"""A longer name is not used."""

# Words of letters and digits with what identifiers and paths join them by: no white space, no control or direction
# character, no colon (an address, a trailer), no `#` (another's issue), no bracket or quote (markup).
_SAFE = re.compile(r"[\w$.+~-]+(?:/[\w$.+~-]+)*")
_ADDRESS = re.compile(r"(?:.*/)?(?:www\.|-)|.*\.\.", re.IGNORECASE)


def safe_name(text: str) -> str | None:
    """`text` as it may stand in a message, without an `@` that would notify somebody; None where it may not."""
    name = text.strip().removeprefix("@")
    if len(name) > MAX_NAME or not _SAFE.fullmatch(name) or _ADDRESS.match(name) or not any(map(str.isalnum, name)):
        return None
    return name


def safe_names(texts: Iterable[str]) -> list[str]:
    """The safe ones of `texts`, each once."""
    return list(dict.fromkeys(name for text in texts if (name := safe_name(text))))


def listed(names: Sequence[str], most: int = 2) -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most` names the first ones, and that there are others."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more" if most else ""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
