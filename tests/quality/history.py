"""Real commits as test cases: what people wrote, and the change that they wrote it about.

The newest commits of a repository are the test; a style is learned only from what came before them, as it would have
been at the time. Left out, by rules that look at the commit alone: those of programs, merges, reverts, releases and
mere dependency updates, whose messages a program writes, too; repeated subjects; and messages that are not
conventional, as they name no type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from byline.commit_messages.style.content import past_contents
from byline.commit_messages.style.features import Features
from byline.commit_messages.style.style import LEARNED_FROM, Style
from byline.git.history import PastCommit, recent_commits
from byline.git.repository import Repository

RELEARNED_EVERY = 20
"""Commits for which weights hold; in an editor they are learned anew, aside, after each."""

_HEADER = re.compile(r"(\w+)(?:\(([^()]*)\))?!?: (\S.*)")
_PROGRAM = re.compile(r"\[bot\]|renovate|dependabot|bot@|-bot\b|github-actions|semantic-release|mergify", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:bump|update|upgrade)\b.*(?:\bto v?\d|dependenc|deps)|v?\d+\.\d+|release\b|lock file", re.IGNORECASE
)
_SERVICE_TYPES = frozenset({"release", "bump", "revert"})
_SERVICE_SCOPES = frozenset({"deps", "deps-dev", "release"})
_PULL_REQUEST = re.compile(r"\s*\(#\d+\)\s*$")


@dataclass(frozen=True, slots=True)
class Case:
    """A commit, what its author chose, and the style of what came before."""

    commit: PastCommit
    type: str
    scope: str
    subject: str
    style: Style


def cases(repository: Repository, most: int, *, styled: bool = True) -> Iterator[Case]:
    """The newest `most` cases of a repository, newest first; without `styled`, with the style of no history.

    As in an editor, a style knows all that came before, and its weights hold for some commits.
    """
    head = repository.resolve("HEAD")
    commits = recent_commits(repository, head, most * 6 + LEARNED_FROM)
    chosen = _chosen(commits, most)
    contents = _Contents(repository)
    for _, group in groupby(enumerate(chosen), key=lambda pair: pair[0] // RELEARNED_EVERY):
        batch = [at for _, at in group]
        oldest = batch[-1] + 1
        learned = Style(commits[oldest : oldest + LEARNED_FROM], contents=contents.of) if styled else Style(())
        for at in batch:
            style = Style(commits[at + 1 : at + 1 + LEARNED_FROM], learned.weights) if learned.weights else learned
            type_, scope, subject = _header(commits[at].message) or ("", "", "")
            yield Case(commits[at], type_, scope, subject, style)


class _Contents:
    """What commits changed, each read once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._read: dict[str, Features] = {}
        self._asked: set[str] = set()

    def of(self, commits: Sequence[str]) -> Mapping[str, Features]:
        self._read |= past_contents(self._repository, [commit for commit in commits if commit not in self._asked])
        self._asked.update(commits)
        return {commit: self._read[commit] for commit in commits if commit in self._read}


def _chosen(commits: list[PastCommit], most: int) -> list[int]:
    chosen: list[int] = []
    seen: set[str] = set()
    for at, commit in enumerate(commits[: most * 6]):
        header = _header(commit.message)
        if header is None or not commit.files or _PROGRAM.search(commit.author) or header[2] in seen:
            continue
        type_, scope, subject = header
        if type_ in _SERVICE_TYPES or scope in _SERVICE_SCOPES or _UPDATE.match(subject):
            continue
        seen.add(subject)
        chosen.append(at)
        if len(chosen) == most:
            break
    return chosen


def _header(message: str) -> tuple[str, str, str] | None:
    match = _HEADER.fullmatch(message.lstrip("\n").partition("\n")[0].strip())
    return (match[1].lower(), (match[2] or "").strip(), _PULL_REQUEST.sub("", match[3])) if match else None
