"""Edits that the server asks a client for are known again, however the client goes about them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import pytest

from byline.attribution.client_changes import ClientChange
from byline.attribution.live import LiveDocument
from byline.attribution.owners import OwnerIndex
from byline.attribution.unrecorded import Unrecorded
from byline.attribution.written import Written, model_evidence, place_now
from byline.provenance.assign import Change
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Evidence, Kind, Level, Source
from byline.provenance.text import split_lines

BEFORE = "alpha = 1\nbeta = 2\ngamma = 3\n"
OURS = Change((1, 0), (2, 0), "beta = compute(alpha)\nlog.debug(beta)\n")
AFTER = "alpha = 1\nbeta = compute(alpha)\nlog.debug(beta)\ngamma = 3\n"
OTHER = BEFORE.replace("2", "open(name).read()")
TYPED = Evidence(Source.CLIENT, Channel.TYPING)


class Page:
    """A live document that begins with nobody's text, and whose each line is."""

    def __init__(self, text: str = BEFORE) -> None:
        ids = count(100)
        self.owners = OwnerIndex(Unrecorded(), lambda base: ())
        first = next(ids)
        self.owners.add(first, ())
        self.live = LiveDocument(
            next(ids), ("", "a.py"), 1, Document.of_one_owner(text, first), self.owners, Memory(),
            new_id=lambda: next(ids), record=lambda *rows: None, clock=lambda: 0.0,
        )  # fmt: skip
        self.live.written.expect(OURS, model_evidence("m", "s1"))

    def changes(self, *changes: ClientChange, said: Evidence | None = None) -> None:
        if said:
            self.live.context(self.live.version + 1, [said])
        self.live.change(self.live.version + 1, changes, lambda line, units: units)

    @property
    def kinds(self) -> str:
        """For each line a letter for every kind of author that it has, in order."""
        spans = (self.live.document.spans(i) for i, line in enumerate(self.live.document.lines) if line)
        kinds = [[self.owners.origin(s.owner).kind for s in line if s.length] for line in spans]
        return " ".join("".join(dict.fromkeys(kind.value[0] for kind in line)) for line in kinds)


def whole(text: str) -> ClientChange:
    return ClientChange(None, None, text)


@dataclass(frozen=True)
class Manner:
    """How a client carries the edit out, what the text is then, and whose each line is: an ai's, human, unknown."""

    name: str
    changes: tuple[ClientChange, ...]
    kinds: str
    text: str = AFTER
    said: Evidence | None = None


MANNERS = [
    Manner("as it was asked", (ClientChange((1, 0), (2, 0), OURS.text),), "u a a u"),
    Manner("only what differs", (ClientChange((1, 7), (1, 8), "compute(alpha)\nlog.debug(beta)"),), "u a a u"),
    Manner("the whole text", (whole(AFTER),), "u a a u"),
    Manner(
        "in two steps",
        (ClientChange((1, 0), (2, 0), ""), ClientChange((1, 0), (1, 0), OURS.text)),
        "u a a u",
    ),
    Manner("called an undo", (whole(AFTER),), "u a a u", said=Evidence(Source.CLIENT, Channel.UNDO, "editor_reason")),
    Manner("called typing", (whole(AFTER),), "u a a u", said=TYPED),
    Manner(
        "with keys of the person in the same change",
        (whole(AFTER.replace("(beta)\n", "(beta)  # why\n")),),
        "u a ah u",
        AFTER.replace("(beta)\n", "(beta)  # why\n"),
        said=TYPED,
    ),
    Manner(
        "with other text elsewhere",
        (ClientChange((1, 0), (2, 0), OURS.text), ClientChange((3, 8), (3, 9), "new_text_of_somebody")),
        "u a a u",
        AFTER.replace("3", "new_text_of_somebody"),
    ),
    Manner("another text comes in", (whole(OTHER),), "u u u", OTHER),
    Manner("a person types instead", (ClientChange((1, 8), (1, 8), "x"),), "u uh u", BEFORE.replace("2", "2x"), TYPED),
]


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
def test_the_edit_is_known_however_the_client_carries_it_out(manner: Manner) -> None:
    page = Page()
    page.changes(*manner.changes, said=manner.said)
    assert page.live.document.text == manner.text
    assert page.kinds == manner.kinds


def test_it_is_proven_and_says_who_wrote_it() -> None:
    page = Page()
    page.changes(whole(AFTER))
    origin = page.owners.origin(page.live.document.spans(2)[0].owner)
    assert (origin.kind, origin.level, origin.tool, origin.model) == (Kind.AI, Level.PROVEN, "byline", "m")
    assert (origin.session, origin.evidence) == ("s1", ("server",))


@pytest.mark.parametrize("channel", Channel)
def test_what_a_client_says_of_it_late_changes_nothing(channel: Channel) -> None:
    page = Page()
    page.changes(whole(AFTER))
    before = page.live.document.marks.copy()
    page.live.context(page.live.version, [Evidence(Source.CLIENT, channel, "editor_reason", "codex", None, "s2")])
    assert page.live.document.marks == before
    assert page.owners.origin(page.live.document.spans(2)[0].owner).tool == "byline"


def test_it_is_taken_once() -> None:
    page = Page()
    page.changes(whole(AFTER))
    page.changes(whole(AFTER + OURS.text))
    assert page.kinds == "u a a u u u"


def test_it_is_expected_where_it_stands_after_a_change_elsewhere() -> None:
    page = Page()
    page.changes(ClientChange((0, 0), (0, 0), "# note\n"), said=TYPED)
    page.changes(ClientChange((2, 0), (3, 0), OURS.text))
    assert page.kinds == "h u a a u"


def test_what_the_client_refused_is_expected_no_longer() -> None:
    page = Page()
    page.live.written.withdraw()
    page.changes(whole(AFTER))
    assert page.kinds == "u u u u"


@pytest.mark.parametrize(("seconds", "is_known"), [(59.0, True), (61.0, False)])
def test_it_is_expected_for_a_minute(seconds: float, is_known: bool) -> None:
    now = [0.0]
    written = Written(lambda: now[0])
    written.expect(OURS, model_evidence("m", "s1"))
    now[0] = seconds
    own = written.take(Document.of_one_owner(BEFORE, 1), [OURS])
    assert (own is not None) is is_known


PLACES = [
    ("nothing changed", BEFORE, ((1, 0), (2, 0))),
    ("a line more before it", "# note\n" + BEFORE, ((2, 0), (3, 0))),
    ("a line less before it", BEFORE.partition("\n")[2], ((0, 0), (1, 0))),
    ("a change behind it", BEFORE.replace("3", "4") + "delta = 5\n", ((1, 0), (2, 0))),
    ("a change in it", BEFORE.replace("2", "5"), None),
    ("all gone", "", None),
]


@pytest.mark.parametrize(("name", "now", "expected"), PLACES, ids=[name for name, _, _ in PLACES])
def test_where_a_place_is_now(name: str, now: str, expected: object) -> None:
    assert place_now(split_lines(BEFORE), split_lines(now), (1, 0), (2, 0)) == expected
