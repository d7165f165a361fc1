"""The style of a repository: what its last commits teach about types, scopes and wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from heapq import nlargest
from math import exp, log
from operator import itemgetter

from byline.commit_messages.message import Message
from byline.commit_messages.style.before import Before
from byline.commit_messages.style.content import past_contents
from byline.commit_messages.style.features import ChangedFile, Features, path_features
from byline.commit_messages.style.habits import Habits
from byline.commit_messages.style.prior import prior
from byline.commit_messages.style.scopes import Scopes
from byline.commit_messages.style.softmax import Example, Softmax, log_softmax
from byline.git.history import PastCommit, recent_commits
from byline.git.repository import Repository

LEARNED_FROM = 1_000
"""Commits that a style is learned from: more teach hardly anything."""

_PROGRAMS = re.compile(
    r"\[bot\]|\b(?:renovate|dependabot|greenkeeper|mergify|github-actions|semantic-release)\b|[-.\s]bot\b",
    re.IGNORECASE,
)
_REPORTS = ("Merge ", "Revert ", "fixup!", "squash!", "amend!")
_MOST_TYPES = 12
_FEWEST_EXAMPLES = 30
_WIDE = 25  # files
_NEAREST = 3  # commits that have a say on the scope
_NEAR_WEIGHT = 0.8
_PRIOR_WEIGHT = 0.15  # of the weights that come along, beside a repository's own of a thousand commits
_USUAL_WEIGHT = 1.0  # how much of what is common elsewhere is taken back
_MOST_AUTHORS = 20  # that are remembered by name, the latest first
_HALF = 60.0  # commits at which the repository's own voice counts half
_UNSEEN = log(0.002)
_SHARPNESS = 0.9  # the two agree partly because they saw the same: together they are a little too sure


Contents = Callable[[Sequence[str]], Mapping[str, Features]]
"""Tells what earlier commits (ids, newest first) changed, as features; of those that it can tell."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What one earlier commit teaches."""

    commit: PastCommit
    type: str
    scope: str


