"""RE2, and nothing else: Python's own `re` can be made to take hours by a hostile text."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any


class RedactionUnavailable(RuntimeError):  # noqa: N818 - a state of the installation
    """The library that finds secrets in safe time is missing; nothing may be stored or sent without it."""


def library() -> ModuleType:
    """RE2. Raises RedactionUnavailable if it cannot be imported."""
    try:
        import re2
    except ImportError as error:
        raise RedactionUnavailable(
            "secrets cannot be found without the package google-re2; install it: pip install google-re2"
        ) from error
    found: ModuleType = re2
    return found


@functools.cache
def compiled(regex: str) -> Any:
    """The pattern for `regex`, which finds bytes."""
    return library().compile(regex, _options())


class Words:
    """Words of which all that a text holds are found in one pass, whatever their case."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` are plain text."""
        self._set = library().Set.SearchSet(_options(case_sensitive=False))
        for word in words:
            self._set.Add(library().escape(word))
        self._set.Compile()

    def within(self, data: bytes) -> Iterable[int]:
        """The indices of the words in `data`, in no order."""
        found: list[int] | None = self._set.Match(data)
        return found or ()


def _options(*, case_sensitive: bool = True) -> Any:
    options = library().Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    options.case_sensitive = case_sensitive
    return options
