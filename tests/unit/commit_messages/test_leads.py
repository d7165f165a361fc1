"""What stands before a subject's words is what stands there in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.lint import passes
from byline.commit_messages.rules import CONVENTIONAL_RULES, default
from byline.commit_messages.style.leads import Lead, LeadForm
from byline.commit_messages.writer import candidates

APP = "src/core/app.py"
MAIN = "def main():\n    return 1\n"
BRANCH = "refs/heads/PROJ-77-more"


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    root = tmp_path_factory.mktemp("more") / "repo"
    return staged_digest(root, {APP: MAIN}, {APP: MAIN + "\ndef extra():\n    return 2\n"})


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    root = tmp_path_factory.mktemp("mended") / "repo"
    return staged_digest(root, {APP: MAIN}, {APP: "def main():\n    return 2\n"})


HISTORIES = {
    "gitmoji": (["✨ Add main", "🐛 Fix main", "♻️ Refactor main", "📝 Update docs"], "✨ Add extra to app.py"),
    "shortcodes": (
        [":sparkles: add main", ":bug: fix main", ":recycle: refactor main", ":memo: docs"],
        ":sparkles: add extra to app.py",
    ),
    "emoji of their own": (["🦄 Add main", "🦄 Add x", "🧹 Fix main"], "🦄 Add extra to app.py"),
    "emoji behind types": (["feat: ✨ add main", "fix: 🐛 handle None"], "feat: ✨ add extra to app.py"),
    "emoji before types": (["✨ feat: add main", "🐛 fix: handle None"], "✨ feat: add extra to app.py"),
    "brackets": (["[core] Add main", "[core] Fix main", "[core] Add x"], "[core] Add extra to app.py"),
    "a folder": (["core: add main", "core: fix main", "core: add x"], "core: add extra to app.py"),
    "a path": (["src/core: add main", "src/core: fix main"], "src/core: add extra to app.py"),
    "keys": (["PROJ-1 add main", "PROJ-2 fix main"], "PROJ-77 add extra to app.py"),
    "keys with capitals": (["PROJ-1 Add main", "PROJ-2 Fix main"], "PROJ-77 Add extra to app.py"),
    "keys with a colon": (["PROJ-1: add main", "PROJ-2: fix main"], "PROJ-77: add extra to app.py"),
    "keys in brackets": (["[PROJ-1] Add main", "[PROJ-2] Fix main"], "[PROJ-77] Add extra to app.py"),
    "capital types": (["Feat: Add main", "Fix: Handle None", "Docs: Explain"], "Feat: Add extra to app.py"),
    "conventional": (["feat: add main", "fix: handle None", "ci: run"], "feat: add extra to app.py"),
    "nothing": (["Add main", "Fix main"], "Add extra to app.py"),
    "ongoing": (["Adding main", "Fixing x"], "Adding extra to app.py"),
    "past tense": (["Added main", "Dropped x", "Reformatted main"], "Added extra to app.py"),
}


@pytest.mark.parametrize(("subjects", "wanted"), HISTORIES.values(), ids=list(HISTORIES))
def test_a_message_begins_as_those_before(more: Digest, subjects: list[str], wanted: str) -> None:
    known = style(*(past(subject, APP) for subject in subjects), times=40 // len(subjects))
    rules = default(conventional=known.habits.conventional)
    branch = BRANCH if "PROJ" in wanted else None
    first = candidates(more, known, rules, branch)[0]
    assert (first.type or "").lower() == ("feat" if known.habits.conventional and "✨ feat" not in wanted else "")
    assert first.message.partition("\n")[0] == wanted
    assert passes(first.message, rules)


def test_an_emoji_is_that_of_the_kind_of_change(mended: Digest) -> None:
    known = style(past("🦄 Add main", APP), past("🧹 Fix main", APP), times=20)
    assert {"🧹 Correct main in app.py", "🦄 Extend main in app.py"} <= {
        one.message for one in candidates(mended, known, default(conventional=False))
    }


def test_a_type_without_an_emoji_is_not_offered_where_the_others_have_one(more: Digest) -> None:
    known = style(past("✨ Add main", APP), times=40)
    assert {one.message[0] for one in candidates(more, known, default(conventional=False))} == {"✨"}


@pytest.mark.parametrize("subject", ["✨ add main", "[core] Add main", "core: add main"])
def test_what_is_required_is_there_whatever_the_history_has(more: Digest, subject: str) -> None:
    found = candidates(more, style(past(subject, APP), times=40), CONVENTIONAL_RULES)
    assert found[0].type == "feat"
    assert all(passes(one.message, CONVENTIONAL_RULES) for one in found)


def test_no_type_is_invented_where_parts_of_the_project_stand() -> None:
    known = style(past("core: add main", APP), past("docs: update", "docs/a.md"), past("core: fix", APP), times=10)
    assert not known.habits.conventional
    assert not known.types
    assert next(iter(known.scope_odds(past("", APP).files, {"feat": 1.0}))) == "core"
    assert next(iter(known.scope_odds(past("", "docs/b.md").files, {"feat": 1.0}))) == "docs"


def test_the_part_follows_the_files(tmp_path: Path) -> None:
    known = style(past("core: add main", APP), past("net/http: fix", "src/net/http/server.go"), times=20)
    other = staged_digest(tmp_path / "repo", {"src/net/http/client.go": "a\n"}, {"src/net/http/client.go": "b\n"})
    assert candidates(other, known, default(conventional=False))[0].message.startswith("net/http: ")


@pytest.mark.parametrize(
    ("subjects", "form"),
    [
        (["✨ Add", "🐛 Fix", "Add", "Fix"], LeadForm.NONE),
        (["[PROJ-1] Add"], LeadForm.NONE),
        (["PROJ-1: add"], LeadForm.NONE),
        (["feat: add", "fix: mend"], LeadForm.NONE),
        (["feature: add", "bug: mend", "misc: more"], LeadForm.NONE),
        (["note: add", "idea: more"], LeadForm.NONE),
        (["core: add"], LeadForm.PATH),
        (["app: add"], LeadForm.PATH),
        (["app: add", "ui: add", "ui: mend", "docs: explain"], LeadForm.PATH),
        (["[ui/x] Add"], LeadForm.BRACKETS),
    ],
)
def test_only_what_most_have_is_a_habit(subjects: list[str], form: LeadForm) -> None:
    assert Lead.of([past(subject, APP) for subject in subjects] * 10).form is form


def test_few_messages_show_nothing() -> None:
    assert Lead.of([past("✨ Add", APP)] * 4) == Lead()


@pytest.mark.parametrize("message", ["✨ Add it", "feat: ✨ Add it", "Add it", "", "\n\n:bug: Add it\n\nBody"])
def test_what_comes_after_the_emoji_stays(message: str) -> None:
    lead = Lead.of([past("✨ Add", APP)] * 9)
    left = lead.without(message)
    assert "✨" not in left
    assert ":bug:" not in left
    assert "Add it" in left or not message


@pytest.mark.parametrize(
    "subject",
    ["✨\u200d\u202eevil Add", "[`rm -rf`] Add", "[@org] Add", "[https://evil.example] Add", "www.evil.example: add",
     "[a\u202eb] Add", ":x\x1b[31m: Add"],
)  # fmt: skip
def test_nothing_of_a_strangers_gets_into_a_message(more: Digest, subject: str) -> None:
    found = candidates(more, style(past(subject, APP), times=40), default(conventional=False))
    assert found
    for one in found:
        assert one.message.removeprefix("✨ ").isascii()
        assert not [word for word in ("evil", "`", "@", "www", "[", "\x1b") if word in one.message]


def test_an_emoji_of_several_signs_stays_whole(more: Digest) -> None:
    known = style(past("🧑\u200d💻 Add main", APP), times=40)
    assert candidates(more, known, default(conventional=False))[0].message == "🧑\u200d💻 Add extra to app.py"
