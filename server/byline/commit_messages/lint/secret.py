"""Secrets in a message: what `byline.privacy` would replace before it let the text go anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from byline.commit_messages.lint.finding import Edit, Finding, Fix
from byline.commit_messages.message import Message, joined
from byline.commit_messages.rules import Level
from byline.privacy import redact

RULE = "secret"

_SENTENCE = "This looks like a secret; a commit cannot be taken back from those who have fetched it. Remove it."


def secrets(message: Message) -> Iterator[Finding]:
    """A finding for each line of `message` with a secret; its fix puts a placeholder in the secret's place."""
    redacted = redact(joined(message.raw))
    if not redacted.count:
        return
    clean = redacted.text.split("\n")
    if len(clean) == len(message.raw):
        pairs = ((line.text, new, line.start) for line, new in zip(message.raw, clean, strict=True))
        edits = [_difference(old, new, start) for old, new, start in pairs if old != new]
    else:  # a secret of several lines
        first, last = message.raw[0].start, message.raw[-1].end
        edits = [_difference(message.source[first:last], redacted.text, first)]
    for edit in edits:
        fix = Fix("Replace the secret by a placeholder", (edit,))
        yield Finding(RULE, Level.ERROR, _SENTENCE, edit.start, edit.end, (fix,))


def _difference(old: str, new: str, start: int) -> Edit:
    """What turns `old`, which stands at `start`, into `new`: the part between what both begin and end with."""
    before = _shared(old, new)
    after = _shared(old[before:][::-1], new[before:][::-1])
    return Edit(start + before, start + len(old) - after, new[before : len(new) - after])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
