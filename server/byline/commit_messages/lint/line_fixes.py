"""What mends a body or a footer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator

from byline.commit_messages.lint.case import in_case, width
from byline.commit_messages.lint.checks import has_allowed_case
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.footer_edit import appended
from byline.commit_messages.lint.places import Place, fitting, long_lines
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Rule, Rules
from byline.commit_messages.trailers import trailers

_BULLET = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?")
_TRAILER = re.compile(r"[0-9A-Za-z-]+: ")
_NAMES_ISSUE = re.compile(
    r"(?:Refs?|References|Issue|Ticket|See|Closes|Fixes|Resolves): *(?P<key>[A-Z][A-Z0-9]*-\d+|#\d+)"
)

_Mend = Callable[[Message, Rule, Rules, Place], Iterator[Fix]]


def leading_blank(part: str) -> _Mend:
    """A blank line before the body or footer, or none."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        first = getattr(message, part)[0]
        before = [line for line in message.raw if line.text.strip() and line.end < first.start]
        above = _above_header(message)
        if rule.always:
            title = f"Add a blank line before the {part}"
            ways = [Edit(first.start, first.start, "\n")]
            if before and not message.source[before[-1].end : first.start].strip():
                ways.append(Edit(before[-1].end, first.start, "\n\n"))
            if message.header:
                ways.append(Edit(message.header.end, message.header.end, "\n"))
        else:
            title = f"Remove the blank line before the {part}"
            ways = [Edit(before[-1].end, first.start, "\n")] if before else []
        yield from (Fix(title, (way,)) for way in ways)
        if above:
            yield Fix("Remove the blank lines above the header", (above,))
            yield from (Fix(f"{title}, and remove those above the header", (above, way)) for way in ways)

    return mend


def _above_header(message: Message) -> Edit | None:
    """What removes blank lines above the header."""
    start, header = message.raw[0].start, message.header
    is_blank = header and header.start > start and not message.source[start : header.start].strip()
    return Edit(start, header.start, "") if header and is_blank else None


def wrapped(part: str) -> _Mend:
    """A line that is too long as several."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        for line in long_lines(message, part, rule.value):
            if line.start != place[0]:
                continue
            text = wrap(line.text, rule.value)
            if text != line.text:
                yield Fix(f"Wrap the line at {rule.value}", (Edit(line.start, line.end, text),))
            broken = wrap(line.text, rule.value, words=True)
            yield Fix(f"Break the line at {rule.value}", (Edit(line.start, line.end, broken),), certain=False)
            yield Fix("Remove the line", (Edit(line.start - 1, line.end, ""),), certain=False)

    return mend


def cut_off(part: str) -> _Mend:
    """A body or footer without its last lines, or cut off where it is too long."""

    def mend(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
        lines = getattr(message, part)
        start, end = lines[0].start, lines[-1].end
        text = message.source[start:end]
        kept = text[: fitting(text, max(rule.value, 0))]
        for at in (kept.rfind("\n"), kept.rfind(" "), fitting(kept, max(rule.value - 1, 0))):
            if at > 0:
                yield Fix(f"Cut the {part} off behind {at} characters", (Edit(start + at, end, ""),), certain=False)
        yield from _removed(message, part)

    return mend


def body_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A message without a body; or with one that begins with the subject's words, where there must be one."""
    header = message.header
    if rule.always:
        yield from _removed(message, "body", certain=True)
    elif header:
        said = (message.subject or header).text.strip().rstrip(".")
        for text in (f"{said[:1].upper()}{said[1:]}.", said, "…"):
            paragraph = Edit(header.end, header.end, f"\n\n{text}")
            yield Fix("Begin the body with what the header says, to be completed", (paragraph,), certain=False)


