"""A header in the form `type(scope): subject`: put into it, begun, or with a type before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from byline.commit_messages.grammar import LINE_ENDS
from byline.commit_messages.lint.case import has_case
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.likeness import nearest
from byline.commit_messages.lint.places import Place
from byline.commit_messages.message import Message, Part
from byline.commit_messages.rules import Rule, Rules

_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "bug": "fix",
        "bugfix": "fix",
        "bugs": "fix",
        "dep": "build",
        "deps": "build",
        "dependencies": "build",
        "doc": "docs",
        "documentation": "docs",
        "feature": "feat",
        "features": "feat",
        "fixed": "fix",
        "fixes": "fix",
        "format": "style",
        "formatting": "style",
        "hotfix": "fix",
        "optimisation": "perf",
        "optimization": "perf",
        "performance": "perf",
        "readme": "docs",
        "refact": "refactor",
        "refactoring": "refactor",
        "refacto": "refactor",
        "testing": "test",
        "tests": "test",
    }
)
_NEARLY = re.compile(
    r"\s{0,9}\[?(?P<type>\w{1,30})\]?\s{0,3}(?:\((?P<scope>[^()]{1,60})\))?\s{0,3}(?P<mark>!)?\s{0,3}(?::|\]|\s[-–—]\s)\s{0,9}(?P<subject>\S.*)",
    re.DOTALL,
)
_BEGUN = re.compile(
    r"\s*(?P<type>\w{0,30})(?:\((?P<scope>[^()]{0,60})\)?)?\s*(?P<mark>!)?\s*(?P<colon>:?)[\s.…!?]*", re.DOTALL
)
_WITHOUT_TYPE = re.compile(r"\s*(?P<rest>(?:\([^()]*\))?!?: .*)", re.DOTALL)
_TRAILER = re.compile(r"[A-Z][a-z]+(?:-[a-z]+)+: |(?:Refs?|Closes|Fixes|Resolves|See): (?:[A-Z][A-Z0-9]*-|#)\d")
_OFFERED = ("feat", "fix", "docs", "refactor", "test")
_MAX_SHOWN = 60
_LONGEST_BEGUN = 160

REST = "…"
"""What stands for words that a person has still to write."""


def nearest_type(written: str, rules: Rules) -> str | None:
    """The allowed type that `written` certainly means; `written` in lower case where any type is allowed."""
    folded = written.casefold()
    if not rules.types:
        return folded
    same = (name for name in rules.types if name.casefold() == folded)
    meant = _MEANT.get(folded)
    return next(same, meant if meant in rules.types else None)


def in_form(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A header that has the form: put into it where it nearly has it, completed where it is begun, else with a type."""
    header = message.header
    if not header:
        return
    if is_trailer(header):
        yield from above(message, header, rules)
        return
    yield from put_in_form(message, rule, rules, place)
    begun = list(completed(header, rules))
    yield from begun
    if not begun:
        yield from _with_type(header, rules)


def put_in_form(message: Message, rule: Rule, rules: Rules, place: Place) -> Iterator[Fix]:
    """A header that nearly has the form `type(scope): subject` put into it."""
    header = message.header
    match = _NEARLY.fullmatch(header.text) if header else None
    type_ = nearest_type(match["type"], rules) if match else None
    if not header or not match or not type_ or (rules.types and type_ not in rules.types):
        return
    scope = f"({match['scope']})" if match["scope"] else ""
    for subject in subjects(match["subject"].rstrip(), rules):
        text = f"{type_}{scope}{match['mark'] or ''}: {subject}"
        yield Fix(f"Write “{shown(text)}”", (whole(header, text),))


def completed(header: Part, rules: Rules) -> Iterator[Fix]:
    """A header that was only begun (`feat(`, `fix:`), with `…` for what is to be said."""
    match = _BEGUN.fullmatch(header.text) if len(header.text) <= _LONGEST_BEGUN else None
    if not match:
        return
    meant = nearest_type(match["type"], rules) if match["type"] else None
    known = [meant] if meant and (meant in rules.types or not rules.types) else []
    is_begun = match["colon"] or match["scope"] is not None or match["mark"] or meant in (rules.types or _OFFERED)
    if not is_begun:
        return
    written = (match["scope"] or "").strip()
    scopes = dict.fromkeys((written, *_wanted_scopes(rules), *nearest(written, rules.scopes)[:3], ""))
    for type_ in known or first_types(rules):
        for scope in scopes:
            text = f"{type_}{f'({scope})' if scope else ''}{match['mark'] or ''}: {REST}"
            yield Fix(f"Write “{text}”, to be completed", (whole(header, text),), certain=False)


def _with_type(header: Part, rules: Rules) -> Iterator[Fix]:
    """A header that says something, with a type before it."""
    without = _WITHOUT_TYPE.fullmatch(header.text)
    for type_ in first_types(rules):
        for scope in (*(f"({name})" for name in _wanted_scopes(rules)), ""):
            if without:
                beginning = type_ if without["rest"].startswith("(") else f"{type_}{scope}"
                edit = whole(header, f"{beginning}{without['rest']}")
                yield Fix(f"Begin with `{beginning}`", (edit,), certain=False)
                continue
            for subject in subjects(header.text.strip(), rules):
                edit = whole(header, f"{type_}{scope}: {subject}")
                if header.text.startswith(subject):
                    edit = Edit(header.start, header.start, f"{type_}{scope}: ")
                yield Fix(f"Begin with `{type_}{scope}: `", (edit,), certain=False)


def _wanted_scopes(rules: Rules) -> tuple[str, ...]:
    """Scopes for a header that must have one."""
    if not rules.get("scope-empty", always=False):
        return ()
    return rules.scopes[:3] or (REST,)


def is_trailer(header: Part) -> bool:
    """Whether what stands in the place of a header plainly is a trailer, as `git commit --signoff` leaves it."""
    return bool(_TRAILER.match(header.text))


def above(message: Message, header: Part, rules: Rules) -> Iterator[Fix]:
    """A header above a line that is a trailer, and no header."""
    start = message.raw[0].start
    if message.source[start : header.start].strip():
        start = header.start
    for type_ in first_types(rules):
        for scope in (*(f"({name})" for name in _wanted_scopes(rules)), ""):
            text = f"{type_}{scope}: {REST}"
            edit = Edit(start, header.start, f"{text}\n\n")
            yield Fix(f"Write “{text}” above, to be completed", (edit,), certain=False)


def subjects(text: str, rules: Rules) -> Iterator[str]:
    """`text` as it is, and in small letters and without a full stop, where subjects may have none."""
    text = LINE_ENDS.sub(" ", text)
    yield text
    bare = text.rstrip(".") if rules.get("subject-full-stop", always=False) else text
    first = text.partition(" ")[0]
    if bare:
        if first[1:] == first[1:].lower():
            yield bare[:1].lower() + bare[1:]
        elif not has_case(text, "upper-case"):
            yield bare
        yield bare.lower()


def first_types(rules: Rules) -> tuple[str, ...]:
    """The types that are offered first, of those that are allowed."""
    if not rules.types:
        return _OFFERED
    known = [name for name in _OFFERED if name in rules.types]
    return tuple(dict.fromkeys((*known, *rules.types[: len(_OFFERED)])))


def whole(part: Part, text: str) -> Edit:
    """The edit that puts `text` in the place of all of `part`."""
    return Edit(part.start, part.end, text)


def shown(text: str) -> str:
    """`text` for a title: at most 60 characters."""
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1].rstrip()}…"
