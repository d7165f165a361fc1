"""Deleted text that comes back. A wrong owner is the worst error there is; not to recognise a text is only a gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.provenance.memory import CONTEXT, Memory, is_distinctive
from byline.provenance.span import Span

LINE = "total = sum(item.price for item in cart)"
HERE = ("before the place it went from "[-CONTEXT:], " and behind that place"[:CONTEXT])
THERE = ("somewhere else altogether "[-CONTEXT:], " with another end"[:CONTEXT])


def whole(text: str, owner: int) -> tuple[Span, ...]:
    return (Span(len(text), owner),)


def recall(memory: Memory, text: str, place: tuple[str, str], *, told: bool = False) -> tuple[Span, ...] | None:
    found = memory.recall(text, *place, told=told)
    assert found is None or sum(span.length for span in found) == len(text)
    return found


@pytest.mark.parametrize(
    ("text", "place", "told", "known"),
    [
        (LINE, HERE, False, True),
        (LINE, THERE, False, True),  # distinctive: also elsewhere
        (f"{LINE}\n", THERE, False, True),
        (f"\r\n{LINE}", THERE, False, True),
        (LINE.replace("cart", "bill"), HERE, True, False),
        ("}", HERE, False, True),  # short: where the place fits
        ("}", THERE, False, False),
        ("}", (HERE[0], THERE[1]), False, False),  # half a fit is none
        ("}", (HERE[0], THERE[1]), True, True),
        ("}", THERE, True, True),  # the client says that it came back
        ("return None", THERE, False, False),
        ("from os import path", THERE, False, False),
        ("\n", HERE, False, True),
        ("\n", THERE, True, False),  # a line break is only itself in its place
    ],
)
def test_recall(text: str, place: tuple[str, str], told: bool, known: bool) -> None:
    memory = Memory()
    for number, gone in enumerate((LINE, "}", "return None", "from os import path", "\n"), 1):
        memory.remember(gone, whole(gone, number), *HERE)
    assert (recall(memory, text, place, told=told) is not None) is known


def test_spans_come_back_as_they_were() -> None:
    memory = Memory()
    spans = (Span(8, 1), Span(0, 3, 2), Span(len(LINE) - 8, 2))
    memory.remember(LINE, spans, *HERE)
    assert recall(memory, LINE, THERE) == spans
    assert recall(memory, f"\n{LINE}\n", THERE) == (Span(9, 1), Span(0, 3, 2), Span(len(LINE) - 7, 2))


def test_the_place_chooses_before_the_time() -> None:
    memory = Memory()
    memory.remember("limit", whole("limit", 1), *HERE)
    memory.remember("limit", whole("limit", 2), *THERE)
    assert recall(memory, "limit", HERE, told=True) == whole("limit", 1)
    assert recall(memory, "limit", THERE, told=True) == whole("limit", 2)
    assert recall(memory, "limit", (HERE[0], "?"), told=True) == whole("limit", 1)


def test_short_text_of_two_owners_in_no_place_of_theirs_is_nobodys() -> None:
    memory = Memory()
    memory.remember("limit", whole("limit", 1), *HERE)
    memory.remember("limit", whole("limit", 2), *THERE)
    assert recall(memory, "limit", ("?", "!"), told=True) is None


def test_newest_of_equals() -> None:
    memory = Memory()
    memory.remember(LINE, whole(LINE, 1), *HERE)
    memory.remember(LINE, whole(LINE, 2), *HERE)
    assert recall(memory, LINE, HERE) == whole(LINE, 2)
    assert memory.recall(LINE, *HERE, told=False, admit=lambda spans: spans[0].owner == 1) == whole(LINE, 1)
    assert memory.recall(LINE, *HERE, told=True, admit=lambda spans: False) is None


def test_letters_deleted_one_by_one_are_one_text() -> None:
    text = "left word right"
    for order in (range(8, 4, -1), [5] * 4):
        memory, now = Memory(), text
        for at in order:
            memory.remember(now[at], (Span(1, ord(now[at])),), now[:at][-CONTEXT:], now[at + 1 :][:CONTEXT])
            now = now[:at] + now[at + 1 :]
        assert [known.text for known in memory] == ["word"]
        assert recall(memory, "word", ("left ", " right")) == tuple(Span(1, ord(c)) for c in "word")


def test_part_comes_back_by_the_clients_word_and_beside_its_neighbour() -> None:
    memory = Memory()
    memory.remember("alpha beta gamma", (Span(6, 1), Span(5, 2), Span(5, 3)), *HERE)
    assert recall(memory, "beta", ("alpha ", "?"), told=True) is None  # less than a whole place
    left, right = (HERE[0] + "alpha ")[-CONTEXT:], (" gamma" + HERE[1])[:CONTEXT]
    assert recall(memory, "beta", (left, "?"), told=True) == whole("beta", 2)
    assert recall(memory, "beta", ("?", right), told=True) == whole("beta", 2)
    assert recall(memory, "beta", (left, right)) is None
    assert recall(memory, "gamma", ("?", HERE[1]), told=True) == whole("gamma", 3)
    assert recall(memory, "alpha ", (HERE[0], "?"), told=True) == whole("alpha ", 1)


def test_the_oldest_goes_first() -> None:
    memory = Memory(limit=3)
    for number in range(1, 6):
        memory.remember(f"{LINE} {number}", whole(f"{LINE} {number}", number), *HERE)
    assert [known.spans[0].owner for known in memory] == [3, 4, 5]
    assert recall(memory, f"{LINE} 1", HERE, told=True) is None


@given(st.lists(st.text(alphabet="ab\n ", min_size=1, max_size=30), max_size=40))
def test_memory_stays_within_its_bounds(texts: list[str]) -> None:
    memory = Memory(limit=10, max_characters=80)
    for number, text in enumerate(texts, 1):
        stored = memory.remember(text, whole(text, number), "", str(number))
        assert stored.text == text
    assert len(list(memory)) <= 10
    assert sum(len(known.text) for known in memory) <= 80
    for known in memory:
        assert recall(memory, known.text, (known.before, known.after)) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINE, True),
        ("", False),
        ("}", False),
        ("return None", False),
        ("return return return return return return", False),
        ("a b c d e f g", False),
        ("from __future__ import annotations", False),
        ('if __name__ == "__main__":', False),
        ("for i in range(10):", False),
    ],
)
def test_what_nobody_writes_twice(text: str, expected: bool) -> None:
    assert is_distinctive(text) is expected
