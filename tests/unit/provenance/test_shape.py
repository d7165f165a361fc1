"""What looks typed. A row is one notification: its changes as (line, column, what is replaced, text)."""

from __future__ import annotations

import pytest

from byline.provenance.assign import Change
from byline.provenance.shape import MAX_TYPED, looks_typed
from byline.provenance.text import end_of

Sent = tuple[int, int, str, str]

TYPED: dict[str, list[Sent]] = {
    "a letter": [(0, 3, "", "x")],
    "a letter of two code units": [(0, 3, "", "\U0001f600")],
    "a word completed": [(0, 3, "re", "return")],
    "as many as a hand can": [(0, 0, "", "x" * MAX_TYPED)],
    "an auto-closed pair": [(0, 3, "", "()")],
    "an auto-closed pair in two": [(0, 3, "", "("), (0, 4, "", ")")],
    "a pair around a word": [(0, 3, "", "("), (0, 8, "", ")")],
    "enter": [(0, 3, "", "\n")],
    "enter with indent": [(0, 3, "", "\n        ")],
    "enter with a long indent": [(0, 3, "", "\n" + " " * 40)],
    "enter between brackets": [(0, 3, "", "\n        \n    ")],
    "enter, crlf": [(0, 3, "", "\r\n\t\r\n")],
    "a deletion": [(0, 3, "word", "")],
    "a deletion of lines": [(0, 0, "one\ntwo\n", "")],
    "a letter over lines": [(0, 0, "one\ntwo\n", "x")],
    "a letter over a whole line": [(0, 0, "one", "x")],
    "keystrokes gathered": [(0, 3, "", "a"), (0, 4, "", "b"), (0, 5, "", "\n"), (1, 0, "", "c")],
    "backspaces gathered": [(0, 5, "x", ""), (0, 4, "x", "")],
    "nothing": [],
}

NOT_TYPED: dict[str, list[Sent]] = {
    "more than a hand can": [(0, 0, "", "x" * (MAX_TYPED + 1))],
    "a line with its break": [(0, 0, "", "x = 1\n")],
    "two short lines": [(0, 0, "", "a\nb")],
    "three blank lines": [(0, 0, "", "\n\n\n")],
    "a line after enter": [(0, 3, "", "\n    x")],
    "a lone carriage return inside": [(0, 0, "", "a\rb")],
    "a whole line replaced": [(0, 0, "limit = 10", "limit = 25")],
    "a break replaced": [(0, 3, "a\nb", "ab")],
    "two lines at once": [(0, 0, "", "x"), (7, 0, "", "x")],
    "many short pieces on one line": [(0, 0, "", "x" * 10), (0, 10, "", "x" * 10)],
}


def check(sent: list[Sent], expected: bool) -> None:
    changes = [Change((line, column), end_of((line, column), old), text) for line, column, old, text in sent]
    whole = [column == 0 and bool(old) for _, column, old, _ in sent]
    assert looks_typed(changes, [old for _, _, old, _ in sent], whole) is expected


@pytest.mark.parametrize("sent", TYPED.values(), ids=TYPED.keys())
def test_typed(sent: list[Sent]) -> None:
    check(sent, True)


@pytest.mark.parametrize("sent", NOT_TYPED.values(), ids=NOT_TYPED.keys())
def test_not_typed(sent: list[Sent]) -> None:
    check(sent, False)
