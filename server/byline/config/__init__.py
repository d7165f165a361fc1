"""Settings: what exists, where values come from, and which of them holds.

`Config()` is the defaults, without any I/O; `load` merges the four layers. Importing this package is cheap: TOML and
pydantic are imported when there is something to read or to check.
"""

from byline.config.loading import load
from byline.config.schema import (
    Agents,
    CodeLens,
    Commit,
    Config,
    Git,
    Hover,
    InlayHints,
    Log,
    Notes,
    Privacy,
    Record,
    Setting,
)

__all__ = [
    "Agents",
    "CodeLens",
    "Commit",
    "Config",
    "Git",
    "Hover",
    "InlayHints",
    "Log",
    "Notes",
    "Privacy",
    "Record",
    "Setting",
    "load",
]
