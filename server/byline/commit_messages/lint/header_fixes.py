"""What mends a header and its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from byline.commit_messages.grammar import WHITE_SPACE
from byline.commit_messages.lint.case import in_case, width
from byline.commit_messages.lint.checks import has_allowed_case, marked, noted
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.footer_edit import appended
from byline.commit_messages.lint.form import shown, whole
from byline.commit_messages.lint.line_fixes import wrap
from byline.commit_messages.lint.places import Place
from byline.commit_messages.lint.shortening import cuts, without_reference
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Cases, Rule, Rules

_FIRST_WORD = re.compile(r"[^\s:;,.!?()]+")


def trimmed(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """Without white space around it."""
    if header := message.header:
        yield Fix("Remove the white space around the header", (whole(header, header.text.strip(WHITE_SPACE)),))


def shortened(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """Cut where a phrase ends; what was cut stays in the body, or goes."""
    header = message.header
    subject = message.subject or header
    if not header or not subject:
        return
    measured = width(subject.text) if rules.rules.get("subject-max-length") is rule else width(header.text)
    kept = next(cuts(subject.text, rule.value - measured + width(subject.text)), None)
    if kept is None:
        return
    cut = whole(subject, kept)
    sentence = without_reference(subject.text).rstrip(".")
    text = f"{sentence[:1].upper()}{sentence[1:]}."
    limit = rules.limit("body-max-line-length")
    paragraph = Edit(header.end, header.end, f"\n\n{wrap(text, limit) if limit else text}")
    yield Fix(f"Shorten to “{shown(kept)}” and keep the sentence in the body", (cut, paragraph))
    yield Fix(f"Shorten to “{shown(kept)}”", (cut,))


def full_stop(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With the full stop, or without."""
    header = message.header
    if not header:
        return
    stop: str = rule.value
    if rule.always:
        yield Fix(f"Add `{stop}`", (Edit(header.end, header.end, stop),))
        return
    kept = header.text.rstrip(stop) if stop else header.text
    yield Fix(f"Remove `{stop}`", (Edit(header.start + len(kept), header.end, ""),))


def recased(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """In a case that is allowed; a name of its own case is put in quotes rather than changed."""
    part = message.subject if rules.rules.get("subject-case") is rule else message.header
    if not part:
        return
    first = _FIRST_WORD.match(part.text)
    if first and _is_name(first[0]) and part is message.subject and part.text != part.text.upper():
        quoted = f"`{first[0]}`{part.text[first.end() :]}"
        yield Fix(f"Put `{first[0]}` in back-quotes", (whole(part, quoted),))
    for text in _cased(part.text, rule):
        yield Fix(f"Write “{shown(text)}”", (whole(part, text),))


def exclamation_mark(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With the `!` of a breaking change, or without it and with a note in its place."""
    if rule.always:
        yield from _marked(message, certain=False)
    elif at := _mark(message):
        note = () if noted(message) or not message.subject else (_note(message, message.subject),)
        yield Fix("Say `BREAKING CHANGE:` in the footer instead of `!`", (Edit(at, at + 1, ""), *note))


def breaking_change(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With both the `!` and the note of a breaking change."""
    if not rule.always:
        return
    if not marked(message):
        yield from _marked(message, certain=True)
    elif message.subject:
        yield Fix("Add a note `BREAKING CHANGE:`", (_note(message, message.subject),))


def _marked(message: Message, *, certain: bool) -> Iterator[Fix]:
    at = message.header.text.find(": ") if message.header and message.type else -1
    if message.header and at > 0:
        at += message.header.start
        yield Fix("Mark a breaking change with `!`", (Edit(at, at, "!"),), certain)


def _mark(message: Message) -> int | None:
    at = message.header.text.find("!: ") if message.header else -1
    return message.header.start + at if message.header and at >= 0 else None


def _note(message: Message, subject: Part) -> Edit:
    return appended(message, f"BREAKING CHANGE: {subject.text}")


def _is_name(word: str) -> bool:
    """Whether a word's own case matters: `README`, `HttpClient`, `parseUrl`, but not `Add`."""
    return word[1:] != word[1:].lower() and "`" not in word


def _cased(text: str, rule: Rule) -> Iterator[str]:
    """`text` in a case that keeps the rule, the smallest change first."""
    cases: Cases = rule.value
    first, space, rest = text.partition(" ")
    lowered = first.lower() if _is_name(first) else first[:1].lower() + first[1:]
    tries = [] if text == text.upper() else [lowered + space + rest, text[:1].upper() + text[1:]]
    tries += [text.lower()]
    tries += [in_case(text, case.name) for case in cases.cases]
    for changed in dict.fromkeys(tries):
        if changed not in ("", text) and has_allowed_case(changed, rule):
            yield changed
