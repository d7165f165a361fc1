"""What changed lines say, and that a history teaches what it stands for there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from stories import past, staged_digest

from byline.commit_messages.digest.signs import signs
from byline.commit_messages.style.content import content_features, past_contents
from byline.commit_messages.style.features import Features
from byline.commit_messages.style.style import Style
from byline.git.history import PastFile
from byline.git.repository import Repository
from support.repo import Content, Repo

ANN = "Ann <ann@example.org>"


@dataclass(frozen=True)
class Replaced:
    old: Sequence[str]
    new: Sequence[str]


@dataclass(frozen=True)
class Text:
    path: str
    hunks: Sequence[Replaced]


def features(old: Sequence[str], new: Sequence[str], path: str = "src/a.py") -> Features:
    return content_features([Text(path, [Replaced(old, new)])])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ([], ["x = 1"], "text:all only added"),
        (["x = 1"], [], "text:all only removed"),
        (["if x:"], ["if  x:"], "text:spacing"),
        (["# one"], ["# two"], "text:comments"),
        (["x = 1"], ["# two", "x = 1"], "text:some comments"),
        ([], ["#[derive(Debug)]"], None),
        (["import a"], ["import b"], "text:imports"),
        (["version = 1.2.3"], ["version = 1.10.0"], "text:numbers"),
        (["a()", "b()"], ["b()", "a()"], "text:moved lines"),
        (["a()"], ["a()  # see #1234"], "text:names an issue"),
        (["a.b"], ["a?.b ?? null"], "text:more guard 2"),
        (["if a: return b"], ["return b"], "text:less branch"),
        ([], ["export function parseLines"], "come:parse"),
        (["getHTTPStatus()"], ["status()"], "gone:get"),
    ],
)
def test_forms_and_words(old: Sequence[str], new: Sequence[str], said: str | None) -> None:
    found = features(old, new)
    assert said in found if said else not any("comment" in name for name in found)


@pytest.mark.parametrize(
    ("path", "lines", "said"),
    [
        (".changeset/brave-dogs-run.md", ["'byline': patch", "", "Close files"], "text:noted fix"),
        ("newsfragments/12.feature.rst", ["Loops."], "text:noted feat"),
        ("releasenotes/notes/loops.yaml", ["enhancements:", "  - Loops."], "text:noted feat"),
        ("CHANGELOG.md", ["- Fixed: loops"], "text:noted fix"),
        ("src/exchanges.py", ["fixed = 1"], None),
    ],
)
def test_a_note_for_a_release_says_what_the_change_is(path: str, lines: Sequence[str], said: str | None) -> None:
    found = features([], lines, path)
    assert said in found if said else not any("noted" in name for name in found)


@pytest.mark.parametrize("path", ["package-lock.json", "vendor/a.py", "dist/a.min.js"])
def test_what_nobody_wrote_says_nothing(path: str) -> None:
    assert features(["a"], ["b"], path) == {}


BEFORE: Mapping[str, Content] = {"src/a.py": "def a():\n    return 1\n", "docs/a.md": "old\n", "gone.py": "x = 1\n"}
AFTER: Mapping[str, Content | None] = {
    "src/a.py": "def a():\n    if not x:\n        return None\n    return 1\n",
    "docs/a.md": "new\n",
    "gone.py": None,
    "poetry.lock": "lock\n",
    "src/new name.py": "raise ValueError\n",
}


def test_a_commit_says_the_same_as_it_did_when_it_was_staged(tmp_path: Path) -> None:
    digest = staged_digest(tmp_path / "repo", BEFORE, AFTER)
    repo = Repo(tmp_path / "repo")
    commit = repo.commit({}, "fix: guard")
    repository = Repository.discover(repo.root)
    known = past_contents(repository, [commit])
    repository.close()
    assert known[commit] == content_features(digest.files)
    assert known[commit].items() <= signs(digest).items()


def test_what_a_word_stands_for_is_learned_from_the_history() -> None:
    guard, loop = features(["use(x)"], ["if valid(x): use(x)"]), features([], ["def loop(items): pass"])
    commits = [past(f"{type_}: change", "src/a.py") for type_ in ("fix", "feat") * 40]
    told = {"fix": guard, "feat": loop}
    named = [replace(commit, oid=f"{at:040x}") for at, commit in enumerate(commits)]
    contents = {commit.oid: told[commit.message.partition(":")[0]] for commit in named}
    style = Style(named, contents=lambda asked: {oid: contents[oid] for oid in asked})
    files = [PastFile("src/a.py", "M")]
    assert next(iter(style.type_odds(files, ANN, guard))) == "fix"
    assert next(iter(style.type_odds(files, ANN, loop))) == "feat"


def test_wide_commits_are_not_read_and_known_weights_need_no_content() -> None:
    asked: list[str] = []

    def contents(commits: Sequence[str]) -> Mapping[str, Features]:
        asked.extend(commits)
        return {}

    wide = past("feat: all", *(f"src/{number}.py" for number in range(40)))
    small = past("fix: one", "src/1.py")
    style = Style([wide, *[small] * 40, *[past("feat: two", "src/2.py")] * 40], contents=contents)
    assert len(asked) == 80
    assert style.weights
    Style([small], style.weights, contents)
    assert len(asked) == 80
