"""What mends a type or a scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from byline.commit_messages.lint.case import in_case
from byline.commit_messages.lint.checks import foreign_delimiters, has_allowed_case
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.form import REST, above, first_types, in_form, is_trailer, nearest_type
from byline.commit_messages.lint.likeness import nearest
from byline.commit_messages.lint.places import Place
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Cases, Rule, Rules

_PLAIN_CASES = ("lower-case", "kebab-case", "snake-case", "camel-case", "sentence-case", "upper-case")
_MAX_NEAR = 6


def type_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A type before the subject, or a header without one."""
    header = message.header
    if not header:
        return
    if rule.always:
        if message.subject:
            yield Fix("Remove the type", (Edit(header.start, message.subject.start, ""),))
        return
    yield from in_form(message, rule, rules, place)


def type_enum(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """One of the allowed types: the one that is meant, one that is spelled alike, any."""
    part = message.type
    if not part:
        return
    if message.header and is_trailer(message.header):
        yield from above(message, message.header, rules)
        return
    if (meant := nearest_type(part.text, rules)) and meant != part.text:
        yield _renamed(part, meant)
    near = nearest(part.text.lower(), rules.types)
    for name in dict.fromkeys((*near[:2], *first_types(rules), *near)):
        yield _renamed(part, name, certain=False)


def type_case(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The type in a case that is allowed."""
    if message.type and message.header and not is_trailer(message.header):
        yield from (_renamed(message.type, text) for text in _cased(message.type.text, rule))
    yield from type_enum(message, rule, rules, place)


def scope_case(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The scope in a case that is allowed, segment by segment."""
    if not message.scope:
        return
    marks = "|".join(re.escape(mark) for mark in rule.value.delimiters)
    pieces = re.split(f"({marks})", message.scope.text)
    for name in _candidate_cases(rule.value):
        text = "".join(piece if re.fullmatch(marks, piece) else in_case(piece, name) for piece in pieces)
        if text:
            yield _renamed(message.scope, text)
    yield from scope_enum(message, rule, rules, place)


def scope_enum(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """An allowed scope, the one that is spelled most alike first, or none."""
    scope = message.scope
    if not scope:
        return
    for name in rules.scopes:
        if name.casefold() == scope.text.casefold():
            yield _renamed(scope, name)
    for name in nearest(scope.text, rules.scopes)[:_MAX_NEAR]:
        yield _renamed(scope, name, certain=False)
    yield from without_scope(message, rule, rules, place)
    yield Fix(f"Write `{REST}`, to be completed", (Edit(scope.start, scope.end, REST),), certain=False)


def scope_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """No scope, or one of those that are allowed."""
    if rule.always:
        yield from without_scope(message, rule, rules, place)
    elif message.type:
        end = message.type.end
        around = message.source[end : end + 2] == "()"
        for name in rules.scopes or (REST,):
            title = f"Add the scope `{name}`" if rules.scopes else f"Add a scope: `({REST})`, to be completed"
            yield Fix(title, (Edit(end, end + 2 * around, f"({name})"),), certain=False)
    elif message.header:
        yield from in_form(message, rule, rules, place)


def scope_delimiters(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The scope with delimiters that are allowed."""
    if message.scope and rule.always and rule.value:
        text = message.scope.text
        for mark in foreign_delimiters(text, rule.value):
            text = text.replace(mark, rule.value[0])
        yield _renamed(message.scope, text)
    elif message.scope and rule.value:
        text = message.scope.text
        for mark in rule.value:
            text = text.replace(mark, "-")
        yield _renamed(message.scope, text)
    yield from scope_enum(message, rule, rules, place)


def without_scope(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The header without its scope."""
    scope = message.scope
    around = message.source[scope.start - 1 : scope.end + 1] if scope else ""
    if scope and around == f"({scope.text})":
        yield Fix("Remove the scope", (Edit(scope.start - 1, scope.end + 1, ""),))


def _renamed(part: Part, text: str, *, certain: bool = True) -> Fix:
    return Fix(f"Write `{text}`", (Edit(part.start, part.end, text),), certain)


def _candidate_cases(cases: Cases) -> Iterable[str]:
    return dict.fromkeys((*(case.name for case in cases.cases if case.always), *_PLAIN_CASES))


def _cased(text: str, rule: Rule) -> Iterator[str]:
    """`text` in the cases that keep the rule."""
    for name in _candidate_cases(rule.value):
        changed = in_case(text, name)
        if changed not in ("", text) and has_allowed_case(changed, rule):
            yield changed
