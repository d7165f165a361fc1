"""The one check of a commit message: for what a person types and for everything that is generated."""

from __future__ import annotations

from collections.abc import Iterator

from byline.commit_messages.lint.checks import keeps
from byline.commit_messages.lint.finding import Finding
from byline.commit_messages.lint.fixes import fixes
from byline.commit_messages.lint.ignored import is_ignored
from byline.commit_messages.lint.places import places
from byline.commit_messages.lint.secret import secrets
from byline.commit_messages.lint.wording import sentence
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Level, Rules


def lint(message: Message | str, rules: Rules) -> tuple[Finding, ...]:
    """What `message` breaks of `rules`, from its start to its end; a text is a whole message without comments.

    Nothing is found in an empty message: git refuses that by itself. Secrets are found in any other, also in those
    that the rules let through. Raises byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    message = message.under(rules.grammar) if isinstance(message, Message) else Message.of(message, rules.grammar)
    if message.empty:
        return ()
    findings = [*secrets(message), *_broken(message, rules)]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, -finding.level)))


def passes(message: Message | str, rules: Rules) -> bool:
    """Whether `message` is not empty, breaks no rule whose level is error, and holds no secret."""
    text = message.text if isinstance(message, Message) else message
    return bool(text.strip()) and all(finding.level < Level.ERROR for finding in lint(message, rules))


def broken(message: Message, rules: Rules) -> Iterator[str]:
    """The names of the rules that `message`, taken apart under their grammar, breaks."""
    if rules.ignored and is_ignored(message.text):
        return
    if message.header or message.body or message.footer:
        yield from (name for name, rule in rules.active() if not keeps(message, name, rule))


def _broken(message: Message, rules: Rules) -> Iterator[Finding]:
    for name in broken(message, rules):
        rule = rules.rules[name]
        text = sentence(message, name, rule)
        for start, end in places(message, name, rule):
            yield Finding(name, rule.level, text, start, end, fixes(message, name, rules, (start, end)))
