"""Where a sentence that is too long can be cut without saying something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from byline.commit_messages.lint.case import width

_REFERENCE = re.compile(r" \(#\d{1,9}\)$")
_SPACE = re.compile(" ")
_ASIDE = re.compile(r"; | [-–—] | \(")
_REASON = re.compile(r",? (?:so that|in order to|because|since|when|where|which|that) ")
_PART = re.compile(r", |: | (?:and|by|for|from|in|into|on|to|using|via|with|without) ")
_LEAST_WORDS = 2
_NEVER_LAST = re.compile(r"an?|and|as|at|but|by|for|from|in|into|is|not|of|on|or|the|to|with|without", re.IGNORECASE)


def cuts(sentence: str, limit: int) -> Iterator[str]:
    """What `sentence` can be cut to within `limit` (UTF-16 code units), the best first.

    First without an aside at its end, then without its reasons, then without its last parts, then between any words.
    The number of a pull request at its end stays.
    """
    reference = _REFERENCE.search(sentence)
    tail = reference[0] if reference else ""
    text = without_reference(sentence)[: max(limit, 0) + 1]
    for ends in (_ends(_ASIDE, text)[::-1], _ends(_REASON, text), _ends(_PART, text)[::-1], _ends(_SPACE, text)[::-1]):
        for end in ends:
            kept = text[:end].rstrip(" ,;:-–—(")
            if width(kept + tail) <= limit and _says_something(kept):
                yield kept + tail


def without_reference(sentence: str) -> str:
    """`sentence` without the number of a pull request at its end."""
    return _REFERENCE.sub("", sentence)


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)]


def _says_something(text: str) -> bool:
    words = text.split()
    balanced = text.count("(") == text.count(")") and text.count("`") % 2 == 0 and text.count('"') % 2 == 0
    return len(words) >= _LEAST_WORDS and not _NEVER_LAST.fullmatch(words[-1]) and balanced
