"""Whether, and when, the same request is sent once more."""

from __future__ import annotations

from collections.abc import Callable

from byline.models.errors import ModelError

ATTEMPTS = 3
_FIRST = 0.5  # seconds
_LONGEST = 4.0


def delay(error: ModelError, attempt: int, patience: float, chance: Callable[[], float]) -> float | None:
    """Seconds to wait after the failed `attempt` (counted from 1) before the next one; None where there is none.

    A server's own wish is followed, to the second, where it fits into `patience` seconds; else somebody else is asked.
    Without one the wait is a random part of half a second, then of one: so clients that failed together do not come
    back together. An answer that had begun is never asked for again, because it may be billed.
    """
    if not error.retryable or error.begun or attempt >= ATTEMPTS:
        return None
    wish = error.retry_after
    wait = wish if wish is not None else min(_FIRST * 2 ** (attempt - 1), _LONGEST) * chance()
    return wait if wait < patience else None
