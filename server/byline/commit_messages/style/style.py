"""The style of a repository: what its last commits teach about types, scopes and wording."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from heapq import nlargest
from math import exp, log
from operator import itemgetter
from types import MappingProxyType

from byline.commit_messages.message import Message
from byline.commit_messages.style.before import Before
from byline.commit_messages.style.content import past_contents
from byline.commit_messages.style.features import ChangedFile, Features, path_features
from byline.commit_messages.style.habits import Habits
from byline.commit_messages.style.leads import Lead
from byline.commit_messages.style.prior import prior
from byline.commit_messages.style.scopes import Scopes
from byline.commit_messages.style.softmax import Example, Softmax, log_softmax
from byline.commit_messages.style.types import known_type
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
_HABIT = 5  # commits from which on there is a habit
_HALF = 60.0  # commits at which the repository's own voice counts half
_RARE = 0.002  # how common a type is taken to be that nobody has seen
_UNSEEN = log(_RARE)
_YOUNG = 20.0  # commits that what is common elsewhere counts as in a history too short to learn from
_NICKNAME = 0.2  # what another name for a type counts beside the usual one, in commits
_SHARPNESS = 0.9  # the two agree partly because they saw the same: together they are a little too sure


Contents = Callable[[Sequence[str]], Mapping[str, Features]]
"""Tells what earlier commits (ids, newest first) changed, as features; of those that it can tell."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What one earlier commit teaches. `type` is in small letters, `written` as it stands in the message."""

    commit: PastCommit
    type: str
    scope: str
    written: str = ""


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
        lead = Lead.of(told)
        self.authors = tuple(dict.fromkeys(commit.author for commit in told))[:_MOST_AUTHORS]
        self._labelled = tuple(Taught(commit, "", lead.label(commit.message)) for commit in told if commit.files)
        self._labelled = self._labelled if lead.is_label else ()
        self.taught = () if lead.is_label else tuple(taught for one in told if (taught := _taught(one, lead)))
        self.types = Counter(taught.type for taught in self.taught)
        self.habits = replace(Habits.of([commit.message for commit in told], lead), written=_written(self.taught))
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
        for labelled in reversed(self._labelled):
            self._scopes.remember(labelled.commit.files, "", labelled.scope)
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

        Only types that are `allowed` (empty: those that the repository uses, and the usual ones while it is young), in
        that spelling. Of equally likely ones those come first that the repository uses, then those named first.
        """
        own = self.weights.log_odds({**self._features(files, author), **signs}) if self.weights else {}
        voice = len(self.taught) / (len(self.taught) + _HALF) if own else 0.0
        names = list(dict.fromkeys(allowed or self._names(own, is_young=voice <= 0.5)))
        heard, elsewhere, common = self._heard(names, own), prior().signs.log_odds(signs), prior().usual
        weight = 1.0 - (1.0 - _PRIOR_WEIGHT) * voice
        scores = []
        for name, share in self._shares(names).items():
            known = known_type(name) or name
            usual = common.get(known, _UNSEEN)
            there = elsewhere.get(known, _UNSEEN) + share - _USUAL_WEIGHT * voice * (usual + share)
            scores.append(voice * heard[name] + weight * there + (0.0 if own else self._shift(known, usual)))
        odds = zip(names, log_softmax([score * _SHARPNESS for score in scores]), strict=True)
        place = {name: at for at, name in enumerate(names)}
        ranked = sorted(odds, key=lambda pair: (-pair[1], -self.types[pair[0].lower()], place[pair[0]]))
        return {name: exp(score) for name, score in ranked}

    def _names(self, own: Mapping[str, float], *, is_young: bool) -> Sequence[str]:
        """The types that a message may have here, as they are written; of a young repository also the usual ones."""
        used = [*own] or [name for name, _ in self.types.most_common(_MOST_TYPES)]
        strange = sum(count for name, count in self.types.items() if known_type(name) is None)
        known = {known_type(name) for name in used}
        is_strange = len(self.taught) >= _HABIT and strange * 2 > len(self.taught)
        usual = [name for name in prior().usual if name not in known] if is_young and not is_strange else []
        return [self.habits.written.get(name, name) for name in (*used, *usual)]

    def _heard(self, names: Sequence[str], own: Mapping[str, float]) -> Mapping[str, float]:
        """What was learned of each of `names`, or else of what is another name for the same."""
        wanted = {name.lower() for name in names}
        others: dict[str | None, float] = {}
        for name, score in own.items():
            if name not in wanted:
                others[known_type(name)] = max(score, others.get(known_type(name), _UNSEEN))
        return {name: own.get(name.lower(), others.get(known_type(name) or name, _UNSEEN)) for name in names}

    def _shares(self, names: Sequence[str]) -> Mapping[str, float]:
        """The logarithm of the share that each of `names` has of all names for the same type, by how it is used."""
        counts = {name: self.types[name.lower()] + (1.0 if _is_usual(name) else _NICKNAME) for name in names}
        whole: defaultdict[str, float] = defaultdict(float)
        for name, count in counts.items():
            whole[known_type(name) or name] += count
        return {name: log(count / whole[known_type(name) or name]) for name, count in counts.items()}

    def _shift(self, known: str, usual: float) -> float:
        """How much likelier a type is here than elsewhere, by the counts of a history too short to learn more from."""
        count = sum(times for name, times in self.types.items() if (known_type(name) or name) == known)
        return log((count + _YOUNG * exp(usual)) / (len(self.taught) + _YOUNG)) - usual

    def usual_types(self) -> tuple[str, ...]:
        """The types that were used more than twice, the commonest first, as they are written here."""
        written = self.habits.written
        return tuple(written.get(name, name) for name, count in self.types.most_common(_MOST_TYPES) if count > 2)

    def scope_odds(self, files: Sequence[ChangedFile], types: Mapping[str, float]) -> dict[str, float]:
        """How likely each scope is, "" standing for none, if the type is one of `types` with these odds; adds up to 1.

        A few commits that changed much the same have a say, as much as they are near: each file alone knows little of
        what a change of several is called.
        """
        odds = dict(self._scopes.odds(files, {name.lower(): share for name, share in types.items()}))
        near = self._nearest(_paths(files), _NEAREST)
        whole = sum(nearness for nearness, _ in near)
        for nearness, taught in near if whole else ():
            share = _NEAR_WEIGHT * near[0][0] * nearness / whole
            odds[taught.scope] = odds.get(taught.scope, 0.0) + share
        total = sum(odds.values())
        return dict(sorted(((s, p / total) for s, p in odds.items()), key=lambda pair: (-pair[1], pair[0])))

    def last_types(self, files: Sequence[ChangedFile]) -> Counter[str]:
        """How many of `files` were last changed by a commit of each type, as types are written here."""
        types = self._before.types_of(files)
        return Counter({self.habits.written.get(name, name): count for name, count in types.items()})

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

        return nlargest(count, ((near(one.commit), one) for one in (*self.taught, *self._labelled)), key=itemgetter(0))

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


def _taught(commit: PastCommit, lead: Lead) -> Taught | None:
    """What a commit with a conventional header, or a known emoji, teaches; its first line only."""
    first = lead.without(commit.message).lstrip("\n").partition("\n")[0][:500]
    message = Message.of(first)
    if not commit.files:
        return None
    if message.type is None or message.subject is None:
        meant = lead.type_of(commit.message)
        return Taught(commit, meant, "") if meant else None
    type_, scope = message.type.text[:30], (message.scope.text if message.scope else "").strip()[:60]
    return Taught(commit, type_.lower(), scope, type_)


def _written(taught: Sequence[Taught]) -> Mapping[str, str]:
    """How types are written most often, where that is not in small letters."""
    forms: dict[str, Counter[str]] = {}
    for one in taught:
        forms.setdefault(one.type, Counter())[one.written or one.type] += 1
    usual = {type_: counts.most_common(1)[0][0] for type_, counts in forms.items()}
    return MappingProxyType({type_: form for type_, form in usual.items() if form != type_})


def _is_usual(name: str) -> bool:
    return known_type(name) == name.lower()
