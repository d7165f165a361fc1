"""Who git takes the person at this machine for."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING

from byline.git.errors import GitError

if TYPE_CHECKING:
    from byline.git.config import Config
    from byline.git.runner import Runner

_NOBODY = ("byline", "byline@localhost")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>]+")
_CRUD = " .,:;\"'"

_log = logging.getLogger(__name__)


class _Settings:
    """Git's configuration in the form in which GitPython asks for it."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def get(self, section: str, option: str) -> str:
        """`committer.*` before `user.*`, as git has it; raises KeyError for what is not set."""
        value = self._config.get(f"committer.{option}") or self._config.get(f"{section}.{option}")
        if not value:
            raise KeyError(option)
        return value


def committer(runner: Runner) -> tuple[str, str]:
    """The name and e-mail address of the committer: environment, configuration, else made from the login name.

    Never fails. The result is clean: one line, no angle brackets, not empty.
    """
    try:
        found = _configured(runner.config()) or _from_gitpython(runner)
    except (GitError, ImportError, KeyError, OSError) as error:
        _log.warning("The committer is not known: %s", error)
        found = _NOBODY
    name, mail = map(_clean, found)
    return name or mail or _NOBODY[0], mail or _NOBODY[1]


def _configured(config: Config) -> tuple[str, str] | None:
    """Who it is where both name and address are set, as they nearly always are: GitPython takes 70 ms to import."""
    found = [
        os.environ.get(f"GIT_COMMITTER_{field.upper()}")
        or config.get(f"committer.{field}")
        or config.get(f"user.{field}")
        for field in ("name", "email")
    ]
    return (found[0], found[1]) if found[0] and found[1] else None


def _from_gitpython(runner: Runner) -> tuple[str, str]:
    # GitPython looks for git in PATH as soon as it is imported; this tells it which one.
    os.environ.setdefault("GIT_PYTHON_GIT_EXECUTABLE", str(runner.git))
    from git import Actor

    actor = Actor.committer(_Settings(runner.config()))  # type: ignore[arg-type]
    return actor.name or "", actor.email or ""


def _clean(text: str) -> str:
    """Without what git forbids in a name or leaves away at its ends (ident.c)."""
    return _FORBIDDEN.sub("", text).strip(_CRUD)
