"""What the tools take and give. The server publishes these shapes as JSON Schema, descriptions included."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict  # before Python 3.12, pydantic takes no other

Path = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4096),
    Field(description="A file: absolute, or relative to the root of the repository."),
]
Name = Annotated[str, StringConstraints(max_length=512)]
Prompt = Annotated[str, StringConstraints(max_length=1_000_000)]
Code = Annotated[str, StringConstraints(max_length=8_000_000)]
LineNumber = Annotated[int, Field(ge=1, le=2**31 - 1, description="A line, counted from 1.")]
Range = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1024),
    Field(description="A..B, or one commit: all up to it, as in git log."),
]


class DeclaredHunk(BaseModel):
    """A change of a text."""

    model_config = ConfigDict(frozen=True)

    old: Code | None = Field(default=None, description="What stood there before, character by character; null if new.")
    new: Code = Field(description="What you put there, character by character.")


class Position(TypedDict):
    """A place in a document, as in the language server protocol: line and character from 0."""

    line: int
    character: int


class TextRange(TypedDict):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position


class Declared(TypedDict):
    """Whether any of what was declared stands in the file as told and counts, and the whole lines where it does."""

    verified: bool
    ranges: list[TextRange]


class Counts(TypedDict):
    """How many lines have each state."""

    total: int
    ai: int
    ai_modified: int
    human: int
    original: int
    unknown: int


class Line(TypedDict):
    """One line, as in `byline blame --json`; what is not known is left out. `prompt` is its beginning."""

    line: int
    text: NotRequired[str]
    state: str
    commit: NotRequired[str]
    author: NotRequired[str]
    time: NotRequired[str]
    tool: NotRequired[str]
    model: NotRequired[str]
    session: NotRequired[str]
    prompt: NotRequired[str]
    level: NotRequired[str]
    evidence: NotRequired[list[str]]
    source: NotRequired[str]


class WhoWrote(TypedDict):
    """Lines of a file as it is in the work tree. `summary` is of the whole file; `next` where to ask on, or null."""

    path: str
    dirty: bool
    summary: Counts
    lines: list[Line]
    next: int | None


class PromptBehind(TypedDict):
    """The prompt behind a line.

    `changed` are the pieces of the line that a person wrote since, `lines` those of the file from the same prompt.
    """

    path: str
    line: int
    text: str
    state: str
    commit: str | None
    tool: str | None
    model: str | None
    session: str | None
    prompt: str | None
    changed: list[str]
    lines: list[int]
    level: str | None
    evidence: list[str]


class Row(TypedDict):
    """The lines of one tool, model, author or directory; `name` is null where it is not known."""

    name: str | None
    summary: Counts


class RangeSummary(TypedDict):
    """Added lines of many commits, counted; of each table the largest rows. `noted`: commits with a note."""

    range: str
    commits: int
    noted: int
    summary: Counts
    tools: list[Row]
    models: list[Row]
    authors: list[Row]
    directories: list[Row]
