"""Git's `prepare-commit-msg` hook: written only where there is none, and only because a person asked for it.

See githooks(5). The hook fills an empty message of an ordinary commit and nothing else, without a model and without
asking anything; what goes wrong in it never stops a commit.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from byline.commit_messages.buffer.form import Form
from byline.commit_messages.buffer.insertions import Buffer, insertions
from byline.commit_messages.gathering import Gatherer
from byline.commit_messages.lint.finding import apply
from byline.git.files import read_small
from byline.git.repository import Repository

NAME = "prepare-commit-msg"

_MARK = "# Written by Byline; `byline message --uninstall-hook` removes it."
_LARGEST = 1 << 20


class HookRefused(Exception):  # noqa: N818 - nothing is broken
    """A hook cannot be written or removed; the text says why and what to do."""


def install(repository: Repository, command: Sequence[str] = (sys.executable, "-m", "byline")) -> Path:
    """Write the hook, which will run `command`; its path. Writing it again is fine. Raises HookRefused, GitError."""
    path = _path(repository)
    if os.path.lexists(path) and not _is_ours(path):
        raise HookRefused(
            f"There is a {NAME} hook already, and it stays as it is. Add this line to {path}: {_line(command)}"
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{_MARK}\n{_line(command)}\nexit 0\n", "utf-8")
    path.chmod(0o755)
    return path


def uninstall(repository: Repository) -> Path | None:
    """Remove the hook; its path, None where there was none. Raises HookRefused for somebody else's, GitError."""
    path = _path(repository)
    if not os.path.lexists(path):
        return None
    if not _is_ours(path):
        raise HookRefused(f"The hook {path} is not Byline's, so it stays; edit it by hand.")
    path.unlink()
    return path


def fill(gatherer: Gatherer, file: Path) -> bool:
    """Put the likeliest message into `file`, in which git prepares one; False where a message stands there already.

    Raises GitError, OSError.
    """
    data = read_small(file, _LARGEST)
    if data is None:
        return False
    text = data.decode("utf-8", "surrogateescape")
    form: Form = gatherer.form(text)
    if not gatherer.is_untouched(text, form):
        return False
    material = gatherer.buffer(text, form.comment)
    for candidate in material.offline:
        edits = insertions(Buffer(text, form), candidate.message, material.rules, untouched=True)
        if edits is not None:
            file.write_bytes(apply(text, edits).encode("utf-8", "surrogateescape"))
            return True
    return False


def _path(repository: Repository) -> Path:
    """Where git looks for the hook, as long as no configuration has it look elsewhere."""
    elsewhere = repository.runner.config().get("core.hookspath")
    if elsewhere:
        raise HookRefused(
            f"This repository's hooks are in {elsewhere} (core.hooksPath), which something else looks after; add this "
            f"line to its {NAME} hook: {_line((sys.executable, '-m', 'byline'))}"
        )
    return repository.common_dir / "hooks" / NAME


def _line(command: Sequence[str]) -> str:
    program = shlex.quote(command[0])
    return f'test -z "$2" && test -x {program} && {shlex.join(command)} message --fill "$1" 2>/dev/null </dev/null || :'


def _is_ours(path: Path) -> bool:
    data = None if path.is_symlink() else read_small(path)
    return data is not None and _MARK.encode() in data
