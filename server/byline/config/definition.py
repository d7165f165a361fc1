"""What is known of one setting: its key, kind and default, what it does, and who may set it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

T = TypeVar("T")

_METADATA = "byline.setting"


class Layer(Enum):
    """Where a value can come from, lowest first: of two layers the later one wins."""

    REPOSITORY = auto()
    USER = auto()
    ENVIRONMENT = auto()
    CLIENT = auto()


class Scope(Enum):
    """Which layers may give a setting, in words for the documentation."""

    ANYWHERE = "anywhere"
    USER = "anywhere but in the repository's `.byline.toml`"
    CLIENT = "by the editor only"

    def allows(self, layer: Layer) -> bool:
        """Whether a value from `layer` counts."""
        if self is Scope.CLIENT:
            return layer is Layer.CLIENT
        return self is Scope.ANYWHERE or layer is not Layer.REPOSITORY


@dataclass(frozen=True, slots=True)
class About:
    """What a field of a section says about its setting."""

    says: str
    scope: Scope
    private: bool
    bounds: tuple[int, int] | None
    form: tuple[str, str] | None


def setting(
    default: T,
    says: str,
    *,
    scope: Scope = Scope.ANYWHERE,
    private: bool = False,
    bounds: tuple[int, int] | None = None,
    form: tuple[str, str] | None = None,
) -> T:
    """A dataclass field that is a setting.

    `says` is its documentation in Markdown. The strictest layer wins where it is `private`: false before true, the
    smaller number, the choice that is named first. `bounds` holds a number, both ends included. `form` holds a text: a
    regular expression that the whole of it must match, and that in words.
    """
    metadata = {_METADATA: About(says, scope, private, bounds, form)}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Definition:
    """One setting of the schema."""

    section: str  # the attribute of `Config` that holds it; empty for `Config` itself
    attribute: str
    kind: Any  # bool, int, str, a Literal of texts, or a tuple of such
    default: object
    about: About

    @property
    def key(self) -> str:
        """The name in TOML and in the client's settings, for example `record.maxBytes`."""
        return ".".join(camel_case(name) for name in (self.section, self.attribute) if name)

    @property
    def variable(self) -> str:
        """The name in the environment, for example `BYLINE_RECORD_MAX_BYTES`."""
        return "_".join(name.upper() for name in ("BYLINE", self.section, self.attribute) if name)

    @property
    def is_list(self) -> bool:
        """Whether the value is several names."""
        return get_origin(self.kind) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts that the value, or each name of a list, can be; empty where it is no choice."""
        kind = get_args(self.kind)[0] if self.is_list else self.kind
        return cast("tuple[str, ...]", get_args(kind)) if get_origin(kind) is Literal else ()

    @property
    def expected(self) -> str:
        """What a value must be, as it stands after "must be"."""
        if self.is_list:
            return f'"all" or a list of {_listed(self.choices)}'
        if self.choices:
            return _listed(self.choices)
        if self.about.bounds:
            return "a whole number from {:,} to {:,}".format(*self.about.bounds)
        return self.about.form[1] if self.about.form else "true or false"

    @property
    def strictest(self) -> object:
        """The strictest value of a private setting; None for any other, and for a number, where zero may delete."""
        if not self.about.private or self.about.bounds:
            return None
        return self.choices[0] if self.choices else False

    def looseness(self, value: object) -> int:
        """How little a value of a private setting holds back: of two values the smaller one is the stricter."""
        return self.choices.index(value) if isinstance(value, str) else int(cast(int, value))


def about(metadata: Mapping[Any, Any]) -> About | None:
    """What a dataclass field of this metadata says; None where it was not made by `setting`."""
    return metadata.get(_METADATA)


def camel_case(name: str) -> str:
    """`max_bytes` as it is written in TOML: `maxBytes`."""
    return re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def _listed(choices: tuple[str, ...]) -> str:
    *most, last = [f'"{choice}"' for choice in choices]
    return f"{', '.join(most)} or {last}"


def in_toml(value: object) -> str:
    """A value of a setting as it is written in TOML."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