class Style:
    """How a repository words its commits. Immutable once made; thread-safe."""

    def __init__(
        self, commits: Sequence[PastCommit], weights: Softmax | None = None, contents: Contents | None = None
    ) -> None:
        """From `commits`, newest first. Those of programs, and merges and reverts, teach nothing.

        `weights` are some that nearly the same commits taught; without, they are learned, which takes most of the time,
        from what `contents` tells, too, if that is given. Raises what `contents` does.
        """
        told = [commit for commit in commits if _is_persons(commit)]
        self.habits = Habits.of([commit.message for commit in told])
        self.authors = tuple(dict.fromkeys(commit.author for commit in told))[:_MOST_AUTHORS]
        self.taught = tuple(taught for commit in told if (taught := _taught(commit)))
        self.types = Counter(taught.type for taught in self.taught)
        self._scopes = Scopes()
        self._before = Before()
        self._nearest = lru_cache(maxsize=8)(self._found_nearest)  # asked anew for each type
        known = contents(self._readable()) if contents and weights is None else {}
        examples: list[Example] = []
        for taught in reversed(self.taught):
            files, author = taught.commit.files, taught.commit.author
            if weights is None:
                features = {**self._features(files, author), **known.get(taught.commit.oid, {})}
                examples.append((features, taught.type))
            self._scopes.remember(files, taught.type, taught.scope)
            self._before.remember(files, author, taught.type)
        self.weights = weights or self._learned(examples)

    @classmethod
    def of(cls, repository: Repository) -> Style:
        """The style of what HEAD has; of an empty history, what is usual. Blocks. Raises GitError."""
        head = repository.head().oid
        commits = recent_commits(repository, head, LEARNED_FROM) if head else []
        return cls(commits, contents=partial(past_contents, repository))

    def type_odds(
        self, files: Sequence[ChangedFile], author: str, signs: Features, allowed: Sequence[str] = ()
    ) -> dict[str, float]:
        """How likely each type is for a change to `files` by `author` whose content has `signs`; adds up to 1.

        Only types that are `allowed` (empty: those that the repository uses, and the usual ones while it is young).
        """
        elsewhere = prior().signs.log_odds(signs)
        common = prior().usual
        count = len(self.taught)
        own = self.weights.log_odds({**self._features(files, author), **signs}) if self.weights else {}
        voice = count / (count + _HALF) if own else 0.0
        weight = 1.0 - (1.0 - _PRIOR_WEIGHT) * voice
        types = list(allowed) or ([*own] if voice > 0.5 else list(dict.fromkeys([*own, *elsewhere])))
        scores = [
            voice * own.get(name, _UNSEEN)
            + weight * (elsewhere.get(name, _UNSEEN) - _USUAL_WEIGHT * voice * common.get(name, _UNSEEN))
            for name in types
        ]
        logs = log_softmax([score * _SHARPNESS for score in scores])
        return dict(
            sorted(((n, exp(x)) for n, x in zip(types, logs, strict=True)), key=lambda pair: (-pair[1], pair[0]))
        )

    def scope_odds(self, files: Sequence[ChangedFile], types: Mapping[str, float]) -> dict[str, float]:
        """How likely each scope is, "" standing for none, if the type is one of `types` with these odds; adds up to 1.

        A few commits that changed much the same have a say, as much as they are near: each file alone knows little of
        what a change of several is called.
        """
        odds = dict(self._scopes.odds(files, types))
        near = self._nearest(_paths(files), _NEAREST)
        whole = sum(nearness for nearness, _ in near)
        for nearness, taught in near if whole else ():
            share = _NEAR_WEIGHT * near[0][0] * nearness / whole
            odds[taught.scope] = odds.get(taught.scope, 0.0) + share
        total = sum(odds.values())
        return dict(sorted(((s, p / total) for s, p in odds.items()), key=lambda pair: (-pair[1], pair[0])))

    def last_types(self, files: Sequence[ChangedFile]) -> Counter[str]:
        """How many of `files` were last changed by a commit of each type."""
        return self._before.types_of(files)

    def nearest(self, files: Sequence[ChangedFile], count: int) -> list[PastCommit]:
        """The earlier commits that changed most of the same files and folders, newest of equals first."""
        return [taught.commit for _, taught in self._nearest(_paths(files), count)]

    def _found_nearest(self, paths: frozenset[str], count: int) -> list[tuple[float, Taught]]:
        """The same with how near they are: 0 to 0.6, which are the same files."""
        folders = {path.rpartition("/")[0] for path in paths}

        def near(commit: PastCommit) -> float:
            same = sum(file.path in paths for file in commit.files)
            beside = sum(file.path.rpartition("/")[0] in folders for file in commit.files)
            return (same + 0.2 * beside) / (len(commit.files) + len(paths))

        return nlargest(count, ((near(one.commit), one) for one in self.taught), key=itemgetter(0))

    def _features(self, files: Sequence[ChangedFile], author: str) -> Features:
        return {**path_features(files, author), **self._before.features(files, author)}

    def _readable(self) -> list[str]:
        """The commits whose content is worth being read: that of a wide one takes long and says little."""
        return [taught.commit.oid for taught in self.taught if len(taught.commit.files) <= _WIDE]

    def _learned(self, examples: Sequence[Example]) -> Softmax | None:
        if len(examples) < _FEWEST_EXAMPLES:
            return None
        classes = [name for name, count in self.types.most_common(_MOST_TYPES) if count > 1]
        return Softmax.learned(examples, classes) if len(classes) > 1 else None


def _paths(files: Sequence[ChangedFile]) -> frozenset[str]:
    return frozenset(file.path for file in files)


def _is_persons(commit: PastCommit) -> bool:
    return not _PROGRAMS.search(commit.author) and not commit.message.startswith(_REPORTS)


def _taught(commit: PastCommit) -> Taught | None:
    """What a commit with a conventional header teaches; its first line only, whatever else it holds."""
    first = commit.message.lstrip("\n").partition("\n")[0][:500]
    message = Message.of(first)
    if not commit.files or message.type is None or message.subject is None:
        return None
    return Taught(commit, message.type.text.lower()[:30], (message.scope.text if message.scope else "").strip()[:60])
