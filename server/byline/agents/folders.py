"""Whether a path is in one of the open folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_MOST_KNOWN = 10_000


class Inside:
    """Whether a path is in one of some folders, by its name or by where its symbolic links lead."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = tuple(roots)
        self._tops = {_as_top(form) for root in roots for form in _forms(str(root))}
        self._known: dict[str, bool] = {}

    def __call__(self, path: str) -> bool:
        """Whether `path`, absolute, is in one of the folders or is one."""
        known = self._known.get(path)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            forms = [_as_top(form) for form in _forms(path)]
            known = self._known[path] = any(form.startswith(top) for form in forms for top in self._tops)
        return known


def _as_top(path: str) -> str:
    """`path` with a separator at its end, so that only whole names count."""
    return path.rstrip(os.sep) + os.sep


def _forms(path: str) -> set[str]:
    named = os.path.normpath(path)
    try:
        return {named, os.path.realpath(named)}
    except (OSError, ValueError):
        return {named}
