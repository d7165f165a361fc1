"""What is offered where the cursor is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from byline.commit_messages.buffer.reading import read
from byline.commit_messages.completion import Words, completions
from byline.commit_messages.configuration.rule import read_rule
from byline.commit_messages.rules import CONVENTIONAL_RULES, GIT_RULES

RULES = replace(
    CONVENTIONAL_RULES.with_rules({"scope-enum": read_rule("scope-enum", [2, "always", ["api", "app", "ui"]])}),
    trailers=("Refs",),
    author="Ann <ann@example.org>",
)
WORDS = Words(
    types=("fix", "wip"),
    scopes=("ui", "db"),
    issue_keys=("AB-12", "#7"),
    trailers=("Reviewed-by",),
    authors=("Bob <b@example.org>", "Ann <ann@example.org>"),
)


def offered(text: str) -> list[str]:
    """What is offered at the `|` in `text`."""
    at = text.index("|")
    source = text.replace("|", "")
    found = completions(read(source), at, RULES, WORDS)
    assert all(source[entry.start : entry.end] == source[entry.start : at] for entry in found)
    return [entry.label for entry in found]


CASES: dict[str, list[str]] = {
    "|": ["fix", *(name for name in RULES.types if name != "fix")],
    "f|": ["fix", "feat"],
    "F|": ["fix", "feat"],
    "f|\n# help": ["fix", "feat"],
    "fix(|": ["ui", "api", "app"],
    "fix(a|": ["api", "app"],
    "fix(ui, a|": ["api", "app"],
    "fix: ab|": [],
    "fix: x A|": ["AB-12"],
    "fix: x (#|": ["#7"],
    "fix: x\n\nRe|": ["Refs", "Reviewed-by"],
    "fix: x\n\nsigned|": ["Signed-off-by"],
    "fix: x\n\nwhy\nclos|": ["Closes"],
    "fix: x\n\nRe|\n\nmore": [],
    "fix: x\n# |": [],
    "\n# help|\n#\n": [],
    "\n|# help\n#\n": [],
    "# help\n|\n#\n": ["fix", *(name for name in RULES.types if name != "fix")],
    "\n|\nSigned-off-by: Ann <ann@example.org>\n# help": ["fix", *(name for name in RULES.types if name != "fix")],
    "fix: x\n\nRefs: |": ["AB-12", "#7"],
    "fix: x\n\nCloses: #|": ["#7"],
    "fix: x\n\nCloses: #3, A|": ["AB-12"],
    "fix: x\n\nSigned-off-by: |": ["Ann <ann@example.org>"],
    "fix: x\n\nCo-authored-by: |": ["Bob <b@example.org>"],
    "fix: x\n\nReviewed-by: b|": ["Bob <b@example.org>"],
    "fix: x\n\nNote: |": [],
}


@pytest.mark.parametrize("text", CASES)
def test_what_is_offered(text: str) -> None:
    assert offered(text) == CASES[text]


def test_a_sign_off_is_complete_where_the_author_is_known() -> None:
    (entry,) = completions("fix: x\n\nSign", 12, RULES)
    assert (entry.text, entry.start, entry.end) == ("Signed-off-by: Ann <ann@example.org>", 8, 12)


def test_nothing_is_offered_where_no_type_is_used() -> None:
    assert completions("f", 1, GIT_RULES) == ()
