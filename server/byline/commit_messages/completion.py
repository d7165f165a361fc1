"""Completion in a commit message: types, scopes, issue keys, trailers and people, by where the cursor is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import TYPES, Rules

_TYPING_TYPE = re.compile(r"[\w-]{0,40}")
_TYPING_SCOPE = re.compile(r"\w{1,40}\((?:[^()]*[/\\,] ?)?(?P<word>[^()/\\,]*)")
_TYPING_KEY = re.compile(r"(?:.*[\s(\[])?(?P<word>#[0-9]*|[A-Z][A-Z0-9]*-?[0-9]*)", re.DOTALL)
_TYPING_TRAILER = re.compile(r"[A-Za-z-]{0,40}")
_TYPING_VALUE = re.compile(r"(?P<key>[A-Za-z-]{1,40}): (?:[^,]*, )?(?P<word>[^,]{0,100})")
_SIGNED = "signed-off-by"
_BY = "-by"

_ISSUES = frozenset({"ref", "refs", "references", "closes", "fixes", "resolves", "see", "issue", "ticket"})
TRAILERS = ("BREAKING CHANGE", "Co-authored-by", "Signed-off-by", "Reviewed-by", "Refs", "Closes", "Fixes")
"""The keys that are offered everywhere, after those of the repository."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a repository's history and branch suggest, the likeliest first; `authors` are `name <mail>`."""

    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    issue_keys: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing to insert: `text` in place of what stands between two offsets in the source.

    `kind` is `type`, `scope`, `issue` or `trailer`; `detail` says more in a few words, and may be empty.
    """

    label: str
    kind: str
    detail: str
    start: int
    end: int
    text: str


def completions(
    message: Message | str, offset: int, rules: Rules, words: Words | None = None
) -> tuple[Completion, ...]:
    """What can be inserted at `offset` (code points from the source's start), the likeliest first.

    What the rules do not allow is not offered. Empty outside the message's own text, as in comments.
    """
    message = message.under(rules.grammar) if isinstance(message, Message) else Message.of(message, rules.grammar)
    words = words or Words()
    line = next((line for line in message.raw if line.start <= offset <= line.end), None)
    if line is None:
        is_blank = not _line_at(message.source, offset).strip()
        return _types("", offset, rules, words) if message.empty and is_blank else ()
    before = line.text[: offset - line.start]
    first = next((part for part in message.raw if part.text.strip()), line)
    found = _in_header(before, offset, rules, words) if line.start <= first.start else ()
    if not found and line.start > first.start:
        found = tuple(_values(before, offset, rules, words))
        found = found or tuple(_trailers(message, line, before, offset, rules, words))
    return found or tuple(_issues(before, offset, words))


def _line_at(source: str, offset: int) -> str:
    return source[source.rfind("\n", 0, offset) + 1 :].partition("\n")[0]


def _in_header(before: str, offset: int, rules: Rules, words: Words) -> tuple[Completion, ...]:
    if _TYPING_TYPE.fullmatch(before) and (rules.conventional or rules.types or words.types):
        return _types(before, offset, rules, words)
    if match := _TYPING_SCOPE.fullmatch(before):
        return tuple(_scopes(match["word"], offset, rules, words))
    return ()


def _types(typed: str, offset: int, rules: Rules, words: Words) -> tuple[Completion, ...]:
    allowed = rules.types
    names = [name for name in words.types if not allowed or name in allowed] + list(allowed)
    if not names and rules.conventional:
        names = list(TYPES)
    return tuple(
        Completion(name, "type", rules.described.get(name, TYPES.get(name, "")), offset - len(typed), offset, name)
        for name in _matching(names, typed)
    )


def _scopes(typed: str, offset: int, rules: Rules, words: Words) -> Iterator[Completion]:
    allowed = rules.scopes
    names = [name for name in words.scopes if not allowed or name in allowed] + list(allowed)
    for name in _matching(names, typed):
        yield Completion(name, "scope", "", offset - len(typed), offset, name)


def _issues(before: str, offset: int, words: Words) -> Iterator[Completion]:
    match = _TYPING_KEY.fullmatch(before)
    typed = match["word"] if match else ""
    for key in _matching(words.issue_keys, typed) if typed else ():
        yield Completion(key, "issue", "", offset - len(typed), offset, key)


def _values(before: str, offset: int, rules: Rules, words: Words) -> Iterator[Completion]:
    """What a trailer can say: the issue, who commits, or others who did lately."""
    match = _TYPING_VALUE.fullmatch(before)
    key = match["key"].lower() if match else ""
    kind, values = "trailer", tuple(author for author in words.authors if author != rules.author)
    if key in _ISSUES:
        kind, values = "issue", words.issue_keys
    elif key == _SIGNED:
        values = (rules.author,) if rules.author else ()
    elif not key.endswith(_BY):
        values = ()
    typed = match["word"] if match else ""
    for value in _matching(values, typed):
        yield Completion(value, kind, "", offset - len(typed), offset, value)


def _trailers(
    message: Message, line: Part, before: str, offset: int, rules: Rules, words: Words
) -> Iterator[Completion]:
    """A key at the start of a line of the last paragraph."""
    below = [part for part in message.raw if part.start > line.start]
    if not _TYPING_TRAILER.fullmatch(before) or any(part.text.strip() for part in below):
        return
    for key in _matching((*rules.trailers, *words.trailers, *TRAILERS), before):
        signed = key.lower() == "signed-off-by" and rules.author
        text = f"{key}: {rules.author}" if signed else f"{key}: "
        yield Completion(key, "trailer", rules.author or "" if signed else "", offset - len(before), offset, text)


def _matching(names: Iterable[str], typed: str) -> Iterable[str]:
    """Those of `names` that begin with `typed`, whatever its case, without repetition."""
    return dict.fromkeys(name for name in names if name.casefold().startswith(typed.casefold()))
