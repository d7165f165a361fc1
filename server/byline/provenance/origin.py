"""Origins: who wrote a piece of text, as far as the evidence shows it.

An origin is a pure function of the evidence of an edit (`origin_of`). Evidence is append-only and may arrive in any
order and at any time; the rules below decide what it amounts to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What sort of author a piece of text has."""

    HUMAN = "human"
    AI = "ai"
    TOOL = "tool"
    UNKNOWN = "unknown"


class Level(IntEnum):
    """How well an origin is supported; a higher number is better support."""

    NONE = 0
    WEAK = 1
    PROBABLE = 2
    STRONG = 3
    DECLARED = 4
    PROVEN = 5

    @property
    def word(self) -> str:
        """The name used in notes, JSON and the interface, in lower case."""
        return self.name.lower()


class Channel(StrEnum):
    """How text came into a document. The values are the words of the protocol (`byline/editContext`)."""

    TYPING = "typing"
    PASTE = "paste"
    INLINE_ACCEPT = "inlineAccept"
    CHAT_APPLY = "chatApply"
    AGENT = "agent"
    FORMAT = "format"
    REFACTOR = "refactor"
    SNIPPET = "snippet"
    SUGGEST = "suggest"
    UNDO = "undo"
    REDO = "redo"
    RELOAD = "reload"
    OTHER = "other"


AI_CHANNELS = frozenset({Channel.INLINE_ACCEPT, Channel.CHAT_APPLY, Channel.AGENT})
RESTORING_CHANNELS = frozenset({Channel.UNDO, Channel.REDO, Channel.RELOAD})
TOOL_CHANNELS = frozenset({Channel.FORMAT, Channel.REFACTOR})


class Source(StrEnum):
    """Who states a piece of evidence."""

    MARK = "mark"  # a person's own statement about lines
    CLIENT = "client"  # the editor's client, through byline/editContext
    DECLARATION = "declaration"  # an agent or plug-in, and the text was really there
    TRANSCRIPT = "transcript"  # an agent's transcript, matched by content
    SERVER = "server"  # this server made the edit itself
    SHAPE = "shape"  # only the shape of the change


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact about an edit.

    `prompt` is the key of a stored prompt (never its text); `tool`, `model` and `session` are the source's own words,
    unchanged. `proof` is the client's word for how it knows, or None.
    """

    source: Source
    channel: Channel
    proof: str | None = None
    tool: str | None = None
    model: str | None = None
    session: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a piece of text: `kind`, and where it is an AI's the tool, model, session and prompt key if known.

    `evidence` names the sources that support it, best first. `conflict` is true where equally good evidence names
    different tools: then `tool` is None and the evidence stays on record.
    """

    kind: Kind
    level: Level = Level.NONE
    tool: str | None = None
    model: str | None = None
    session: str | None = None
    prompt: str | None = None
    evidence: tuple[str, ...] = ()
    conflict: bool = False

    @property
    def author(self) -> tuple[str | None, str | None]:
        """What tells two AI authors apart: tool and session."""
        return (self.tool, self.session)


UNKNOWN = Origin(Kind.UNKNOWN)

_WITNESSES = frozenset({Source.CLIENT, Source.SERVER})
"""Sources that know the edit itself, and not only its text."""

CHAIN = "chain"
"""The proof of a transcript whose edits lead from one known text exactly to another."""

_LEVEL_OF_PROOF = {
    "editor_reason": Level.PROVEN,
    "plugin_event": Level.PROVEN,
    "literal_key": Level.PROVEN,
    "command": Level.STRONG,
    "stack": Level.STRONG,
    "paste_provider": Level.STRONG,
    "proposal": Level.STRONG,
    "dirty_flag": Level.PROBABLE,
    "save_bracket": Level.PROBABLE,
    "shape": Level.PROBABLE,
}


