"""What is said of lines: the five states, and how they are counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from byline.provenance.origin import UNKNOWN, Kind, Origin


class State(StrEnum):
    """Of a line: whose text it is, by `state.line_state`."""

    AI = "ai"
    AI_MODIFIED = "ai_modified"
    HUMAN = "human"
    ORIGINAL = "original"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LineState:
    """The state of one line and the origin that it rests on; `modified_by` only where the state is `ai_modified`."""

    state: State
    origin: Origin = UNKNOWN
    modified_by: Kind | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of author that base text in this state counts for; None where nothing is known of it."""
        return _KINDS.get(self.state)


_KINDS = {State.AI: Kind.AI, State.AI_MODIFIED: Kind.AI, State.HUMAN: Kind.HUMAN}

NOTHING = LineState(State.UNKNOWN)
ORIGINAL = LineState(State.ORIGINAL)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many lines have each state."""

    total: int
    ai: int
    ai_modified: int
    human: int
    original: int
    unknown: int

    @classmethod
    def of(cls, states: Iterable[State]) -> Summary:
        """Count `states`, one a line."""
        counted = list(states)
        return cls(len(counted), *map(counted.count, State))  # five passes in C beat one that hashes every enum

    def __add__(self, other: Summary) -> Summary:
        return Summary(*(getattr(self, f) + getattr(other, f) for f in self.__slots__))
