"""Whether a person has typed anything: what git itself puts into a commit's editor does not count.

That is the text of `commit.template`, and below it the trailers of `--signoff` and `--trailer`. Git leaves the first
line free above these, so that a header can be told from a trailer: both may be a word, a colon and a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from byline.commit_messages.message import Message, Part

_TRAILER = re.compile(r"(?P<key>[A-Za-z][0-9A-Za-z-]*)[ \t]*:[ \t]*\S")
_GOES_ON = (" ", "\t")


def is_blank(typed: Message, template: str = "") -> bool:
    """Whether all that stands in an editor is git's own; `template` is its template, without comments."""
    lines = [line for line in typed.raw if line.text.strip()]
    given = [line.strip() for line in template.split("\n") if line.strip()]
    below = lines[len(given) :] if given == [line.text.strip() for line in lines[: len(given)]] else lines
    is_free = below != lines or (lines != [] and "\n" in typed.source[: lines[0].start])
    return _are_trailers(below, is_free=is_free)


def _are_trailers(lines: Sequence[Part], *, is_free: bool) -> bool:
    """Whether there is nothing but trailers; where the first line is not free, only those that can be no header."""
    keys = [match["key"] if (match := _TRAILER.match(line.text)) else None for line in lines]
    return all(
        (at > 0 and line.text.startswith(_GOES_ON)) or (key is not None and ("-" in key or (is_free and _is_key(key))))
        for at, (line, key) in enumerate(zip(lines, keys, strict=True))
    )


def _is_key(word: str) -> bool:
    """Types are written in small letters, keys are not."""
    return word[0].isupper()