def kind_of(evidence: Evidence) -> Kind:
    """The kind of author that this piece of evidence speaks for, taken alone. The channel decides, never the proof."""
    channel = evidence.channel
    if channel in AI_CHANNELS:
        return Kind.AI
    if channel is Channel.TYPING:
        return Kind.HUMAN
    if channel in (Channel.SNIPPET, Channel.SUGGEST):
        return Kind.AI if evidence.tool else Kind.HUMAN
    if channel in TOOL_CHANNELS:
        return Kind.TOOL
    return Kind.UNKNOWN


def level_of(evidence: Evidence) -> Level:
    """How much this piece of evidence supports its kind, taken alone."""
    kind = kind_of(evidence)
    if kind is Kind.UNKNOWN:
        return Level.NONE
    if evidence.source is Source.SERVER:
        return Level.PROVEN
    if evidence.source is Source.TRANSCRIPT:
        return Level.PROVEN if evidence.proof == CHAIN else Level.STRONG
    if evidence.source in (Source.MARK, Source.DECLARATION):
        return Level.DECLARED
    if evidence.source is Source.SHAPE:
        return Level.PROBABLE
    if kind is Kind.HUMAN and evidence.channel is not Channel.TYPING:
        return Level.PROBABLE
    return _LEVEL_OF_PROOF.get(evidence.proof or "", Level.DECLARED)


def origin_of(evidence: Sequence[Evidence]) -> Origin:
    """The origin that `evidence` (oldest first) adds up to.

    A person's statement wins; a client's word replaces the shape; text seen being typed becomes an AI's only by the
    word of one who carried the edit out (the editor, this server), if it is better; among AI claims the higher level
    wins, and what equal ones disagree about stays open.
    """
    marks = [e for e in evidence if e.source is Source.MARK]
    if marks:
        return _from_claims(marks[-1:])
    heard = list(evidence)
    if any(e.source in _WITNESSES for e in heard):
        heard = [e for e in heard if e.source is not Source.SHAPE]
    human = [e for e in heard if kind_of(e) is Kind.HUMAN]
    ai = [e for e in heard if kind_of(e) is Kind.AI]
    if human and ai:
        seen = [e for e in ai if e.source in _WITNESSES]
        ai_prevails = seen and max(map(level_of, seen)) > max(map(level_of, human))
        return _from_claims(seen if ai_prevails else human)
    if human or ai:
        return _from_claims(human or ai)
    kind = Kind.TOOL if any(kind_of(e) is Kind.TOOL for e in heard) else Kind.UNKNOWN
    return Origin(kind, evidence=_names(heard))


def _from_claims(claims: Sequence[Evidence]) -> Origin:
    """One origin from claims for the same kind: what the best agree on, its gaps filled by lesser ones that fit."""
    ranked = sorted(claims, key=level_of, reverse=True)
    kind, level, names = kind_of(ranked[0]), level_of(ranked[0]), _names(ranked)
    if kind is not Kind.AI:
        return Origin(kind, level, evidence=names)
    best = [e for e in ranked if level_of(e) == level]
    tools, models, sessions, prompts = (_named(best, field) for field in ("tool", "model", "session", "prompt"))
    if len(tools) > 1:
        return Origin(kind, level, evidence=names, conflict=True)
    if len(sessions) > 1:
        return Origin(kind, level, tool=_only(tools), model=_only(models), evidence=names)
    origin = Origin(kind, level, _only(tools), _only(models), _only(sessions), _only(prompts), names)
    for other in ranked[len(best) :]:
        if origin.tool in (None, other.tool) and origin.session in (None, other.session or origin.session):
            origin = replace(
                origin,
                tool=origin.tool or other.tool,
                model=origin.model or (None if len(models) > 1 else other.model),
                session=origin.session or other.session,
                prompt=origin.prompt or (None if len(prompts) > 1 else other.prompt),
            )
    return origin


def _named(claims: Iterable[Evidence], field: str) -> set[str]:
    return {value for claim in claims if (value := getattr(claim, field))}


def _only(values: set[str]) -> str | None:
    """The one value, or None where there is none or they disagree."""
    return next(iter(values)) if len(values) == 1 else None


def _names(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(e) for e in evidence))


def _name(evidence: Evidence) -> str:
    if evidence.source is Source.CLIENT:
        return evidence.channel.value
    return evidence.source.value
