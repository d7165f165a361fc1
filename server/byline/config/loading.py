"""Merging the layers key by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from byline.config.definition import Definition, Layer, in_toml
from byline.config.layers import Given, Problem, read
from byline.config.schema import Config, Setting, definitions


def load(root: Path | None, env: Mapping[str, str], client: Mapping[str, object] | None) -> Config:
    """The settings for the repository whose work tree is `root` (None: for none).

    Later layers win: the repository's `.byline.toml`, what the person answered when asked, their own `config.toml`, the
    variables in `env`, the section `byline` of the client's settings, nested as in TOML. For private settings the
    strictest layer wins. Whatever does not count is named in `problems`, and everything else holds. Raises nothing for
    what stands in the layers.
    """
    problems: list[str] = []
    given: defaultdict[str, list[Setting]] = defaultdict(list)
    for entry in read(root, env, client):
        if isinstance(entry, Problem):
            problems.append(entry.sentence)
        elif accepted := _accepted(entry, definitions()[entry.key], problems):
            given[entry.key].append(accepted)
    chosen = {key: _chosen(definitions()[key], values) for key, values in given.items()}
    return _config(chosen, problems)


def _accepted(given: Given, definition: Definition, problems: list[str]) -> Setting | None:
    """The value as it counts; None where it does not. Adds to `problems` what is wrong with it."""
    if not definition.about.scope.allows(given.layer):
        scope = definition.about.scope.value
        problems.append(f"{given.source}: `{definition.key}` can be set {scope}; it is ignored.")
        return None
    from byline.config.validation import checked

    try:
        value = checked(given, definition)
    except ValueError as refusal:
        # Whoever mistyped a private setting may well have meant a strict one.
        value = definition.strictest
        outcome = "it is ignored" if value is None else f"{in_toml(value)}, the strictest, holds"
        problems.append(f"{refusal}; {outcome}.")
        return None if value is None else Setting(value, given.source)
    if given.layer is Layer.REPOSITORY and _looser(definition, value):
        default = in_toml(definition.default)
        problems.append(
            f"{given.source}: a repository cannot make `{definition.key}` looser than {default}, the default; "
            "it is ignored."
        )
        return None
    return Setting(value, given.source)


def _looser(definition: Definition, value: object) -> bool:
    private = definition.about.private
    return private and definition.looseness(value) > definition.looseness(definition.default)


def _chosen(definition: Definition, given: list[Setting]) -> Setting:
    latest_first = given[::-1]
    if definition.about.private:
        return min(latest_first, key=lambda setting: definition.looseness(setting.value))
    return latest_first[0]


def _config(chosen: Mapping[str, Setting], problems: Iterable[str]) -> Config:
    values: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for key, setting in chosen.items():
        values[definitions()[key].section][definitions()[key].attribute] = setting.value
    top, default = values.pop("", {}), Config()
    held = {section: replace(getattr(default, section), **inner) for section, inner in values.items()}
    sources = MappingProxyType({key: chosen[key].source for key in definitions() if key in chosen})
    return replace(default, **top, **held, sources=sources, problems=tuple(problems))
