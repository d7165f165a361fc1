"""Code of strangers: it is asked in time, and whatever it does, nothing else goes wrong."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from byline.commit_messages.plugins.plugins import GROUP, NO_PLUGINS, Plugins, Said
from byline.commit_messages.plugins.staged_commit import StagedCommit

COMMIT = StagedCommit(Path("/repo"), None, False, (), (), (), ())
SOURCE = """
import threading
gate = threading.Event()
asked = []

class Good:
    def generate(self, commit):
        yield f"feat: add {commit.root.name}"
        yield "  "
    def check(self, message):
        return "do not say it" if "it" in message else None

class Broken:
    def generate(self, commit):
        yield "feat: lost with what follows"
        raise RuntimeError("with some of the person's text")
    def check(self, message):
        return [1]

class Leaving:
    def generate(self, commit):
        raise SystemExit(3)

class Endless:
    def generate(self, commit):
        while True:
            yield "feat: x"

class Chatty:
    def generate(self, commit):
        print("chat")
        return "feat: one text"

class Hanging:
    def generate(self, commit):
        asked.append(commit)
        gate.wait()

good, broken, leaving, endless, chatty, hanging = Good(), Broken(), Leaving(), Endless(), Chatty(), Hanging()
"""

Install = Callable[..., Plugins]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Plug-ins of these names, out of the module `strangers` unless said otherwise; hanging ones end with the test."""
    (tmp_path / "strangers.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))

    def installed(*names: str, patience: float = 5.0, **others: str) -> Plugins:
        values = {name: f"strangers:{name}" for name in names} | others
        return Plugins(lambda: [EntryPoint(name, value, GROUP) for name, value in values.items()], patience)

    yield installed
    if module := sys.modules.pop("strangers", None):
        module.gate.set()


@pytest.mark.parametrize(
    ("name", "texts", "problem"),
    [
        ("good", ["feat: add repo"], None),
        ("broken", [], "The plug-in broken failed in generate (RuntimeError)"),
        ("leaving", [], "The plug-in leaving failed in generate (SystemExit)"),
        ("endless", ["feat: x"] * 10, None),
        ("chatty", ["feat: one text"], None),
    ],
)
def test_what_a_plug_in_gives(
    install: Install, capsys: pytest.CaptureFixture[str], name: str, texts: list[str], problem: str | None
) -> None:
    plugins = install(name)
    assert plugins.generated(COMMIT) == [Said(name, text) for text in texts]
    assert [sentence.partition(" and is")[0] for sentence in plugins.problems] == ([problem] if problem else [])
    assert capsys.readouterr().out == ""


def test_one_that_fails_takes_nobody_with_it_and_is_asked_again(install: Install) -> None:
    plugins = install("broken", "good")
    for _ in range(2):
        assert plugins.checked(["say it", "say more"]) == [[Said("good", "do not say it")], []]
        assert len(plugins.problems) == 1
    assert "person" not in plugins.problems[0]


def test_one_that_hangs_is_asked_once(install: Install) -> None:
    plugins = install("hanging", "good", patience=0.2)
    for _ in range(2):
        assert plugins.generated(COMMIT) == [Said("good", "feat: add repo")]
        assert [sentence for sentence in plugins.problems if "hanging did not answer within 0.2 s" in sentence]
    assert sys.modules["strangers"].asked == [COMMIT]


@pytest.mark.parametrize("value", ["not_there", "strangers:nothing", "bad_syntax"])
def test_what_cannot_be_loaded_is_said(install: Install, tmp_path: Path, value: str) -> None:
    (tmp_path / "bad_syntax.py").write_text("def\n")
    plugins = install("good", other=value)
    assert plugins.generated(COMMIT) == [Said("good", "feat: add repo")]
    assert [sentence.partition(" (")[0] for sentence in plugins.problems] == ["The plug-in other cannot be loaded"]


def test_one_that_loads_slowly_takes_part_later(install: Install, tmp_path: Path) -> None:
    gate = threading.Event()
    (tmp_path / "slow.py").write_text("import strangers\nstrangers.gate.wait()\ncheck = lambda message: 'late'\n")
    plugins = install(slow="slow", patience=0.2)
    assert plugins.checked(["x"]) == [[]]
    assert "still being loaded" in plugins.problems[0]
    sys.modules["strangers"].gate.set()
    while plugins.checked(["x"]) == [[]]:
        gate.wait(0.01)
    assert plugins.checked(["x"]) == [[Said("slow", "late")]]
    assert plugins.problems == ()


def test_nothing_is_loaded_before_something_is_asked_and_then_once() -> None:
    looked: list[int] = []

    def entries() -> list[EntryPoint]:
        looked.append(1)
        return []

    plugins = Plugins(entries)
    assert looked == []
    assert plugins.generated(COMMIT) == []
    assert plugins.checked(["x"]) == [[]]
    assert looked == [1]
    assert NO_PLUGINS.generated(COMMIT) == []


def test_what_cannot_be_listed_is_said() -> None:
    def entries() -> list[EntryPoint]:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "broken")

    plugins = Plugins(entries)
    assert plugins.generated(COMMIT) == []
    assert [sentence.partition(",")[0] for sentence in plugins.problems] == ["What is installed cannot be listed"]


def test_a_name_is_not_taken_twice_and_cannot_be_markup(install: Install) -> None:
    twice = [EntryPoint("a\x1b b", f"strangers:{name}", GROUP) for name in ("good", "chatty")]
    install()
    plugins = Plugins(lambda: twice, 5.0)
    assert {said.plugin for said in plugins.generated(COMMIT)} == {"a__b"}
    assert plugins.problems == ("Several plug-ins are called a__b; only one of them is used.",)
