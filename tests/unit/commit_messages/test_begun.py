"""Headers that a person has begun."""

from __future__ import annotations

import pytest

from byline.commit_messages.buffer.begun import Begun
from byline.commit_messages.message import Message
from byline.commit_messages.rules import CONVENTIONAL_RULES

SCOPES = ("web", "core")


@pytest.mark.parametrize(
    ("text", "message", "headers"),
    [
        ("feat", "fix(api): add a", ["feat(api): add a", "feat: add a"]),
        ("feat", "fix: add a", ["feat: add a"]),
        ("feat: ", "fix(api): add a", ["feat: add a"]),
        ("feat!", "fix: add a", ["feat!: add a"]),
        ("feat(", "fix(api): add a", ["feat(api): add a", "feat(web): add a", "feat(core): add a"]),
        ("feat(c", "fix(api): add a", ["feat(core): add a"]),
        ("feat(zz)", "fix(api): add a", ["feat(zz): add a"]),
        ("feat(zz):", "Add a", ["feat(zz): Add a"]),
    ],
)
def test_what_completes_a_header(text: str, message: str, headers: list[str]) -> None:
    begun = Begun.of(text, CONVENTIONAL_RULES)
    assert begun is not None
    assert list(begun.completed(Message.of(message), SCOPES)) == headers


@pytest.mark.parametrize("text", ["", "fea", "feat: a", "banana(", "Why:", "feat(api): add", "(", "add it"])
def test_what_is_no_beginning(text: str) -> None:
    assert Begun.of(text, CONVENTIONAL_RULES) is None
