"""Redaction: every secret in a text replaced by a placeholder.

Text that leaves the editor's memory (into the journal, a note, a log, a model) passes here first. A placeholder looks
like `«secret:github:1f0c94d2»`: the kind, and eight hex digits that are the same for the same secret and say nothing
about it, so that a reader can still see that two places hold the same one.
"""

from __future__ import annotations

import functools
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from byline.privacy.engine import RedactionUnavailable, Words, compiled, library
from byline.privacy.joined import Span, joined
from byline.privacy.pattern import Pattern
from byline.privacy.patterns import KINDS, PATTERNS

__all__ = ["Redacted", "RedactionUnavailable", "redact"]

_PLACEHOLDER = re.compile(rf"«secret:(?:{'|'.join(map(re.escape, KINDS))}):[0-9a-f]{{8}}»".encode())
_REST_OF_WORD = re.compile(rb"(?:[^\s\xc2]|\xc2[^\xab\xbb])*")  # up to white space or one of «»
_PROCESS_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets. Only `redact` makes one: whoever wants clean text takes this type.

    `count` is the number of secrets that were replaced, `kinds` which ones, sorted.
    """

    text: str
    count: int = 0
    kinds: tuple[str, ...] = ()


def redact(text: str, key: bytes | None = None) -> Redacted:
    """`text` with a placeholder for every secret. Redacting the result again changes nothing.

    With the same `key` the same secret has the same placeholder; by default that holds within this process. Half
    surrogate pairs, which no file can hold, become `?`. Takes linear time, whatever the text.
    Raises RedactionUnavailable if the pattern library cannot be imported.
    """
    library()
    data = text.encode("utf-8", "replace")
    kinds: list[str] = []
    # A replaced secret can uncover another one: what was the middle of a word now begins one. Three rounds at most
    # find something, because what is glued to a placeholder goes as a whole (`_to_end_of_word`).
    while found := _disjoint(_matches(data)):
        kinds += [kind for _, _, kind in found]
        data = _replace(data, found, key or _PROCESS_KEY)
    return Redacted(data.decode(), len(kinds), tuple(sorted(set(kinds))))


Found = tuple[int, int, int]
"""Start and end in bytes, and the index of the pattern."""


def _matches(data: bytes) -> list[Found]:
    """Where the secrets are, those in placeholders left out."""
    hidden = [match.span() for match in _PLACEHOLDER.finditer(data)]
    found: list[Found] = []
    glued = {end for _, end in hidden}
    for pieces, index in (*_in_lines(data), *_over_lines(data)):
        whole = glued.intersection(start for start, _ in pieces)
        found += ((start, _to_end_of_word(data, end) if whole else end, index) for start, end in pieces)
    return _outside(found, hidden)


def _in_lines(data: bytes) -> Iterator[tuple[list[Span], int]]:
    """What each pattern finds: one span, as a list, and the pattern's index."""
    for index in _worth_trying(data):
        yield from (([span], index) for span in _spans(PATTERNS[index], data))


def _over_lines(data: bytes) -> Iterator[tuple[list[Span], int]]:
    """What is found in values that are written over several lines, piece by piece."""
    whole = joined(data)
    if whole is not None:
        yield from ((list(whole.there(*spans[0])), index) for spans, index in _in_lines(whole.data))


def _worth_trying(data: bytes) -> Iterable[int]:
    """The patterns of which a word is in `data`, found in one pass."""
    words, patterns_of = _words()
    return sorted({index for word in words.within(data) for index in patterns_of[word]})


def _to_end_of_word(data: bytes, start: int) -> int:
    rest = _REST_OF_WORD.match(data, start)
    return rest.end() if rest else start


def _spans(pattern: Pattern, data: bytes) -> Iterator[Span]:
    for match in compiled(pattern.regex).finditer(data):
        start, end = match.span(1)
        if pattern.judge is None or pattern.judge(data[start:end].decode("utf-8", "replace")):
            yield start, end


def _outside(found: list[Found], hidden: list[tuple[int, int]]) -> list[Found]:
    """Those of `found` that touch none of the ascending `hidden` spans."""
    kept: list[Found] = []
    at = 0
    for start, end, index in sorted(found):
        while at < len(hidden) and hidden[at][1] <= start:
            at += 1
        if at == len(hidden) or end <= hidden[at][0]:
            kept.append((start, end, index))
    return kept


def _disjoint(found: list[Found]) -> list[tuple[int, int, str]]:
    """Overlapping matches as one, under the name of the most telling pattern."""
    merged: list[Found] = []
    for start, end, index in found:
        if merged and start < merged[-1][1]:
            first, last, best = merged[-1]
            merged[-1] = (first, max(last, end), min(best, index))
        else:
            merged.append((start, end, index))
    return [(start, end, PATTERNS[index].kind) for start, end, index in merged]


def _replace(data: bytes, found: list[tuple[int, int, str]], key: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for start, end, kind in found:
        mark = hmac.digest(key, data[start:end], "sha256").hex()[:8]
        pieces += (data[at:start], f"«secret:{kind}:{mark}»".encode())
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


@functools.cache
def _words() -> tuple[Words, Sequence[Sequence[int]]]:
    """All words of all patterns, and for each of them the patterns that it belongs to."""
    patterns_of: dict[str, list[int]] = {}
    for index, pattern in enumerate(PATTERNS):
        for word in pattern.words:
            patterns_of.setdefault(word, []).append(index)
    return Words(tuple(patterns_of)), tuple(patterns_of.values())
