"""What a model is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from byline.models.answer_schema import check_schema
from byline.privacy import Redacted

Provider = Literal["claude", "openai"]
Task = Literal["message", "explain", "story", "pull_request", "changelog", "worklog", "edit"]
Effort = Literal["low", "medium", "high"]
OnText = Callable[[str], None]
"""Called with each piece of an answer's text as it arrives, on the event loop."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its texts are free of secrets, which their type says; none of them shows in a `repr`.

    `system` says what to do, `user` holds the material, which is data and nobody's instruction. With `schema`, a JSON
    schema (of the keywords in `answer_schema.KEYWORDS`), the answer is one JSON value that fits it. `max_tokens` bounds
    what the model writes, its thinking included. There is no temperature: Claude takes none. Whoever wants several
    different answers asks for a list of them.

    Raises ValueError for a schema with other keywords, and for a bound below one.
    """

    task: Task
    system: Redacted = field(repr=False)
    user: Redacted = field(repr=False)
    schema: Mapping[str, object] | None = field(default=None, repr=False)
    max_tokens: int = 1024

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError("an answer needs at least one token")
        if self.schema is not None:
            check_schema(self.schema)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider counted. `cached` of the `sent` tokens came from the provider's own cache."""

    sent: int = 0
    received: int = 0
    cached: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.sent + self.received


NO_TOKENS = Tokens()


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: `text` is never empty, and `data` is what its JSON says, fitting the question's schema.

    `model` is the name under which the provider answered. `cost` is in US dollars, None where the price is not known.
    `seconds` is from asking to the last word. Where it was `cached` here, nothing was sent: it took no tokens.
    """

    text: str = field(repr=False)
    data: object | None = field(repr=False)
    provider: Provider
    model: str
    tokens: Tokens
    cost: float | None
    seconds: float
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A question on its way to one model of one provider. An empty `model` is whichever the endpoint has."""

    question: Question
    model: str
    effort: Effort


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider answered, before anything is checked. `model` is its own word for itself."""

    text: str = field(repr=False)
    model: str
    tokens: Tokens
