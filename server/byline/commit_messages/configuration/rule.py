"""One rule of a commitlint configuration: `[level, "always" | "never", value]`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from byline.commit_messages.configuration.problem import Unknown, Unreadable
from byline.commit_messages.lint.case import CASES
from byline.commit_messages.lint.checks import CHECKS
from byline.commit_messages.rules import Case, Cases, Level, Rule, Scopes

_OWN = frozenset({"header-match", "message-match"})
_MAX_ITEMS = 5_000
_MAX_TEXT = 500
_DELIMITERS = ("/", "\\", ",")


def read_rule(name: str, value: object) -> Rule:
    """The rule that `value` configures. Raises Unreadable for what is not certain, or what commitlint would refuse."""
    if name not in CHECKS or name in _OWN:
        raise Unreadable("it is no rule of commitlint's own")
    if isinstance(value, Unknown):
        raise Unreadable("it is computed")
    if not isinstance(value, list) or not value or len(value) > 3:
        raise Unreadable("it is no list of two or three values")
    level = _level(value[0])
    if level is Level.OFF:
        return Rule(level)
    if len(value) < 2 or value[1] not in ("always", "never"):
        raise Unreadable('its condition is neither "always" nor "never"')
    given = value[2] if len(value) > 2 else None
    return Rule(level, value[1] == "always", _reader(name)(given))


def written_rule(rule: Rule) -> list[object]:
    """The list that configures a built-in `rule`: one of a text, a number, texts, or cases that are all asked for."""
    value = rule.value
    if isinstance(value, Cases):
        names = [case.name for case in value.cases]
        value = names if len(names) > 1 else names[0]
    elif isinstance(value, tuple):
        value = list(value)
    return [int(rule.level), "always" if rule.always else "never", *([] if value is None else [value])]


def _level(value: object) -> Level:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value not in (0, 1, 2):
        raise Unreadable("its level is not 0, 1 or 2")
    return Level(int(value))


def _reader(name: str) -> Callable[[object], Any]:
    return _READERS.get(name) or _READERS_BY_KIND.get(name.partition("-")[2]) or (lambda _: None)


def _length(value: object) -> int:
    if value is None:
        return 0
    if value == float("inf"):
        return 1 << 53
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise Unreadable("its value is no number")
    return int(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable("its value is no text")
    if len(value) > _MAX_TEXT:
        raise Unreadable(f"a text in it is longer than {_MAX_TEXT} characters")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Unreadable("its value is no list")
    if len(value) > _MAX_ITEMS:
        raise Unreadable(f"its list has more than {_MAX_ITEMS} entries")
    return tuple(_text(item) for item in value)


def _delimiters(value: object) -> tuple[str, ...]:
    marks = _texts(value)
    if "" in marks:
        raise Unreadable("one of its delimiters is empty")
    return marks


def _case(value: object) -> Case:
    if isinstance(value, dict) and value.get("when", "always") in ("always", "never"):
        return Case(_case(value.get("case")).name, value.get("when") != "never")
    name = _text(value)
    if name not in CASES:
        raise Unreadable("it names a case that commitlint does not know")
    return Case(name)


def _cases(value: object) -> Cases:
    if value is None:
        return Cases(())
    many = value if isinstance(value, list) else [value]
    return Cases(tuple(_case(item) for item in many))


def _scope_cases(value: object) -> Cases:
    if isinstance(value, dict):
        return Cases(_cases(value.get("cases")).cases, _delimiters(value.get("delimiters")) or _DELIMITERS)
    return _cases(value)


def _scopes(value: object) -> Scopes:
    if isinstance(value, dict):
        return Scopes(_texts(value.get("scopes")), _delimiters(value.get("delimiters")) or _DELIMITERS)
    return Scopes(_texts(value))


def _full_stop(value: object) -> str:
    return "." if value is None else _text(value)


def _trailer(value: object) -> str:
    return "" if value is None else _text(value)


_READERS: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {
        "type-enum": _texts,
        "scope-enum": _scopes,
        "scope-case": _scope_cases,
        "scope-delimiter-style": lambda value: _delimiters(value) or _DELIMITERS,
        "signed-off-by": _trailer,
        "trailer-exists": _trailer,
    }
)
_READERS_BY_KIND: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {
        "max-length": _length,
        "min-length": _length,
        "max-line-length": _length,
        "case": _cases,
        "full-stop": _full_stop,
    }
)
