"""JSON that a model wrote: finding it in the text, checking it, and what a provider is told about its form.

The schema language is the part of JSON Schema (2020-12) that is needed, and nothing of it is ignored: a keyword that is
not understood is an error where the question is made, not a check that never happens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

KEYWORDS = frozenset(
    {
        "type",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minItems",
        "maxItems",
        "enum",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    }
)

# Providers refuse a schema with these, or ignore them: they are checked here only.
_CHECKED_HERE = frozenset({"minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"})
_DEEPEST = 32

_TYPES: Mapping[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\A```[a-zA-Z]*\n(.*?)\n?```\Z", re.DOTALL)


def check_schema(schema: Mapping[str, object]) -> None:
    """Raises ValueError if `schema` says something that `mismatch` would not look at."""
    if unknown := sorted(set(schema) - KEYWORDS):
        raise ValueError(f"a schema of an answer cannot say {unknown[0]!r}")
    if not set(_names(schema.get("type", "object"))) <= set(_TYPES):
        raise ValueError(f"there is no type {schema['type']!r}")
    for part in _parts(schema):
        check_schema(part)


def for_provider(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` as providers take it: without bounds, and with objects closed."""
    told = {key: value for key, value in schema.items() if key not in _CHECKED_HERE}
    if "properties" in told:
        told["properties"] = {name: for_provider(part) for name, part in told["properties"].items()}
        told["additionalProperties"] = False
    if "items" in told:
        told["items"] = for_provider(told["items"])
    return told


def with_schema(system: str, schema: Mapping[str, Any]) -> str:
    """`system` with the wish for JSON in words, for a model that cannot be held to a schema."""
    told = json.dumps(for_provider(schema), ensure_ascii=False)
    return f"{system}\n\nAnswer with one JSON value that fits this JSON schema, and with nothing else:\n{told}"


def all_required(schema: Mapping[str, Any]) -> bool:
    """Whether every property of every object must be there, which OpenAI's strict mode asks of a schema."""
    complete = set(schema.get("properties", {})) == set(schema.get("required", ()))
    return complete and all(all_required(part) for part in _parts(schema))


def written(text: str) -> str:
    """What a model meant to write: its text without the thinking that some servers leave in it, and without margins."""
    return _THOUGHT.sub("", text).strip()


def parse(text: str) -> object:
    """The JSON value in a model's text, which may stand in a code fence. Raises ValueError where there is none.

    Numbers that JSON does not have, and objects that say the same thing twice, are refused.
    """
    fenced = _FENCED.match(text)
    try:
        value: object = json.loads(
            fenced[1] if fenced else text, parse_constant=_no_constant, object_pairs_hook=_without_doubles
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def mismatch(value: object, schema: Mapping[str, Any], place: str = "the answer", depth: int = 0) -> str | None:
    """What is wrong with `value`, in words without anything of it; None where it fits `schema`."""
    if depth > _DEEPEST:
        return f"{place} is nested too deeply"
    kinds = _names(schema["type"]) if "type" in schema else ()
    if kinds and not any(_TYPES[kind](value) for kind in kinds):
        return f"{place} is not of type {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{place} is none of the values that it can have"
    match value:
        case dict():
            return _wrong_object(value, schema, place, depth)
        case list():
            return _wrong_list(value, schema, place, depth)
        case str():
            return _out_of_bounds(len(value), schema, "Length", f"the length of {place}")
        case int() | float() if not isinstance(value, bool):
            return _out_of_bounds(value, schema, "imum", place)
    return None


def _wrong_object(value: dict[str, object], schema: Mapping[str, Any], place: str, depth: int) -> str | None:
    properties: Mapping[str, Any] = schema.get("properties", {})
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"`{missing[0]}` is missing in {place}"
    if schema.get("additionalProperties") is False and set(value) - set(properties):
        return f"{place} holds more than it should"
    found = (mismatch(value[name], part, f"`{name}`", depth + 1) for name, part in properties.items() if name in value)
    return next(filter(None, found), None)


def _wrong_list(value: list[object], schema: Mapping[str, Any], place: str, depth: int) -> str | None:
    if wrong := _out_of_bounds(len(value), schema, "Items", f"the number of items in {place}"):
        return wrong
    if "items" not in schema:
        return None
    found = (mismatch(item, schema["items"], f"an item of {place}", depth + 1) for item in value)
    return next(filter(None, found), None)


def _out_of_bounds(size: float, schema: Mapping[str, Any], bound: str, what: str) -> str | None:
    low, high = schema.get(f"min{bound}"), schema.get(f"max{bound}")
    if low is not None and size < low:
        return f"{what} is less than {low}"
    if high is not None and size > high:
        return f"{what} is more than {high}"
    return None


def _parts(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]


def _names(kind: object) -> Sequence[str]:
    return (kind,) if isinstance(kind, str) else tuple(kind) if isinstance(kind, list | tuple) else ("",)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object says the same thing twice")
    return found
