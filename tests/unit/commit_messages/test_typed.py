"""A message beside what a person has typed: inserted, never in its place."""

from __future__ import annotations

import pytest

from byline.commit_messages.buffer.form import INPUT, Form
from byline.commit_messages.buffer.insertions import Buffer, insertions
from byline.commit_messages.buffer.reading import Cleanup
from byline.commit_messages.lint.finding import apply
from byline.commit_messages.rules import CONVENTIONAL_RULES

COMMENTS = "# Please enter the commit message\n#\n"
MESSAGE = "feat(api): add a limit\n\nCallers asked for it."
HEADER = "feat(api): add a limit"
VERBOSE = "# ------------------------ >8 ------------------------\ndiff --git a/x b/x\n"


def check(
    before: str,
    after: str | None,
    message: str = MESSAGE,
    form: Form = Form(),  # noqa: B008 - frozen
    *,
    untouched: bool = False,
    scopes: tuple[str, ...] = (),
) -> None:
    edits = insertions(Buffer(before, form), message, CONVENTIONAL_RULES, untouched=untouched, scopes=scopes)
    assert (None if edits is None else apply(before, edits)) == after
    assert all(edit.start == edit.end for edit in edits or ())
    assert len({edit.start for edit in edits or ()}) == len(edits or ())


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
        # the type and the scope that a person has chosen stay
        ("fix: ", MESSAGE.replace("feat(api)", "fix")),
        ("fix", MESSAGE.replace("feat", "fix")),
        ("refactor(", MESSAGE.replace("feat", "refactor")),
        ("refactor(a", MESSAGE.replace("feat", "refactor")),
        ("feat(cli)", MESSAGE.replace("api", "cli")),
        ("fix!", MESSAGE.replace("feat(api)", "fix!")),
        ("feat(co", MESSAGE.replace("api", "core")),
        ("feat(x", None),
        ("feature(", None),
    ],
)
def test_a_header_that_was_begun_is_completed_by_one_that_begins_so(typed: str, whole: str | None) -> None:
    check(f"{typed}\n{COMMENTS}", None if whole is None else f"{whole}\n{COMMENTS}", scopes=("web", "core"))


@pytest.mark.parametrize(
    ("typed", "body", "below"),
    [
        # the message's own body stands below what was typed
        ("because it is slow", "Callers asked for it.", "because it is slow\n\nCallers asked for it."),
        ("it is slow\n\nvery slow", "Callers asked.\n\n- one", "it is slow\n\nvery slow\n\nCallers asked.\n\n- one"),
        ("because it is slow", "", "because it is slow"),
        # what only repeats it is left out, be it a paragraph or an item of a list
        ("because callers asked for it", "Callers asked for it.", "because callers asked for it"),
        (
            "because callers asked for it",
            "Callers asked for it.\n\n- because callers asked for it\n- add a test",
            "because callers asked for it\n\n- add a test",
        ),
        (
            "The server sends one answer for each request, so a client may wait for ever.",
            "A client may wait for ever.",
            "The server sends one answer for each request, so a client may wait for ever.",
        ),
        # trailers stay, and become, the last paragraph
        ("why\n\nSigned-off-by: A <a@b>", "Body.", "why\n\nBody.\n\nSigned-off-by: A <a@b>"),
        ("Signed-off-by: A <a@b>", "Body.", "Body.\n\nSigned-off-by: A <a@b>"),
        ("why", "Body.\n\nRefs: #1", "why\n\nBody.\n\nRefs: #1"),
        ("why", "Refs: #1", "why\n\nRefs: #1"),
        (
            "why\n\nSigned-off-by: A <a@b>\nRefs: #1",
            "Body.\n\nRefs: #1\nAssisted-by: x",
            "why\n\nBody.\n\nSigned-off-by: A <a@b>\nRefs: #1\nAssisted-by: x",
        ),
        ("why\n\nBREAKING CHANGE: gone", "Body.", "why\n\nBody.\n\nBREAKING CHANGE: gone"),
        # where the body cannot stand there, the header alone is inserted
        ("why", "# a comment to git", "why"),
        ("why", "long " * 40, "why"),
    ],
)
def test_a_sentence_becomes_the_body(typed: str, body: str, below: str) -> None:
    message = f"{HEADER}\n\n{body}" if body else HEADER
    for around in (COMMENTS, f"\n{COMMENTS}{VERBOSE}"):
        check(f"{typed}\n{around}", f"{HEADER}\n\n{below}\n{around}", message)
    if not body.startswith("#"):
        check(typed, f"{HEADER}\n\n{below}", message, INPUT)


