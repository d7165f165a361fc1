"""The editors that are on this machine."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, remedy: str) -> str:
    """Where the program `name` is; `absent` where it is not."""
    path = shutil.which(name)
    return path or absent(f"{name} is not on PATH", remedy)


def absent(problem: str, remedy: str) -> NoReturn:
    """Skip the test, naming what is missing and what gives it; with BYLINE_ALL_EDITORS=1, fail."""
    sentence = f"{problem}; {remedy} gives it"
    if os.environ.get("BYLINE_ALL_EDITORS") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)
