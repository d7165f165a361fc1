"""What is found in a message, where, and what mends it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from byline.commit_messages.buffer.reading import read
from byline.commit_messages.configuration.rule import read_rule
from byline.commit_messages.lint import Finding, Fix, lint, passes, repair, repaired
from byline.commit_messages.rules import ANGULAR_RULES, CONVENTIONAL_RULES, GIT_RULES, Level, Rules, default
from commitlint.made_messages import message

EVERYTHING = CONVENTIONAL_RULES.with_rules(
    {
        name: read_rule(name, value)
        for name, value in {
            "header-max-length": [2, "always", 50],
            "scope-enum": [2, "always", ["api", "ui"]],
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


SENTENCES = CONVENTIONAL_RULES.with_rules(
    {
        name: read_rule(name, value)
        for name, value in {
            "body-full-stop": [2, "always", "."],
            "body-case": [2, "always", "sentence-case"],
            "body-empty": [2, "never"],
        }.items()
    }
)
TRAILERS: dict[str, str | None] = {
    "feat: x\n\nRefs: PROJ-7": "feat: x\n\nThis refers to PROJ-7.",
    "feat: x\n\nwhy\n\nRefs: #7": "feat: x\n\nWhy.\n\nRefs: #7",
    "feat: x\n\nwhy\n\nSigned-off-by: Ann <ann@example.org>": None,
    "feat: x\n\nwhy": "feat: x\n\nWhy.",
}


@pytest.mark.parametrize("text", TRAILERS)
def test_what_a_trailer_says_is_never_changed(text: str) -> None:
    assert repair(text, SENTENCES) == TRAILERS[text]


def test_lower_case_does_not_reach_into_a_trailer() -> None:
    rules = CONVENTIONAL_RULES.with_rules({"body-case": read_rule("body-case", [2, "always", "lower-case"])})
    assert repair("feat: x\n\nRefs: PROJ-7", rules) == "feat: x\n\nthis refers to `PROJ-7`"
    assert repair("feat: x\n\nWhy\n\nCo-authored-by: Ann <ann@example.org>", rules) is None


UNMENDED: dict[str, tuple[str, ...]] = {
    "feat: x": ("body-empty",),
    "hello": ("subject-empty", "type-empty", "body-empty"),
    "feat: x\n\nBecause.": (),
    "zebra: x\n\nwhy": ("type-enum",),
}


@pytest.mark.parametrize("text", UNMENDED)
def test_what_only_a_person_can_mend_is_named(text: str) -> None:
    mended = repaired(text, SENTENCES)
    assert set(mended.unmended) == set(UNMENDED[text])
    assert (repair(text, SENTENCES) is None) == bool(mended.unmended)


FIXES: dict[tuple[str, str], str] = {
    ("feat(apo): x", "scope-enum"): "feat: x",
    ("feat(API): x", "scope-enum"): "feat(api): x",
    ("feat(api,ui): x", "scope-delimiter-style"): "feat(api/ui): x",
    ("feat!: x", "breaking-change-exclamation-mark"): "feat!: x\n\nBREAKING CHANGE: x",
    ("feat: x\n\nBREAKING CHANGE: y", "breaking-change-exclamation-mark"): "feat!: x\n\nBREAKING CHANGE: y",
    ("feat: x\n\nRefs: y", "signed-off-by"): "feat: x\n\nRefs: y\nSigned-off-by: Ann <ann@example.org>",
    ("feat: x", "signed-off-by"): "feat: x\n\nSigned-off-by: Ann <ann@example.org>",
}


@pytest.mark.parametrize(("text", "rule"), FIXES)
def test_a_fix_mends_its_finding(text: str, rule: str) -> None:
    rules = replace(EVERYTHING, author="Ann <ann@example.org>")
    (finding,) = [finding for finding in lint(text, rules) if finding.rule == rule]
    mended = next(fix for fix in finding.fixes if fix.certain).applied(text)
    assert mended == FIXES[text, rule]
    assert len({fix.edits for fix in finding.fixes}) == len({fix.title for fix in finding.fixes}) == len(finding.fixes)
    assert rule not in [left.rule for left in lint(mended, rules)]


CONFIGURED: dict[str, list[object]] = {
    "header-trim": [2, "always"],
    "header-max-length": [2, "always", 30],
    "header-min-length": [2, "always", 25],
    "header-case": [2, "always", "lower-case"],
    "header-full-stop": [2, "never", "."],
    "type-enum": [2, "always", ["add", "fix"]],
    "type-case": [2, "always", "lower-case"],
    "type-empty": [2, "never"],
    "type-max-length": [2, "always", 3],
    "type-min-length": [2, "always", 4],
    "scope-enum": [2, "always", ["api", "user-interface", "core"]],
    "scope-case": [2, "always", "kebab-case"],
    "scope-empty": [2, "never"],
    "scope-max-length": [2, "always", 3],
    "scope-min-length": [2, "always", 4],
    "scope-delimiter-style": [2, "always", ["/"]],
    "subject-case": [2, "always", "sentence-case"],
    "subject-empty": [2, "never"],
    "subject-full-stop": [2, "never", "."],
    "subject-max-length": [2, "always", 20],
    "subject-min-length": [2, "always", 15],
    "subject-exclamation-mark": [2, "never"],
    "body-empty": [2, "never"],
    "body-case": [2, "always", "lower-case"],
    "body-full-stop": [2, "always", "."],
    "body-leading-blank": [2, "always"],
    "body-max-length": [2, "always", 30],
    "body-max-line-length": [2, "always", 20],
    "body-min-length": [2, "always", 30],
    "footer-empty": [2, "never"],
    "footer-leading-blank": [2, "always"],
    "footer-max-length": [2, "always", 30],
    "footer-max-line-length": [2, "always", 30],
    "footer-min-length": [2, "always", 40],
    "references-empty": [2, "never"],
    "signed-off-by": [2, "always", "Signed-off-by:"],
    "trailer-exists": [2, "always", "Change-Id:"],
    "breaking-change-exclamation-mark": [2, "always"],
}
OTHERWISE: dict[str, list[object]] = {
    "header-full-stop": [2, "always", "."],
    "subject-full-stop": [2, "always", "."],
    "subject-case": [2, "never", ["lower-case", "sentence-case"]],
    "subject-exclamation-mark": [2, "always"],
    "scope-empty": [2, "always"],
    "scope-enum": [2, "never", ["api"]],
    "scope-delimiter-style": [2, "never", [","]],
    "type-enum": [2, "never", ["wip", "feat"]],
    "body-empty": [2, "always"],
    "body-full-stop": [2, "never", "."],
    "body-leading-blank": [2, "never"],
    "footer-empty": [2, "always"],
    "footer-leading-blank": [2, "never"],
    "references-empty": [2, "always"],
    "trailer-exists": [2, "never", "Change-Id:"],
    "breaking-change-exclamation-mark": [2, "never"],
}
BROKEN = (
    "feat(",
    "docs(",
    "feat(api",
    "feat(apo)",
    "feat",
    "feat!",
    "feat:",
    "feat: ",
    "feat(core): ",
    ": x",
    "(api): x",
    "hello",
    "Hello World.",
    "hello #1 and more",
    "[docs] Update the page",
    "Fix: Thing.",
    "FIX: ALL CAPS",
    "wip: do",
    "fix:x",
    "fix : x",
    "feat: x   ",
    "  feat: x",
    "feat: ...",
    "feat(nope): add x",
    "feat(UI,api): add x",
    "feat(): x",
    "feat: " + "x" * 120,
    "x" * 120,
    "feat: add retries to the client so that a request that fails because of the network is tried again, by and by",
    "feat!: x",
    "feat: x\nbody",
    "\nfeat: x\n\nbody",
    "\n\nfeat: x\nbody",
    "feat: x\n \nBody.",
    "feat: x\n\n" + "long word " * 15,
    "feat: x\n\n" + "y" * 130,
    "feat: x\n\nRefs: PROJ-7",
    "feat: x\n\nSome Words.\n\nRefs: PROJ-7",
    "feat: x\n\nbody\nCloses #1",
    "feat: x\n\nbody\n\nCloses #1\n" + "see " * 50,
    "feat: x\n\nBREAKING CHANGE: " + "y " * 70,
    "feat!: x\n\nBREAKING CHANGE: y",
    "feat: x\n\nChange-Id: I1\nSigned-off-by: Ann <ann@example.org>",
    "Signed-off-by: Ann <ann@example.org>",
    "Refs: PROJ-7",
)


@pytest.mark.parametrize("always", [True, False], ids=["usually", "otherwise"])
@pytest.mark.parametrize("name", sorted({*CONFIGURED, *OTHERWISE}))
def test_every_fix_mends_its_finding_and_breaks_nothing_else(name: str, always: bool) -> None:
    value = (CONFIGURED if always else OTHERWISE).get(name)
    if value is None:
        return
    rules = CONVENTIONAL_RULES.with_rules({name: read_rule(name, value)})
    for text in BROKEN:
        before = lint(text, rules)
        for finding in before:
            assert finding.fixes, (text, finding.rule)
            for fix in finding.fixes:
                check_mended(text, before, finding, fix, rules)


def check_mended(text: str, before: tuple[Finding, ...], finding: Finding, fix: Fix, rules: Rules) -> None:
    """The fix does what its title says: all of it, or a part, or what it breaks is named."""
    left = Counter(each.rule for each in lint(fix.applied(text), rules))
    known = Counter(each.rule for each in before)
    new = {rule for rule in left if left[rule] > known[rule] and rules.rules[rule].level is Level.ERROR}
    case = (text, finding.rule, fix.title, fix.applied(text))
    assert left[finding.rule] < known[finding.rule] or (fix.partial and fix.title.endswith("to be completed")), case
    assert all(f"`{rule}`" in fix.title for rule in new), (*case, new)


@pytest.mark.parametrize("text", BROKEN)
def test_the_usual_rules_are_mended_without_a_remainder(text: str) -> None:
    titles = [fix.title for finding in lint(text, CONVENTIONAL_RULES) for fix in finding.fixes]
    assert not [title for title in titles if "which breaks" in title]


@pytest.mark.parametrize("rules", [CONVENTIONAL_RULES, ANGULAR_RULES], ids=["usual", "angular"])
@pytest.mark.parametrize("form", ["{}", "# a\n{}\n# b\n#\tc\n"], ids=["message", "buffer"])
def test_every_fix_of_any_message_mends(form: str, rules: Rules) -> None:
    random = Random("fixes")
    for _ in range(120):
        text = form.format(message(random))
        before = lint(read(text), rules)
        for finding in before:
            assert finding.fixes, (text, finding.rule)
            for fix in finding.fixes:
                left = Counter(each.rule for each in lint(read(fix.applied(text)), rules))
                known = Counter(each.rule for each in before)
                new = {rule for rule in left if left[rule] > known[rule] and rules.rules[rule].level is Level.ERROR}
                case = (text, finding.rule, fix.title, fix.applied(text))
                assert left[finding.rule] < known[finding.rule] or fix.partial, case
                assert all(f"`{rule}`" in fix.title for rule in new), (*case, new)


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


def test_no_rule_stands_against_what_a_repository_is_used_to() -> None:
    used = default(conventional=True, types=["Feat", "wording"])
    assert found("Feat: add a thing", used) == found("wording: mend a line", used) == found("fix: x", used) == []
    assert dict(found("nonsense: x", used)).keys() == {"type-enum"}


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
