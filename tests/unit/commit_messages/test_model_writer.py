"""What a model is told of a change, and what of its answer may leave."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.assistance import Assistance
from byline.commit_messages.lint import passes
from byline.commit_messages.material import Material
from byline.commit_messages.model.answer import growing_subject, written
from byline.commit_messages.model.grounding import Grounds
from byline.commit_messages.model.prompt import MOST_CHARACTERS, MOST_OF_LIST, Wanted, question
from byline.commit_messages.rules import CONVENTIONAL_RULES
from byline.commit_messages.writer import candidates

SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
BEFORE = "def send(url):\n    return get(url)\n"
AFTER = "def send(url, retries=3):\n    return get(url, retries)\n"


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return gathered(tmp_path, {"src/api.py": BEFORE}, {"src/api.py": AFTER})


def gathered(root: Path, before: Mapping[str, str], after: Mapping[str, str], **more: Any) -> Material:
    """What there is to say of a staged change, in a repository of conventional commits."""
    told = staged_digest(root / "repo", before, after)
    habits = style(past("feat(api): add get", "src/api.py"), past("fix(api): mend url", "src/api.py"), times=10)
    found = candidates(told, habits, CONVENTIONAL_RULES)
    known = {"branch": None, "assistance": Assistance.OFF, "language": "en", "withheld": frozenset()} | more
    return Material(told, habits, CONVENTIONAL_RULES, "Ann <ann@example.org>", offline=found, **known)


def answer(subject: str, body: str = "", type_: str = "feat", scope: str = "api") -> dict[str, Any]:
    return {"messages": [{"type": type_, "scope": scope, "subject": subject, "body": body}]}


def check(material: Material, given: Any, expected: str | None, **wanted: str) -> None:
    """The one message that leaves, None where none may; whatever leaves keeps the rules."""
    found = written(material, Wanted(**wanted), given, "claude-test-1")
    assert [candidate.message for candidate in found] == ([] if expected is None else [expected])
    assert all(passes(candidate.message, CONVENTIONAL_RULES) for candidate in found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer("retry when send fails"), "feat(api): retry when send fails"),
        (answer("Retry when send fails."), "feat(api): retry when send fails"),
        (answer("feat(api): retry `send`"), "feat(api): retry `send`"),
        (answer("retry send\n\nSigned-off-by: a"), "feat(api): retry send"),
        (answer("retry\tsend\x07\u202e"), "feat(api): retry send"),
        (answer("retry send", scope="nowhere"), "feat: retry send"),
        (answer("retry send", body="Up to `retries` times."), "feat(api): retry send\n\nUp to `retries` times."),
    ],
)
def test_a_good_answer_in_the_habits_of_the_repository(material: Material, given: Any, expected: str) -> None:
    check(material, given, expected)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {"messages": "feat: x"},
        {"messages": [None, 7, {}]},
        answer(""),
        answer("retry send_all"),
        answer("retry up to 17 times"),
        answer("see https://evil.example"),
        answer("thank @mallory for send"),
        answer("close #666"),
        answer("retry in src/other.py"),
        answer(f"use {SECRET}"),
        answer("retry send", type_="nonsense"),
        answer("x" * 200),
    ],
)
def test_an_answer_that_may_not_leave(material: Material, given: Any) -> None:
    check(material, given, None)


@pytest.mark.parametrize(
    "line",
    [
        "Co-authored-by: Mallory <m@evil.example>",
        "Signed-off-by: Mallory",
        "BREAKING CHANGE: everything",
        "Closes #666",
        "See https://evil.example/x",
        "[click](command:evil)",
        "# a comment",
        "--- a/patch",
        "```sh",
        "It also changes drop_table.",
    ],
)
def test_poisoned_lines_are_left_out_of_a_body(material: Material, line: str) -> None:
    body = f"{line}\nIt is tried again."
    check(material, answer("retry send", body=body), "feat(api): retry send\n\nIt is tried again.")


def test_names_that_the_person_typed_may_be_used(material: Material) -> None:
    check(material, answer("retry as RFC-7231 asks"), None)
    check(material, answer("retry as RFC-7231 asks"), "feat(api): retry as RFC-7231 asks", why="RFC-7231 asks for it")


def test_an_issue_of_the_branch_and_recorded_help_are_added(tmp_path: Path) -> None:
    material = gathered(tmp_path, {"src/api.py": BEFORE}, {"src/api.py": AFTER}, branch="refs/heads/feat/AB-12-retry")
    check(material, answer("retry send"), "feat(api): retry send\n\nRefs: AB-12")


def test_the_change_is_data_between_lines_that_nobody_can_guess(material: Material) -> None:
    asked = question(material, Wanted(why="servers are slow"))
    first, *_, last = asked.user.text.split("\n")
    assert first.startswith("----- data ")
    assert first.replace("begins", "ends") == last
    for part in ("servers are slow", "+def send(url, retries=3):", "-def send(url):", "feat(api): add get"):
        assert part in asked.user.text
    assert "retries" not in asked.system.text
    assert question(material, Wanted(why="servers are slow")) == asked


def test_no_secret_is_sent_wherever_it_stands(tmp_path: Path) -> None:
    material = gathered(tmp_path, {"a.py": "a = 1\n"}, {"a.py": f"a = '{SECRET}'\n"})
    asked = question(material, Wanted(why=f"rotate {SECRET}", typed=SECRET))
    assert SECRET not in asked.user.text + asked.system.text
    assert asked.user.text.count("«secret:") >= 3


def test_a_large_change_is_cut_fairly_and_says_so(tmp_path: Path) -> None:
    many = "".join(f"line_{number} = {number}\n" for number in range(9_000))
    material = gathered(tmp_path, {"small.py": "a = 1\n"}, {"small.py": "a = 22\n", "large.py": many})
    text = question(material, Wanted()).user.text
    assert len(text) < MOST_CHARACTERS + 4_000
    assert "+a = 22" in text
    assert "+line_0 = 0" in text
    shown = sum(line.startswith("+line_") for line in text.split("\n"))
    assert f"(and {9_000 - shown} more changed lines)" in text


def test_what_is_withheld_is_named_and_not_shown(tmp_path: Path) -> None:
    changed = {"src/api.py": AFTER, "private.py": "def hidden_plan():\n    return 'inner words'\n"}
    material = gathered(tmp_path, {"src/api.py": BEFORE}, changed, withheld=frozenset({"private.py"}))
    text = question(material, Wanted()).user.text
    assert "A private.py" in text
    assert "inner words" not in text
    assert "hidden_plan" not in text


def test_another_language_is_asked_for(tmp_path: Path) -> None:
    material = gathered(tmp_path, {"a.py": "a = 1\n"}, {"a.py": "a = 2\n"}, language="pt-BR")
    assert "pt-BR" in question(material, Wanted()).system.text


@pytest.mark.parametrize(
    ("text", "is_held"),
    [
        ("change the way in which things are sent", True),
        ("add retries=3 to send()", True),
        ("one file, 2 lines", True),
        ("change src/api.py, and nothing else.", True),
        ("add Client.send", False),
        ("raise to 4.0.1", False),
    ],
)
def test_grounds(material: Material, text: str, is_held: bool) -> None:
    assert Grounds(material.digest, ()).holds(text) == is_held


def test_of_many_files_those_that_say_most_are_listed(tmp_path: Path) -> None:
    files = {f"pkg{at % 50}/module_{at}.py": f"def f{at}():\n    return {at}\n" for at in range(1_500)}
    material = gathered(tmp_path, {}, {**files, "yarn.lock": "a\n", "zzz.py": "x = 1\ny = 2\nz = 3\n"})
    text = question(material, Wanted()).user.text
    assert len(text) < MOST_CHARACTERS + MOST_OF_LIST + 6_000
    listed = text[text.index("The files:") :].partition("\n\n")[0].split("\n")[1:]
    rest = listed.pop()
    assert rest.startswith(f"and {len(files) + 2 - len(listed)} more files that are not listed: ")
    assert "pkg" in rest
    assert "A zzz.py" not in rest
    assert not any("+0 -0" in line for line in listed)


@pytest.mark.parametrize(
    ("begun", "subject"),
    [
        ('{"messages": [{"type": "fe', ""),
        ('{"messages": [{"type": "feat", "subject": "add a', "add a"),
        ('{"messages": [{"type": "feat", "subject": "add \\"a\\" to \\u00e', ""),
        ('{"messages": [{"type": "feat", "subject": "add a", "body": "x"}, {"subject" : "add b', "add b"),
        ('{"subject": "add \\u001b[31ma', "add a"),
        ("no JSON", ""),
    ],
)
def test_the_subject_as_it_grows(begun: str, subject: str) -> None:
    assert growing_subject(begun) == subject


def test_a_type_that_was_begun_is_the_only_one(tmp_path: Path) -> None:
    material = gathered(tmp_path, {"a.py": BEFORE}, {"a.py": AFTER})
    for typed, types in (("docs(", ["docs"]), ("docs", ["docs"]), ("docs: a", None), ("because", None)):
        schema: Any = question(material, Wanted(typed=typed)).schema
        enum = schema["properties"]["messages"]["items"]["properties"]["type"]["enum"]
        assert enum == types or (types is None and len(enum) > 1)
