"""Generate, check, repair, check: a text that breaks rules is mended, or nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator

from byline.commit_messages.buffer import Cleanup, read
from byline.commit_messages.lint.finding import Finding
from byline.commit_messages.lint.linter import lint
from byline.commit_messages.rules import Level, Rules

_MAX_ROUNDS = 100


def repair(text: str, rules: Rules) -> str | None:
    """`text` mended until it breaks no rule whose level is error, and as few of the others as can be.

    White space at its edges and at the ends of lines goes too, as git takes it away anyway. Only what needs no choice
    is done; the same text is always mended in the same way. None where that is not enough, and for an empty text.
    Raises byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    text = _cleaned(text)
    if not text:
        return None
    seen = {text}
    findings = lint(text, rules)
    for _ in range(_MAX_ROUNDS):
        better = next(_better(text, findings, rules, seen), None)
        if better is None:
            break
        text, findings = better
        seen.add(text)
    return None if any(finding.level is Level.ERROR for finding in findings) else text


def _better(
    text: str, findings: tuple[Finding, ...], rules: Rules, seen: set[str]
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What the fixes make of `text`, where that breaks less; after those, where it breaks as much but differently."""
    otherwise = []
    for finding in sorted(findings, key=lambda finding: -finding.level):
        for fix in finding.fixes:
            changed = _cleaned(fix.applied(text)) if fix.certain else text
            if changed in seen or not changed:
                continue
            left = lint(changed, rules)
            if _weight(left) < _weight(findings):
                yield changed, left
            elif _weight(left) == _weight(findings) and _names(left) != _names(findings):
                otherwise.append((changed, left))
    yield from otherwise


def _cleaned(text: str) -> str:
    return read(text, cleanup=Cleanup.WHITESPACE).text


def _weight(findings: tuple[Finding, ...]) -> tuple[int, int]:
    errors = sum(finding.level is Level.ERROR for finding in findings)
    return errors, len(findings) - errors


def _names(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(finding.rule for finding in findings)
