"""Where in the text a broken rule is shown."""

from __future__ import annotations

from byline.commit_messages.lint.case import width
from byline.commit_messages.lint.checks import text_of, too_long
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Rule

Place = tuple[int, int]
"""Start and end, in code points from the start of the source."""

_PARTS = frozenset({"header", "type", "scope", "subject", "body", "footer"})


def places(message: Message, name: str, rule: Rule) -> list[Place]:
    """Where `message` breaks the rule of this name: once, or on each line that is too long."""
    part = name.split("-", 1)[0]
    if name.endswith("-max-line-length"):
        return [(line.start, line.end) for line in long_lines(message, part, rule.value)]
    if name.endswith("-leading-blank"):
        first = getattr(message, part)[0]
        return [(first.start, first.end)]
    start, end = span(message, part if part in _PARTS else "header")
    if name in ("header-max-length", "subject-max-length"):
        text = text_of(message, part)
        return [(start + fitting(text, rule.value), end)]
    if name.endswith("-full-stop"):
        return [(max(start, end - 1), end)]
    return [(start, end)]


def span(message: Message, part: str) -> Place:
    """Where a part is; for one that is missing, where the header is."""
    value: Part | tuple[Part, ...] | None = getattr(message, part) or message.header
    if isinstance(value, tuple):
        return value[0].start, value[-1].end
    value = value or message.raw[0]
    return value.start, value.end


def long_lines(message: Message, part: str, limit: int) -> list[Part]:
    """The lines of the body or footer that are longer than `limit`."""
    return [line for line in getattr(message, part) if too_long(line.text, limit)]


def fitting(text: str, limit: int) -> int:
    """How many code points of `text` fit into `limit` UTF-16 code units."""
    used = 0
    for at, character in enumerate(text):
        used += width(character)
        if used > limit:
            return at
    return len(text)
