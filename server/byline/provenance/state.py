"""The state of a line: a pure function of whose its characters are.

Every character that counts votes for the kind of its owner: AI, human, unknown, or nobody (base text of which no note
says anything). White space never counts; in a line that has letters or digits, neither do brackets, quotes, commas
and semicolons, which formatters add and editors pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
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
    """What the characters of one line say."""

    kinds: list[Kind | None] = field(default_factory=list)  # one for each character of the line
    authors: list[int] = field(default_factory=list)  # its owner
    touched: set[Kind] = field(default_factory=set)  # kinds that inserted or, by a tombstone, deleted since BASE
    deleters: list[int] = field(default_factory=list)
    counting: list[bool] = field(default_factory=list)
    text: str = ""
    origins: dict[int, Origin] = field(default_factory=dict)
    bases: dict[int, LineState] = field(default_factory=dict)

    @classmethod
    def take(cls, text: str, marks: tuple[Span, ...], owners: Owners) -> _Ballot:
        ballot = cls(text=text)
        has_words = any(c.isalnum() for c in text)
        ballot.counting = [not c.isspace() and not (has_words and c in _PAIRING) for c in text]
        at = 0
        for span in marks:
            kind = ballot._kind(span.owner, owners)
            end = min(at + span.length, len(text))
            ballot.kinds += [kind] * (end - at)
            ballot.authors += [span.owner] * (end - at)
            if span.owner > 0 and kind is not None and any(ballot.counting[at:end]):
                ballot.touched.add(kind)
            at = end
        for span in marks:
            if not span.length:
                ballot._bury(span, owners)
        return ballot

    def _bury(self, tombstone: Span, owners: Owners) -> None:
        """A tombstone counts while other text of the kind that was deleted survives in the line."""
        deleter, lost = self._kind(tombstone.owner, owners), self._kind(tombstone.lost, owners)
        if deleter is None or deleter is lost:
            return
        if any(kind is lost and counts for kind, counts in zip(self.kinds, self.counting, strict=True)):
            self.touched.add(deleter)
            self.deleters.append(tombstone.owner)

    def _kind(self, owner: int, owners: Owners) -> Kind | None:
        if owner < 0:
            state = self.bases.setdefault(owner, owners.base(owner))
            return _BASE_KIND.get(state.state)
        origin = self.origins.setdefault(owner, owners.origin(owner))
        return Kind.UNKNOWN if origin.kind is Kind.TOOL else origin.kind

    def survives(self) -> bool:
        """Whether AI text survives: a word more than half the AI's, or, in a line without words, any character."""
        words = list(_WORD.finditer(self.text))
        if not words:
            return any(k is Kind.AI and c for k, c in zip(self.kinds, self.counting, strict=True))
        return any(
            sum(k is Kind.AI for k in self.kinds[word.start() : word.end()]) * 2 > word.end() - word.start()
            for word in words
        )

    def present(self, kind: Kind) -> bool:
        """Whether a character of `kind` counts in the line."""
        return any(k is kind and c for k, c in zip(self.kinds, self.counting, strict=True))

    def letters(self, kind: Kind) -> int:
        """How many letters and digits of `kind` the line has."""
        return sum(k is kind and c.isalnum() for k, c in zip(self.kinds, self.text, strict=True))

    def weights(self, kind: Kind) -> Iterator[tuple[int, int]]:
        """For each owner of `kind` with characters in the line: (owner, letters and digits)."""
        count: Counter[int] = Counter()
        for k, owner, c in zip(self.kinds, self.authors, self.text, strict=True):
            if k is kind:
                count[owner] += c.isalnum()
        return iter(count.items())


_BASE_KIND = {State.AI: Kind.AI, State.AI_MODIFIED: Kind.AI, State.HUMAN: Kind.HUMAN}


def _judge(ballot: _Ballot) -> LineState:
    if not ballot.touched:
        return _untouched(ballot)
    human = Kind.HUMAN in ballot.touched or ballot.present(Kind.HUMAN)
    unknown = Kind.UNKNOWN in ballot.touched
    if ballot.survives() or (Kind.AI in ballot.touched and not ballot.present(Kind.AI)):
        by = Kind.HUMAN if human else Kind.UNKNOWN if unknown else _modifier_of_base(ballot)
        return LineState(State.AI_MODIFIED if by else State.AI, _author(ballot, Kind.AI), by)
    if human and not (unknown and ballot.letters(Kind.UNKNOWN) >= ballot.letters(Kind.HUMAN)):
        return LineState(State.HUMAN, _author(ballot, Kind.HUMAN))
    if human or unknown:
        return LineState(State.UNKNOWN, _author(ballot, Kind.UNKNOWN))
    return LineState(State.AI, _author(ballot, Kind.AI))


def _untouched(ballot: _Ballot) -> LineState:
    """What the base says: the line that the most letters come from, the first of equals."""
    letters: Counter[int] = Counter()
    for owner, c in zip(ballot.authors, ballot.text, strict=True):
        if owner < 0:
            letters[owner] += 1 + 1000 * c.isalnum()
    if not letters:
        return _of_origin(ballot.origins[ballot.authors[0]]) if ballot.authors[0] > 0 else NOTHING
    known = [o for o in letters if ballot.bases[o] is not NOTHING] if len(letters) > 1 else []
    best = max(known or letters, key=lambda owner: letters[owner])
    return ballot.bases[best]


def _modifier_of_base(ballot: _Ballot) -> Kind | None:
    """Who had modified the AI's base text before, while some of it stands."""
    for owner, _ in ballot.weights(Kind.AI):
        if owner < 0 and ballot.bases[owner].modified_by:
            return ballot.bases[owner].modified_by
    return None


def _author(ballot: _Ballot, kind: Kind) -> Origin:
    """The origin of `kind` that the line rests on: the author with the most letters and digits, the newest of equals."""
    total: Counter[tuple[str | None, str | None]] = Counter()
    newest: dict[tuple[str | None, str | None], tuple[int, int, Origin]] = {}
    for owner, weight in ballot.weights(kind):
        origin = ballot.bases[owner].origin if owner < 0 else ballot.origins[owner]
        total[origin.author] += weight
        best = newest.get(origin.author)
        if best is None or (weight, owner) > best[:2]:
            newest[origin.author] = (weight, owner, origin)
    if total:
        author = max(total, key=lambda a: (total[a], newest[a][1]))
        return newest[author][2]
    for owner in reversed(ballot.deleters):
        if ballot.origins[owner].kind is kind:
            return ballot.origins[owner]
    return UNKNOWN
