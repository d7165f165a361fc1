"""The rules of a repository's commit messages, in commitlint's terms (https://commitlint.js.org/reference/rules.html).

A rule has a level, a condition (`always` or `never`) and a value. The rules that come from other programs'
configurations are expressed in the same terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from byline.commit_messages.grammar import ANGULAR, CONVENTIONAL, Grammar


class Level(IntEnum):
    """What a broken rule means; commitlint's numbers."""

    OFF = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `[level, "always" or "never", value]` in a configuration. `value` is never a mutable object."""

    level: Level
    always: bool = True
    value: Any = None


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a repository asks of its commit messages.

    `rules` by name; `grammar` is how a header is taken apart. `ignored` says whether merges, reverts and release
    commits are let through, as commitlint does by default. `source` is the file they come from, None for a default.
    `described` has the types' descriptions, `trailers` the keys that the repository's template asks for. `author` is
    who signs off (`Ann <ann@example.org>`), where it is known. `problems` are sentences about what could not be read.
    """

    rules: Mapping[str, Rule]
    grammar: Grammar = CONVENTIONAL
    ignored: bool = True
    source: str | None = None
    described: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    trailers: tuple[str, ...] = ()
    author: str | None = None
    problems: tuple[str, ...] = ()

    def active(self) -> Iterable[tuple[str, Rule]]:
        """The rules that are not switched off, with their names."""
        return ((name, rule) for name, rule in self.rules.items() if rule.level)

    def get(self, name: str, *, always: bool = True) -> Rule | None:
        """The rule of this name, if it is on and has this condition."""
        rule = self.rules.get(name)
        return rule if rule and rule.level and rule.always == always else None

    @property
    def types(self) -> tuple[str, ...]:
        """The types that are allowed; empty where any is."""
        rule = self.get("type-enum")
        return rule.value if rule else ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that are allowed; empty where any is."""
        rule = self.get("scope-enum")
        return rule.value.scopes if rule else ()

    @property
    def conventional(self) -> bool:
        """Whether a header has to have a type."""
        return self.get("type-empty", always=False) is not None

    def limit(self, name: str) -> int | None:
        """The most UTF-16 code units, which commitlint counts, that the rule `name` allows; None: any number."""
        rule = self.rules.get(name)
        return rule.value if rule and rule.level else None

    def with_rules(self, changes: Mapping[str, Rule]) -> Rules:
        """The same with some rules added or replaced."""
        return replace(self, rules=MappingProxyType({**self.rules, **changes}))


@dataclass(frozen=True, slots=True)
class Case:
    """One of the cases that a text may have; `always` is False for one that it may not have."""

    name: str
    always: bool = True


@dataclass(frozen=True, slots=True)
class Cases:
    """The value of a case rule. `delimiters` part a scope into segments that are judged one by one."""

    cases: tuple[Case, ...]
    delimiters: tuple[str, ...] = ("/", "\\", ",")

    @classmethod
    def of(cls, *names: str) -> Cases:
        """These cases."""
        return cls(tuple(Case(name) for name in names))


@dataclass(frozen=True, slots=True)
class Scopes:
    """The value of `scope-enum`."""

    scopes: tuple[str, ...]
    delimiters: tuple[str, ...] = ("/", "\\", ",")


TYPES: Mapping[str, str] = MappingProxyType(
    {
        "build": "the build system or dependencies",
        "chore": "what changes neither source nor tests",
        "ci": "the configuration of continuous integration",
        "docs": "documentation only",
        "feat": "something new for those who use it",
        "fix": "a defect mended",
        "perf": "the same, faster",
        "refactor": "the same, in better form",
        "revert": "an earlier commit taken back",
        "style": "formatting only",
        "test": "tests added or corrected",
    }
)
"""The types of config-conventional, and what they stand for."""

_NOT_CAPITALISED = Rule(Level.ERROR, False, Cases.of("sentence-case", "start-case", "pascal-case", "upper-case"))

_SHARED = {
    "body-leading-blank": Rule(Level.WARNING),
    "footer-leading-blank": Rule(Level.WARNING),
    "subject-case": _NOT_CAPITALISED,
    "subject-empty": Rule(Level.ERROR, False),
    "subject-full-stop": Rule(Level.ERROR, False, "."),
    "type-case": Rule(Level.ERROR, True, Cases.of("lower-case")),
    "type-empty": Rule(Level.ERROR, False),
}

CONVENTIONAL_RULES = Rules(
    MappingProxyType(
        _SHARED
        | {
            "body-max-line-length": Rule(Level.ERROR, True, 100),
            "footer-max-line-length": Rule(Level.ERROR, True, 100),
            "header-max-length": Rule(Level.ERROR, True, 100),
            "header-trim": Rule(Level.ERROR),
            "type-enum": Rule(Level.ERROR, True, tuple(TYPES)),
        }
    ),
    described=TYPES,
)
"""@commitlint/config-conventional 20."""

ANGULAR_RULES = Rules(
    MappingProxyType(
        _SHARED
        | {
            "header-max-length": Rule(Level.ERROR, True, 72),
            "scope-case": Rule(Level.ERROR, True, Cases.of("lower-case")),
            "subject-exclamation-mark": Rule(Level.ERROR, False),
            "type-enum": Rule(Level.ERROR, True, tuple(name for name in TYPES if name != "chore")),
        }
    ),
    grammar=replace(ANGULAR, marked=True),
    described=TYPES,
)
"""@commitlint/config-angular 20."""

GIT_RULES = Rules(
    MappingProxyType(
        {
            "header-max-length": Rule(Level.WARNING, True, 72),
            "header-trim": Rule(Level.WARNING),
            "body-leading-blank": Rule(Level.WARNING),
        }
    )
)
"""What git's own documentation asks for: a short first line, then a blank one; warnings only."""


def default(*, conventional: bool, types: Sequence[str] = ()) -> Rules:
    """What holds where a repository sets nothing; `conventional` where its history uses Conventional Commits.

    `types` are those that it is used to, as it writes them: no rule stands against them.
    """
    if not conventional:
        return GIT_RULES
    usual = {name: replace(rule, level=Level.WARNING) for name, rule in CONVENTIONAL_RULES.active()}
    written = {name.lower(): name for name in types}  # `Feat` leaves no room for `feat`
    usual["type-enum"] = Rule(Level.WARNING, True, tuple(({name: name for name in TYPES} | written).values()))
    if any(name != name.lower() for name in types):
        del usual["type-case"]
    return replace(CONVENTIONAL_RULES, rules=MappingProxyType(usual)).with_rules(GIT_RULES.rules)
