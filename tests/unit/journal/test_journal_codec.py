from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.journal import codec
from byline.journal.errors import DamagedJournalError
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Marks, Span, base_owner

TEXTS = st.text(st.characters(exclude_categories=()), max_size=400)  # lone surrogates too
OWNERS = st.integers(-(1 << 62), (1 << 62))
SOLID = st.builds(Span, st.integers(1, 1 << 20), OWNERS, st.just(0))
TOMBSTONES = st.builds(Span, st.just(0), OWNERS, OWNERS)
SPANS = st.lists(SOLID | TOMBSTONES, max_size=5).map(tuple)
FILES = st.lists(OWNERS | st.integers(-4, 4) | SPANS, max_size=60)
WORDS = st.none() | TEXTS
EVIDENCE = st.builds(Evidence, st.sampled_from(Source), st.sampled_from(Channel), *[WORDS] * 5)


@given(TEXTS)
def test_texts_come_back(text: str) -> None:
    assert codec.unpack_text(codec.pack_text(text)) == text
    assert codec.unpack_name(codec.pack_name(text)) == text


@given(SPANS)
def test_spans_come_back(spans: tuple[Span, ...]) -> None:
    assert codec.unpack_spans(codec.pack_spans(spans)) == spans


@given(FILES)
def test_marks_come_back(marks: list[Marks]) -> None:
    assert codec.unpack_marks(codec.pack_marks(marks)) == marks


@given(EVIDENCE)
def test_evidence_comes_back(evidence: Evidence) -> None:
    assert codec.unpack_evidence(codec.pack_evidence(evidence)) == evidence


def test_an_untouched_file_takes_next_to_nothing() -> None:
    marks: list[Marks] = [base_owner(3 << 20, line) for line in range(50_000)]
    assert len(codec.pack_marks(marks)) < 60
    assert codec.unpack_marks(codec.pack_marks(marks)) == marks


PLAIN, DEFLATED = b"\0", b"\1"
BOMB = DEFLATED + zlib.compress(bytes(1 << 26) + b"x", 9)
TEXT, NAME, SPAN, MARKS = codec.unpack_text, codec.unpack_name, codec.unpack_spans, codec.unpack_marks

DAMAGED: dict[str, tuple[Callable[[object], object], object]] = {
    "no bytes": (TEXT, None),
    "a string": (TEXT, "text"),
    "nothing": (TEXT, b""),
    "an unknown form": (TEXT, b"\2abc"),
    "not deflated": (TEXT, DEFLATED + b"abc"),
    "cut off": (TEXT, DEFLATED + zlib.compress(b"abc" * 99)[:-5]),
    "something behind": (TEXT, DEFLATED + zlib.compress(b"abc") + b"x"),
    "far too long": (TEXT, BOMB),
    "not UTF-8": (TEXT, PLAIN + b"\xff"),
    "a name as a string": (NAME, "a"),
    "a name that is not UTF-8": (NAME, b"\xff"),
    "spans: no JSON": (SPAN, PLAIN + b"["),
    "spans: nested without end": (SPAN, PLAIN + b"[" * 100_000),
    "spans: no list": (SPAN, PLAIN + b"{}"),
    "spans: a number": (SPAN, PLAIN + b"[3]"),
    "spans: one number": (SPAN, PLAIN + b"[[3]]"),
    "spans: a fraction": (SPAN, PLAIN + b"[[3.0,1]]"),
    "spans: a truth value": (SPAN, PLAIN + b"[[true,1]]"),
    "spans: less than nothing": (SPAN, PLAIN + b"[[-1,1]]"),
    "spans: a tombstone with characters": (SPAN, PLAIN + b"[[2,1,5]]"),
    "marks: no list": (MARKS, PLAIN + b"7"),
    "marks: a bare owner": (MARKS, PLAIN + b"[7]"),
    "marks: no lines": (MARKS, PLAIN + b"[[0,1,0]]"),
    "marks: too many lines": (MARKS, PLAIN + b"[[1048577,1,0]]"),
    "marks: too many lines in two runs": (MARKS, PLAIN + b"[[1048576,1,0],[1,1,0]]"),
    "marks: another step": (MARKS, PLAIN + b"[[2,1,1]]"),
    "evidence: no list": (codec.unpack_evidence, "{}"),
    "evidence: too short": (codec.unpack_evidence, '["client"]'),
    "evidence: too long": (codec.unpack_evidence, '["client","typing",null,null,null,null,null,null]'),
    "evidence: an unknown source": (codec.unpack_evidence, '["rumour","typing"]'),
    "evidence: an unknown channel": (codec.unpack_evidence, '["client",[]]'),
    "evidence: a number": (codec.unpack_evidence, '["client","typing",1]'),
}


@pytest.mark.parametrize(("unpack", "data"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_noticed(unpack: Callable[[object], object], data: object) -> None:
    with pytest.raises(DamagedJournalError):
        unpack(data)
