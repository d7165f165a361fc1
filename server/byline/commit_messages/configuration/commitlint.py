"""The meaning of a commitlint configuration: its layers (`extends`) joined into rules.

The configuration is plain data by now (`javascript`, `yaml` or JSON). What is not certain is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from byline.commit_messages.configuration.parser import Parser
from byline.commit_messages.configuration.problem import Unknown, Unreadable
from byline.commit_messages.configuration.rule import read_rule
from byline.commit_messages.grammar import ANGULAR, Grammar
from byline.commit_messages.rules import ANGULAR_RULES, CONVENTIONAL_RULES, Rule, Rules

_BUILT_IN: Mapping[str, tuple[Rules, object]] = MappingProxyType(
    {
        "@commitlint/config-conventional": (CONVENTIONAL_RULES, "conventional-changelog-conventionalcommits"),
        "@commitlint/config-angular": (
            ANGULAR_RULES,
            {"parserOpts": {"headerPattern": r"^(\w*)(?:\((.*)\))?!?: (.*)$"}},
        ),
        "@commitlint/config-angular-type-enum": (
            Rules(MappingProxyType({"type-enum": ANGULAR_RULES.rules["type-enum"]})),
            None,
        ),
    }
)
_SCOPES_ONLY = frozenset(f"@commitlint/config-{name}-scopes" for name in ("lerna", "nx", "pnpm", "rush", "workspace"))

_BY_PARSER = ("type-", "scope-", "subject-", "body-", "footer-", "references-", "breaking-")
_BY_TEXT = frozenset({"subject-full-stop", "subject-exclamation-mark"})
_MAX_DEPTH = 5
_MAX_EXTENDS = 20
_MAX_NAMED = 60
_MAX_DESCRIPTION = 200

Load = Callable[[str], Mapping[str, Any]]
"""The configuration in a file of the repository, by what `extends` calls it. Raises Unreadable."""


@dataclass
class _Joined:
    """The layers joined so far. A parser of None is one that is not certain."""

    load: Load
    rules: dict[str, Rule] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    parser: Parser | None = field(default_factory=Parser)
    ignored: bool = True
    loads: int = 0
    problems: list[str] = field(default_factory=list)


def rules_from(configuration: Mapping[str, Any], source: str, load: Load) -> Rules:
    """The rules of a configuration that stands in the file `source`.

    A rule that cannot be read with certainty is left out; so are rules that a configuration which is not built in may
    have set otherwise, and all that depend on how a message is taken apart where that is not certain.
    """
    joined = _Joined(load)
    _join(joined, configuration, source, 0)
    grammar = _grammar(joined)
    rules = {name: rule for name, rule in joined.rules.items() if grammar or not _needs_parser(name)}
    return Rules(
        MappingProxyType(rules),
        grammar or ANGULAR,
        joined.ignored,
        source,
        MappingProxyType(joined.described),
        problems=tuple(dict.fromkeys(joined.problems)),
    )


def _join(joined: _Joined, layer: Mapping[str, Any], source: str, depth: int) -> None:
    if isinstance(layer, Unknown) or not isinstance(layer, Mapping):
        raise Unreadable("the configuration is computed")
    for name in _extended(joined, layer, source):
        _extend(joined, name, source, depth)
    if "parserPreset" in layer:
        _join_parser(joined, layer["parserPreset"], source)
    _join_rules(joined, layer.get("rules", {}), source)
    _join_ignores(joined, layer, source)
    if layer.get("plugins"):
        joined.problems.append(f"{source}: `plugins` are not run; their rules are not checked.")
    joined.described |= dict(_descriptions(layer))


def _extended(joined: _Joined, layer: Mapping[str, Any], source: str) -> list[str]:
    names = layer.get("extends") or []
    names = [names] if isinstance(names, str) else names
    if isinstance(names, list) and len(names) <= _MAX_EXTENDS and all(isinstance(name, str) for name in names):
        return names
    _doubt_all(joined)
    joined.problems.append(f"{source}: `extends` is computed; only the rules in the file itself are checked.")
    return []


def _extend(joined: _Joined, name: str, source: str, depth: int) -> None:
    if name in _BUILT_IN:
        rules, preset = _BUILT_IN[name]
        joined.rules |= rules.rules
        joined.described |= rules.described
        if preset and joined.parser:
            joined.parser = joined.parser.under(preset)
        elif isinstance(preset, str):
            joined.parser = Parser().under(preset)
        return
    if name in _SCOPES_ONLY:
        joined.rules.pop("scope-enum", None)
        joined.problems.append(f"{source}: `{name}` finds scopes by running; scopes are not checked against it.")
        return
    try:
        joined.loads += 1
        if not name.startswith(".") or depth >= _MAX_DEPTH or joined.loads > _MAX_EXTENDS:
            raise Unreadable("it is not built in")
        _join(joined, joined.load(name), name, depth + 1)
    except Unreadable as refusal:
        _doubt_all(joined)
        joined.problems.append(f"{source}: `{name[:_MAX_NAMED]}` is not checked: {refusal}.")


def _join_parser(joined: _Joined, setting: object, source: str) -> None:
    try:
        if joined.parser is None and not isinstance(setting, str):
            raise Unreadable("what it adds to is not certain")
        joined.parser = (joined.parser or Parser()).under(setting)
    except Unreadable as refusal:
        joined.parser = None
        joined.problems.append(f"{source}: `parserPreset` cannot be followed: {refusal}.")


def _join_rules(joined: _Joined, rules: object, source: str) -> None:
    if not isinstance(rules, Mapping):
        _doubt_all(joined)
        joined.problems.append(f"{source}: `rules` is computed; the rules in it are not checked.")
        return
    for name, value in rules.items():
        try:
            joined.rules[name] = read_rule(name, value)
        except Unreadable as refusal:
            joined.rules.pop(name, None)
            joined.problems.append(f"{source}: the rule `{str(name)[:_MAX_NAMED]}` is not checked: {refusal}.")


def _join_ignores(joined: _Joined, layer: Mapping[str, Any], source: str) -> None:
    given = layer.get("defaultIgnores", joined.ignored)
    joined.ignored = given if isinstance(given, bool) else True
    if layer.get("ignores"):
        joined.problems.append(f"{source}: `ignores` are not run; messages that they let through are checked.")


def _doubt_all(joined: _Joined) -> None:
    """Something unknown may have set any rule and the parser: only what later layers say is certain."""
    joined.rules.clear()
    joined.parser = None


def _grammar(joined: _Joined) -> Grammar | None:
    """The grammar, or None where it is not certain, with the reason among the problems."""
    if joined.parser is None:
        joined.problems.append("How messages are taken apart is not certain: only the header as a whole is checked.")
        return None
    try:
        return joined.parser.grammar()
    except Unreadable as refusal:
        joined.problems.append(f"Only the header as a whole is checked: {refusal}.")
        return None


def _needs_parser(name: str) -> bool:
    return name.startswith(_BY_PARSER) and name not in _BY_TEXT


def _descriptions(layer: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What `prompt.questions.type.enum` says of each type."""
    value: Any = layer
    for key in ("prompt", "questions", "type", "enum"):
        value = value.get(key) if isinstance(value, Mapping) else None
    for name, about in value.items() if isinstance(value, Mapping) else ():
        text = about.get("description") if isinstance(about, Mapping) else None
        if isinstance(name, str) and isinstance(text, str) and len(text) <= _MAX_DESCRIPTION:
            yield name, text
