"""What mends a broken rule: for each rule the fixes that a person is offered, the most fitting first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from byline.commit_messages.lint import header_fixes as header
from byline.commit_messages.lint import line_fixes as line
from byline.commit_messages.lint import name_fixes as named
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.form import put_in_form
from byline.commit_messages.lint.places import Place
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Rule, Rules

_MAX_FIXES = 8

_Mend = Callable[[Message, Rule, Rules, Place], Iterator[Fix]]


def fixes(message: Message, name: str, rules: Rules, place: Place) -> tuple[Fix, ...]:
    """What mends the rule of this name, which `message` breaks at `place`; empty where only a person can tell."""
    mend = _MENDS.get(name)
    if not mend:
        return ()
    found: dict[tuple[Edit, ...], Fix] = {}
    for fix in mend(message, rules.rules[name], rules, place):
        found.setdefault(fix.edits, fix)
        if len(found) == _MAX_FIXES:
            break
    return tuple(found.values())


_MENDS: Mapping[str, _Mend] = MappingProxyType(
    {
        "header-trim": header.trimmed,
        "header-max-length": header.shortened,
        "subject-max-length": header.shortened,
        "header-full-stop": header.full_stop,
        "subject-full-stop": header.full_stop,
        "header-case": header.recased,
        "subject-case": header.recased,
        "subject-empty": put_in_form,
        "subject-exclamation-mark": header.exclamation_mark,
        "breaking-change-exclamation-mark": header.breaking_change,
        "type-case": named.type_case,
        "type-enum": named.type_enum,
        "type-empty": named.type_empty,
        "type-max-length": named.type_enum,
        "type-min-length": named.type_enum,
        "scope-case": named.scope_case,
        "scope-enum": named.scope_enum,
        "scope-empty": named.scope_empty,
        "scope-delimiter-style": named.scope_delimiters,
        "scope-max-length": named.without_scope,
        "scope-min-length": named.without_scope,
        "body-leading-blank": line.leading_blank("body"),
        "footer-leading-blank": line.leading_blank("footer"),
        "body-max-line-length": line.wrapped("body"),
        "footer-max-line-length": line.wrapped("footer"),
        "body-empty": line.emptied("body"),
        "footer-empty": line.emptied("footer"),
        "body-full-stop": line.full_stop,
        "body-case": line.recased,
        "references-empty": line.reference,
        "signed-off-by": line.trailer,
        "trailer-exists": line.trailer,
    }
)
