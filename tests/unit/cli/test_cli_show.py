"""Which of a note's claims about a commit are shown."""

from __future__ import annotations

import json

import pytest
from command_line import Run

from byline.formats import Note, NoteRange, NoteSession, line_print
from byline.formats import byline as own_format
from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level
from support.repo import Repo

SESSION = NoteSession.of("claude-code", "opus", "s1")
LINES = [f"line_{number} = {number}" for number in range(1, 8)]


def said(start: int, end: int, state: State, text: list[str] = LINES) -> NoteRange:
    """A claim about lines, with the fingerprints that they have in `text`."""
    prints = "".join(line_print(line) for line in text[start - 1 : end])
    if state in (State.AI, State.AI_MODIFIED):
        by = Kind.HUMAN if state is State.AI_MODIFIED else None
        return NoteRange(start, end, state, SESSION.key, "p_1", Level.PROVEN, ("agent",), by, prints)
    level, evidence = (Level.DECLARED, ("typing",)) if state is State.HUMAN else (Level.NONE, ())
    return NoteRange(start, end, state, level=level, evidence=evidence, print=prints)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], [(1, 7, "unknown")]),
        ([said(1, 7, State.AI)], [(1, 7, "ai")]),
        ([said(2, 3, State.AI), said(5, 5, State.HUMAN)], [(1, 1, "unknown"), (2, 3, "ai"), (4, 4, "unknown"),
                                                           (5, 5, "human"), (6, 7, "unknown")]),
        ([said(1, 2, State.AI), said(3, 4, State.AI_MODIFIED), said(5, 7, State.ORIGINAL)],
         [(1, 2, "ai"), (3, 4, "ai_modified"), (5, 7, "original")]),
        ([said(1, 3, State.AI, [*LINES[:1], "another", *LINES[2:]])], [(1, 1, "ai"), (2, 2, "unknown"), (3, 3, "ai"),
                                                                       (4, 7, "unknown")]),
        ([said(1, 7, State.AI), said(8, 8, State.AI, [*LINES, "line_8 = 8"])], [(1, 7, "ai")]),
    ],
)  # fmt: skip
def test_ranges(run: Run, repo: Repo, ranges: list[NoteRange], expected: list[tuple[int, int, str]]) -> None:
    commit = repo.commit({"new.py": LINES})
    note = own_format.encode(Note("byline", {SESSION.key: SESSION}, {"new.py": tuple(ranges)} if ranges else {}))
    repo.git("notes", "--ref=byline", "add", "--file=-", commit, stdin=note)
    (file,) = json.loads(run("show", "--json").out)["files"]
    assert [(found["start"], found["end"], found["state"]) for found in file["ranges"]] == expected
    assert file["summary"]["total"] == 7
    named = {found["tool"] for found in file["ranges"] if found["state"].startswith("ai")}
    assert named == ({"claude-code"} if any(state.startswith("ai") for *_, state in expected) else set())


def test_a_gap_between_added_lines(run: Run, repo: Repo) -> None:
    repo.commit({"new.py": LINES})
    repo.commit({"new.py": ["before = 0", *LINES[:3], "between = 0", *LINES[3:]]})
    (file,) = json.loads(run("show", "--json").out)["files"]
    assert [(found["start"], found["end"]) for found in file["ranges"]] == [(1, 1), (5, 5)]


def test_a_commit_that_names_an_ai(run: Run, repo: Repo) -> None:
    repo.commit({"new.py": LINES}, "Change\n\nCo-authored-by: Claude <noreply@anthropic.com>")
    ending = run("show")
    assert "nothing is recorded of them; the commit names Claude Code as an author" in ending.out
    found = json.loads(run("show", "--json").out)
    assert (found["source"], found["named"], found["summary"]["unknown"]) == (None, "claude-code", 7)


@pytest.mark.parametrize("files", [{}, {"app.py": None}, {"app.py": "first = 1\n"}, {"binary": b"\0\1"}])
def test_a_commit_that_adds_no_lines(run: Run, repo: Repo, files: dict[str, str | bytes | None]) -> None:
    repo.commit(files)
    found = json.loads(run("show", "--json").out)
    assert (found["files"], found["summary"]["total"]) == ([], 0)
    assert "0 lines added" in run("show").out
