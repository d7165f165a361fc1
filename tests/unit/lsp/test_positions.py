"""Positions against a model that encodes every character by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.lsp.positions import Encoding, negotiate, to_column, to_units

ENCODINGS = list(Encoding)
LETTERS = st.one_of(
    st.sampled_from("ab\u00e9\u4e2d\U0001f600\U0001d11e\u0301\u200d\x0c\u2028"),
    st.characters(exclude_characters="\r\n"),
)
LINES = st.builds(str.__add__, st.text(LETTERS, max_size=30), st.sampled_from(["", "\n", "\r\n", "\r"]))


def width(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32:
        return 1
    if encoding is Encoding.UTF16:
        return len(character.encode("utf-16-le", "surrogatepass")) // 2
    return len(character.encode("utf-8", "surrogatepass"))


def model_column(line: str, units: int, encoding: Encoding) -> int:
    """The number of whole characters that fit into `units`."""
    column = 0
    for character in line.rstrip("\r\n"):
        units -= width(character, encoding)
        if units < 0:
            break
        column += 1
    return column


@given(LINES, st.integers(-3, 150), st.sampled_from(ENCODINGS))
def test_columns_agree_with_the_model(line: str, units: int, encoding: Encoding) -> None:
    assert to_column(line, units, encoding) == model_column(line, units, encoding)


@given(LINES, st.integers(-3, 60), st.sampled_from(ENCODINGS))
def test_units_agree_with_the_model_and_lead_back(line: str, column: int, encoding: Encoding) -> None:
    content = line.rstrip("\r\n")
    valid = max(0, min(column, len(content)))
    units = to_units(line, column, encoding)
    assert units == sum(width(c, encoding) for c in content[:valid])
    assert to_column(line, units, encoding) == valid


@given(st.lists(st.sampled_from(["\ud83d", "\ude00", "a", "\U0001f600"])).map("".join), st.integers(0, 40))
def test_halves_of_characters_count_as_one(line: str, units: int) -> None:
    for encoding in ENCODINGS:
        assert to_column(line, units, encoding) == model_column(line, units, encoding)


@pytest.mark.parametrize(
    ("line", "units", "encoding", "column"),
    [
        ("abc\n", 3, Encoding.UTF16, 3),
        ("abc\n", 4, Encoding.UTF16, 3),  # not behind the line break
        ("abc\r\n", 99, Encoding.UTF8, 3),
        ("abc\r", 99, Encoding.UTF32, 3),
        ("\n", 0, Encoding.UTF8, 0),
        ("\U0001f600b", 1, Encoding.UTF16, 0),  # in the middle of a surrogate pair
        ("\U0001f600b", 2, Encoding.UTF16, 1),
        ("a\u4e2db", 2, Encoding.UTF8, 1),  # in the middle of a character's bytes
        ("a\u4e2db", 4, Encoding.UTF8, 2),
        ("a\u4e2d", 1, Encoding.UTF8, 1),  # just before a wide character
        ("\U0001f600b", 1, Encoding.UTF32, 1),
        ("abc", 2**31, Encoding.UTF16, 3),
    ],
)
def test_places_that_the_specification_names(line: str, units: int, encoding: Encoding, column: int) -> None:
    assert to_column(line, units, encoding) == column


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, Encoding.UTF16),
        ([], Encoding.UTF16),
        (["utf-8", "utf-16"], Encoding.UTF8),
        (["utf-16", "utf-8"], Encoding.UTF16),
        (["utf-9", "utf-32"], Encoding.UTF32),
        (["utf-9"], Encoding.UTF16),
    ],
)
def test_negotiation(offered: list[str] | None, chosen: Encoding) -> None:
    assert negotiate(offered) is chosen
