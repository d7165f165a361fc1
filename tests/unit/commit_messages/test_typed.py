"""A message beside what a person has typed: inserted, never in its place."""

from __future__ import annotations

import pytest

from byline.commit_messages.buffer import Cleanup
from byline.commit_messages.form import INPUT, Form
from byline.commit_messages.lint.finding import apply
from byline.commit_messages.rules import CONVENTIONAL_RULES
from byline.commit_messages.typed import Buffer, insertion

COMMENTS = "# Please enter the commit message\n#\n"
MESSAGE = "feat(api): add a limit\n\nCallers asked for it."
HEADER = "feat(api): add a limit"
VERBOSE = "# ------------------------ >8 ------------------------\ndiff --git a/x b/x\n"


def check(before: str, after: str | None, message: str = MESSAGE, form: Form = Form()) -> None:  # noqa: B008 - frozen
    edit = insertion(Buffer(before, form), message, CONVENTIONAL_RULES)
    assert (None if edit is None else apply(before, (edit,))) == after
    assert edit is None or edit.start == edit.end


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", MESSAGE),
        (f"\n{COMMENTS}", f"{MESSAGE}\n{COMMENTS}"),
        (COMMENTS, f"{MESSAGE}\n{COMMENTS}"),
        (f"\n{COMMENTS}{VERBOSE}", f"{MESSAGE}\n{COMMENTS}{VERBOSE}"),
    ],
)
def test_an_empty_buffer_gets_the_whole_message(before: str, after: str) -> None:
    check(before, after)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("feat", MESSAGE),
        ("feat(api)", MESSAGE),
        ("feat(api): ", MESSAGE),
        ("feat(api): add", MESSAGE),
        ("fix: ", None),
        ("fix", None),
        ("refactor(", None),
    ],
)
def test_a_header_that_was_begun_is_completed_by_one_that_begins_so(typed: str, whole: str | None) -> None:
    check(f"{typed}\n{COMMENTS}", None if whole is None else f"{whole}\n{COMMENTS}")


def test_a_sentence_becomes_the_body() -> None:
    check(f"because it is slow\n{COMMENTS}", f"{HEADER}\n\nbecause it is slow\n{COMMENTS}")


def test_a_header_keeps_its_place_and_gets_a_body() -> None:
    check(f"fix: mine\n{COMMENTS}", f"fix: mine\n\nCallers asked for it.\n{COMMENTS}")
    check(f"fix: mine\n{COMMENTS}", None, message=HEADER)
    check(f"fix: mine\n\nand my body\n{COMMENTS}", None)


def test_what_would_break_a_rule_is_not_inserted() -> None:
    check(f"{'long ' * 30}\n{COMMENTS}", None)
    check("", None, message="Nonsense.")


def test_what_git_would_take_for_a_comment_is_not_inserted() -> None:
    check("", None, message="feat: x\n\n# not seen")
    check("", "feat: x\n\n# seen", message="feat: x\n\n# seen", form=INPUT)
    check("", "feat: x\n\n# seen", message="feat: x\n\n# seen", form=Form(";", Cleanup.STRIP))
