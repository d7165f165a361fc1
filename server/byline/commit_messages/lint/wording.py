"""What is said of a broken rule: one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from byline.commit_messages.lint.case import width
from byline.commit_messages.lint.checks import foreign_delimiters, text_of
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Cases, Rule

_MAX_LISTED = 20
_MAX_PATTERN = 200

_Sentence = Callable[[Message, Rule], str]


def sentence(message: Message, name: str, rule: Rule) -> str:
    """What `message`, which breaks the rule of this name, should be like."""
    if special := _SPECIAL.get(name):
        return special(message, rule)
    part, _, kind = name.partition("-")
    return _BY_KIND[kind](message, rule, part)


def listed(values: Iterable[str]) -> str:
    """`values` in back-quotes, at most 20 of them."""
    known = list(values)
    shown = ", ".join(f"`{value}`" for value in known[:_MAX_LISTED])
    return shown if len(known) <= _MAX_LISTED else f"{shown} and {len(known) - _MAX_LISTED} more"


def _max_length(message: Message, rule: Rule, part: str) -> str:
    return f"The {part} has {width(text_of(message, part))} characters; at most {rule.value} are allowed."


def _min_length(message: Message, rule: Rule, part: str) -> str:
    return f"The {part} has {width(text_of(message, part))} characters; at least {rule.value} are asked for."


def _line_length(message: Message, rule: Rule, part: str) -> str:
    return f"A line of the {part} may have at most {rule.value} characters; wrap it."


def _empty(message: Message, rule: Rule, part: str) -> str:
    return f"There must be no {part} here." if rule.always else f"The {part} is missing."


def _full_stop(message: Message, rule: Rule, part: str) -> str:
    return f"The {part} must {'' if rule.always else 'not '}end with `{rule.value}`."


def _case(message: Message, rule: Rule, part: str) -> str:
    cases: Cases = rule.value
    names = listed(case.name if case.always else f"not {case.name}" for case in cases.cases)
    return f"The {part} must be in {names}." if rule.always else f"The {part} must not be in {names}."


def _leading_blank(message: Message, rule: Rule, part: str) -> str:
    return f"There must be {'a' if rule.always else 'no'} blank line before the {part}."


def _type_enum(message: Message, rule: Rule) -> str:
    return f"The type must {'' if rule.always else 'not '}be one of {listed(rule.value)}."


def _scope_enum(message: Message, rule: Rule) -> str:
    return f"The scope must {'' if rule.always else 'not '}be one of {listed(rule.value.scopes)}."


def _scope_delimiters(message: Message, rule: Rule) -> str:
    allowed = listed(rule.value)
    if not rule.always:
        return f"The scope must be delimited by something else than {allowed}."
    found = listed(foreign_delimiters(text_of(message, "scope"), rule.value))
    return f"The scope may be delimited by {allowed} only, not by {found}."


def _references(message: Message, rule: Rule) -> str:
    return "The message must not refer to an issue." if rule.always else "The message must refer to an issue: `#12`."


def _signed_off(message: Message, rule: Rule) -> str:
    return f"The last line must {'' if rule.always else 'not '}begin with `{rule.value}`."


def _trailer(message: Message, rule: Rule) -> str:
    return f"The message must {'' if rule.always else 'not '}have the trailer `{rule.value}`."


def _exclamation_mark(message: Message, rule: Rule) -> str:
    return f"The header must {'' if rule.always else 'not '}mark a breaking change with `!`."


def _breaking_change(message: Message, rule: Rule) -> str:
    if not rule.always:
        return "A breaking change must not have both `!` in the header and a note `BREAKING CHANGE:`."
    return "A breaking change must have both `!` in the header and a note `BREAKING CHANGE:` in the footer."


def _match(message: Message, rule: Rule) -> str:
    pattern = rule.value.source[:_MAX_PATTERN]
    return f"The message must {'' if rule.always else 'not '}match this repository's pattern `{pattern}`."


_BY_KIND: Mapping[str, Callable[[Message, Rule, str], str]] = MappingProxyType(
    {
        "max-length": _max_length,
        "min-length": _min_length,
        "max-line-length": _line_length,
        "empty": _empty,
        "full-stop": _full_stop,
        "case": _case,
        "leading-blank": _leading_blank,
    }
)

_SPECIAL: Mapping[str, _Sentence] = MappingProxyType(
    {
        "header-trim": lambda message, rule: "The header must have no white space around it.",
        "type-enum": _type_enum,
        "scope-enum": _scope_enum,
        "scope-delimiter-style": _scope_delimiters,
        "references-empty": _references,
        "signed-off-by": _signed_off,
        "trailer-exists": _trailer,
        "subject-exclamation-mark": _exclamation_mark,
        "breaking-change-exclamation-mark": _breaking_change,
        "header-match": _match,
        "message-match": _match,
    }
)
