"""How long a HEAD log is, for a moment at which nothing else can be asked yet."""

from __future__ import annotations

from pathlib import Path

from byline.git.discovery import find
from byline.git.errors import GitError


def log_size(path: Path) -> int | None:
    """How many bytes the HEAD log of the repository around `path` has; None without a repository. Starts no process."""
    try:
        return (find(path).git_dir / "logs" / "HEAD").stat().st_size
    except FileNotFoundError:
        return 0
    except (GitError, OSError):
        return None
