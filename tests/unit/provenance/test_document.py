"""The mechanical document against the simplest model there is: a list of (character, owner)."""

from __future__ import annotations

from itertools import groupby

import pytest
from desk import assert_covered
from hypothesis import given
from hypothesis import strategies as st

from byline.provenance.document import Document, Splice, cut, merge, pack
from byline.provenance.span import Span, base_line, base_owner
from byline.provenance.text import Position, end_of, git_line_groups, split_git_lines, split_lines

Model = list[tuple[str, int]]

texts = st.text(alphabet="ab \n\r\f\u2028\x85\U0001f600", max_size=12)
owners = st.integers(1, 4)


@st.composite
def pieces(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    """Spans for `text`, with tombstones between them."""
    found: list[Span] = []
    at = 0
    while True:
        if draw(st.booleans()):
            found.append(Span(0, draw(owners), draw(st.integers(5, 7))))
        if at == len(text):
            return tuple(merge(found))
        length = draw(st.integers(1, len(text) - at))
        found.append(Span(length, draw(owners)))
        at += length


def place(lines: list[str], offset: int) -> Position:
    """The position of an offset; the start of a line where it could be the end of the one before."""
    for line, text in enumerate(lines):
        if offset < len(text) or line + 1 == len(lines):
            return (line, offset)
        offset -= len(text)
    raise AssertionError("a text has a line")


def flat(document: Document) -> Model:
    spans = (span for line in range(len(document.lines)) for span in document.spans(line))
    letters = [span.owner for span in spans for _ in range(span.length)]
    return list(zip(document.text, letters, strict=True))


@given(st.data(), texts)
def test_splices_do_to_a_document_what_they_do_to_a_list(data: st.DataObject, text: str) -> None:
    document = Document.of_one_owner(text, 1)
    model: Model = [(c, 1) for c in text]
    history: list[tuple[list[str], list[object], Splice]] = []
    for _ in range(data.draw(st.integers(1, 8))):
        start, stop = sorted(data.draw(st.integers(0, len(model))) for _ in range(2))
        inserted = data.draw(texts)
        spans = data.draw(pieces(inserted))
        splice = Splice(place(document.lines, start), place(document.lines, stop), inserted, spans)
        before = (list(document.lines), list(document.marks))
        history.append((*before, document.apply(splice)))
        model[start:stop] = [(c, s.owner) for c, s in zip(inserted, spread(spans), strict=True)]
        assert flat(document) == model
        assert_covered(document)
    for lines, marks, inverse in reversed(history):
        later = document.copy()
        again = document.apply(inverse)
        assert (document.lines, document.marks) == (lines, marks)
        document.apply(again)
        assert (document.lines, document.marks) == (later.lines, later.marks)
        document.apply(inverse)


def spread(spans: tuple[Span, ...]) -> list[Span]:
    return [span for span in spans for _ in range(span.length)]


@pytest.mark.parametrize(
    ("text", "start", "end", "inserted"),
    [
        ("", (0, 0), (0, 0), "a\n"),
        ("a\nb", (0, 1), (1, 0), ""),
        ("a\r\nb", (0, 1), (1, 0), ""),
        ("a\rb\n", (1, 0), (1, 1), ""),  # joins a carriage return and a line feed
        ("a\r", (1, 0), (1, 0), "\n"),
        ("a\n\nb", (0, 1), (0, 2), "\r"),  # what follows the break that it replaces becomes part of it
        ("\nb", (0, 0), (0, 0), "a\r"),
        ("a\n", (0, 0), (1, 0), ""),
        ("a\fb\u2028c\n", (0, 2), (0, 3), "\x85"),
        ("a\nb\nc", (1, 0), (2, 0), "x\ny\n"),
    ],
)
def test_splice_and_its_inverse(text: str, start: Position, end: Position, inserted: str) -> None:
    document = Document.of_one_owner(text, 1)
    expected = document.text_between((0, 0), start) + inserted + document.text_between(end, document.end)
    inverse = document.apply(Splice(start, end, inserted, (Span(len(inserted), 2),) if inserted else ()))
    assert document.text == expected
    assert_covered(document)
    document.apply(inverse)
    assert document.lines == split_lines(text)
    assert document.marks == Document.of_one_owner(text, 1).marks


def test_tombstones_at_the_ends_go_with_what_is_replaced_and_come_back_with_it() -> None:
    document = Document(["abc\n"], [(Span(1, 1), Span(0, 2, 3), Span(1, 1), Span(0, 4, 3), Span(2, 1))])
    document.lines.append("")
    document.marks.append(())
    before = list(document.marks)
    inverse = document.apply(Splice((0, 1), (0, 2), "", ()))
    assert document.marks[0] == 1
    document.apply(inverse)
    assert document.marks == before


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((0, 0), (0, 0)),
        ((0, 2), (0, 2)),
        ((0, 9), (0, 2)),  # before the line break, not after it
        ((1, 9), (1, 1)),
        ((2, 3), (2, 1)),
        ((9, 0), (2, 1)),
        ((-1, 5), (0, 0)),
        ((0, -1), (0, 0)),
    ],
)
def test_clamp(asked: Position, expected: Position) -> None:
    assert Document.of_one_owner("ab\r\nc\nd", 1).clamp(asked) == expected


@given(texts)
def test_lines_end_where_the_protocol_ends_them(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert not lines[-1].endswith(("\n", "\r"))
    for line in lines[:-1]:
        assert line.endswith(("\n", "\r"))
        assert not any(c in "\n\r" for c in line.removesuffix("\r\n").removesuffix("\n").removesuffix("\r"))
    assert end_of((3, 4), text) == (3 + len(lines) - 1, len(lines[-1]) + (4 if len(lines) == 1 else 0))


@given(texts)
def test_git_lines_are_groups_of_protocol_lines(text: str) -> None:
    lines = split_lines(text)
    joined = ["".join(lines[group.start : group.stop]) for group in git_line_groups(lines)]
    assert "".join(joined) == text
    assert [line.removesuffix("\n").removesuffix("\r") for line in joined] == split_git_lines(text)


@given(st.data(), texts.filter(bool))
def test_cut_keeps_what_is_inside(data: st.DataObject, text: str) -> None:
    spans = data.draw(pieces(text))
    start, stop = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    assert [s.owner for s in spread(tuple(cut(spans, start, stop)))] == [s.owner for s in spread(spans)][start:stop]


@given(st.lists(st.tuples(st.integers(1, 5), owners).map(lambda s: Span(*s)), max_size=8))
def test_merge_joins_neighbours(spans: list[Span]) -> None:
    merged = list(merge(spans))
    runs = [(owner, len(list(group))) for owner, group in groupby(s.owner for s in spread(tuple(spans)))]
    assert [(s.owner, s.length) for s in merged] == runs
    assert pack(tuple(merged)) == (merged[0].owner if len(merged) == 1 else tuple(merged))


def test_merge_drops_repeated_tombstones_and_no_others() -> None:
    one, other = Span(0, 1, 2), Span(0, 3, 2)
    assert list(merge([one, one, Span(1, 1), one, other, other])) == [one, Span(1, 1), one, other]


@given(st.integers(0, 1 << 30), st.integers(0, (1 << 20) - 1))
def test_base_owner_and_back(base: int, line: int) -> None:
    assert base_owner(base, line) < 0
    assert base_line(base_owner(base, line)) == (base, line)
