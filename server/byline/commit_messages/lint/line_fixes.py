"""What mends a body or a footer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator

from byline.commit_messages.lint.case import width
from byline.commit_messages.lint.checks import has_allowed_case
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.footer_edit import appended
from byline.commit_messages.lint.places import Place, long_lines
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Rule, Rules
from byline.commit_messages.trailers import trailers

_BULLET = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?")
_TRAILER = re.compile(r"[0-9A-Za-z-]+: ")

_Mend = Callable[[Message, Rule, Rules, Place], Iterator[Fix]]


def leading_blank(part: str) -> _Mend:
    """A blank line before the body or footer, or none."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        first = getattr(message, part)[0]
        if rule.always:
            yield Fix(f"Add a blank line before the {part}", (Edit(first.start, first.start, "\n"),))
            return
        before = [line for line in message.raw if line.text.strip() and line.end < first.start]
        if before:
            yield Fix(f"Remove the blank line before the {part}", (Edit(before[-1].end, first.start, "\n"),))

    return mend


def wrapped(part: str) -> _Mend:
    """A line that is too long as several."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        for line in long_lines(message, part, rule.value):
            if line.start == place[0]:
                text = wrap(line.text, rule.value)
                if text != line.text:
                    yield Fix(f"Wrap the line at {rule.value}", (Edit(line.start, line.end, text),))

    return mend


def emptied(part: str) -> _Mend:
    """A message without its body or footer."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        lines = getattr(message, part)
        before = [line for line in message.raw if line.text.strip() and lines and line.end < lines[0].start]
        if rule.always and before:
            yield Fix(f"Remove the {part}", (Edit(before[-1].end, lines[-1].end, ""),))

    return mend


def full_stop(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A body that ends with the full stop, or does not."""
    last, stop = message.body[-1], rule.value
    if rule.always:
        yield Fix(f"Add `{stop}`", (Edit(last.end, last.end, stop),))
    elif stop:
        kept = last.text.rstrip(stop)
        yield Fix(f"Remove `{stop}`", (Edit(last.start + len(kept), last.end, ""),))


def recased(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The body with its first letter in another case, where that is enough."""
    start, end = message.body[0].start, message.body[-1].end
    text = message.source[start:end]
    for changed in dict.fromkeys((text[:1].upper() + text[1:], text[:1].lower() + text[1:], text.lower())):
        if changed != text and has_allowed_case(changed, rule):
            yield Fix("Change the case of the body", (Edit(start, end, changed),))


def reference(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A reference whose number a person fills in."""
    if not rule.always:
        prefix = rules.grammar.prefixes[0]
        yield Fix(f"Add `Refs: {prefix}…`", (appended(message, f"Refs: {prefix}"),), certain=False)


def trailer(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The trailer that is asked for; certain only where it is known who signs off."""
    wanted = rule.value.rstrip()
    if not rule.always:
        yield from _without_trailer(message, wanted)
        return
    if not wanted:
        return
    value = f" {rules.author}" if rules.author and wanted.lower() == "signed-off-by:" else " "
    yield Fix(f"Add `{wanted}{value}`".replace(" `", "`"), (appended(message, f"{wanted}{value}"),), value != " ")


def _without_trailer(message: Message, unwanted: str) -> Iterator[Fix]:
    lines = [line.text for line in message.raw]
    found = [message.raw[item.line] for item in trailers(lines) if f"{item.key}: {item.value}".startswith(unwanted)]
    if found:
        edits = tuple(Edit(line.start - 1, line.end, "") for line in found if line.start)
        yield Fix(f"Remove `{unwanted}`", edits)


def wrap(text: str, limit: int) -> str:
    """`text` over lines of at most `limit` UTF-16 code units, where its words allow it.

    An entry of a list goes on indented, a trailer behind a space.
    """
    if limit < 2:
        return text
    bullet = _BULLET.match(text)
    indent = " " * len(bullet[0]) if bullet else ""
    if not indent and _TRAILER.match(text) and not text.startswith("BREAKING"):
        indent = " "
    spare = max(width(text) - len(text), 0)  # characters that count twice
    lines = textwrap.wrap(
        text,
        max(limit - spare, 1),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return "\n".join(lines)
