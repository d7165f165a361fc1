from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from stories import staged_digest

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.plugins import GROUP, Plugins
from byline.commit_messages.rules import CONVENTIONAL_RULES, Rules

SOURCE = """
class Good:
    def generate(self, digest, rules):
        yield f"feat: add {digest.files[0].name}"
        yield "Feat: Add it."
        yield "no type at all"
    def check(self, message):
        if "it" in message:
            yield "do not say it"

class Broken:
    def generate(self, digest, rules):
        raise RuntimeError("broken")
    def check(self, message):
        yield "one sentence"
        raise RuntimeError("broken")

good, broken = Good(), Broken()
"""


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    (tmp_path / "strangers_plugin.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = {"broken": "strangers_plugin:broken", "good": "strangers_plugin:good", "missing": "not_there:x"}
    return [EntryPoint(name, value, GROUP) for name, value in names.items()]


@pytest.fixture
def made(tmp_path: Path) -> Digest:
    return staged_digest(tmp_path / "repo", {}, {"a.py": "a = 1\n"})


def test_plugins_write_and_check_and_cannot_break_anything(entries: list[EntryPoint], made: Digest) -> None:
    plugins = Plugins.load(trusted=True, entries=lambda: entries)
    assert sorted(plugins.loaded) == ["broken", "good"]
    assert [problem.partition(" cannot")[0] for problem in plugins.problems] == ["The plug-in missing"]
    assert plugins.generated(made, CONVENTIONAL_RULES) == [("good", "feat: add a.py"), ("good", "feat: add it")]
    assert plugins.checked("feat: add it") == [("good", "do not say it")]
    assert plugins.generated(made, Rules({}))[0] == ("good", "feat: add a.py")


def test_nothing_is_loaded_where_nobody_trusts(entries: list[EntryPoint]) -> None:
    assert Plugins.load(trusted=False, entries=lambda: entries) == Plugins()
