"""Commitlint's rules, one predicate each: does this message keep that rule?

The verdicts are those of @commitlint/rules 20 (https://commitlint.js.org/reference/rules.html), down to lengths in
UTF-16 code units; `tests/commitlint` compares them with the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from byline.commit_messages.grammar import LINE_ENDS, WHITE_SPACE
from byline.commit_messages.lint.case import begins_with_cased_letter, has_case, units, width
from byline.commit_messages.message import Message, Part, joined
from byline.commit_messages.pattern import Pattern
from byline.commit_messages.rules import Rule
from byline.commit_messages.trailers import trailers

_ADDRESS = re.compile(rf"\bhttps?://[^{WHITE_SPACE}]", re.ASCII)
_BREAKING_HEADER = re.compile(r"(\w*)(?:\((.*)\))?!: (.*)", re.ASCII | re.DOTALL)
_BREAKING_NOTE = re.compile(r"(?:^|[\n\r\u2028\u2029])BREAKING[ -]CHANGE:")
_PICKED = re.compile(r"\(cherry picked from commit [0-9a-f]{7,64}\)", re.IGNORECASE | re.ASCII)
_DELIMITER = re.compile(r"[^A-Za-z0-9_-]+")

Check = Callable[[Message, Rule], bool]


def keeps(message: Message, name: str, rule: Rule) -> bool:
    """Whether `message` keeps the rule of this name, which must be one of CHECKS."""
    return CHECKS[name](message, rule)


def text_of(message: Message, part: str) -> str:
    """The text of the header, type, scope, subject, body or footer; empty where there is none."""
    value: Part | tuple[Part, ...] | None = getattr(message, part)
    if isinstance(value, tuple):
        return joined(value)
    return value.text if value else ""


def too_long(line: str, limit: int) -> bool:
    """Whether one line of a body or footer is longer than `limit`; a line with an address may be."""
    return width(line.removesuffix("\r")) > limit and not _ADDRESS.search(line)


def segments(scope: str, delimiters: tuple[str, ...]) -> list[str]:
    """What stands between the delimiters of a scope."""
    return re.split("|".join(", ?" if mark == "," else re.escape(mark) for mark in delimiters), scope)


def foreign_delimiters(scope: str, allowed: tuple[str, ...]) -> list[str]:
    """What delimits the segments of `scope` and is not in `allowed`."""
    found = ("," if mark.strip(WHITE_SPACE) == "," else mark for mark in _DELIMITER.findall(scope))
    return [mark for mark in dict.fromkeys(found) if mark not in (allowed or ("/", "\\", ","))]


def marked(message: Message) -> bool:
    """Whether the header has the `!` of a breaking change."""
    header = text_of(message, "header")
    return bool(_BREAKING_HEADER.fullmatch(header) and not LINE_ENDS.search(header))


def noted(message: Message) -> bool:
    """Whether the footer has the note of a breaking change, with a colon."""
    return bool(_BREAKING_NOTE.search(joined(message.footer)))


def has_allowed_case(text: str, rule: Rule) -> bool:
    """Whether `text` has one of the cases that `rule` asks for, or none of those that it forbids."""
    return any(has_case(text, case.name) == case.always for case in rule.value.cases) == rule.always


def _empty(part: str) -> Check:
    return lambda message, rule: (not text_of(message, part)) == rule.always


def _max_length(part: str) -> Check:
    def check(message: Message, rule: Rule) -> bool:
        text = text_of(message, part)
        return width(text) <= rule.value if text or part != "header" else False

    return check


def _min_length(part: str) -> Check:
    def check(message: Message, rule: Rule) -> bool:
        text = text_of(message, part)
        return width(text) >= rule.value if text else part != "header"

    return check


def _max_line_length(part: str) -> Check:
    def check(message: Message, rule: Rule) -> bool:
        return not any(too_long(line, rule.value) for line in text_of(message, part).split("\n"))

    return check


def _full_stop(part: str) -> Check:
    def check(message: Message, rule: Rule) -> bool:
        text = text_of(message, part)
        if not text and part == "body":
            return True
        return (units(text)[-1:] == units(rule.value) != "") == rule.always

    return check


def _subject_full_stop(message: Message, rule: Rule) -> bool:
    header = units(text_of(message, "header"))
    colon = header.find(":")
    if 0 < colon == len(header) - 1:
        return True
    stopped = header[-1:] == units(rule.value) != "" and not header.endswith("...")
    return stopped == rule.always


def _case(part: str, applies: Callable[[str], bool] = bool) -> Check:
    def check(message: Message, rule: Rule) -> bool:
        text = text_of(message, part)
        return not applies(text) or has_allowed_case(text, rule)

    return check


def _scope_case(message: Message, rule: Rule) -> bool:
    scope = text_of(message, "scope")
    if not scope:
        return True
    parts = segments(scope, rule.value.delimiters)
    cases = rule.value.cases
    found = any(all(has_case(part, case.name) for part in parts) == case.always for case in cases)
    return found == rule.always


def _scope_enum(message: Message, rule: Rule) -> bool:
    scope, allowed = text_of(message, "scope"), rule.value.scopes
    if not scope or not allowed:
        return True
    parts = segments(scope, rule.value.delimiters)
    if rule.always:
        return scope in allowed or all(part in allowed for part in parts)
    return scope not in allowed and not any(part in allowed for part in parts)


def _scope_delimiter_style(message: Message, rule: Rule) -> bool:
    scope = text_of(message, "scope")
    return not scope or (not foreign_delimiters(scope, rule.value)) == rule.always


def _type_enum(message: Message, rule: Rule) -> bool:
    name = text_of(message, "type")
    return not name or (name in rule.value) == rule.always


def _header_trim(message: Message, rule: Rule) -> bool:
    header = text_of(message, "header")
    return header == header.strip(WHITE_SPACE)


def _body_leading_blank(message: Message, rule: Rule) -> bool:
    blank = len(message.raw) > 1 and not message.raw[1].text
    return not text_of(message, "body") or blank == rule.always


def _footer_leading_blank(message: Message, rule: Rule) -> bool:
    if not text_of(message, "footer"):
        return True
    lines = [line.text for line in message.raw]
    before = line_before(lines, message.footer[0].text.removesuffix("\r"))
    return (before == "") == rule.always


def line_before(lines: list[str], line: str) -> str:
    """The line before the first one that equals `line`, as `slice(index - 1)` of an array finds it."""
    at = lines.index(line) if line in lines else -1
    return lines[max(at - 1, -len(lines))]


def _subject_exclamation_mark(message: Message, rule: Rule) -> bool:
    return not text_of(message, "header") or marked(message) == rule.always


def _breaking_change_exclamation_mark(message: Message, rule: Rule) -> bool:
    if not text_of(message, "header") and not text_of(message, "footer"):
        return True
    return (marked(message) == noted(message)) == rule.always


def _references_empty(message: Message, rule: Rule) -> bool:
    return message.refers != rule.always


def _signed_off_by(message: Message, rule: Rule) -> bool:
    lines = [line.text for line in message.raw if line.text and not line.text.startswith("#")]
    lines = [line for line in lines if not _PICKED.fullmatch(line.strip(WHITE_SPACE))]
    return (bool(lines) and lines[-1].startswith(rule.value)) == rule.always


def _trailer_exists(message: Message, rule: Rule) -> bool:
    found = trailers([line.text for line in message.raw])
    return any(f"{trailer.key}: {trailer.value}".startswith(rule.value) for trailer in found) == rule.always


def _header_match(message: Message, rule: Rule) -> bool:
    pattern: Pattern = rule.value
    return pattern.found_in(text_of(message, "header")) == rule.always


def _message_match(message: Message, rule: Rule) -> bool:
    pattern: Pattern = rule.value
    return pattern.found_in(message.text) == rule.always


_PARTS = ("header", "type", "scope", "subject", "body", "footer")

CHECKS: Mapping[str, Check] = MappingProxyType(
    {f"{part}-max-length": _max_length(part) for part in _PARTS}
    | {f"{part}-min-length": _min_length(part) for part in _PARTS}
    | {f"{part}-empty": _empty(part) for part in ("type", "scope", "subject", "body", "footer")}
    | {f"{part}-max-line-length": _max_line_length(part) for part in ("body", "footer")}
    | {f"{part}-full-stop": _full_stop(part) for part in ("header", "body")}
    | {
        "header-case": _case("header", lambda text: text[:1].isascii() and text[:1].isalpha()),
        "type-case": _case("type"),
        "subject-case": _case("subject", begins_with_cased_letter),
        "body-case": _case("body"),
        "scope-case": _scope_case,
        "scope-enum": _scope_enum,
        "scope-delimiter-style": _scope_delimiter_style,
        "type-enum": _type_enum,
        "header-trim": _header_trim,
        "subject-full-stop": _subject_full_stop,
        "subject-exclamation-mark": _subject_exclamation_mark,
        "breaking-change-exclamation-mark": _breaking_change_exclamation_mark,
        "body-leading-blank": _body_leading_blank,
        "footer-leading-blank": _footer_leading_blank,
        "references-empty": _references_empty,
        "signed-off-by": _signed_off_by,
        "trailer-exists": _trailer_exists,
        "header-match": _header_match,
        "message-match": _message_match,
    }
)
"""By name. `header-match` and `message-match`, which hold a pattern, are not commitlint's: they come from other
programs' configurations."""
