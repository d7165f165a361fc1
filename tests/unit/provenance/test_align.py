"""What of a new text is still of the old one."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.provenance.align import Kept, align
from byline.provenance.text import squeezed

WORDS = ["foo", "bar", "x", "return", "(", ")", "=", ",", " ", "  ", "\n", "\r\n", "\r", "\f", "\u2028", "\t", "}"]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)


def kept(old: str, new: str) -> str:
    """`new` with dots for all that was not kept; white space, which has no say, is left as it is."""
    letters = [c if c.isspace() else "." for c in new]
    for run in align(old, new):
        letters[run.new : run.new + run.size] = new[run.new : run.new + run.size]
    return "".join(letters)


def kept_breaks(old: str, new: str) -> list[bool]:
    """For each line feed of `new`, whether it was kept."""
    found = {run.new + k for run in align(old, new) for k in range(run.size)}
    return [at in found for at, c in enumerate(new) if c == "\n"]


@given(texts, texts)
def test_runs_are_equal_text_in_order_and_in_bounds(old: str, new: str) -> None:
    o = n = 0
    for run in align(old, new):
        assert run.size > 0
        assert run.old >= o
        assert run.new >= n
        assert old[run.old : run.old + run.size] == new[run.new : run.new + run.size]
        o, n = run.old + run.size, run.new + run.size
    assert o <= len(old)
    assert n <= len(new)


@given(texts)
def test_equal_texts_are_kept_whole(text: str) -> None:
    assert align(text, text) == ([Kept(0, 0, len(text))] if text else [])


@given(st.lists(st.tuples(st.sampled_from(["a", "bb", "c(", "d;"]), *[st.sampled_from(["", " ", "\n", "\r\n\t"])] * 2)))
def test_formatting_keeps_all_that_is_not_white_space(pieces: list[tuple[str, str, str]]) -> None:
    old = "".join(word + space for word, space, _ in pieces)
    new = "".join(word + space for word, _, space in pieces)
    found = "".join(new[run.new : run.new + run.size] for run in align(old, new))
    assert squeezed(found) == squeezed(new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "a", "."),
        ("a", "", ""),
        ("limit = 10\n", "limit = 25\n", "limit = ..\n"),
        ("f(a)", "f(a, b)", "f(a. .)"),
        ("f(a, b)", "f(b)", "f(b)"),
        ("count", "counter", "......."),  # a word is kept whole or not at all
        ("return x\n", "return y + z\n", "return . . .\n"),
        ("one\ntwo\n", "one\nnew\ntwo\n", "one\n...\ntwo\n"),
        ("f(a, b, c)\n", "f(\n    a,\n    b,\n    c,\n)\n", "f(\n    a,\n    b,\n    c.\n)\n"),
        ("x = 1\n", "    x = 1\n", "    x = 1\n"),
        ("}}\n}\n", "}\n}}\n", "}\n}}\n"),
        ("a = 1\nb = 2\nc\n", "c\na = 1\nb = 2\n", ".\na = 1\nb = 2\n"),  # to see what moved takes a memory
    ],
)
def test_what_is_kept(old: str, new: str, expected: str) -> None:
    assert kept(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a  \nb\n", "a\nb\n", [True, True]),  # trailing spaces trimmed
        ("a\nb\n", "    a\n    b\n", [True, True]),
        ("a\r\nb\r\n", "a\nb\n", [True, True]),
        ("a\nb\n", "a\r\nb\r\n", [True, True]),
        ("a\r\nb\r\n", "a\nb\nc\n", [True, True, False]),  # the kind of break changed, and a line was added
        ("a\nb\n", "a\nc\nb\n", [True, False, True]),
        ("a\n\nb\n", "a\n\nc\n", [True, True, True]),
        ("a b\n", "a\nb\n", [False, True]),
    ],
)
def test_line_breaks_stay_with_their_lines(old: str, new: str, expected: list[bool]) -> None:
    assert kept_breaks(old, new) == expected


def test_rewritten_block_keeps_nothing() -> None:
    old = dedent(
        """\
        def total(cart):
            result = 0
            for item in cart:
                result += item.price
            return result
        """
    )
    new = dedent(
        """\
        def check(user, password):
            found = database.find(user)
            if found is None:
                raise LoginError(user)
            return verify(found, password)
        """
    )
    assert set(squeezed(kept(old, new))) == {"."}


def test_block_that_shares_its_words_keeps_them() -> None:
    old = "total = price * count\nprint(total, price)\n"
    new = "total = price * amount\nprint(total, price, amount)\n"
    assert kept(old, new) == "total = price * ......\nprint(total, price. ......)\n"


def test_function_added_after_its_like_leaves_the_first_its_brace() -> None:
    old = "fn f() {\n    1\n}\n"
    new = old + "\nfn g() {\n    2\n}\n"
    assert kept(old, new).startswith(old)
    assert set(squeezed(kept(old, new)[len(old) :])) == {"."}


def test_function_added_before_its_like_leaves_the_second_its_brace() -> None:
    old = "fn f() {\n    1\n}\n"
    new = "fn g() {\n    2\n}\n" + old
    assert kept(old, new).endswith(old)


def test_reformatting_a_long_file_keeps_it_all() -> None:
    old = "".join(f"if a{i}: call(b{i},c{i})\n" for i in range(5_000))
    new = "".join(f"if a{i}:\n    call(b{i}, c{i})\n" for i in range(5_000))
    found = "".join(new[run.new : run.new + run.size] for run in align(old, new))
    assert squeezed(found) == squeezed(new)


def test_long_line_keeps_its_ends() -> None:
    old = "head " + "a, " * 50_000 + "tail"
    new = "head " + "b. " * 50_000 + "tail"
    found = align(old, new)
    assert found[0] == Kept(0, 0, 5)
    assert found[-1].new + found[-1].size == len(new)
