"""What everybody may ask about whose line is whose, and what each answer must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.buffer import Buffer
from support.scenario import Command, Scene
from support.wire import wait_for

STATES = {"A": {"ai"}, "M": {"ai_modified"}, "H": {"human"}, "U": {"unknown"}, "O": {"unknown", "original"}}
"""The letters of `check`. A line of which nothing is known is `original` in a record and `unknown` in a blame."""

AI_STATES = {"ai", "ai_modified"}
AI_FIELDS = ("tool", "model", "session", "prompt")

Line = dict[str, Any]
View = dict[str, Any]


def check(scene: Scene, buffer: Buffer, expected: str, **fields: Sequence[str | None]) -> None:
    """Every line of a committed document: asked of the server, and of `byline blame` for the work tree and for HEAD.

    `expected` has a word for every line: a letter of STATES (or several, as in `M|H`), then `:session` where it
    matters (`:?` for an AI that is not named), then `*n` for n such lines. `fields` gives further expected values, one
    for every line.
    """
    check_live(buffer, expected, **fields)
    root = scene.root_of(buffer.path)
    path = buffer.path.relative_to(root).as_posix()
    in_worktree = scene.byline("blame", "--json", "--", path, cwd=root)
    check_blame(scene, path, expected, cwd=root, text=buffer.text, **fields)
    view = in_worktree.json()
    assert view["dirty"] is False
    check_view(view, expected, buffer.text, **fields)
    check_view(buffer.attribution(), expected, buffer.text, **fields)


def check_live(buffer: Buffer, expected: str, **fields: Sequence[str | None]) -> None:
    """Every line of the live text, as the server tells it; what is found out aside may take it a moment."""
    problems: list[str] = []

    def is_right() -> bool:
        view = buffer.attribution()
        problems[:] = problems_of(view, expected, buffer.text, **fields)
        if view["version"] != buffer.version:
            problems.append(f"it speaks of version {view['version']} and not of {buffer.version}")
        return not problems

    try:
        wait_for("the live lines are right", is_right, 4.0)
    except AssertionError as failed:
        raise AssertionError("\n".join(["live:", *(problems or [str(failed)])])) from None


def check_blame(
    scene: Scene,
    path: str,
    expected: str,
    *,
    rev: str | None = "HEAD",
    text: str | None = None,
    cwd: Path | None = None,
    **fields: Sequence[str | None],
) -> View:
    """Every line of a file at a revision (None: in the work tree), as `byline blame --json` tells it."""
    revision = ("--rev", rev) if rev else ()
    view: View = scene.byline("blame", "--json", *revision, "--", path, cwd=cwd).json()
    assert view["path"] == path
    if rev:
        assert view["rev"] == scene.git("rev-parse", rev, cwd=cwd).strip()
        assert all(line["commit"] for line in view["lines"]), "a committed line has a commit"
    check_view(view, expected, text, **fields)
    return view


def check_view(view: View, expected: str, text: str | None = None, **fields: Sequence[str | None]) -> None:
    """An answer in the shape of `byline blame --json` says of every line what is expected."""
    problems = problems_of(view, expected, text, **fields)
    assert not problems, "\n".join(problems)


def problems_of(view: View, expected: str, text: str | None, **fields: Sequence[str | None]) -> list[str]:
    """What is wrong with an answer, one sentence a line; each answer must also agree with itself."""
    lines: list[Line] = view["lines"]
    words = words_of(expected)
    if len(lines) != len(words):
        return [f"{len(lines)} lines instead of {len(words)}: {[line['text'] for line in lines][:20]}"]
    assert [line["line"] for line in lines] == list(range(1, len(lines) + 1))
    counts = Counter(line["state"] for line in lines)
    summary = {state: counts[state] for state in ("ai", "ai_modified", "human", "original", "unknown")}
    assert view["summary"] == {"total": len(lines), **summary}
    if text is not None:
        shown = [line["text"].removesuffix("\r") for line in lines]
        assert shown == [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")][: len(shown)]
    problems = [problem for line, word in zip(lines, words, strict=True) if (problem := _problem(line, word))]
    if len(problems) > 5:
        problems[5:] = [f"and {len(problems) - 5} more lines"]
    for field, values in fields.items():
        told = [line[field] for line in lines]
        if told != list(values):
            problems.append(f"{field}: {told} instead of {list(values)}")
    return problems


def words_of(expected: str) -> list[str]:
    """`"O A:s1*2"` as `["O", "A:s1", "A:s1"]`."""
    words: list[str] = []
    for word in expected.split():
        kind, _, times = word.partition("*")
        words += [kind] * int(times or 1)
    return words


def _problem(line: Line, word: str) -> str | None:
    letters, _, session = word.partition(":")
    states = set[str]().union(*(STATES[letter] for letter in letters.split("|")))
    names = {field: line[field] for field in AI_FIELDS}
    told = f"line {line['line']} {line['text']!r} is {line['state']} {names} {line['evidence']}, expected {word}"
    if line["state"] not in states:
        return told
    if line["state"] not in AI_STATES:
        return told if any(names.values()) else None
    if session == "?":
        return told if any(names.values()) else None
    return told if names["tool"] is None or session not in ("", names["session"]) else None


def check_refusal(command: Command, *codes: int) -> str:
    """The command gave up with one clear line and nothing else; returns the line."""
    code, out, err = command.ends()
    assert code in codes, (code, out, err)
    assert out == ""
    assert len(err.strip().splitlines()) == 1, err
    assert "Traceback" not in err
    return err


def states_of(view: View) -> list[str]:
    """The states of an answer's lines."""
    return [line["state"] for line in view["lines"]]


def check_an_ordinary_file(scene: Scene) -> None:
    """An AI and a person write a file in a healthy repository, in the editor that met the bad input before."""
    root = scene.base / "healthy"
    scene.make_repository(root)
    buffer = scene.editors[0].open(root / "ordinary.py", "")
    buffer.ai(append="alpha = 1\n", session="healthy")
    buffer.types(append="beta = 2\n")
    buffer.saves()
    scene.wait_journalled(buffer)  # of a repository in no workspace folder, the server learns by its first document
    scene.git("add", "-A", cwd=root)
    scene.git("commit", "-qm", "Ordinary", cwd=root)
    uri, head = buffer.uri, scene.head(root)
    wait_for("the ordinary file is settled", lambda: scene.editors[0].status(uri)["settled"] == head)
    check(scene, buffer, "A:healthy H")
