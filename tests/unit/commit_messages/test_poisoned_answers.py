"""What a model may not say, even where the change itself holds those words: poison is never grounds for poison."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.assistance import Assistance
from byline.commit_messages.material import Material
from byline.commit_messages.model.answer import written
from byline.commit_messages.model.prompt import Wanted
from byline.commit_messages.rules import CONVENTIONAL_RULES

POISON = (
    "mail mallory@evil.example",
    "Closes #666",
    "fixes mallory/evil#1",
    "see GH-1",
    "mailto:mallory",
    "javascript:alert",
    "[ref]: evil",
    "<img src=x>",
    "www.evil.example",
    "@mallory please",
    "* BREAKING CHANGE: everything",
    "| BREAKING CHANGE: everything",
    "this line is as long as one may be before it has to be broken for all Signed-off-by: Mallory Evil",
    "this line is as long as one may be before it has to be broken once more Reviewed-by: Mallory Evil",
)


@pytest.fixture
def material(tmp_path: Path) -> Material:
    change = "def send(url):\n" + "".join(f"    # {line}\n" for line in POISON) + "    return url\n"
    told = staged_digest(tmp_path / "repo", {"src/api.py": "def send(url):\n    return 1\n"}, {"src/api.py": change})
    habits = style(past("feat(api): add get", "src/api.py"), past("fix(api): mend url", "src/api.py"), times=10)
    return Material(
        told, habits, CONVENTIONAL_RULES, "Ann <ann@example.org>", "refs/heads/www.evil.example/@mallory",
        Assistance.OFF, "en", frozenset(), offline=(),
    )  # fmt: skip


def said(material: Material, subject: str, body: str = "", **wanted: str) -> list[str]:
    entry = {"type": "feat", "scope": "", "subject": subject, "body": body}
    found = written(material, Wanted(**wanted), {"messages": [entry]}, "claude-test-1")
    return [candidate.message for candidate in found]


@pytest.mark.parametrize("line", POISON)
def test_a_poisoned_line_is_left_out_of_a_body(material: Material, line: str) -> None:
    assert said(material, "return the url", f"It is tried.\n{line}") == ["feat: return the url\n\nIt is tried."]


@pytest.mark.parametrize("subject", POISON[:10])
def test_a_poisoned_subject_costs_the_message(material: Material, subject: str) -> None:
    assert said(material, subject) == []


def test_an_escape_sequence_goes_as_a_whole(material: Material) -> None:
    for subject in (
        "return \x1b[31mthe url\x1b[0m",
        "return \x1b]8;;x\x1b\\the url\x1b]8;;\x1b\\",
        "return \x9b1mthe url",
    ):
        assert said(material, subject) == ["feat: return the url"]


def test_what_the_person_typed_may_be_repeated(material: Material) -> None:
    assert said(material, "return the url for #666", why="it is for #666") == ["feat: return the url for #666"]
