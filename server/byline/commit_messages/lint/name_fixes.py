"""What mends a type or a scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from byline.commit_messages.lint.case import in_case
from byline.commit_messages.lint.checks import foreign_delimiters, has_allowed_case
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.form import nearest_type, put_in_form
from byline.commit_messages.lint.places import Place
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Cases, Rule, Rules

_OFFERED = ("feat", "fix", "docs", "refactor", "test")
_PLAIN_CASES = ("lower-case", "kebab-case", "snake-case", "camel-case", "sentence-case", "upper-case")
_MAX_CLOSE = 3
_MAX_COMPARED = 300
_MAX_NAME = 40


def type_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A type before the subject, or a header without one."""
    header = message.header
    if not header:
        return
    if rule.always:
        if message.subject:
            yield Fix("Remove the type", (Edit(header.start, message.subject.start, ""),))
        return
    yield from put_in_form(message, rule, rules, place)
    if not message.subject:
        for name in _first_types(rules):
            yield Fix(f"Begin with `{name}: `", (Edit(header.start, header.start, f"{name}: "),), certain=False)


def type_enum(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """One of the allowed types: the one that is meant, one that is spelled alike, any."""
    part = message.type
    if not part:
        return
    if (meant := nearest_type(part.text, rules)) and meant != part.text:
        yield _renamed(part, meant)
    for name in dict.fromkeys((*_close(part.text.lower(), rules.types), *_first_types(rules))):
        yield _renamed(part, name, certain=False)


def type_case(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The type in a case that is allowed."""
    if message.type:
        yield from (_renamed(message.type, text) for text in _cased(message.type.text, rule))


def scope_case(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The scope in a case that is allowed, segment by segment."""
    if not message.scope:
        return
    marks = "|".join(re.escape(mark) for mark in rule.value.delimiters)
    pieces = re.split(f"({marks})", message.scope.text)
    for name in _candidate_cases(rule.value):
        text = "".join(piece if re.fullmatch(marks, piece) else in_case(piece, name) for piece in pieces)
        yield _renamed(message.scope, text)


def scope_enum(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """An allowed scope that is spelled alike, or none."""
    if message.scope and rule.always:
        written = message.scope.text
        for name in rules.scopes:
            if name.casefold() == written.casefold():
                yield _renamed(message.scope, name)
        for name in _close(written, rules.scopes):
            yield _renamed(message.scope, name, certain=False)
    yield from without_scope(message, rule, rules, place)


def scope_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """No scope, or one of those that are allowed."""
    if rule.always:
        yield from without_scope(message, rule, rules, place)
    elif message.type:
        end = message.type.end
        for name in rules.scopes:
            yield Fix(f"Add the scope `{name}`", (Edit(end, end, f"({name})"),), certain=False)


def scope_delimiters(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The scope with delimiters that are allowed."""
    if message.scope and rule.always and rule.value:
        text = message.scope.text
        for mark in foreign_delimiters(text, rule.value):
            text = text.replace(mark, rule.value[0])
        yield _renamed(message.scope, text)


def without_scope(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The header without its scope."""
    scope = message.scope
    around = message.source[scope.start - 1 : scope.end + 1] if scope else ""
    if scope and around == f"({scope.text})":
        yield Fix("Remove the scope", (Edit(scope.start - 1, scope.end + 1, ""),))


def _close(written: str, names: tuple[str, ...]) -> list[str]:
    """Those of `names` that are spelled much like `written`; comparing takes time, so only some are tried."""
    tried = [name for name in names[:_MAX_COMPARED] if len(name) <= _MAX_NAME]
    return get_close_matches(written[:_MAX_NAME], tried, _MAX_CLOSE)


def _renamed(part: Part, text: str, *, certain: bool = True) -> Fix:
    return Fix(f"Write `{text}`", (Edit(part.start, part.end, text),), certain)


def _first_types(rules: Rules) -> Iterable[str]:
    """The types that are offered first, of those that are allowed."""
    known = [name for name in _OFFERED if name in rules.types]
    return dict.fromkeys((*known, *rules.types[: len(_OFFERED)])) if rules.types else _OFFERED


def _candidate_cases(cases: Cases) -> Iterable[str]:
    return dict.fromkeys((*(case.name for case in cases.cases if case.always), *_PLAIN_CASES))


def _cased(text: str, rule: Rule) -> Iterator[str]:
    """`text` in the cases that keep the rule."""
    for name in _candidate_cases(rule.value):
        changed = in_case(text, name)
        if changed not in ("", text) and has_allowed_case(changed, rule):
            yield changed
