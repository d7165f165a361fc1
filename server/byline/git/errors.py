"""What can go wrong with git, each as one sentence that says what to do."""

# ruff: noqa: N818  -- the names say what happened

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 500


class GitError(Exception):
    """Anything that git, or the way to it, refuses. `problem` is one sentence for a person."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotARepository(GitError):
    """No git repository holds the path."""


class UnsafeRepository(NotARepository):
    """Not a repository that may be opened: it belongs to somebody else, and the person has not said that it is safe."""


class GitMissing(GitError):
    """No git executable was found."""


class GitTooOld(GitError):
    """The git that was found is older than the oldest one that Byline understands."""


class CommandFailed(GitError):
    """A git command ended with another exit code than expected; `code` is None when it had to be ended."""

    def __init__(self, command: Sequence[str], code: int | None, stderr: bytes, reason: str = "") -> None:
        self.command = tuple(command)
        self.code = code
        self.stderr = stderr
        why = reason or _printable(stderr) or "it gave no reason"
        ending = f"with exit code {code}" if code is not None else "and was ended"
        super().__init__(f"`git {command[0] if command else ''}` failed {ending}: {why}")


class UnknownRevision(GitError):
    """A revision names no commit."""


class NoRange(GitError):
    """What was given as a range of commits is none."""


class NoSuchPath(GitError):
    """A commit has no file at a path."""


class RefMoved(GitError):
    """A ref was moved by somebody else between reading and writing it. Read it again and retry."""


class ObjectTooLarge(GitError):
    """An object is larger than the caller is prepared to read."""

    def __init__(self, oid: str, size: int, limit: int) -> None:
        self.oid = oid
        self.size = size
        self.limit = limit
        super().__init__(f"Object {oid} has {size} bytes, more than the {limit} that are read; it is left out.")


def _printable(stderr: bytes) -> str:
    """The first telling line of what git said, without control characters."""
    for line in stderr[:20_000].decode("utf-8", "replace").splitlines():
        text = "".join(c if c.isprintable() else " " for c in line).strip()
        if text:
            return text[:_LONGEST]
    return ""
