"""Gitlint's settings (https://jorisroovers.com/gitlint/latest/rules/builtin_rules/) as rules.

Each of its rules that has a counterpart here is expressed by that, with gitlint's own default value; the others are
named as not checked.
"""

from __future__ import annotations

import configparser
from collections.abc import Callable, Mapping
from types import MappingProxyType

from byline.commit_messages.configuration.problem import Unreadable
from byline.commit_messages.pattern import PatternNotSupported, from_python
from byline.commit_messages.rules import TYPES, Level, Rule, Rules

_CONVENTIONAL_TYPES = "fix,feat,chore,docs,style,refactor,perf,test,revert,ci,build"
_Section = Mapping[str, str]


def rules_from(text: str, source: str) -> Rules:
    """The rules of a `.gitlint` file. Raises Unreadable for one that is no INI file."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable("it is no INI file") from error
    general = _section(parser, "general")
    ignored = _names(general.get("ignore", ""))
    contributed = _names(general.get("contrib", ""))
    problems: list[str] = []
    rules: dict[str, Rule] = {}
    for identifier, name, make in _RULES:
        if {identifier.lower(), name} & ignored:
            continue
        if name.startswith("contrib-") and not {identifier.lower(), name} & contributed:
            continue
        section = _section(parser, name)
        try:
            rules |= make(section)
        except (ValueError, PatternNotSupported) as refusal:
            problems.append(f"{source}: `{name}` is not checked: {refusal}.")
    problems += _unknown(parser, source)
    described = TYPES if "type-enum" in rules else MappingProxyType({})
    return Rules(MappingProxyType(rules), source=source, described=described, problems=tuple(problems))


def _section(parser: configparser.ConfigParser, name: str) -> _Section:
    return parser[name] if parser.has_section(name) else {}


def _names(text: str) -> set[str]:
    return {name.strip().lower() for name in text.split(",")} - {""}


def _unknown(parser: configparser.ConfigParser, source: str) -> list[str]:
    known = {name for _, name, _ in _RULES} | {"general"}
    return [f"{source}: `{name[:60]}` is not checked." for name in parser.sections() if name not in known]


def _length(rule: str, option: str, usual: int) -> Callable[[_Section], dict[str, Rule]]:
    def make(section: _Section) -> dict[str, Rule]:
        return {rule: Rule(Level.ERROR, True, int(section.get(option, str(usual))))}

    return make


def _fixed(**rules: Rule) -> Callable[[_Section], dict[str, Rule]]:
    named = {name.replace("_", "-"): rule for name, rule in rules.items()}
    return lambda _: named


def _title_match(section: _Section) -> dict[str, Rule]:
    pattern = section.get("regex", "")
    return {"header-match": Rule(Level.ERROR, True, from_python(pattern, at_start=True))} if pattern else {}


def _conventional(section: _Section) -> dict[str, Rule]:
    types = tuple(name.strip() for name in section.get("types", _CONVENTIONAL_TYPES).split(",") if name.strip())
    required = Rule(Level.ERROR, False)
    return {"type-empty": required, "subject-empty": required, "type-enum": Rule(Level.ERROR, True, types)}


_RULES: tuple[tuple[str, str, Callable[[_Section], dict[str, Rule]]], ...] = (
    ("T1", "title-max-length", _length("header-max-length", "line-length", 72)),
    ("T2", "title-trailing-whitespace", _fixed(header_trim=Rule(Level.ERROR))),
    ("T3", "title-trailing-punctuation", _fixed(header_full_stop=Rule(Level.ERROR, False, "."))),
    ("T6", "title-leading-whitespace", _fixed(header_trim=Rule(Level.ERROR))),
    ("T7", "title-match-regex", _title_match),
    ("T8", "title-min-length", _length("header-min-length", "min-length", 5)),
    ("B1", "body-max-line-length", _length("body-max-line-length", "line-length", 80)),
    ("B4", "body-first-line-empty", _fixed(body_leading_blank=Rule(Level.ERROR))),
    ("B5", "body-min-length", _length("body-min-length", "min-length", 20)),
    ("B6", "body-is-missing", _fixed(body_empty=Rule(Level.ERROR, False))),
    ("CT1", "contrib-title-conventional-commits", _conventional),
    ("CC1", "contrib-body-requires-signed-off-by", _fixed(trailer_exists=Rule(Level.ERROR, True, "Signed-off-by:"))),
)
"""Gitlint's id and name of a rule, and what it is here."""
