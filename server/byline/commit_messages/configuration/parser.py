"""The parser preset of a commitlint configuration, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from byline.commit_messages.configuration.problem import Regex, Unreadable
from byline.commit_messages.grammar import ANGULAR, CONVENTIONAL, Grammar
from byline.commit_messages.pattern import Pattern, PatternNotSupported, from_javascript

_PRESETS: Mapping[str, Grammar] = MappingProxyType(
    {"conventional-changelog-conventionalcommits": CONVENTIONAL, "conventional-changelog-angular": ANGULAR}
)
_KNOWN_HEADERS: Mapping[str, bool] = MappingProxyType(
    {r"^(\w*)(?:\((.*)\))?!?: (.*)$": True, r"^(\w*)(?:\((.*)\))?: (.*)$": False}
)
_WITHOUT_EFFECT = frozenset({"revertPattern", "revertCorrespondence", "commentChar", "warn", "mergeCorrespondence"})
_MAX_WORDS = 50


@dataclass(frozen=True, slots=True)
class Parser:
    """What the layers read so far say: a preset, or options over commitlint's default."""

    preset: Grammar = ANGULAR
    options: Mapping[str, object] | None = None

    def under(self, setting: object) -> Parser:
        """With the `parserPreset` of a later layer. Raises Unreadable where it is not certain.

        Options replace a preset and join options, as the layers are merged by commitlint 20.
        """
        if isinstance(setting, str):
            if setting not in _PRESETS:
                raise Unreadable("only the presets for Angular and Conventional Commits are built in")
            return Parser(_PRESETS[setting])
        options = setting.get("parserOpts") if isinstance(setting, dict) else None
        if not isinstance(options, dict):
            raise Unreadable("it is computed")
        if isinstance(options.get("parserOpts"), dict):
            options = options["parserOpts"]
        return Parser(options={**(self.options or {}), **options})

    def grammar(self) -> Grammar:
        """The grammar that holds. Raises Unreadable for options that are not supported."""
        if self.options is None:
            return self.preset
        grammar = ANGULAR
        for name, value in self.options.items():
            grammar = _with_option(grammar, name, value)
        return grammar


def _with_option(grammar: Grammar, name: str, value: object) -> Grammar:
    if name in _WITHOUT_EFFECT:
        return grammar
    if name == "headerPattern":
        return _with_header(grammar, value)
    if name == "headerCorrespondence":
        return replace(grammar, parts=tuple(part.strip() for part in _words(name, value)))
    if name == "issuePrefixes":
        return replace(grammar, prefixes=_words(name, value))
    if name == "noteKeywords":
        return replace(grammar, notes=_words(name, value))
    raise Unreadable(f"the parser's option `{name[:40]}` is not supported")


def _with_header(grammar: Grammar, value: object) -> Grammar:
    source, flags = (value, "") if isinstance(value, str) else ("", "")
    if isinstance(value, Regex):
        source, flags = value.source, value.flags
    if not source:
        raise Unreadable("its `headerPattern` is no pattern")
    if source in _KNOWN_HEADERS and not flags:
        return replace(grammar, marked=_KNOWN_HEADERS[source], pattern=None)
    return replace(grammar, pattern=_pattern(source, flags))


def _pattern(source: str, flags: str) -> Pattern:
    try:
        return from_javascript(source, flags)
    except PatternNotSupported as refusal:
        raise Unreadable(f"its `headerPattern` is not supported: {refusal}") from refusal


def _words(name: str, value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list) else []
    if not 0 < len(words) <= _MAX_WORDS or not all(isinstance(word, str) and word.strip() for word in words):
        raise Unreadable(f"its `{name}` is no list of words")
    return tuple(words)
