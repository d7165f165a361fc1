"""Which git is run: one absolute path, never one that a repository could have planted."""

from __future__ import annotations

import os
import re
from pathlib import Path

from byline.git.errors import GitMissing

MINIMUM = (2, 25)

_VERSION = re.compile(rb"git version (\d+)\.(\d+)(?:\.(\d+))?")


def find_git(avoid: Path | None = None, chosen: Path | None = None) -> Path:
    """The absolute path of the git executable.

    `chosen` is the person's own setting and wins. Otherwise the first one in PATH is taken; entries that are relative,
    or inside `avoid` (the repository), are passed over, as they could hold somebody else's program.
    Raises GitMissing.
    """
    if chosen is not None:
        if chosen.is_absolute() and os.access(chosen, os.X_OK):
            return chosen
        raise GitMissing(f"{chosen} is not an executable with an absolute path; correct `git.path`.")
    name = "git.exe" if os.name == "nt" else "git"
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = Path(entry, name)
        if not candidate.is_absolute() or not candidate.is_file() or not os.access(candidate, os.X_OK):
            continue
        if avoid is None or not Path(os.path.realpath(entry)).is_relative_to(avoid):
            return candidate
    raise GitMissing("No git was found in PATH; install git, or set `git.path` to where it is.")


def parse_version(said: bytes) -> tuple[int, int, int]:
    """The version in what `git --version` prints; (0, 0, 0) where it says none."""
    match = _VERSION.match(said)
    if match is None:
        return (0, 0, 0)
    return (int(match[1]), int(match[2]), int(match[3] or 0))
