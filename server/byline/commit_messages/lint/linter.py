"""The one check of a commit message: for what a person types and for everything that is generated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from byline.commit_messages.lint.checks import keeps
from byline.commit_messages.lint.finding import Finding, Fix
from byline.commit_messages.lint.fixes import fixes, proposals
from byline.commit_messages.lint.ignored import is_ignored
from byline.commit_messages.lint.places import Place, places
from byline.commit_messages.lint.secret import secrets
from byline.commit_messages.lint.tried import Trial
from byline.commit_messages.lint.wording import sentence
from byline.commit_messages.message import Message, joined
from byline.commit_messages.rules import Level, Rules

_Mend = Callable[[str, Place], tuple[Fix, ...]]


def lint(message: Message | str, rules: Rules) -> tuple[Finding, ...]:
    """What `message` breaks of `rules`, from its start to its end; a text is a whole message without comments.

    Every fix has been tried: it mends its finding, or says that it is only a part, and breaks nothing else. Nothing is
    found in an empty message: git refuses that by itself. Secrets are found in any other, also in those that the rules
    let through. Raises byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    message = _under(message, rules)
    trial = Trial(message, rules, lambda changed, name, place: proposals(changed, name, rules, place))
    return _found(message, rules, lambda name, place: fixes(message, name, place, rules, trial))


def proposed(message: str, rules: Rules) -> tuple[Finding, ...]:
    """The same with all that might mend each finding, for one who tries it. Raises RedactionUnavailable."""
    read = _under(message, rules)
    return _found(read, rules, lambda name, place: tuple(proposals(read, name, rules, place)))


def passes(message: Message | str, rules: Rules) -> bool:
    """Whether `message` is not empty, breaks no rule whose level is error, and holds no secret."""
    text = message.text if isinstance(message, Message) else message
    found = _found(_under(message, rules), rules, lambda name, place: ())
    return bool(text.strip()) and all(finding.level < Level.ERROR for finding in found)


def broken(message: Message, rules: Rules) -> Iterator[str]:
    """The names of the rules that `message`, taken apart under their grammar, breaks."""
    if rules.ignored and is_ignored(joined(message.raw)):
        return
    if message.header or message.body or message.footer:
        yield from (name for name, rule in rules.active() if not keeps(message, name, rule))


def _under(message: Message | str, rules: Rules) -> Message:
    return message.under(rules.grammar) if isinstance(message, Message) else Message.of(message, rules.grammar)


def _found(message: Message, rules: Rules, mend: _Mend) -> tuple[Finding, ...]:
    if message.empty:
        return ()
    findings = [*secrets(message), *_broken(message, rules, mend)]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, -finding.level)))


def _broken(message: Message, rules: Rules, mend: _Mend) -> Iterator[Finding]:
    for name in broken(message, rules):
        rule = rules.rules[name]
        text = sentence(message, name, rule)
        for start, end in places(message, name, rule):
            yield Finding(name, rule.level, text, start, end, mend(name, (start, end)))
