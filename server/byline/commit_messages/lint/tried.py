"""Fixes tried before they are offered: what does not mend its finding, or breaks another rule, is left out.

A fix that breaks another rule is completed by what certainly mends that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from byline.commit_messages.lint.checks import keeps
from byline.commit_messages.lint.finding import Edit, Fix, apply
from byline.commit_messages.lint.ignored import is_ignored
from byline.commit_messages.lint.places import Place, places
from byline.commit_messages.message import Message, joined
from byline.commit_messages.rules import Level, Rules

_MAX_ROUNDS = 3
_LONGEST = 6_000  # characters of a message whose fixes are tried: longer ones take too long while a person types

Propose = Callable[[Message, str, Place], Iterable[Fix]]
"""What may mend a rule that a message breaks at a place."""


class Trial:
    """Tries fixes of one message."""

    def __init__(self, message: Message, rules: Rules, propose: Propose) -> None:
        self._message = message
        self._rules = rules
        self._propose = propose
        self._text = joined(message.raw)
        self._before = counts(message, rules)

    def mending(self, rule: str, fixes: Iterable[Fix]) -> Iterator[Fix]:
        """Those of `fixes` that mend a place where `rule` is broken and break nothing else.

        If there are none: those that can be completed so that they break nothing; if there are none of these either,
        the first one, and its title says what it breaks.
        """
        titles: set[str] = set()
        others: list[tuple[Fix, Message, set[str]]] = []
        for fix in fixes:
            if fix.title in titles:
                continue
            new = self._broken_by(rule, fix) if len(self._text) <= _LONGEST else set()
            if new is None:
                continue
            if new:
                others.append((fix, self._after(fix), new))
                continue
            titles.add(fix.title)
            yield fix
        if not titles:
            yield from self._of_others(rule, others)

    def _of_others(self, rule: str, others: Sequence[tuple[Fix, Message, set[str]]]) -> Iterator[Fix]:
        completed = list(filter(None, (self._completed(rule, fix, after) for fix, after, _ in others)))
        yield from completed
        if others and not completed:
            fix, _, new = others[0]
            listed = ", ".join(f"`{name}`" for name in sorted(new))
            yield replace(fix, title=f"{fix.title}, which breaks {listed}", certain=False)

    def _after(self, fix: Fix) -> Message:
        return Message.of(apply(self._text, transposed(self._message, fix.edits)), self._rules.grammar)

    def _broken_by(self, rule: str, fix: Fix) -> set[str] | None:
        """The rules that `fix` breaks; None where it does not mend what it should."""
        after = self._after(fix)
        left = counts(after, self._rules)
        mends = left[rule] < self._before[rule] or fix.partial
        return self._new_errors(left) if mends and not after.empty else None

    def _completed(self, rule: str, fix: Fix, after: Message) -> Fix | None:
        """`fix` together with what certainly mends the rules that it breaks."""
        edit = self._whole(rule, after) if not fix.partial else None
        return replace(fix, title=f"{fix.title}, and mend what that breaks", edits=(edit,)) if edit else None

    def _whole(self, rule: str, message: Message) -> Edit | None:
        """What makes of the whole message one in which the new errors are mended, too."""
        raw = self._message.raw
        start, end = raw[0].start, raw[-1].end
        if self._message.source[start:end] != self._text:
            return None  # comments stand in between
        for _ in range(_MAX_ROUNDS):
            better = next(self._better(message), None)
            if better is None:
                return None
            message = better
            left = counts(message, self._rules)
            if not self._new_errors(left):
                return Edit(start, end, message.source) if left[rule] < self._before[rule] else None
        return None

    def _better(self, message: Message) -> Iterator[Message]:
        left = counts(message, self._rules)
        for name in sorted(self._new_errors(left)):
            for place in places(message, name, self._rules.rules[name])[:1]:
                for fix in self._propose(message, name, place):
                    if not fix.certain:
                        continue
                    changed = Message.of(fix.applied(message.source), self._rules.grammar)
                    now = counts(changed, self._rules)
                    if now[name] < left[name] and len(self._new_errors(now)) <= len(self._new_errors(left)):
                        yield changed

    def _new_errors(self, left: Counter[str]) -> set[str]:
        rules = self._rules.rules
        return {name for name in left if rules[name].level is Level.ERROR and left[name] > self._before[name]}


def counts(message: Message, rules: Rules) -> Counter[str]:
    """In how many places each rule is broken."""
    found: Counter[str] = Counter()
    if rules.ignored and is_ignored(joined(message.raw)):
        return found
    if message.header or message.body or message.footer:
        for name, rule in rules.active():
            if not keeps(message, name, rule):
                found[name] = len(places(message, name, rule))
    return found


def transposed(message: Message, edits: Iterable[Edit]) -> list[Edit]:
    """`edits` of a message's source as edits of its lines alone."""
    return [Edit(_offset(message, edit.start), _offset(message, edit.end), edit.text) for edit in edits]


def _offset(message: Message, offset: int) -> int:
    """Where an offset of the source is in the message's own lines; what is in none of them is at the end of a line."""
    base = 0
    for line in message.raw:
        if offset < line.start:
            return max(base - 1, 0)
        if offset <= line.end:
            return base + offset - line.start
        base += len(line.text) + 1
    return max(base - 1, 0)
