"""A header in the form `type(scope): subject`, and what a type that is written otherwise means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.places import Place
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Rule, Rules

_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "bug": "fix",
        "bugfix": "fix",
        "bugs": "fix",
        "dep": "build",
        "deps": "build",
        "dependencies": "build",
        "doc": "docs",
        "documentation": "docs",
        "feature": "feat",
        "features": "feat",
        "fixed": "fix",
        "fixes": "fix",
        "format": "style",
        "formatting": "style",
        "hotfix": "fix",
        "optimisation": "perf",
        "optimization": "perf",
        "performance": "perf",
        "readme": "docs",
        "refact": "refactor",
        "refactoring": "refactor",
        "refacto": "refactor",
        "testing": "test",
        "tests": "test",
    }
)
_NEARLY = re.compile(
    r"\s{0,9}\[?(?P<type>\w{1,30})\]?\s{0,3}(?:\((?P<scope>[^()]{1,60})\))?\s{0,3}(?P<mark>!)?\s{0,3}(?::|\]|\s[-–—]\s)\s{0,9}(?P<subject>\S.*)",
    re.DOTALL,
)
_MAX_SHOWN = 60


def nearest_type(written: str, rules: Rules) -> str | None:
    """The allowed type that `written` certainly means; `written` in lower case where any type is allowed."""
    folded = written.casefold()
    if not rules.types:
        return folded
    same = (name for name in rules.types if name.casefold() == folded)
    meant = _MEANT.get(folded)
    return next(same, meant if meant in rules.types else None)


def put_in_form(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A header that nearly has the form `type(scope): subject` put into it."""
    match = _NEARLY.fullmatch(message.header.text) if message.header else None
    if not match or not message.header or rule.always:
        return
    type_ = nearest_type(match["type"], rules)
    if not type_ or (rules.types and type_ not in rules.types):
        return
    scope = f"({match['scope']})" if match["scope"] else ""
    text = f"{type_}{scope}{match['mark'] or ''}: {match['subject'].rstrip()}"
    yield Fix(f"Write “{shown(text)}”", (whole(message.header, text),))


def whole(part: Part, text: str) -> Edit:
    """The edit that puts `text` in the place of all of `part`."""
    return Edit(part.start, part.end, text)


def shown(text: str) -> str:
    """`text` for a title: at most 60 characters."""
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1].rstrip()}…"
