"""What plug-ins write and say, beside what Byline writes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.assistance import Assistance
from byline.commit_messages.generate import generate
from byline.commit_messages.material import Material
from byline.commit_messages.message import Message
from byline.commit_messages.plugins.plugged import objections, with_plugins
from byline.commit_messages.plugins.plugins import Plugins
from byline.commit_messages.plugins.staged_commit import StagedCommit
from byline.commit_messages.rules import CONVENTIONAL_RULES, Level
from byline.commit_messages.writer import candidates
from byline.git.operation import Operation
from byline.models import Tokens

SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
BEFORE, AFTER = "def send():\n    return 1\n", "def send():\n    return 2\n\n\ndef get():\n    return 3\n"


class _Entry(EntryPoint):
    """An entry point of something that is there already."""

    def load(self) -> Any:
        return HELD[self.name]


class _Model:
    """Models of which one answers this."""

    def __init__(self, data: object) -> None:
        self._data = data

    async def ask(self, question: object, **options: object) -> SimpleNamespace:
        return SimpleNamespace(data=self._data, model="m", provider="claude", tokens=Tokens())


HELD: dict[str, Any] = {}


@pytest.fixture
def material(tmp_path: Path) -> Material:
    told = staged_digest(tmp_path / "repo", {"api.py": BEFORE, "kept.py": BEFORE}, {"api.py": AFTER, "kept.py": AFTER})
    habits = style(past("feat(api): add get", "api.py"), past("fix(api): mend url", "api.py"), times=10)
    found = candidates(told, habits, CONVENTIONAL_RULES)
    rules, withheld = CONVENTIONAL_RULES, frozenset({"kept.py"})
    return Material(told, habits, rules, "Ann <a@b>", "refs/heads/x", Assistance.OFF, "en", withheld, found)


def plugins(**functions: Callable[[Any], Any]) -> Plugins:
    """A plug-in `own` with these functions."""
    HELD["own"] = SimpleNamespace(**functions)
    return Plugins(lambda: [_Entry("own", "own", "group")], 5.0)


def plugged(material: Material, most: int = 3, **functions: Callable[[Any], Any]) -> Material:
    return with_plugins(replace(material, plugins=plugins(**functions)), Path("/r"), most)


def messages(material: Material) -> Sequence[str]:
    return [candidate.message for candidate in material.offline]


@pytest.mark.parametrize(
    ("given", "most", "first"),
    [
        (["feat(api): mine"], 3, ["feat(api): mine"]),
        ([f"feat: mine {number}" for number in range(5)], 3, ["feat: mine 0", "feat: mine 1"]),
        ([f"feat: mine {number}" for number in range(5)], 1, ["feat: mine 0"]),
        (["Feat: Mine."], 3, ["feat: mine"]),  # mended
        ([], 3, []),
    ],
)
def test_their_messages_come_first_and_leave_a_place(
    material: Material, given: list[str], most: int, first: list[str]
) -> None:
    found = plugged(material, most, generate=lambda commit: given)
    assert messages(found) == [*first, *messages(material)][:most]
    assert [candidate.plugin for candidate in found.offline[: len(first)]] == ["own"] * len(first)
    assert all(candidate.reasons == ("from the plug-in own",) for candidate in found.offline[: len(first)])
    assert found.problems == ()


@pytest.mark.parametrize("given", ["no type at all", "feat: \x1b[2Jx", "feat: x\u202e", "feat: " + "x" * 200, SECRET])
def test_what_breaks_the_rules_is_not_offered(material: Material, given: str) -> None:
    found = plugged(material, generate=lambda commit: given)
    assert messages(found) == messages(material)
    assert found.problems == ("A message of the plug-in own breaks the repository's rules, so it is not used.",)


def test_a_secret_is_not_offered(material: Material) -> None:
    found = plugged(material, generate=lambda commit: f"feat: use {SECRET}")
    assert all(SECRET not in message for message in messages(found))


def test_the_same_message_is_offered_once(material: Material) -> None:
    found = plugged(material, generate=lambda commit: commit.messages[-1])
    assert messages(found) == [messages(material)[-1], *messages(material)[:-1]]


def test_what_a_check_has_something_to_say_about_comes_last(material: Material) -> None:
    first, *others = messages(material)
    found = plugged(material, check=lambda message: "not\nso\x1b" if message == first else None)
    assert messages(found) == [*others, first]
    assert [candidate.objections for candidate in found.offline] == [
        *((),) * len(others),
        ("the plug-in own says: not so",),
    ]
    assert found.offline[-1].remarks == (*material.offline[0].reasons, *found.offline[-1].objections)


async def test_what_a_model_writes_is_checked_too(material: Material) -> None:
    model = _Model(
        {"messages": [{"type": "feat", "scope": "", "subject": s, "body": ""} for s in ("extend send", "add get")]}
    )
    own = plugins(check=lambda message: "not so" if "send" in message else None)
    found = await generate(replace(material, plugins=own), model)
    assert [candidate.message for candidate in found.candidates] == ["feat: add get", "feat: extend send"]
    assert found.as_json()["candidates"][1]["reasons"][-1] == "the plug-in own says: not so"


@pytest.mark.parametrize("operation", [Operation.MERGE, Operation.REVERT])
def test_nobody_is_asked_to_word_what_git_words(material: Material, operation: Operation) -> None:
    asked: list[object] = []
    change = replace(material.change, operation=operation)
    plugged(replace(material, digest=replace(material.digest, change=change)), generate=asked.append)
    assert asked == []


def test_what_speaks_for_a_type_is_not_a_plug_ins_word(material: Material) -> None:
    found = plugged(material, generate=lambda commit: "feat: mine", check=lambda message: "not so")
    assert found.why("feat") == material.why("feat")


def test_what_a_plug_in_is_told(material: Material) -> None:
    asked: list[StagedCommit] = []
    plugged(material, generate=asked.append)
    (commit,) = asked
    assert (commit.root, commit.branch, commit.amends) == (Path("/r"), "refs/heads/x", False)
    told, withheld = commit.files
    assert (told.path, told.old_path, told.status, told.kind) == ("api.py", None, "M", "source")
    assert (told.removed, told.added[0], told.symbols) == (("    return 1",), "    return 2", ("get", "send"))
    assert (withheld.path, withheld.added, withheld.removed, withheld.symbols) == ("kept.py", (), (), ())
    assert set(commit.types[:2]) == {"feat", "fix"}
    assert commit.scopes[0] == "api"
    assert list(commit.messages) == messages(material)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\nfeat: x\n\nbody\n", [("plugin:own", Level.WARNING, "not so", 1, 8)]),
        ("", []),
        (" \n\n", []),
        ("Merge branch 'x'", []),
    ],
)
def test_what_a_check_says_is_a_finding_at_the_first_line(text: str, found: list[object]) -> None:
    checked: list[str] = []
    own = plugins(check=lambda message: checked.append(message) or "not so")
    findings = objections(Message.of(text), CONVENTIONAL_RULES, own)
    assert [(each.rule, each.level, each.text, each.start, each.end) for each in findings] == found
    assert checked == (["feat: x\n\nbody"] if found else [])