def test_above_gits_template_stands_the_whole_message() -> None:
    check(f"Why:\n{COMMENTS}", f"{MESSAGE}\n\nWhy:\n{COMMENTS}", untouched=True)
    check(f"\n{COMMENTS}", f"{MESSAGE}\n{COMMENTS}", untouched=True)


@pytest.mark.parametrize(
    ("template", "below"),
    [
        ("Refs:\n", "Refs: #1"),  # a key that waits for its value gets it
        ("Refs: \n", "Refs: #1"),
        ("\nRefs:\n", "Refs: #1"),
        ("Why:\n\nSigned-off-by: A <a@b>\n", "Why:\n\nSigned-off-by: A <a@b>\nRefs: #1"),
        ("Why:\n\nRefs:\nSigned-off-by: A <a@b>\n", "Why:\n\nRefs: #1\nSigned-off-by: A <a@b>"),
        ("- [ ] tests\n", "Refs: #1\n\n- [ ] tests"),
    ],
)
def test_trailers_join_those_of_the_template(template: str, below: str) -> None:
    after = f"{HEADER}\n\nBody.\n\n{below}\n\n{COMMENTS}"
    check(f"{template}\n{COMMENTS}", after, f"{HEADER}\n\nBody.\n\nRefs: #1", untouched=True)


def test_a_template_may_begin_the_header() -> None:
    check(f"feat:\n\n{COMMENTS}", f"feat: add x\n\n{COMMENTS}", "feat: add x", untouched=True)
    check(f"feat:\n\n{COMMENTS}", f"fix: mend x\n\nfeat:\n\n{COMMENTS}", "fix: mend x", untouched=True)


@pytest.mark.parametrize("form", [Form(), Form(cleanup=Cleanup.WHITESPACE), Form(cleanup=Cleanup.VERBATIM)])
@pytest.mark.parametrize(
    ("signed", "after"),
    [
        ("\n\nSigned-off-by: A <a@b>\n\n", f"{HEADER}\n\nSigned-off-by: A <a@b>\nRefs: #1\n\n"),
        ("\nChange-Id: 5\n", f"{HEADER}\n\nChange-Id: 5\nRefs: #1\n"),
        ("\n\nRefs: #1\nSigned-off-by: A <a@b>\n\n", f"{HEADER}\n\nRefs: #1\nSigned-off-by: A <a@b>\n\n"),
    ],
)
def test_trailers_that_git_put_there_are_nothing_typed(signed: str, after: str, form: Form) -> None:
    comments = f"\n{COMMENTS}"  # a paragraph of its own, as git writes it
    check(f"{signed}{comments}", f"{after}{comments}", f"{HEADER}\n\nRefs: #1", form)


def test_a_header_keeps_its_place_and_gets_a_body() -> None:
    check(f"fix: mine\n{COMMENTS}", f"fix: mine\n\nCallers asked for it.\n{COMMENTS}")
    check(f"fix: mine\n{COMMENTS}", None, message=HEADER)
    check(f"fix: mine\n\nand my body\n{COMMENTS}", None)
    signed = "Signed-off-by: A <a@b>"
    check(f"fix: mine\n\n{signed}\n{COMMENTS}", f"fix: mine\n\nCallers asked for it.\n\n{signed}\n{COMMENTS}")
    check(f"fix: mine\n\n{signed}\n{COMMENTS}", f"fix: mine\n\n{signed}\nRefs: #1\n{COMMENTS}", f"{HEADER}\n\nRefs: #1")
    check(f"fix: mine\n{COMMENTS}", f"fix: mine\n\nRefs: #1\n{COMMENTS}", f"{HEADER}\n\nRefs: #1")


def test_what_would_break_a_rule_is_not_inserted() -> None:
    check(f"{'long ' * 30}\n{COMMENTS}", None)
    check("", None, message="Nonsense.")


def test_what_git_would_take_for_a_comment_is_not_inserted() -> None:
    check("", None, message="feat: x\n\n# not seen")
    check("", "feat: x\n\n# seen", message="feat: x\n\n# seen", form=INPUT)
    check("", "feat: x\n\n# seen", message="feat: x\n\n# seen", form=Form(";", Cleanup.STRIP))
