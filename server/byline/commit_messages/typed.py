"""Putting a message beside what a person has typed: text is inserted, and nothing that stands there is touched."""

from __future__ import annotations

from dataclasses import dataclass

from byline.commit_messages.form import Form
from byline.commit_messages.lint import Edit, passes
from byline.commit_messages.lint.finding import apply
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Rules

_BEGINNINGS = (":", "(", "!")


@dataclass(frozen=True, slots=True)
class Buffer:
    """The text in a commit's editor, and how git will read it."""

    text: str
    form: Form

    def typed(self, rules: Rules) -> Message:
        """The message that stands there so far."""
        return self.form.read(self.text, rules.grammar)


def insertion(buffer: Buffer, message: str, rules: Rules) -> Edit | None:
    """What has to be inserted so that `buffer` holds `message` and all that was typed.

    Where nothing was typed, the message; where a header was begun, the rest of one that begins so; where a header
    stands, the message's body below it; else the message's header above what was typed, which becomes the body. None
    where the outcome would not pass `rules`, or git would read it differently.
    """
    typed = buffer.typed(rules)
    edit = _beside(buffer, typed, message, rules)
    if edit is None:
        return None
    after = buffer.form.read(apply(buffer.text, (edit,)), rules.grammar)
    is_whole = not typed.empty or after.text.strip() == message.strip()
    return edit if is_whole and passes(after, rules) else None


def _beside(buffer: Buffer, typed: Message, message: str, rules: Rules) -> Edit | None:
    header, _, rest = message.partition("\n")
    if typed.empty or typed.header is None:
        ending = "" if buffer.text.startswith(("\n", "\r\n")) or not buffer.text else "\n"
        return Edit(0, 0, message + ending)
    first = typed.header
    is_alone = len([line for line in typed.raw if line.text.strip()]) == 1
    if is_alone and header.startswith(first.text) and header != first.text:
        return _completed(buffer.text, first, message)
    if typed.subject is not None and typed.type is not None:
        return Edit(first.end, first.end, "\n" + rest) if rest.strip() and is_alone else None
    if is_alone and _is_beginning(first.text, rules):
        return None
    return Edit(first.start, first.start, f"{header}\n\n")


def _completed(text: str, begun: Part, message: str) -> Edit:
    """The rest of `message`, behind what was begun and the blanks after it."""
    at, rest = begun.end, message[len(begun.text) :]
    while text[at : at + 1] == " " == rest[:1]:
        at, rest = at + 1, rest[1:]
    return Edit(at, at, rest)


def _is_beginning(text: str, rules: Rules) -> bool:
    """Whether a person seems to be typing a header: `feat`, `feat(`, `feat: `."""
    bare = text.strip()
    return bare.endswith(_BEGINNINGS) or bare in rules.types
