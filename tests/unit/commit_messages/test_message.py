"""A message taken apart, in its own text and in the buffer that git opens an editor on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.commit_messages.buffer.reading import Cleanup, read
from byline.commit_messages.grammar import ANGULAR, CONVENTIONAL
from byline.commit_messages.message import Message, Part, joined
from byline.commit_messages.trailers import trailers

SCISSORS = "# ------------------------ >8 ------------------------\n"


def parts(message: Message) -> dict[str, Any]:
    names = ("type", "scope", "subject")
    found: dict[str, Any] = {name: part.text for name in names if (part := getattr(message, name))}
    found |= {name: joined(lines) for name in ("body", "footer") if (lines := getattr(message, name))}
    return found | {name: True for name in ("breaking", "refers") if getattr(message, name)}


MESSAGES: dict[str, dict[str, Any]] = {
    "feat: add x": {"type": "feat", "subject": "add x"},
    "feat(a/b)!: add x": {"type": "feat", "scope": "a/b", "subject": "add x", "breaking": True},
    "feat(a): b (c): d": {"type": "feat", "scope": "a): b (c", "subject": "d"},
    "feat:x": {},
    ": x": {"subject": "x"},
    "fix: x (#12)": {"type": "fix", "subject": "x (#12)", "refers": True},
    "fix: x\n\nwhy\nand how\n": {"type": "fix", "subject": "x", "body": "why\nand how"},
    "fix: x\n\nwhy\n\nCloses #3\nmore": {
        "type": "fix",
        "subject": "x",
        "body": "why",
        "footer": "Closes #3\nmore",
        "refers": True,
    },
    "fix: x\n\nBREAKING CHANGE: y": {"type": "fix", "subject": "x", "footer": "BREAKING CHANGE: y"},
    "fix: x\n\nsee https://x.org/#12": {"type": "fix", "subject": "x", "body": "see https://x.org/#12"},
    "fix: x\n\n#4 fix the rest": {"type": "fix", "subject": "x", "body": "#4 fix the rest"},
    "\n\nfix: x\r\n\r\nbody\r\n": {"type": "fix", "subject": "x", "body": "body"},
    "": {},
}


@pytest.mark.parametrize("text", MESSAGES)
def test_a_message_is_taken_apart(text: str) -> None:
    assert parts(Message.of(text)) == MESSAGES[text]


def test_the_grammar_decides_what_a_header_is() -> None:
    message = Message.of("feat!: x", ANGULAR)
    assert parts(message) == {}
    assert parts(message.under(CONVENTIONAL)) == {"type": "feat", "subject": "x", "breaking": True}


BUFFERS: dict[str, tuple[str, Cleanup, str]] = {
    "comments go": ("\n# help\nfeat: x \n# more\n\n\n# y\nbody\n\n# end\n", Cleanup.STRIP, "feat: x\n\nbody"),
    "a diff below the scissors goes": (
        f"feat: x\n{SCISSORS}# do not touch\ndiff --git a b\n",
        Cleanup.STRIP,
        "feat: x",
    ),
    "nothing above the scissors": (f"{SCISSORS}diff --git a b\n", Cleanup.STRIP, ""),
    "comments are text": ("feat: x\n\n# heading\n", Cleanup.WHITESPACE, "feat: x\n\n# heading"),
    "comments above scissors are text": (f"feat: x\n# y\n{SCISSORS}z\n", Cleanup.SCISSORS, "feat: x\n# y"),
    "as it is": ("\nfeat: x  \n\n\n", Cleanup.VERBATIM, "\nfeat: x  \n\n\n"),
}


@pytest.mark.parametrize("case", BUFFERS)
def test_what_git_drops_is_no_message(case: str) -> None:
    source, cleanup, expected = BUFFERS[case]
    assert read(source, cleanup=cleanup).text == expected


def test_another_comment_string() -> None:
    assert read("feat: x\n;; help\n# text\n", comment=";;").text == "feat: x\n# text"


lines = st.lists(st.sampled_from(["feat: x", "# c", "", " ", "Closes #1", "a  ", "\r", "é", SCISSORS[:-1]]), max_size=9)


@given(lines, st.sampled_from(list(Cleanup)))
def test_every_part_stands_where_it_says(texts: list[str], cleanup: Cleanup) -> None:
    message = read("\n".join(texts), cleanup=cleanup)
    found: list[Part | None] = [message.header, message.type, message.scope, message.subject]
    for part in (*found, *message.raw, *message.body, *message.footer):
        assert part is None or message.source[part.start : part.end] == part.text


TRAILERS: dict[str, list[tuple[str, str]]] = {
    "x\n\nA-b: c\nD: e\n  f": [("A-b", "c"), ("D", "e f")],
    "x\n\ntext\nA-b: c": [],
    "x\n\ntext\ntext\nSigned-off-by: A <a@x>": [("Signed-off-by", "A <a@x>")],
    "x\n\n1\n2\n3\n4\nSigned-off-by: A <a@x>": [],
    "A: b": [],
    "x\n\nA: b\n\n# comment\n": [("A", "b")],
    "x\n\nA: b\n---\nC: d": [("A", "b")],
    "x\n\nA: b\n \n": [("A", "b")],
}


@pytest.mark.parametrize("text", TRAILERS)
def test_trailers_are_those_that_git_finds(text: str) -> None:
    assert [(trailer.key, trailer.value) for trailer in trailers(text.split("\n"))] == TRAILERS[text]
