"""How a message is taken apart: the parser options that commitlint's presets set.

JavaScript's patterns are followed to the letter: `\\w` is ASCII, white space is ECMAScript's, and `.` stops at four
characters (https://tc39.es/ecma262/#prod-LineTerminator).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from byline.commit_messages.pattern import Pattern

WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""ECMAScript's white space."""

LINE_ENDS = re.compile("[\n\r\u2028\u2029]")
"""What ECMAScript's `.` does not match."""

_PLAIN_HEADER = re.compile(r"(\w*)(?:\((.*)\))?: (.*)", re.ASCII | re.DOTALL)
_MARKED_HEADER = re.compile(r"(\w*)(?:\((.*)\))?!: (.*)", re.ASCII | re.DOTALL)
_ACTION = "close[sd]?|fix(?:e[sd])?|resolve[sd]?"
_REFERRING = re.compile(f"(?:{_ACTION})[{WHITE_SPACE}]+", re.IGNORECASE | re.ASCII)
_VERB = re.compile(_ACTION, re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"\bhttps?://[-a-zA-Z0-9@:%_+.~#?&/=]+\b", re.ASCII)

Spans = Mapping[str, tuple[int, int]]
"""Where the header's parts are, by name."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The options of a parser preset.

    `marked` says whether a header may have `!` before its colon; `pattern` is a repository's own form instead of ours,
    with the parts that its groups stand for in `parts`. `notes` are the words that begin a breaking change's note,
    `prefixes` what stands before the number of an issue.
    """

    marked: bool = True
    pattern: Pattern | None = None
    parts: tuple[str, ...] = ("type", "scope", "subject")
    notes: tuple[str, ...] = ("BREAKING CHANGE", "BREAKING-CHANGE")
    prefixes: tuple[str, ...] = ("#",)

    def header_spans(self, header: str) -> tuple[Spans, bool] | None:
        """Where the parts of `header` are, and whether it is marked as breaking; None for another form."""
        if self.pattern:
            found = self.pattern.spans(header, self.parts)
            return None if found is None else (found, False)
        if LINE_ENDS.search(header):
            return None
        marked = _MARKED_HEADER.fullmatch(header) if self.marked else None
        match = marked or _PLAIN_HEADER.fullmatch(header)
        return ({name: match.span(at) for at, name in enumerate(self.parts, 1)}, bool(marked)) if match else None

    def is_note(self, line: str) -> bool:
        """Whether `line` begins the note of a breaking change."""
        return bool(_note(self.notes).match(line))

    def refers(self, line: str) -> bool:
        """Whether `line` refers to an issue, as `Closes #12` and `see #12` do."""
        if _REFERRING.search(line):
            sentences = list(_sentences(line))
            if sentences:
                return any(self._is_reference(sentence) for sentence in sentences)
        return any(self._is_reference(sentence) for sentence in LINE_ENDS.split(line))

    def _is_reference(self, sentence: str) -> bool:
        return bool(not _ADDRESS.search(sentence) and _reference(self.prefixes).search(sentence))


CONVENTIONAL = Grammar()
"""conventional-changelog-conventionalcommits, the preset of config-conventional."""

ANGULAR = Grammar(notes=("BREAKING CHANGE",), marked=False)
"""conventional-changelog-angular, what holds where no preset is named."""


def _sentences(line: str) -> Iterator[str]:
    """What stands behind each verb (`fixes`) up to the next one."""
    at = 0
    while match := _REFERRING.search(line, at):
        verb = _VERB.search(line, match.end())
        end = verb.start() if verb else len(line)
        sentence = line[match.end() : end]
        if LINE_ENDS.search(sentence):
            at = match.start() + 1
        else:
            yield sentence
            at = max(end, match.end())


@lru_cache(maxsize=32)
def _note(words: tuple[str, ...]) -> re.Pattern[str]:
    choice = "|".join(re.escape(word.strip()) for word in words if word.strip())
    return re.compile(rf"[{WHITE_SPACE}|*]*(?:{choice})[:{WHITE_SPACE}]+", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=32)
def _reference(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    choice = "|".join(re.escape(prefix.strip()) for prefix in prefixes if prefix.strip())
    return re.compile(rf"(?:{choice})[\w-]+(?=[{WHITE_SPACE}]|$|[,;)\]])", re.IGNORECASE | re.ASCII)
