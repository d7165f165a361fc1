"""A circuit breaker: a model that keeps failing is left alone for a while, then tried with one single request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from byline.models.errors import Fault, ModelError, Resting

FAILURES = 5
FIRST_REST = 15.0  # seconds
LONGEST_REST = 300.0

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Closed, until `FAILURES` attempts in a row failed, or one that asking again soon cannot help.

    Then open: every attempt is refused at once. After a rest, which doubles each time, half-open: one attempt at a time
    is let through, as a probe; its success closes the breaker, its failure opens it again. An attempt that is cancelled
    says nothing about the model and changes nothing, except that the next one may be the probe.
    """

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        """`name` is the model's, for people; `clock` gives seconds that never run backwards."""
        self._name = name
        self._clock = clock
        self._failures = 0
        self._rest = FIRST_REST
        self._open_until: float | None = None
        self._probing = False
        self._reason: ModelError | None = None

    @property
    def state(self) -> State:
        """What an attempt would meet now."""
        if self._open_until is None:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    @property
    def rest(self) -> float:
        """Seconds until the next attempt is let through; 0 where it is at once."""
        return max(0.0, self._open_until - self._clock()) if self._open_until is not None else 0.0

    @property
    def reason(self) -> ModelError | None:
        """The last failure, until something succeeds."""
        return self._reason

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one request. Raises Resting where none may be made now."""
        probe = self._admit()
        try:
            yield
        except ModelError as error:
            self._judge(error)
            raise
        else:
            self._succeeded()
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        """Whether the attempt is a probe."""
        if self._open_until is None:
            return False
        if self.state == "open" or self._probing:
            raise self._resting()
        self._probing = True
        return True

    def _resting(self) -> Resting:
        when = f"for another {self.rest:.0f} s" if self.rest >= 1 else "while one request tries it"
        why = self._reason.problem if self._reason else ""
        return Resting(f"{self._name} failed and is left alone {when}. {why}".strip())

    def _judge(self, error: ModelError) -> None:
        if error.fault is Fault.QUESTION:
            self._succeeded()
            return
        self._reason = error
        self._failures += 1
        # Neither a wrong key nor an hour's wait gets better by asking four times more.
        hopeless = error.fault is Fault.SETUP or (error.retry_after or 0.0) > FIRST_REST
        if hopeless or self._failures >= FAILURES or self._open_until is not None:
            self._open(error.retry_after or 0.0)

    def _open(self, at_least: float) -> None:
        self._open_until = self._clock() + min(max(self._rest, at_least), LONGEST_REST)
        self._rest = min(self._rest * 2, LONGEST_REST)

    def _succeeded(self) -> None:
        self._failures = 0
        self._rest = FIRST_REST
        self._open_until = None
        self._reason = None
