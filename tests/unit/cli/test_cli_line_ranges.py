"""Lines are chosen as `git blame -L` chooses them."""

from __future__ import annotations

import pytest

from byline.cli.line_ranges import chosen_lines, line_range
from byline.cli.output import Exit, Refusal


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2,4", (2, 4)),
        ("4,2", (2, 4)),
        ("3,3", (3, 3)),
        ("3,+2", (3, 4)),
        ("3,+1", (3, 3)),
        ("4,-2", (3, 4)),
        ("2,-9", (1, 2)),
        ("3,", (3, None)),
        ("3", (3, None)),
        (",4", (1, 4)),
    ],
)
def test_a_range(written: str, expected: tuple[int, int | None]) -> None:
    assert line_range(written) == expected


@pytest.mark.parametrize(
    "written", ["", ",", "x", "1,x", "0,3", "1,0", "1,+0", "-1", "1,2,3", "1 ,2", "/re/", "9" * 20]
)
def test_no_range(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        line_range(written)
    assert refusal.value.code is Exit.USAGE


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [([], "abcd"), (["2,3"], "bc"), (["3,9"], "cd"), (["4", "1,1"], "ad"), (["1,3", "2,4"], "abcd")],
)
def test_chosen(ranges: list[str], expected: str) -> None:
    assert "".join(chosen_lines("abcd", ranges, "a file")) == expected


def test_a_range_after_the_end() -> None:
    with pytest.raises(Refusal, match="a file has only 1 line, so there is no line 2") as refusal:
        chosen_lines("a", ["2"], "a file")
    assert refusal.value.code is Exit.NO
