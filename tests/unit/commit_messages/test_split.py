from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.split import split
from support.repo import Content

HISTORY = style(
    past("fix(api): correct", "src/api/client.py"),
    past("ci: run", ".github/workflows/ci.yml"),
    past("docs: explain", "docs/guide.md"),
    times=60,
)
CLIENT = "class Client:\n    def send(self):\n        return {}\n"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (
            {"src/api/client.py": CLIENT.format(1), ".github/workflows/ci.yml": "on: push\n"},
            {"src/api/client.py": CLIENT.format(2), ".github/workflows/ci.yml": "on: pull_request\n"},
            {((".github/workflows/ci.yml",), "ci"), (("src/api/client.py",), "fix")},
        ),
        (
            {"src/api/client.py": CLIENT.format(1), "tests/test_client.py": "a = 1\n"},
            {"src/api/client.py": CLIENT.format(2), "tests/test_client.py": "a = 2\n"},
            set(),
        ),
        (
            {"src/api/client.py": CLIENT.format(1), "docs/guide.md": "# Guide\n"},
            {"src/api/client.py": CLIENT.format(2), "docs/guide.md": "# Guide\n\nWhat `Client.send` and Client do\n"},
            set(),
        ),
        ({"src/api/client.py": CLIENT.format(1)}, {"src/api/client.py": CLIENT.format(2)}, set()),
        (
            {"src/api/client.py": CLIENT.format(1), "yarn.lock": "a\n"},
            {"src/api/client.py": CLIENT.format(2), "yarn.lock": "b\n"},
            set(),
        ),
    ],
    ids=["two things", "a fix and its test", "documentation of the same", "one file", "a lock file is no part"],
)
def test_whether_it_is_two_commits(
    tmp_path: Path,
    before: Mapping[str, Content],
    after: Mapping[str, Content],
    wanted: set[tuple[tuple[str, ...], str]],
) -> None:
    told = staged_digest(tmp_path / "repo", before, after)
    assert {(part.paths, part.type) for part in split(told, HISTORY)} == wanted


def test_files_that_change_together_are_one_thing(tmp_path: Path) -> None:
    before = {"src/api/client.py": CLIENT.format(1), ".github/workflows/ci.yml": "on: push\n"}
    after = {"src/api/client.py": CLIENT.format(2), ".github/workflows/ci.yml": "on: pull_request\n"}
    together = style(*(taught.commit for taught in HISTORY.taught), past("feat: both", *before))
    assert split(staged_digest(tmp_path / "repo", before, after), together) == ()
