"""What git itself puts into a commit's editor is not something that a person has typed."""

from __future__ import annotations

import pytest

from byline.commit_messages.buffer.blank import is_blank
from byline.commit_messages.buffer.form import Form

SIGNED = "Signed-off-by: Ann <ann@example.org>"
TEMPLATE = "Why:\n\nRefs:"


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        ("\n\n", True),
        (f"\n\n{SIGNED}\n", True),
        (f"\n\nCo-authored-by: Bob <b@example.org>\n{SIGNED}\n", True),
        ("\nChange-Id: 5\n  goes on\n", True),
        ("\nRefs: #1\n", True),
        (f"{TEMPLATE}\n", True),
        (f"{TEMPLATE}\n\n{SIGNED}\n", True),
        (f"{TEMPLATE}\nRefs: #1\n", True),
        # a header looks much the same
        ("Refs: #1\n", False),
        ("fix: mend it\n", False),
        ("\nfix: mend it\n", False),
        (f"fix: mend it\n\n{SIGNED}\n", False),
        (f"because\n\n{SIGNED}\n", False),
        (f"{TEMPLATE} because\n", False),
        (f"Mend it\n\n{TEMPLATE}\n", False),
        ("\nRefs:\n", False),
    ],
)
def test_is_blank(text: str, blank: bool) -> None:
    assert is_blank(Form().read(f"{text}\n# a comment\n"), TEMPLATE) == blank
