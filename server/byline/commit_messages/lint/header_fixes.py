"""What mends a header and its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from byline.commit_messages.grammar import WHITE_SPACE
from byline.commit_messages.lint.case import in_case, width
from byline.commit_messages.lint.checks import has_allowed_case, marked, noted
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.footer_edit import appended
from byline.commit_messages.lint.form import REST, above, completed, first_types, in_form, is_trailer, shown, whole
from byline.commit_messages.lint.line_fixes import wrap
from byline.commit_messages.lint.places import Place, fitting
from byline.commit_messages.lint.shortening import cuts, without_reference
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Cases, Rule, Rules

_FIRST_WORD = re.compile(r"[^\s:;,.!?()]+")


def trimmed(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """Without white space around it."""
    if header := message.header:
        yield Fix("Remove the white space around the header", (whole(header, header.text.strip(WHITE_SPACE)),))
        yield from completed(header, rules)


def subject_empty(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A header with a subject; or one that has none, where that is asked for."""
    header = message.header
    if not header:
        return
    if not rule.always:
        yield from in_form(message, rule, rules, place)
        yield Fix(f"Add `{REST}`, to be completed", (Edit(header.end, header.end, REST),), certain=False)
    elif message.subject:
        text = " ".join(part.text for part in (message.type, message.scope, message.subject) if part)
        yield Fix(f"Write “{shown(text)}”", (whole(header, text),), certain=False)


def shortened(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """Cut where a phrase ends, else anywhere; what was cut stays in the body, or goes."""
    header = message.header
    subject = message.subject or header
    if not header or not subject:
        return
    measured = width(subject.text) if rules.rules.get("subject-max-length") is rule else width(header.text)
    limit = rule.value - measured + width(subject.text)
    kept = next(cuts(subject.text, limit), None)
    sentence = without_reference(subject.text).rstrip(".")
    text = f"{sentence[:1].upper()}{sentence[1:]}."
    width_of_body = rules.limit("body-max-line-length")
    paragraph = Edit(header.end, header.end, f"\n\n{wrap(text, width_of_body) if width_of_body else text}")
    if kept is not None:
        yield Fix(f"Shorten to “{shown(kept)}” and keep the sentence in the body", (whole(subject, kept), paragraph))
        yield Fix(f"Shorten to “{shown(kept)}”", (whole(subject, kept),))
        return
    for part, most in ((subject, limit), (header, rule.value)):
        cut = whole(part, f"{part.text[: fitting(part.text, max(most - 1, 0))].rstrip()}{REST}")
        yield Fix(
            f"Cut off behind {most - 1} characters and keep the sentence in the body", (cut, paragraph), certain=False
        )
        yield Fix(f"Cut off behind {most - 1} characters", (cut,), certain=False)


def full_stop(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With the full stop, or without."""
    header = message.header
    if not header:
        return
    stop: str = rule.value
    kept = header.text.rstrip(WHITE_SPACE + stop) if stop else header.text
    if not rule.always:
        yield Fix(f"Remove `{stop}`", (Edit(header.start + len(kept), header.end, ""),))
        yield from completed(header, rules)
        yield Fix(f"End with `{REST}`", (Edit(header.start + len(kept), header.end, f" {REST}"),), certain=False)
        return
    yield Fix(f"Add `{stop}`", (Edit(header.end, header.end, stop),))
    yield Fix(f"End with `{stop}`", (Edit(header.start + len(kept), header.end, stop),))


def recased(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """In a case that is allowed; a name of its own case is put in quotes rather than changed."""
    part = message.subject if rules.rules.get("subject-case") is rule else message.header
    if not part:
        return
    if message.header and is_trailer(message.header):
        yield from above(message, message.header, rules)
        return
    first = _FIRST_WORD.match(part.text)
    quoted = f"`{first[0]}`{part.text[first.end() :]}" if first else ""
    if first and _is_name(first[0]) and part is message.subject and part.text != part.text.upper():
        yield Fix(f"Put `{first[0]}` in back-quotes", (whole(part, quoted),))
    for text in _cased(part.text, rule):
        yield Fix(f"Write “{shown(text)}”", (whole(part, text),))
    if first and part is message.subject:
        yield Fix(f"Put `{first[0]}` in back-quotes", (whole(part, quoted),), certain=False)


def exclamation_mark(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With the `!` of a breaking change, or without it and with a note in its place."""
    if rule.always:
        yield from _marked(message, rules, certain=False)
    elif (at := _mark(message)) is not None:
        note = () if noted(message) or not message.subject else (_note(message, message.subject),)
        yield Fix("Say `BREAKING CHANGE:` in the footer instead of `!`", (Edit(at, at + 1, ""), *note))
        yield Fix("Remove the `!`", (Edit(at, at + 1, ""),), certain=False)


def breaking_change(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """With both the `!` and the note of a breaking change, or with one of them."""
    at = _mark(message)
    if not marked(message):
        yield from _marked(message, rules, certain=True)
    elif rule.always:
        said = message.subject or message.header
        if said:
            yield Fix("Add a note `BREAKING CHANGE:`", (_note(message, said),))
    if at is not None and marked(message):
        yield Fix("Remove the `!`", (Edit(at, at + 1, ""),), certain=not rule.always)


def _marked(message: Message, rules: Rules, *, certain: bool) -> Iterator[Fix]:
    header = message.header
    at = header.text.find(": ") if header and message.type else -1
    if header and at > 0:
        at += header.start
        yield Fix("Mark a breaking change with `!`", (Edit(at, at, "!"),), certain)
    elif header:
        for type_ in first_types(rules):
            text = f"{type_}!: {(message.subject or header).text.strip(WHITE_SPACE + ':') or REST}"
            yield Fix(f"Write “{shown(text)}”", (whole(header, text),), certain=False)


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
