"""Putting a message beside what a person has typed: text is inserted, and nothing that stands there is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from byline.commit_messages.buffer.begun import Begun
from byline.commit_messages.buffer.blank import is_blank
from byline.commit_messages.buffer.form import Form
from byline.commit_messages.lint import Edit, passes
from byline.commit_messages.lint.finding import apply
from byline.commit_messages.message import Message, Part
from byline.commit_messages.offers.offer import similarity, survival
from byline.commit_messages.rules import Rules
from byline.commit_messages.trailers import trailers

_BEGINNINGS = (":", "(", "!")
_PARAGRAPH = re.compile(r"\n{2,}")
_ITEM = re.compile(r"\n(?=[-*] )")
_SAME = 0.6  # similarity to what was typed, or share of it, from which on a paragraph says nothing new


@dataclass(frozen=True, slots=True)
class Buffer:
    """The text in a commit's editor, and how git will read it."""

    text: str
    form: Form

    def typed(self, rules: Rules) -> Message:
        """The message that stands there so far."""
        return self.form.read(self.text, rules.grammar)


def insertions(
    buffer: Buffer, message: str, rules: Rules, *, untouched: bool = False, scopes: Sequence[str] = ()
) -> tuple[Edit, ...] | None:
    """What has to be inserted so that `buffer` holds `message` and all that was typed.

    Where nothing was typed, or all that stands there is git's own (`untouched`: its template), the message above it;
    where a header was begun, the rest of one that begins so, with the message's subject and, if a scope was begun, the
    message's or the first of `scopes` that fits; where a header stands, the message's body below it; else the header
    above what was typed, which becomes the body, and below that what the message's own body says besides. Trailers join
    those that stand there. None where the outcome would not pass `rules`, or git would read it differently.
    """
    typed = buffer.typed(rules)
    for edits in _beside(buffer, typed, message, rules, scopes, untouched=untouched or is_blank(typed)):
        after = buffer.form.read(apply(buffer.text, edits), rules.grammar)
        if all(edit.text.strip() in after.text for edit in edits) and passes(after, rules):
            return edits
    return None


def _beside(
    buffer: Buffer, typed: Message, message: str, rules: Rules, scopes: Sequence[str], *, untouched: bool
) -> Iterator[tuple[Edit, ...]]:
    """The ways to do it, the best one first."""
    header = message.partition("\n")[0]
    first = typed.header
    if typed.empty or first is None:
        ending = "" if buffer.text.startswith(("\n", "\r\n")) or not buffer.text else "\n"
        yield (Edit(0, 0, message + ending),)
        return
    is_alone = len([line for line in typed.raw if line.text.strip()]) == 1
    begun = Begun.of(first.text, rules) if is_alone else None
    if untouched:
        if is_alone and header.startswith(first.text):  # a template may begin the header
            yield (_completed(buffer.text, first, message),)
        yield _above(buffer, first.start, _Parts.of(message), rules)
    elif is_alone and header.startswith(first.text) and header != first.text:
        yield (_completed(buffer.text, first, message),)
    elif begun is not None:
        for completed in begun.completed(Message.of(header, rules.grammar), scopes):
            yield (_completed(buffer.text, first, "\n".join((completed, *message.split("\n")[1:]))),)
    elif typed.subject is not None and typed.type is not None:
        yield from _below(buffer, typed, first, _Parts.of(message))
    elif not (is_alone and _is_beginning(first.text, rules)):
        yield _around(buffer, first.start, _Parts.of(message), rules)
        yield (Edit(first.start, first.start, f"{header}\n\n"),)


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


@dataclass(frozen=True, slots=True)
class _Parts:
    """A message in three: `trailers` are the lines of its last paragraph, if they are such."""

    header: str
    body: str
    trailers: tuple[str, ...]

    @classmethod
    def of(cls, message: str) -> _Parts:
        lines = message.strip().split("\n")
        found = trailers(lines)
        end = found[0].line if found else len(lines)
        return cls(lines[0], "\n".join(lines[1:end]).strip("\n"), tuple(lines[end:]))


