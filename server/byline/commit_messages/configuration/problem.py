"""What a configuration can hold that is not read."""

from __future__ import annotations

from typing import Final

MAX_BYTES = 256 << 10
"""The most that is read of one file."""


class Unreadable(ValueError):  # noqa: N818 - a property of the file
    """A configuration that cannot be read with certainty; the message is a clause that says why."""


class Unknown:
    """In place of a value that only running the configuration would tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Partly(dict[str, object]):
    """An object of which only these entries are known; it may have others."""


class Regex:
    """A JavaScript pattern, as it is written."""

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags

    def __repr__(self) -> str:
        return f"/{self.source}/{self.flags}"
