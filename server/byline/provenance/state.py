"""The state of a line: a pure function of whose its characters are.

Every character that counts votes for the kind of its owner: AI, human, unknown, or nobody (base text of which no note
says anything). White space never counts; in a line that has letters or digits, neither do brackets, quotes, commas
and semicolons, which formatters add and editors pair.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from byline.provenance.attribution import NOTHING, LineState, State
from byline.provenance.origin import UNKNOWN, Kind, Origin
from byline.provenance.span import Marks, Span
from byline.provenance.text import content

_WORD = re.compile(r"\w+")
_PAIRING = frozenset("()[]{}'\"`,;")


class Owners(Protocol):
    """Where the state function learns what owners are."""

    def origin(self, edit: int) -> Origin:
        """The origin of an edit (a positive owner)."""
        ...

    def base(self, owner: int) -> LineState:
        """What the note of its commit says of a base line (a negative owner); `NOTHING` where no note says anything."""
        ...


def line_state(text: str, marks: Marks, owners: Owners) -> LineState:
    """The state of the line `text` (with or without its line break) whose characters belong to `marks`."""
    if isinstance(marks, int):
        return _of_owner(marks, owners)
    body = content(text)
    if not body.strip():
        return _blank_line(marks, owners)
    return _judge(_Ballot.take(body, marks, owners))


def is_significant(text: str) -> bool:
    """Whether inserting or deleting `text` can count at all in a line that has letters or digits."""
    return any(not c.isspace() and c not in _PAIRING for c in text)


def owner_kind(owner: int, owners: Owners) -> Kind | None:
    """The kind of author that `owner` stands for; None for base text of which nothing is known."""
    if owner < 0:
        return owners.base(owner).kind
    kind = owners.origin(owner).kind
    return Kind.UNKNOWN if kind is Kind.TOOL else kind


def _of_owner(owner: int, owners: Owners) -> LineState:
    if owner < 0:
        return owners.base(owner)
    return _of_origin(owners.origin(owner))


def _of_origin(origin: Origin) -> LineState:
    if origin.kind is Kind.AI:
        return LineState(State.AI, origin)
    if origin.kind is Kind.HUMAN:
        return LineState(State.HUMAN, origin)
    return LineState(State.UNKNOWN, origin)


def _blank_line(marks: tuple[Span, ...], owners: Owners) -> LineState:
    """A blank line is whose its line break is."""
    solid = [span for span in marks if span.length]
    return _of_owner(solid[-1].owner, owners) if solid else NOTHING


@dataclass(slots=True)
class _Ballot:
    """What the characters and tombstones of one line say."""

    text: str
    owners: Owners
    authors: list[int] = field(default_factory=list)  # for each character its owner
    kinds: list[Kind | None] = field(default_factory=list)  # and that owner's kind
    counting: list[bool] = field(default_factory=list)  # and whether it can touch a line
    touched: set[Kind] = field(default_factory=set)  # kinds that inserted or deleted since the base
    deleters: list[int] = field(default_factory=list)  # owners of the tombstones that count
    lost: set[Kind | None] = field(default_factory=set)  # kinds of which text was deleted

    @classmethod
    def take(cls, text: str, marks: tuple[Span, ...], owners: Owners) -> _Ballot:
        has_words = any(c.isalnum() for c in text)
        ballot = cls(text, owners, counting=[not c.isspace() and not (has_words and c in _PAIRING) for c in text])
        at = 0
        for span in marks:
            kind = owner_kind(span.owner, owners)
            end = min(at + span.length, len(text))
            ballot.kinds += [kind] * (end - at)
            ballot.authors += [span.owner] * (end - at)
            if span.owner > 0 and kind is not None and any(ballot.counting[at:end]):
                ballot.touched.add(kind)
            at = end
        for span in marks:
            if not span.length:
                ballot._bury(span)
        return ballot

    def _bury(self, tombstone: Span) -> None:
        """A tombstone counts while other text of the kind that was deleted survives in the line."""
        deleter, lost = owner_kind(tombstone.owner, self.owners), owner_kind(tombstone.lost, self.owners)
        self.lost.add(lost)
        if deleter is not None and deleter is not lost and self.present(lost):
            self.touched.add(deleter)
            self.deleters.append(tombstone.owner)

    def survives(self) -> bool:
        """Whether AI text survives: a word more than half the AI's, or, in a line without words, any character."""
        words = list(_WORD.finditer(self.text))
        if not words:
            return self.present(Kind.AI)
        return any(
            sum(k is Kind.AI for k in self.kinds[word.start() : word.end()]) * 2 > word.end() - word.start()
            for word in words
        )

    def only_deleted(self) -> bool:
        """Whether all that an AI did to the line is that it deleted: none of its own text was taken away again."""
        deleted = any(owner_kind(owner, self.owners) is Kind.AI for owner in self.deleters)
        return deleted and Kind.AI not in self.lost

    def present(self, kind: Kind | None) -> bool:
        """Whether a character of `kind` counts in the line."""
        return any(k is kind and c for k, c in zip(self.kinds, self.counting, strict=True))

    def letters(self, kind: Kind) -> int:
        """How many letters and digits of `kind` the line has."""
        return sum(k is kind and c.isalnum() for k, c in zip(self.kinds, self.text, strict=True))

    def weights(self, kind: Kind) -> dict[int, int]:
        """The owners of `kind` with characters in the line, and how many letters and digits each has."""
        count: Counter[int] = Counter()
        for k, owner, c in zip(self.kinds, self.authors, self.text, strict=True):
            if k is kind:
                count[owner] += c.isalnum()
        return count

    def said_of_base(self) -> LineState | None:
        """What is said of the base text that counts; None where several things are."""
        voters = dict.fromkeys(o for o, c in zip(self.authors, self.counting, strict=True) if c and o < 0)
        states = list(dict.fromkeys(self.owners.base(owner) for owner in voters))
        told = [state for state in states if state.kind] or states[:1]
        return told[0] if len(told) == 1 else None


