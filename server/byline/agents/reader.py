"""What a module for one tool provides: where its transcripts are, and how to understand one.

A *transcript* is one file in which a tool records. A `Conversation` understands what is in it, piece by piece, and
knows nothing of files; the `Cut` of the place where the file lies says what the pieces are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol, runtime_checkable

from byline.agents.homes import Homes
from byline.agents.record import AgentEdit


class Cut(Enum):
    """How a transcript is given to its conversation."""

    LINES = "lines"  # each appended line once, without its line break
    WHOLE = "whole"  # the whole file, again after each change
    DATABASE = "database"  # the file's path, for a reader of its own, after each change of it or its log


class Conversation(Protocol):
    """What one transcript has said so far."""

    cwd: str | None
    """The folder in which the tool works, as soon as it is known: a transcript of a foreign one is not read on."""

    def feed(self, piece: bytes) -> Iterable[AgentEdit]:
        """The edits that are complete with the next `piece`. Never raises, whatever it holds.

        The same edit may be given out again: the caller drops what it has had.
        """
        ...


@runtime_checkable
class Gradual(Protocol):
    """A conversation that takes one piece in several turns."""

    behind: bool
    """Whether to feed it the same piece again."""


@dataclass(frozen=True, slots=True)
class Place:
    """A directory in which a tool leaves transcripts."""

    top: Path
    names: tuple[str, ...]
    """A pattern (`*`) for each level below `top`; the last is the files'. Without any, `top` is the file."""
    begin: Callable[[Path], Conversation]
    cut: Cut = Cut.LINES


class Reader(ABC):
    """The reader of one tool. What its transcripts tell each other is kept in it."""

    tool: str

    @abstractmethod
    def places(self, homes: Homes, roots: Sequence[Path]) -> Sequence[Place]:
        """Where to look, in the order in which to read; `roots` are the open folders."""

    def signs(self, homes: Homes) -> Sequence[Path]:
        """Directories of which one exists where the tool is used."""
        return [place.top for place in self.places(homes, ())]
