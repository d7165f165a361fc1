"""Finished messages for a change, without a model: three candidates, each with what speaks for it.

Generate, check, repair, check: what does not pass the repository's rules never leaves. Where nothing is sure, the
confidence says so; it is the probability, learned from the repository's own past, that type and scope are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byline.commit_messages.assistance import Assistance, assistance_trailers
from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.digest.signs import signs
from byline.commit_messages.issue_key import branch_type
from byline.commit_messages.message import Message
from byline.commit_messages.offline.drafts import Drafts
from byline.commit_messages.offline.names import safe_name
from byline.commit_messages.offline.reasons import of_scope, of_type, what
from byline.commit_messages.rules import Rules
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.types import known_type
from byline.commit_messages.templates import Template
from byline.git.operation import Operation

COUNT = 3
"""How many candidates there are at most."""

_SURE = 0.95  # of a type: then the alternatives differ in scope and not in type
_BRANCH_COUNTS = 4.0  # how much likelier a type is when the branch is called after it

WRITTEN_BY_GIT = frozenset({Operation.MERGE, Operation.REVERT, Operation.CHERRY_PICK})
"""What commits git itself words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished message. `type` and `scope` are None where it has none.

    `confidence`, 0 to 1, is the probability that both are what a person would choose. `reasons` are sentences.
    `plugin` is the name of the plug-in that wrote it, None where Byline or a model did; `objections` are what the
    checks of plug-ins say of it, in sentences.
    """

    message: str
    type: str | None
    scope: str | None
    confidence: float
    reasons: tuple[str, ...]
    plugin: str | None = None
    objections: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """All that there is to say of it: what speaks for it, then what is said against it."""
        return (*self.reasons, *self.objections)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What is likely, with probabilities, the likeliest first: types, and scopes of the first type ("" for none)."""

    types: dict[str, float]
    scopes: dict[str, float]


def candidates(
    digest: Digest,
    style: Style,
    rules: Rules,
    branch: str | None = None,
    *,
    author: str = "",
    assistance: Assistance = Assistance.OFF,
    template: Template | None = None,
) -> tuple[Candidate, ...]:
    """At most three messages for the change, the likeliest first; each passes `rules` and names only what is in it.

    `branch` is the full ref of HEAD, `author` is `name <mail>` as git would commit. `assistance` says how recorded AI
    sessions are credited; a `template` gives messages another form. Empty where nothing is staged, and for merges,
    picks and reverts: git writes their messages.
    Raises byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    if not digest.files or digest.change.operation in WRITTEN_BY_GIT:
        return ()
    ranked = ranking(digest, style, rules, branch, author=author)
    is_typed = rules.conventional or style.habits.conventional
    trailers = assistance_trailers(digest.behind, assistance)
    drafts = Drafts(digest, style.habits, rules, branch, trailers, template)
    written: dict[str, Candidate] = {}
    for type_, scope, odds in _choices(digest, style, rules, ranked):
        message = drafts.first_valid(type_, scope, is_typed=is_typed)
        if message is None or message in written:
            continue
        read = Message.of(message, rules.grammar)  # what is left of them, should they have had to be mended
        said = (read.type, read.scope) if is_typed else (None, None)  # `core: add` names no type where there are none
        said_type, said_scope = (part.text if part else None for part in said)
        is_said = said_type is not None and said_type.lower() == type_.lower()
        why = [*of_type(digest, style, branch, ranked.types, type_)] if is_said else []
        why += of_scope(ranked.scopes, scope) if said_scope == scope else []
        written[message] = Candidate(message, said_type, said_scope, odds, (*why, *what(digest)))
        if len(written) == COUNT:
            break
    return tuple(written.values())


def unkept(
    digest: Digest, style: Style, rules: Rules, branch: str | None = None, *, template: Template | None = None
) -> tuple[str, ...]:
    """The rules that only a person can keep in a message for this change, where there are no candidates for that."""
    if not digest.files or digest.change.operation in WRITTEN_BY_GIT:
        return ()
    ranked = ranking(digest, style, rules, branch)
    drafts = Drafts(digest, style.habits, rules, branch, (), template)
    type_, scope, _ = next(_choices(digest, style, rules, ranked))
    drafts.first_valid(type_, scope, is_typed=rules.conventional or style.habits.conventional)
    return drafts.unkept


def ranking(digest: Digest, style: Style, rules: Rules, branch: str | None = None, *, author: str = "") -> Ranking:
    """How likely each type and scope is for a change: for candidates, and for completion while a person types."""
    odds = style.type_odds(
        digest.files, author, signs(digest), [name for name in rules.types if safe_name(name) == name]
    )
    named = branch_type(branch)
    if named:
        odds = {name: p * (_BRANCH_COUNTS if known_type(name) == named else 1.0) for name, p in odds.items()}
    whole = sum(odds.values())
    types = {name: p / whole for name, p in sorted(odds.items(), key=lambda pair: -pair[1]) if name != "revert"}
    return Ranking(types, _scopes(digest, style, rules, next(iter(types), "")))


def _scopes(digest: Digest, style: Style, rules: Rules, type_: str) -> dict[str, float]:
    """How likely each scope is for a change of this type."""
    found = style.scope_odds(digest.telling, {type_: 1.0})
    return {
        s: p for s, p in found.items() if not s or (_is_safe_scope(s) and (not rules.scopes or s in rules.scopes))
    } or {"": 1.0}


def _is_safe_scope(scope: str) -> bool:
    return len(scope) <= 40 and all(safe_name(part) == part for part in scope.replace(", ", ",").split(","))


def _choices(digest: Digest, style: Style, rules: Rules, ranked: Ranking) -> Iterator[tuple[str, str, float]]:
    """Types with their scopes in the order in which they are tried, the likeliest first, and the probability of both.

    Each type comes with its likeliest scope only, but for one that is sure. Scopes of a type are looked for only when
    it may be its turn: it is never likelier with a scope than without regard to it.
    """
    waiting: list[tuple[str, str, float]] = []
    for at, (type_, odds) in enumerate(ranked.types.items()):
        while waiting and waiting[0][2] >= odds:
            yield waiting.pop(0)
        scopes = ranked.scopes if at == 0 else _scopes(digest, style, rules, type_)
        whole = sum(scopes.values())
        kept = list(scopes.items())[: 2 if at == 0 and odds > _SURE else 1]
        waiting += [(type_, scope, odds * share / whole) for scope, share in kept]
        waiting.sort(key=lambda choice: -choice[2])
    yield from waiting
