"""What is found in a message, where, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from byline.commit_messages.buffer import read
from byline.commit_messages.configuration.rule import read_rule
from byline.commit_messages.lint import Finding, lint, passes, repair
from byline.commit_messages.rules import ANGULAR_RULES, CONVENTIONAL_RULES, GIT_RULES, Level, Rules, default
from commitlint.made_messages import message

EVERYTHING = CONVENTIONAL_RULES.with_rules(
    {
        name: read_rule(name, value)
        for name, value in {
            "header-max-length": [2, "always", 50],
            "scope-enum": [2, "always", ["api", "ui"]],
            "body-full-stop": [2, "always", "."],
            "signed-off-by": [1, "always", "Signed-off-by:"],
            "breaking-change-exclamation-mark": [2, "always"],
            "scope-delimiter-style": [2, "always", ["/"]],
        }.items()
    }
)


def found(text: str, rules: Rules = CONVENTIONAL_RULES) -> list[tuple[str, str]]:
    return [(finding.rule, text[finding.start : finding.end]) for finding in lint(text, rules)]


FINDINGS: dict[str, list[tuple[str, str]]] = {
    "feat: add x": [],
    "": [],
    "  \n": [],
    "Merge branch 'x'": [],
    "hello": [("subject-empty", "hello"), ("type-empty", "hello")],
    "wip: x": [("type-enum", "wip")],
    "fix: Add x.": [("subject-case", "Add x."), ("subject-full-stop", ".")],
    "fix: x\nbody": [("body-leading-blank", "body")],
    "fix: " + "x" * 100: [("header-max-length", "x" * 5)],
    "fix: " + "😀" * 50: [("header-max-length", "😀😀😀")],
    "fix: x\n\n" + "y " * 60 + "\nok\n" + "z " * 60: [
        ("body-max-line-length", "y " * 60),
        ("body-max-line-length", "z " * 60),
    ],
    "fix: x\n\nhttps://x.org/" + "y" * 100: [],
    "fix: token ghp_abcdefghijklmnopqrst1234": [("secret", "ghp_abcdefghijklmnopqrst1234")],
    "Merge ghp_abcdefghijklmnopqrst1234 into x": [("secret", "ghp_abcdefghijklmnopqrst1234")],
}


@pytest.mark.parametrize("text", FINDINGS)
def test_what_is_found_and_where(text: str) -> None:
    assert found(text) == FINDINGS[text]


def test_a_finding_in_a_buffer_stands_where_the_buffer_has_it() -> None:
    buffer = "# help\n\nfeature: x\n# more\n"
    (finding,) = lint(read(buffer), CONVENTIONAL_RULES)
    assert buffer[finding.start : finding.end] == "feature"
    assert finding.fixes[0].applied(buffer) == buffer.replace("feature", "feat")


def test_a_secret_of_several_lines_is_found() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA\n" * 3 + "-----END RSA PRIVATE KEY-----"
    text = f"fix: x\n\n{key}\n"
    (finding,) = [finding for finding in lint(text, GIT_RULES) if finding.rule == "secret"]
    assert finding.level is Level.ERROR
    assert "MIIEowIBAAKCAQEA" not in finding.fixes[0].applied(text)


REPAIRS: dict[str, str | None] = {
    "feat: add x": "feat: add x",
    "Feature: Add X.": "feat: add X",
    "feat : add x": "feat: add x",
    "[docs] Update the page": "docs: update the page",
    "fix: README is wrong": "fix: `README` is wrong",
    "fix: ALL CAPS": "fix: all caps",
    "fix: x\nbody\nCloses #1": "fix: x\n\nbody\n\nCloses #1",
    " fix: x ": "fix: x",
    "hello": None,
    "": None,
    "zebra: x": None,
    "fix: token ghp_abcdefghijklmnopqrst1234 x": "fix: token «secret:github:",
    "feat(api): add retries to the client so that a request that fails because of the network is tried again soon": (
        "feat(api): add retries to the client\n\n"
        "Add retries to the client so that a request that fails because of the network is tried again soon."
    ),
    "fix: x\n\n- " + "word " * 30: "fix: x\n\n- " + "word " * 18 + "word\n  " + "word " * 11,
}


@pytest.mark.parametrize("text", REPAIRS)
def test_a_text_is_mended_or_does_not_leave(text: str) -> None:
    expected = REPAIRS[text]
    mended = repair(text, CONVENTIONAL_RULES)
    assert mended == expected or (mended and expected and mended.startswith(expected.rstrip()))
    assert mended is None or passes(mended, CONVENTIONAL_RULES)


@pytest.mark.parametrize(
    "rules", [CONVENTIONAL_RULES, ANGULAR_RULES, EVERYTHING], ids=["usual", "angular", "everything"]
)
def test_what_repair_gives_always_passes(rules: Rules) -> None:
    random = Random("repair")
    given = [message(random) for _ in range(300)]
    mended = [text for text in (repair(text, rules) for text in given) if text is not None]
    assert len(mended) > len(given) // 10
    assert all(passes(text, rules) for text in mended)
    assert [repair(text, rules) for text in mended] == mended


FIXES: dict[tuple[str, str], str] = {
    ("feat(apo): x", "scope-enum"): "feat: x",
    ("feat(API): x", "scope-enum"): "feat(api): x",
    ("feat(api,ui): x", "scope-delimiter-style"): "feat(api/ui): x",
    ("feat!: x", "breaking-change-exclamation-mark"): "feat!: x\n\nBREAKING CHANGE: x",
    ("feat: x\n\nBREAKING CHANGE: y", "breaking-change-exclamation-mark"): "feat!: x\n\nBREAKING CHANGE: y",
    ("feat: x\n\nbody", "body-full-stop"): "feat: x\n\nbody.",
    ("feat: x\n\nRefs: y", "signed-off-by"): "feat: x\n\nRefs: y\nSigned-off-by: Ann <ann@example.org>",
    ("feat: x", "signed-off-by"): "feat: x\n\nSigned-off-by: Ann <ann@example.org>",
}


@pytest.mark.parametrize(("text", "rule"), FIXES)
def test_a_fix_mends_its_finding(text: str, rule: str) -> None:
    rules = replace(EVERYTHING, author="Ann <ann@example.org>")
    (finding,) = [finding for finding in lint(text, rules) if finding.rule == rule]
    mended = next(fix for fix in finding.fixes if fix.certain).applied(text)
    assert mended == FIXES[text, rule]
    assert rule not in [left.rule for left in lint(mended, rules)]


def is_offered_something(finding: Finding) -> bool:
    return bool(finding.fixes) and all(fix.title and fix.edits for fix in finding.fixes)


@pytest.mark.parametrize(
    "text", ["wip: x", "hello", "feat(zebra): x", "FEAT: X", "fix: x\nbody", "fix: Add x.", "fix: add " + "word " * 40]
)
def test_there_is_a_fix_for_what_is_found(text: str) -> None:
    mended = {finding.rule for finding in lint(text, EVERYTHING) if is_offered_something(finding)}
    assert {finding.rule for finding in lint(text, EVERYTHING)} - mended <= {"subject-empty"}


def test_habits_of_git_are_warnings() -> None:
    assert {finding.level for finding in lint("x" * 80 + "\ny", default(conventional=False))} == {Level.WARNING}
    assert passes("Add a thing", default(conventional=False))
    assert "type-empty" in dict(found("Add a thing", default(conventional=True)))


HOSTILE = {
    "blank lines": "fix: x" + "\n" * 100_000 + "y",
    "white space in a header": "fix" + " " * 100_000 + "x",
    "brackets": "fix" + "(" * 50_000 + ")" * 50_000 + ": x",
    "scopes": "fix(" + "): " * 30_000 + "\u2028",
    "quotes": "fix: " + "'\"`" * 30_000,
    "references": "fix: x\n\n" + "fix #" * 30_000 + "!\r",
    "addresses": "fix: x\n\n" + "http://" * 30_000,
    "words": "fix: " + "aB1" * 30_000,
    "long header": "fix: " + "add word and " * 8_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_message_takes_no_time(case: str) -> None:
    assert isinstance(lint(HOSTILE[case], EVERYTHING), tuple)
