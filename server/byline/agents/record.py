"""What a reader gives out: what one call of one tool did to one file, in one shape for all tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EditKind = Literal["edit", "create", "delete", "move"]


@dataclass(frozen=True, slots=True)
class Hunk:
    """`old` was replaced by `new`. Both may hold unchanged text around what really differs."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AgentEdit:
    """What one call of one tool did to one file, as the tool itself recorded it. Nothing of it is verified."""

    tool: str
    """The tool's name in the setting `agents.read`."""
    session: str
    """The tool's own id, unchanged."""
    model: str | None
    """The tool's own string, unchanged."""
    prompt: str | None
    """What the person asked for. Not redacted: whoever keeps it does that first."""
    call: str | None
    time: float | None
    """When it was done, in seconds since 1970."""
    path: str
    """Absolute and normalised, symbolic links not resolved; of a file that was moved, where it is now."""
    cwd: str | None
    """The folder that the tool worked in."""
    before: str | None
    """The whole text before, where the record has it."""
    after: str | None
    """The whole text as it was written, where the record has it."""
    hunks: tuple[Hunk, ...]
    """What the tool replaced by what, in order; one with an empty `old` for a created file. None where only the whole
    text that was written is known, and not the one before."""
    kind: EditKind
    changed_by_user: bool
    """Whether the person changed the proposal before it was written: then `after` is not the tool's alone."""
    succeeded: bool
    """Whether the record says that the file was written: not failed, refused, only staged, or undone."""
