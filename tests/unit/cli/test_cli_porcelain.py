"""The format for tools: what reads git's porcelain reads ours."""

from __future__ import annotations

import pytest

from byline.attribution.blame import BlameLine, FileBlame
from byline.cli.porcelain import print_porcelain
from byline.git.blame import BlameCommit
from byline.provenance.attribution import NOTHING, LineState, State, Summary
from byline.provenance.origin import Kind, Level, Origin

COMMIT = BlameCommit("c" * 40, "Ann", "ann@example.org", 1_767_225_600, "+0100", "Subject")
AI = LineState(State.AI, Origin(Kind.AI, Level.PROVEN, "claude-code", "opus", "s1", "p_1", ("agent", "transcript")))


def check(capsys: pytest.CaptureFixture[str], line: BlameLine, expected: list[str], path: str = "app.py") -> None:
    print_porcelain(FileBlame(path, None, False, Summary.of(()), [line]), {"p_1": "add\nlogging"}.get)  # type: ignore[arg-type]
    assert capsys.readouterr().out.split("\n") == [*expected, ""]


def test_a_committed_line(capsys: pytest.CaptureFixture[str]) -> None:
    check(
        capsys,
        BlameLine(7, "\tx = 1", AI, COMMIT, "old.py", 3, "byline"),
        [
            f"{COMMIT.oid} 3 7 1",
            "author Ann",
            "author-mail <ann@example.org>",
            "author-time 1767225600",
            "author-tz +0100",
            "summary Subject",
            "byline-state ai",
            "byline-tool claude-code",
            "byline-model opus",
            "byline-session s1",
            "byline-prompt add logging",
            "byline-level proven",
            "byline-evidence agent transcript",
            "byline-source byline",
            "filename old.py",
            "\t\tx = 1",
        ],
    )


def test_a_line_that_is_not_committed(capsys: pytest.CaptureFixture[str]) -> None:
    check(
        capsys,
        BlameLine(1, "x", NOTHING, None, None, None, None),
        [
            f"{'0' * 40} 1 1 1",
            "author Not Committed Yet",
            "author-mail <not.committed.yet>",
            "byline-state unknown",
            "filename app.py",
            "\tx",
        ],
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a  b.py", "a  b.py"), ("naïve.py", "naïve.py"), ('a"b\n\\.py', '"a\\"b\\n\\\\.py"')],
)
def test_odd_paths(capsys: pytest.CaptureFixture[str], path: str, expected: str) -> None:
    line = BlameLine(1, "x", NOTHING, None, None, None, None)
    print_porcelain(FileBlame(path, None, False, Summary.of(()), [line]), lambda key: None)
    assert f"\nfilename {expected}\n\tx\n" in capsys.readouterr().out


def test_nothing_in_a_value_begins_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = BlameCommit("c" * 40, "Ann\nbyline-state human", "a\r@x", 0, "+0000", "s\x0b\u2028t")
    line = BlameLine(1, "x", NOTHING, hostile, "app.py", 1, None)
    print_porcelain(FileBlame("app.py", None, False, Summary.of(()), [line]), lambda key: None)
    out = capsys.readouterr().out
    assert [row for row in out.splitlines() if row.startswith("byline-")] == ["byline-state unknown"]