def _above(buffer: Buffer, first: int, parts: _Parts, rules: Rules) -> tuple[Edit, ...]:
    """All of the message above what stands there from `first` on, but for trailers: these stand with those below."""
    start = first if buffer.text[:first].strip() else 0
    _, carried = _under(buffer, first, parts.header, rules)
    below = [parts.body, *([] if carried else ["\n".join(parts.trailers)])]
    above = "\n\n".join(part for part in (parts.header, *below) if part)
    gap = "\n" * (2 - buffer.text.count("\n", start, first))
    return (Edit(start, start, above + gap), *_joining(parts.trailers, carried))


def _below(buffer: Buffer, typed: Message, header: Part, parts: _Parts) -> Iterator[tuple[Edit, ...]]:
    """The body below a header that stands, unless that has one; trailers join those that stand there."""
    carried = [line for line in typed.raw if line.text.strip() and line.start > header.start]
    if _reasons(typed, carried, buffer.form.comment):
        return
    told = "\n\n".join(part for part in (parts.body, *([] if carried else ["\n".join(parts.trailers)])) if part)
    edits = (*([Edit(header.end, header.end, f"\n\n{told}")] if told else []), *_joining(parts.trailers, carried))
    if edits:
        yield edits


def _around(buffer: Buffer, start: int, parts: _Parts, rules: Rules) -> tuple[Edit, ...]:
    """The header above what was typed, the body below it, and trailers below those that were typed."""
    above = f"{parts.header}\n\n"
    reasons, carried = _under(buffer, start, parts.header, rules)
    body = _unsaid(parts.body, "\n".join(line.text for line in reasons))
    if not reasons and body:
        above += f"{body}\n\n"
        body = ""
    if not carried:
        body = "\n\n".join(part for part in (body, "\n".join(parts.trailers)) if part)
    ends = [Edit(reasons[-1].end, reasons[-1].end, f"\n\n{body}")] if body else []
    return (Edit(start, start, above), *ends, *_joining(parts.trailers, carried))


def _under(buffer: Buffer, start: int, header: str, rules: Rules) -> tuple[Sequence[Part], Sequence[Part]]:
    """What stands from `start` on as it will be read under `header`: reasons, then trailers and notes."""
    above = f"{header}\n\n"
    read = buffer.form.read(apply(buffer.text, (Edit(start, start, above),)), rules.grammar)
    typed = [line for line in read.raw if line.text.strip()][1:]
    count = _reasons(read, typed, buffer.form.comment)
    here = [Part(line.text, line.start - len(above)) for line in typed]
    return here[:count], here[count:]


def _joining(lines: Sequence[str], carried: Sequence[Part]) -> Iterator[Edit]:
    """Trailers beside those that stand there, but for the same ones: where a key waits for a value, behind it."""
    known = {line.text.strip(): line for line in carried}
    added: dict[int, str] = {}
    below = []
    for line in lines if carried else ():
        key, colon, value = line.partition(":")
        waiting = known.get(key + colon)
        if line.strip() not in known and waiting and waiting.end not in added:
            added[waiting.end] = value.removeprefix(" " if waiting.text.endswith(" ") else "")
        elif line.strip() not in known:
            below.append(line)
    if below:
        end = carried[-1].end
        added[end] = "\n".join((added.get(end, ""), *below))
    yield from (Edit(at, at, text) for at, text in sorted(added.items()))


def _reasons(read: Message, typed: Sequence[Part], comment: str) -> int:
    """How many of the typed lines are no trailers and no note of a breaking change: these stay below all else."""
    carried = trailers([line.text for line in read.raw], comment)
    end = read.raw[carried[0].line].start if carried else len(read.source)
    noted = next((line.start for line in typed if read.grammar.is_note(line.text)), end)
    return sum(line.start < min(end, noted) for line in typed)


def _unsaid(body: str, said: str) -> str:
    """The paragraphs and list items of `body` that do not repeat what was `said`."""
    paragraphs = (
        "\n".join(item for item in _ITEM.split(paragraph) if not _repeats(item, said))
        for paragraph in _PARAGRAPH.split(body)
    )
    return "\n\n".join(filter(None, paragraphs))


def _repeats(text: str, said: str) -> bool:
    return similarity(text, said) >= _SAME or survival(text, said) >= _SAME
