"""The meaning of a commitlint configuration: its layers (`extends`) joined into rules.

The configuration is plain data by now (`javascript`, `yaml` or JSON). What is not certain is named, and taken to be as
config-conventional has it, because that is what nearly every configuration builds on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from byline.commit_messages.configuration.parser import Parser
from byline.commit_messages.configuration.problem import Partly, Unknown, Unreadable
from byline.commit_messages.configuration.rule import read_rule, written_rule
from byline.commit_messages.grammar import CONVENTIONAL, Grammar
from byline.commit_messages.rules import ANGULAR_RULES, CONVENTIONAL_RULES, Rule, Rules

_CONVENTIONAL = "@commitlint/config-conventional"
_PRESET = "conventional-changelog-conventionalcommits"
_BUILT_IN: Mapping[str, tuple[Rules, object]] = MappingProxyType(
    {
        _CONVENTIONAL: (CONVENTIONAL_RULES, _PRESET),
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

_MAX_DEPTH = 5
_MAX_EXTENDS = 20
_MAX_NAMED = 60
_MAX_DESCRIPTION = 200
_INSTEAD = "messages are checked as config-conventional has it, besides what could be read"
_TAKEN_APART = "messages are taken apart as Conventional Commits are"

Load = Callable[[str], Mapping[str, Any]]
"""The configuration in a file of the repository, by what `extends` calls it. Raises Unreadable."""


@dataclass
class _Joined:
    """The layers joined so far. A parser of None is one that no layer has set."""

    load: Load
    rules: dict[str, Rule] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    parser: Parser | None = None
    ignored: bool = True
    loads: int = 0
    problems: list[str] = field(default_factory=list)


def packages() -> Mapping[str, object]:
    """What the built-in configurations export, for a script that takes parts of them."""
    return {name: _exported(rules, preset) for name, (rules, preset) in _BUILT_IN.items()}


def rules_from(configuration: Mapping[str, Any], source: str, load: Load) -> Rules:
    """The rules of a configuration that stands in the file `source`.

    A rule that cannot be read with certainty, and all that a configuration which is not built in may have set, are
    those of config-conventional; so is how a message is taken apart where that is not certain.
    """
    joined = _Joined(load)
    _join(joined, configuration, source, 0)
    return Rules(
        MappingProxyType(joined.rules),
        _grammar(joined, source),
        joined.ignored,
        source,
        MappingProxyType(joined.described),
        problems=tuple(dict.fromkeys(joined.problems)),
    )


def _join(joined: _Joined, layer: Mapping[str, Any], source: str, depth: int) -> None:
    if isinstance(layer, Unknown) or not isinstance(layer, Mapping):
        raise Unreadable("the configuration is computed")
    if isinstance(layer, Partly):
        _assume_all(joined)
        joined.problems.append(f"{source}: part of it is computed; {_INSTEAD}.")
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
    _assume_all(joined)
    joined.problems.append(f"{source}: `extends` is computed; {_INSTEAD}.")
    return []


def _extend(joined: _Joined, name: str, source: str, depth: int) -> None:
    if name in _BUILT_IN:
        rules, preset = _BUILT_IN[name]
        joined.rules |= rules.rules
        joined.described |= rules.described
        if preset:
            joined.parser = (joined.parser or Parser()).under(preset)
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
        _assume_all(joined)
        joined.problems.append(f"{source}: `{name[:_MAX_NAMED]}` is not checked: {refusal}; {_INSTEAD}.")


def _join_parser(joined: _Joined, setting: object, source: str) -> None:
    try:
        joined.parser = (joined.parser or Parser()).under(setting)
    except Unreadable as refusal:
        joined.parser = Parser().under(_PRESET)
        joined.problems.append(f"{source}: `parserPreset` cannot be followed: {refusal}; {_TAKEN_APART}.")


def _join_rules(joined: _Joined, rules: object, source: str) -> None:
    if not isinstance(rules, Mapping) or isinstance(rules, Partly):
        _assume_all(joined)
        joined.problems.append(f"{source}: `rules` is computed; {_INSTEAD}.")
    for name, value in rules.items() if isinstance(rules, Mapping) else ():
        try:
            joined.rules[name] = read_rule(name, value)
        except Unreadable as refusal:
            joined.problems.append(f"{source}: the rule `{str(name)[:_MAX_NAMED]}` is not checked: {refusal}.")
            _assume(joined, name)


def _join_ignores(joined: _Joined, layer: Mapping[str, Any], source: str) -> None:
    given = layer.get("defaultIgnores", joined.ignored)
    joined.ignored = given if isinstance(given, bool) else True
    if layer.get("ignores"):
        joined.problems.append(f"{source}: `ignores` are not run; messages that they let through are checked.")


def _assume_all(joined: _Joined) -> None:
    """Something unknown may have set any rule and the parser: what no layer has said is config-conventional's."""
    joined.rules = {**CONVENTIONAL_RULES.rules, **joined.rules}
    joined.described = {**CONVENTIONAL_RULES.described, **joined.described}
    joined.parser = joined.parser or Parser().under(_PRESET)


def _assume(joined: _Joined, name: str) -> None:
    """One rule is config-conventional's, if there are others that it is known with."""
    assumed = CONVENTIONAL_RULES.rules.get(name) if name in joined.rules else None
    joined.rules.pop(name, None)
    if assumed:
        joined.rules[name] = assumed


def _grammar(joined: _Joined, source: str) -> Grammar:
    try:
        return (joined.parser or Parser()).grammar()
    except Unreadable as refusal:
        joined.problems.append(f"{source}: `parserPreset` cannot be followed: {refusal}; {_TAKEN_APART}.")
        return CONVENTIONAL


def _exported(rules: Rules, preset: object) -> Mapping[str, object]:
    """A built-in configuration as it is written: as a module, and as its `default`."""
    written = {name: written_rule(rule) for name, rule in rules.rules.items()}
    layer = {"rules": written, **({"parserPreset": preset} if preset else {})}
    return {**layer, "default": layer}


def _descriptions(layer: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What `prompt.questions.type.enum` says of each type."""
    value: Any = layer
    for key in ("prompt", "questions", "type", "enum"):
        value = value.get(key) if isinstance(value, Mapping) else None
    for name, about in value.items() if isinstance(value, Mapping) else ():
        text = about.get("description") if isinstance(about, Mapping) else None
        if isinstance(name, str) and isinstance(text, str) and len(text) <= _MAX_DESCRIPTION:
            yield name, text
