"""Generate, check, repair, check: a text that breaks rules is mended, or nothing leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from byline.commit_messages.buffer.reading import Cleanup, read
from byline.commit_messages.lint.finding import Finding
from byline.commit_messages.lint.linter import proposed
from byline.commit_messages.lint.secret import RULE as SECRET
from byline.commit_messages.rules import Level, Rules
from byline.commit_messages.trailers import trailers

_MAX_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text as far as it could be mended, and what is still broken in it."""

    text: str
    left: tuple[Finding, ...]

    @property
    def unmended(self) -> tuple[str, ...]:
        """The rules whose level is error that only a person can keep, without repetition; `secret` is one, too."""
        return tuple(dict.fromkeys(finding.rule for finding in self.left if finding.level is Level.ERROR))


def repair(text: str, rules: Rules) -> str | None:
    """`text` mended until it breaks no rule whose level is error, and as few of the others as can be.

    None where that cannot be, and for an empty text. Raises byline.privacy.RedactionUnavailable where secrets cannot be
    looked for.
    """
    mended = repaired(text, rules)
    return mended.text if mended.text and not mended.unmended else None


def repaired(text: str, rules: Rules) -> Repaired:
    """`text` mended as far as no choice is needed; the same text is always mended in the same way.

    White space at its edges and at the ends of lines goes too, as git takes it away anyway. What trailers say stays.
    Raises byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    text = _cleaned(text)
    seen = {text}
    findings = proposed(text, rules)
    for _ in range(_MAX_ROUNDS):
        better = next(_better(text, findings, rules, seen), None)
        if better is None:
            break
        text, findings = better
        seen.add(text)
    return Repaired(text, findings)


def _better(
    text: str, findings: tuple[Finding, ...], rules: Rules, seen: set[str]
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What the fixes make of `text`, where that breaks less; after those, where it breaks as much but differently."""
    otherwise = []
    for finding in sorted(findings, key=lambda finding: -finding.level):
        for fix in finding.fixes:
            changed = _cleaned(fix.applied(text)) if fix.certain else text
            if changed in seen or not changed or (finding.rule != SECRET and _changes_trailers(text, changed)):
                continue
            left = proposed(changed, rules)
            if _weight(left) < _weight(findings):
                yield changed, left
            elif _weight(left) == _weight(findings) and _names(left) != _names(findings):
                otherwise.append((changed, left))
    yield from otherwise


def _changes_trailers(text: str, changed: str) -> bool:
    """Whether a trailer says something else; one that goes, or comes, does not."""
    before, after = _trailers(text), _trailers(changed)
    return any(before[key] - after[key] and after[key] - before[key] for key in before)


def _trailers(text: str) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for trailer in trailers(text.split("\n")):
        found[trailer.key.lower()].add(trailer.value)
    return found


def _cleaned(text: str) -> str:
    return read(text, cleanup=Cleanup.WHITESPACE, edited=False).text


def _weight(findings: tuple[Finding, ...]) -> tuple[int, int]:
    errors = sum(finding.level is Level.ERROR for finding in findings)
    return errors, len(findings) - errors


def _names(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(finding.rule for finding in findings)
