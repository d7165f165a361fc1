"""Why there is no answer, each as one sentence that says what to do.

The sentence holds nothing that the provider said: it may be logged and shown. What the provider said is in `detail`,
without secrets, for whoever asks.
"""

# ruff: noqa: N818  -- the names say what happened

from __future__ import annotations

from enum import Enum, auto
from typing import ClassVar

from byline.models.question import NO_TOKENS, Provider, Tokens


class Fault(Enum):
    """Where it lies that an attempt failed; the breaker decides by it."""

    SERVICE = auto()  # the provider or the way to it: may be over soon
    SETUP = auto()  # a key, an account, a setting: asking again does not help
    QUESTION = auto()  # this question or this answer: the model itself is well


class ModelError(Exception):
    """No answer. `problem` is one sentence for a person.

    `begun` says that the model had begun to answer, so that the call may cost something: nobody else is asked then.
    `retryable` says that the same request may succeed later, after `retry_after` seconds where the provider named a
    time. `tokens` is what it took nevertheless, as far as the provider said. `also` holds what the other models of the
    chain said.
    """

    kind: ClassVar[str] = "unavailable"
    fault: ClassVar[Fault] = Fault.SERVICE

    def __init__(
        self,
        problem: str,
        *,
        provider: Provider | None = None,
        model: str = "",
        detail: str = "",
        begun: bool = False,
        retryable: bool = False,
        retry_after: float | None = None,
        tokens: Tokens = NO_TOKENS,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.provider = provider
        self.model = model
        self.detail = detail
        self.begun = begun
        self.retryable = retryable
        self.retry_after = retry_after
        self.tokens = tokens
        self.also: tuple[ModelError, ...] = ()


class NoModel(ModelError):
    """No model may or can be asked: none is set up, or the network is off."""

    kind = "none"
    fault = Fault.SETUP


class Misconfigured(ModelError):
    """A setting is wrong: an address, a model's name."""

    kind = "configuration"
    fault = Fault.SETUP


class Unacceptable(ModelError):
    """The provider does not take this question: it is too long, or uses what the model does not have."""

    kind = "configuration"
    fault = Fault.QUESTION


class NotAuthenticated(ModelError):
    """The provider does not accept the key."""

    kind = "authentication"
    fault = Fault.SETUP


class QuotaExceeded(ModelError):
    """Nothing is left: of the account's credit, or of a budget or rate of one's own."""

    kind = "quota"
    fault = Fault.SETUP


class RateLimited(ModelError):
    """Too many requests at once; later ones will be answered."""

    kind = "quota"


class TimedOut(ModelError):
    """The time was up before the answer was complete."""

    kind = "timeout"


class Unavailable(ModelError):
    """The provider cannot be reached, fails, or ended an answer in the middle."""


class Resting(Unavailable):
    """The model failed too often and is left alone for a while."""


class Refused(ModelError):
    """The model declined to answer."""

    kind = "refused"
    fault = Fault.QUESTION


class BadOutput(ModelError):
    """The answer is empty, cut off, or not what was asked for."""

    kind = "bad-output"
    fault = Fault.QUESTION