def footer_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A message without a footer, or with a reference that a person completes."""
    if rule.always:
        yield from _removed(message, "footer", certain=True)
    else:
        yield from _begun_reference(message, rules)


def _removed(message: Message, part: str, *, certain: bool = False) -> Iterator[Fix]:
    lines = getattr(message, part)
    before = [line for line in message.raw if line.text.strip() and lines and line.end < lines[0].start]
    if before:
        yield Fix(f"Remove the {part}", (Edit(before[-1].end, lines[-1].end, ""),), certain)


def full_stop(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A body that ends with the full stop, or does not; what a trailer says is never changed."""
    last, stop = message.body[-1], rule.value
    carried = [line for line in trailer_lines(message) if line.start == last.start]
    if carried:
        sentence = _as_sentence(last.text)
        if sentence and rule.always:
            yield Fix(f"Write “{sentence}{stop}”", (Edit(last.start, last.end, f"{sentence}{stop}"),))
        yield Fix("Remove the trailer", (Edit(last.start - 1, last.end, ""),), certain=False)
        yield from _removed(message, "body")
        return
    kept = last.text.rstrip(stop + " ") if stop else last.text
    if rule.always:
        yield Fix(f"Add `{stop}`", (Edit(last.end, last.end, stop),))
    else:
        yield Fix(f"Remove `{stop}`", (Edit(last.start + len(kept), last.end, ""),))
        yield Fix("End with `…`", (Edit(last.start + len(kept), last.end, " …"),), certain=False)


def recased(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """The body in another case, its first letter first; what a trailer says is never changed."""
    start, end = message.body[0].start, message.body[-1].end
    text = message.source[start:end]
    carried = {line.start for line in trailer_lines(message)}
    if not carried & {line.start for line in message.body}:
        tries = [text[:1].upper() + text[1:], text[:1].lower() + text[1:], text.lower()]
        tries += [in_case(text, case.name) for case in rule.value.cases]
        for changed in dict.fromkeys(tries):
            if changed.strip() and changed != text and has_allowed_case(changed, rule):
                yield Fix("Change the case of the body", (Edit(start, end, changed),))
        quoted = "\n".join(f"`{line}`" if line.strip() else line for line in text.replace("`", "").split("\n"))
        yield Fix("Put the body in back-quotes", (Edit(start, end, quoted),), certain=False)
    elif len(message.body) == 1 and (sentence := _as_sentence(text, quoted=True)):
        for changed in (sentence, sentence.lower() if "`" not in sentence else sentence[:1].lower() + sentence[1:]):
            if has_allowed_case(changed, rule):
                yield Fix(f"Write “{changed}”", (Edit(start, end, changed),))
    yield from _removed(message, "body")


def trailer_lines(message: Message) -> list[Part]:
    """The lines on which trailers begin."""
    return [message.raw[found.line] for found in trailers([line.text for line in message.raw])]


def _as_sentence(trailer: str, *, quoted: bool = False) -> str:
    """A trailer that names an issue (`Refs: AB-1`) in words; empty for every other one."""
    match = _NAMES_ISSUE.fullmatch(trailer)
    if not match:
        return ""
    return f"This refers to `{match['key']}`" if quoted else f"This refers to {match['key']}"


def lengthened(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """Room for more words, which a person has to write."""
    title = "Say more in place of `…`, to be completed"
    yield Fix(title, (Edit(place[1], place[1], " …"),), certain=False, partial=True)
    if message.header and message.header.end == place[1]:
        return
    yield Fix(title, (Edit(place[1], place[1], "\n…"),), certain=False, partial=True)


def reference(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A reference whose number a person fills in; or none, where there must be none."""
    if not rule.always:
        yield from _begun_reference(message, rules)
        return
    lines = [line for line in message.raw if message.grammar.refers(line.text)]
    words = [(line, re.sub("|".join(map(re.escape, message.grammar.prefixes)), "", line.text)) for line in lines]
    yield Fix(
        "Write the issue without its sign", tuple(Edit(line.start, line.end, text) for line, text in words), False
    )
    below = [line for line in lines if line is not message.header and line.start]
    yield Fix(
        "Remove the lines with the issue", tuple(Edit(line.start - 1, line.end, "") for line in below), certain=False
    )


def _begun_reference(message: Message, rules: Rules) -> Iterator[Fix]:
    prefix = rules.grammar.prefixes[0]
    edit = appended(message, f"Refs: {prefix}")
    yield Fix(f"Add `Refs: {prefix}`, to be completed", (edit,), certain=False, partial=True)


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
    if not found:
        found = [line for line in message.raw if line.text.startswith(unwanted)]
    yield Fix(f"Remove `{unwanted}`", tuple(Edit(line.start - 1, line.end, "") for line in found if line.start))


def wrap(text: str, limit: int, *, words: bool = False) -> str:
    """`text` over lines of at most `limit` UTF-16 code units, where its words allow it, or where they are broken, too.

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
        break_long_words=words,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return "\n".join(lines)
