"""Patterns that come with a repository, by an engine whose time is linear in the text.

The engine is RE2, which knows no look-around and no back references; a pattern that needs them is refused, and nothing
is claimed about what it would have found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from byline.commit_messages import emoji

MAX_PATTERN = 2_000
"""Characters of a pattern that are read."""

_MAX_TRANSLATED = 20_000

_PIECE = re.compile(
    r"\\u(?P<unit>[0-9a-fA-F]{4})|\\u\{(?P<point>[0-9a-fA-F]{1,6})\}|\\(?P<without>[pP])\{(?P<property>[\w=]{1,40})\}|"
    r"\\(?P<escaped>.)|(?P<named>\(\?<(?![=!]))|(?P<opening>\[\^?)|(?P<other>.)",
    re.DOTALL,
)
_CATEGORIES = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Symbol": "S",
    "Other_Symbol": "So",
    "Separator": "Z",
}
_LINE_ENDS = r"\n\r\x{2028}\x{2029}"
_WHITE_SPACE = r"\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"


class PatternNotSupported(ValueError):  # noqa: N818 - a property of the pattern
    """A pattern that cannot be followed with certainty."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in RE2's syntax. Made by `from_javascript` or `from_python`."""

    source: str

    def found_in(self, text: str) -> bool:
        """Whether it is found anywhere in `text`."""
        return bool(_compiled(self.source).search(text))

    def spans(self, text: str, parts: Sequence[str]) -> Mapping[str, tuple[int, int]] | None:
        """Where its groups are in `text`, by name: their own, else those in `parts` in order. None: it is not found."""
        match = _compiled(self.source).search(text)
        if not match:
            return None
        named = match.re.groupindex
        groups = {name: named[name] for name in parts if name in named} if named else _numbered(match.re.groups, parts)
        return {name: match.span(group) for name, group in groups.items() if match.span(group) != (-1, -1)}


def from_javascript(source: str, flags: str = "") -> Pattern:
    """The pattern of a JavaScript literal `/source/flags`. Raises PatternNotSupported."""
    if set(flags) - set("igsmu"):
        raise PatternNotSupported(f"the flags `{flags[:20]}` are not supported")
    if len(source) > MAX_PATTERN:
        raise PatternNotSupported(f"it is longer than {MAX_PATTERN} characters")
    translated = "".join(_translated(source, "." if "s" in flags else f"[^{_LINE_ENDS}]", by_point="u" in flags))
    kept = "".join(flag for flag in "ims" if flag in flags)
    return _checked(f"(?{kept}:{translated})" if kept else translated, _MAX_TRANSLATED)


def _translated(source: str, any_character: str, *, by_point: bool) -> Iterator[str]:
    """The pieces of `source` in RE2's syntax: `.`, `\\s` and classes mean something else there.

    Only where a pattern goes by code points (`by_point`, the flag `u`), JavaScript knows of those and of properties.
    """
    in_class = False
    for piece in _PIECE.finditer(source):
        if unit := piece["unit"]:
            if "d800" <= unit.lower() <= "dfff":
                raise PatternNotSupported("halves of surrogate pairs are not supported")
            yield f"\\x{{{unit}}}"
        elif (piece["point"] or piece["property"]) and not by_point:
            raise PatternNotSupported(f"`{piece[0][:2]}{{…}}` without the flag `u` is not supported")
        elif point := piece["point"]:
            yield f"\\x{{{point}}}"
        elif name := piece["property"]:
            yield _with_property(name, without=piece["without"] == "P", in_class=in_class)
        elif escaped := piece["escaped"]:
            yield _escape(escaped, in_class)
        elif piece["opening"] and not in_class:
            in_class = True
            yield piece[0]
        elif in_class:
            in_class = piece[0] != "]"
            if source[piece.start() - 1 : piece.end()] in ("[]", "^]"):
                raise PatternNotSupported("empty classes are not supported")
            yield piece[0].replace("[", "\\[")
        else:
            yield {"(?<": "(?P<", ".": any_character}.get(piece[0], piece[0])


def _escape(letter: str, in_class: bool) -> str:
    if letter == "s":
        return _WHITE_SPACE if in_class else f"[{_WHITE_SPACE}]"
    if letter == "S" and not in_class:
        return f"[^{_WHITE_SPACE}]"
    if letter in "ScpPku0":
        raise PatternNotSupported(f"`\\{letter}` is not supported")
    return f"\\{letter}"


def _with_property(name: str, *, without: bool, in_class: bool) -> str:
    """The characters that have a property, or those `without` it: RE2 knows categories and scripts by their names."""
    if ranges := emoji.ranges(name):
        if without and in_class:
            raise PatternNotSupported(f"`\\P{{{name}}}` in a class is not supported")
        return ranges if in_class else f"[{'^' if without else ''}{ranges}]"
    key, _, value = name.rpartition("=")
    plain = _CATEGORIES.get(value, value)
    known = len(plain) <= 2 if key in ("", "gc", "General_Category") else key in ("sc", "Script")
    if not known:
        raise PatternNotSupported(f"the property `{name}` is not supported")
    return f"\\{'P' if without else 'p'}{{{plain}}}"


def from_python(source: str, *, at_start: bool) -> Pattern:
    """A pattern of Python's `re`, as `search` or (`at_start`) `match` would use it. Raises PatternNotSupported."""
    return _checked(f"^(?:{source})" if at_start else source)


def _checked(source: str, limit: int = MAX_PATTERN) -> Pattern:
    if len(source) > limit:
        raise PatternNotSupported(f"it is longer than {limit} characters")
    try:
        _compiled(source)
    except _library().error as error:
        raise PatternNotSupported("it needs look-around, a back reference, or is no pattern at all") from error
    return Pattern(source)


def _numbered(groups: int, parts: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(parts, 1) if at <= groups}


@lru_cache(maxsize=64)
def _compiled(source: str) -> Any:
    re2 = _library()
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    return re2.compile(source, options)


@lru_cache(maxsize=1)
def _library() -> Any:
    import re2

    return re2
