"""Checking a given value against the schema. Imported late: it is what needs pydantic."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from byline.config.definition import Definition, Layer
from byline.config.layers import Given, nearest, quoted

# The beginning of a value is enough to find it, and too little for a secret that was put in the wrong place.
_SHOWN = 12
_LARGEST_SHOWN = 10**9


def checked(given: Given, definition: Definition) -> object:
    """The value in the setting's own kind. Raises ValueError where it is not valid, with what it must be."""
    from_text = given.layer is Layer.ENVIRONMENT
    raw = _names(given.value, definition, from_text) if definition.is_list else given.value
    try:
        # A variable is text and a TOML or JSON array is no tuple: those are converted, all else must be of its kind.
        value: object = _adapter(definition).validate_python(raw, strict=not (from_text or definition.is_list))
    except ValidationError:
        raise ValueError(_sentence(given, definition)) from None
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value


@cache
def _adapter(definition: Definition) -> TypeAdapter[Any]:
    kind, about = definition.kind, definition.about
    if about.bounds:
        low, high = about.bounds
        kind = Annotated[kind, Field(ge=low, le=high)]
    if about.form:
        kind = Annotated[kind, Field(pattern=f"^(?:{about.form[0]})$")]
    return TypeAdapter(kind)


def _names(value: object, definition: Definition, from_text: bool) -> object:
    if value == "all":
        return definition.choices
    if from_text and isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return value


def _sentence(given: Given, definition: Definition) -> str:
    by_variable = given.layer is Layer.ENVIRONMENT
    subject = f"`{definition.variable}`" if by_variable else f"{given.source}: `{definition.key}`"
    wrong = _wrong(given.value, definition, by_variable)
    near = nearest(wrong, definition.choices) if isinstance(wrong, str) else None
    hint = f" (did you mean `{near}`?)" if near else ""
    return f"{subject} must be {definition.expected}, not {_shown(wrong)}{hint}"


def _wrong(value: object, definition: Definition, from_text: bool) -> object:
    """The part of a value that is not valid: of a list of names, the first that is none."""
    names = _names(value, definition, from_text) if definition.is_list else None
    return next((name for name in names if name not in definition.choices), value) if isinstance(names, list) else value


def _shown(value: object) -> str:
    match value:
        case bool():
            return "`true`" if value else "`false`"
        case int() if abs(value) > _LARGEST_SHOWN:
            return "a number of that size"
        case int() | float():
            return quoted(repr(value), _SHOWN)
        case str():
            return quoted(value, _SHOWN) if value else "an empty text"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "a value of another kind"