def _judge(ballot: _Ballot) -> LineState:
    if not ballot.touched and (told := ballot.said_of_base()):
        return told
    human = Kind.HUMAN in ballot.touched or ballot.present(Kind.HUMAN)
    unknown = Kind.UNKNOWN in ballot.touched
    if ballot.survives() or ballot.only_deleted():
        by = Kind.HUMAN if human else Kind.UNKNOWN if unknown else _modifier_of_base(ballot)
        return LineState(State.AI_MODIFIED if by else State.AI, _author(ballot, Kind.AI), by)
    if human and not (unknown and ballot.letters(Kind.UNKNOWN) >= ballot.letters(Kind.HUMAN)):
        return LineState(State.HUMAN, _author(ballot, Kind.HUMAN))
    if human or unknown:
        return LineState(State.UNKNOWN, _author(ballot, Kind.UNKNOWN))
    if Kind.AI not in ballot.kinds:  # all of its text is gone again
        return ballot.said_of_base() or NOTHING
    return LineState(State.AI, _author(ballot, Kind.AI))


def _modifier_of_base(ballot: _Ballot) -> Kind | None:
    """Who had modified the AI's base text before, while some of it stands."""
    states = (ballot.owners.base(owner) for owner in ballot.weights(Kind.AI) if owner < 0)
    return next((state.modified_by for state in states if state.modified_by), None)


def _author(ballot: _Ballot, kind: Kind) -> Origin:
    """The origin of `kind` that the line rests on: the author with the most letters and digits, the newest of equals.

    Of one author's edits it is again the one with the most, so that the prompt is that of the larger part.
    """
    weights = ballot.weights(kind) or {o: 0 for o in ballot.deleters if owner_kind(o, ballot.owners) is kind}
    origins = {owner: _origin(owner, ballot.owners) for owner in weights}
    total: Counter[tuple[str | None, str | None]] = Counter()
    newest: dict[tuple[str | None, str | None], int] = {}
    for owner, weight in weights.items():
        author = origins[owner].author
        total[author] += weight
        newest[author] = max(owner, newest.get(author, owner))
    if not total:
        return UNKNOWN
    best = max(total, key=lambda author: (total[author], newest[author]))
    return origins[max((o for o in weights if origins[o].author == best), key=lambda o: (weights[o], o))]


def _origin(owner: int, owners: Owners) -> Origin:
    return owners.base(owner).origin if owner < 0 else owners.origin(owner)
