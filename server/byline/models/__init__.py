"""Language models behind one door: who is asked, how often, for how long, and what may be said of it.

Only secrets-free text (`Redacted`) goes in. Importing this package imports no model library.
"""

from __future__ import annotations

from byline.models.errors import (
    BadOutput,
    Misconfigured,
    ModelError,
    NoModel,
    NotAuthenticated,
    QuotaExceeded,
    RateLimited,
    Refused,
    TimedOut,
    Unacceptable,
    Unavailable,
)
from byline.models.keys import EnvironmentKeys, FirstOf, Key, KeySource, editor_keys, keyring_keys
from byline.models.models import ModelHealth, Models
from byline.models.question import Answer, Effort, Provider, Question, Task, Tokens
from byline.models.response_file import ResponseFile
from byline.models.responses import ResponseStore
from byline.models.settings import ModelSettings

__all__ = [
    "Answer",
    "BadOutput",
    "Effort",
    "EnvironmentKeys",
    "FirstOf",
    "Key",
    "KeySource",
    "Misconfigured",
    "ModelError",
    "ModelHealth",
    "ModelSettings",
    "Models",
    "NoModel",
    "NotAuthenticated",
    "Provider",
    "Question",
    "QuotaExceeded",
    "RateLimited",
    "Refused",
    "ResponseFile",
    "ResponseStore",
    "Task",
    "TimedOut",
    "Tokens",
    "Unacceptable",
    "Unavailable",
    "editor_keys",
    "keyring_keys",
]
