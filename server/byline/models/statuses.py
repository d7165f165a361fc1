"""What an HTTP status means, and what to do about it. One table for both providers.

Sources: the error pages of the Claude API and of OpenAI's, and RFC 9110 for `Retry-After`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from byline.models.endpoints import Endpoint
from byline.models.errors import (
    Misconfigured,
    ModelError,
    NotAuthenticated,
    QuotaExceeded,
    RateLimited,
    Unacceptable,
    Unavailable,
)
from byline.models.keys import VARIABLES, Key
from byline.privacy import redact

_LONGEST_DETAIL = 300
_TRANSIENT = frozenset({408, 409, 425})
_NO_CREDIT = ("insufficient_quota", "billing", "credit balance", "payment_required")
_TOO_LONG = ("context_length", "context length", "context window", "too long", "too large", "maximum context")


def error_of_status(
    status: int, body: object, headers: Mapping[str, str], endpoint: Endpoint, model: str, key: Key | None
) -> ModelError:
    """The error for an answer of `status`, which no model wrote. `body` is its JSON, or its text."""
    kind, said = _said(body)
    words = f"{kind} {said}".lower()
    name = f"{endpoint.provider} at {endpoint.host}"
    setting = f"models.{endpoint.provider}"

    def failure(kind: type[ModelError], problem: str, *, retryable: bool = False) -> ModelError:
        return kind(
            problem,
            provider=endpoint.provider,
            model=model,
            detail=shown(said, key),
            retryable=retryable,
            retry_after=retry_after(headers) if retryable else None,
        )

    if status in (401, 403):
        return failure(NotAuthenticated, _about_key(name, endpoint, key))
    if status == 402 or (status in (400, 429) and any(sign in words for sign in _NO_CREDIT)):
        return failure(QuotaExceeded, f"The account of {name} has no credit left: add some, or take another model.")
    if status == 404:
        problem = f"{name} has no model `{model}`, or its address is wrong: set `{setting}Model` or `{setting}BaseUrl`."
        return failure(Misconfigured, problem)
    if status == 429:
        return failure(RateLimited, f"{name} takes no more requests for now: try again later.", retryable=True)
    if status >= 500 or status in _TRANSIENT:
        problem = f"{name} has trouble of its own (HTTP {status}): try again later."
        return failure(Unavailable, problem, retryable=status != 501)
    if 300 <= status < 400:
        return failure(
            Misconfigured, f"{name} does not answer as a model does (HTTP {status}): set `{setting}BaseUrl`."
        )
    if status == 413 or any(sign in words for sign in _TOO_LONG):
        return failure(Unacceptable, f"The question is too long for `{model}` of {name}: ask about less.")
    return failure(Unacceptable, f"{name} does not take this question for `{model}` (HTTP {status}).")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server asks to wait; None where it names none, or none that can be read."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def shown(text: str, key: Key | None) -> str:
    """A provider's words as they may be shown: short, printable, without secrets and without the key."""
    if key is not None:
        text = text.replace(key.reveal(), "…")
    line = "".join(c if c.isprintable() else " " for c in text[: 10 * _LONGEST_DETAIL])
    return redact(" ".join(line.split())).text[:_LONGEST_DETAIL]


def _about_key(name: str, endpoint: Endpoint, key: Key | None) -> str:
    if key is None:
        return f"{name} wants a key: set {VARIABLES[endpoint.provider]}."
    return f"{name} does not accept the key from {key.source}: check it, and what it may do."


def _said(body: object) -> tuple[str, str]:
    """The kind and the message of an error, in the shapes that servers use."""
    if not isinstance(body, dict):
        return "", body if isinstance(body, str) else ""
    error = body.get("error", body)
    if not isinstance(error, dict):
        return "", str(error)
    kind = " ".join(str(error.get(name, "")) for name in ("type", "code", "param"))
    return kind, str(error.get("message", ""))
