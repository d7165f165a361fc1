"""The key of the issue that a branch is about, where its name says so beyond doubt."""

from __future__ import annotations

import re

_TRACKER = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6})(?![A-Za-z0-9])")
_WORD = re.compile(r"(?:^|[/_-])(?:issues?|gh|bug|ticket)[/_#-]?([1-9]\d{0,6})(?![A-Za-z0-9.])", re.IGNORECASE)
_NUMBER = re.compile(r"(?:^|/)([1-9]\d{0,6})-[a-z]")
_NOT_TRACKERS = frozenset(
    {"UTF", "ISO", "SHA", "RFC", "CVE", "PEP", "HTTP", "TLS", "ES", "MD", "CP", "AES", "RSA", "GPT"}
)

_TYPES = {
    "feat": "feat", "feature": "feat", "features": "feat", "fix": "fix", "bugfix": "fix", "hotfix": "fix", "bug": "fix",
    "docs": "docs", "doc": "docs", "chore": "chore", "refactor": "refactor", "perf": "perf", "test": "test",
    "tests": "test", "ci": "ci", "build": "build", "style": "style",
}  # fmt: skip


def issue_key(branch: str | None) -> str | None:
    """`ABC-123`, or `#123`, from the full ref of a branch; None where it names no issue, or more than one.

    Trackers' keys anywhere (`feature/ABC-123-login`); plain numbers as GitHub and GitLab name branches
    (`123-login`), and after a word (`issue-123`, `gh/123`).
    """
    name = short_branch(branch)
    keys = {key for key in _TRACKER.findall(name) if key.partition("-")[0] not in _NOT_TRACKERS}
    if keys:
        return keys.pop() if len(keys) == 1 else None
    numbers = {*_WORD.findall(name), *_NUMBER.findall(name)}
    return f"#{numbers.pop()}" if len(numbers) == 1 else None


def branch_type(branch: str | None) -> str | None:
    """The type that the first part of a branch's name stands for: `fix` of `fix/login` or `bugfix-login`."""
    first = re.split(r"[/_-]", short_branch(branch).lower(), maxsplit=1)
    return _TYPES.get(first[0]) if len(first) > 1 else None


def short_branch(branch: str | None) -> str:
    """The name of a branch without `refs/heads/`; empty where there is none."""
    return (branch or "").removeprefix("refs/heads/")[:200]
