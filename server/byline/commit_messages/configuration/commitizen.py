"""Commitizen's settings as rules: Python's (https://commitizen-tools.github.io/commitizen/) and Node's (`.czrc`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from byline.commit_messages.configuration.problem import Unreadable
from byline.commit_messages.pattern import PatternNotSupported, from_python
from byline.commit_messages.rules import TYPES, Level, Rule, Rules

_TYPES = ("build", "bump", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test")
_MAX_TYPES = 200
_WIDTHS = (("maxHeaderWidth", "header-max-length"), ("maxLineWidth", "body-max-line-length"))


def rules_from(settings: Mapping[str, Any], source: str) -> Rules | None:
    """The rules of commitizen's settings; None where they say nothing of messages. Raises Unreadable."""
    if "path" in settings:
        return _node(settings, source)
    name = settings.get("name", "cz_conventional_commits")
    if name == "cz_conventional_commits":
        return Rules(MappingProxyType(_conventional(_TYPES) | _limit(settings)), source=source, described=TYPES)
    if name == "cz_customize":
        return Rules(MappingProxyType(_pattern(settings) | _limit(settings)), source=source)
    raise Unreadable("its `name` is a plug-in, which is not run")


def _conventional(types: tuple[str, ...]) -> dict[str, Rule]:
    required = Rule(Level.ERROR, False)
    return {"type-empty": required, "subject-empty": required, "type-enum": Rule(Level.ERROR, True, types)}


def _limit(settings: Mapping[str, Any]) -> dict[str, Rule]:
    limit = settings.get("message_length_limit")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
        return {}
    return {"header-max-length": Rule(Level.ERROR, True, limit)}


def _pattern(settings: Mapping[str, Any]) -> dict[str, Rule]:
    """The form that a repository describes itself."""
    customised = settings.get("customize")
    pattern = customised.get("schema_pattern") if isinstance(customised, dict) else None
    if pattern is None:
        return {}
    if not isinstance(pattern, str):
        raise Unreadable("its `schema_pattern` is no text")
    try:
        return {"message-match": Rule(Level.ERROR, True, from_python(pattern, at_start=True))}
    except PatternNotSupported as refusal:
        raise Unreadable(f"its `schema_pattern` is not supported: {refusal}") from refusal


def _node(settings: Mapping[str, Any], source: str) -> Rules:
    """An adapter of Node's commitizen asks questions and checks nothing afterwards: what it asks for are warnings."""
    path = settings["path"]
    if not isinstance(path, str) or path.rpartition("/")[2] != "cz-conventional-changelog":
        raise Unreadable("its `path` is an adapter that is not built in")
    given = settings.get("types")
    described = _described(given) if isinstance(given, dict) else TYPES
    required = Rule(Level.WARNING, False)
    rules = {
        "type-empty": required,
        "subject-empty": required,
        "type-enum": Rule(Level.WARNING, True, tuple(described)),
        "header-max-length": Rule(Level.WARNING, True, 100),
    }
    for setting, name in _WIDTHS:
        width = settings.get(setting)
        if isinstance(width, int) and not isinstance(width, bool) and width > 0:
            rules[name] = Rule(Level.WARNING, True, width)
    return Rules(MappingProxyType(rules), source=source, described=described)


def _described(types: Mapping[str, Any]) -> Mapping[str, str]:
    if len(types) > _MAX_TYPES:
        raise Unreadable(f"it has more than {_MAX_TYPES} types")
    abouts = {name: about.get("description") if isinstance(about, dict) else None for name, about in types.items()}
    return MappingProxyType({name: text if isinstance(text, str) else "" for name, text in abouts.items()})
