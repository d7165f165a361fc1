"""What commits added, counted."""

from __future__ import annotations

import json

import pytest
from command_line import Run

from byline.attribution.commits import CommitAttribution, FileAttribution, Totals, totals
from byline.attribution.commits import Run as LineRun
from byline.git.commit import CommitInfo, Person
from byline.provenance.attribution import NOTHING, LineState, State, Summary
from byline.provenance.origin import Kind, Origin
from support.repo import Repo

HUMAN = LineState(State.HUMAN, Origin(Kind.HUMAN))


def ai(tool: str | None, model: str | None = None, state: State = State.AI) -> LineState:
    return LineState(state, Origin(Kind.AI, tool=tool, model=model))


def commit(author: str, source: str | None, **files: list[tuple[int, LineState]]) -> CommitAttribution:
    """A commit with, for each file (`__` stands for a slash), runs of so many lines."""
    person = Person(author, f"{author}@x", 0, "+0000")
    info = CommitInfo("c" * 40, "t" * 40, (), person, person, "Subject")
    attributed = [
        FileAttribution(path.replace("__", "/"), tuple(LineRun(1, size, state) for size, state in runs))
        for path, runs in files.items()
    ]
    return CommitAttribution(info, source, None, tuple(attributed))


def check(found: Totals, table: str, expected: list[tuple[str | None, int]]) -> None:
    assert [(key, summary.total) for key, summary in getattr(found, table).items()] == expected


def test_totals() -> None:
    found = totals(
        [
            commit("ann", "byline", src__a=[(3, ai("cursor", "m1")), (2, HUMAN)], top=[(1, ai(None))]),
            commit("bob", None, src__deep__b=[(4, NOTHING)]),
            commit("ann", "git-ai", docs__c=[(5, ai("claude-code", "m1", State.AI_MODIFIED))]),
        ]
    )
    assert (found.commits, found.noted) == (3, 2)
    assert found.summary == Summary(15, ai=4, ai_modified=5, human=2, original=0, unknown=4)
    check(found, "tools", [("claude-code", 5), ("cursor", 3), (None, 1)])
    check(found, "models", [("m1", 8), (None, 1)])
    check(found, "authors", [("ann <ann@x>", 11), ("bob <bob@x>", 4)])
    check(found, "directories", [("src", 9), ("docs", 5), (".", 1)])


def test_nothing_is_nothing() -> None:
    assert totals([]) == Totals(0, 0, Summary.of(()), {}, {}, {}, {})


@pytest.mark.parametrize(
    ("range_", "commits", "lines"),
    [
        ("HEAD", 3, 4),
        ("HEAD~1", 2, 3),
        ("HEAD~1..HEAD", 1, 1),
        ("HEAD~2..", 2, 2),
        ("..HEAD", 0, 0),
        ("HEAD..HEAD~2", 0, 0),
    ],
)
def test_ranges(run: Run, repo: Repo, range_: str, commits: int, lines: int) -> None:
    repo.commit({"src/b.py": "b = 1\n"})
    repo.commit({"app.py": ["first = 1", "second = 3"]})
    found = json.loads(run("summary", "--json", range_).out)
    assert (found["range"], found["commits"], found["noted"]) == (range_, commits, 0)
    unknown = {"total": lines, "ai": 0, "ai_modified": 0, "human": 0, "original": 0, "unknown": lines}
    assert found["summary"] == unknown
    assert found["tools"] == found["models"] == []
    assert found["authors"] == ([{"author": "Ann <ann@example.org>", "summary": unknown}] if lines else [])
    assert {entry["directory"] for entry in found["directories"]} <= {".", "src"}
