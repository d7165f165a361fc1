"""What reaches a terminal: text from outside made harmless, colours where they are wanted."""

from __future__ import annotations

import json

import pytest

from byline.cli.output import complain, fit, one_line, print_json, print_rows, shown

ESCAPE = "\x1b[31m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", "plain text"),
        ("naïve 文字 ●", "naïve 文字 ●"),
        ("a\tb", "a   b"),
        ("a\u00a0b\u3000c", "a b c"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�"),
        ("a\rb\nc", "a b c"),
        ("left\u202eright\u200bhidden\U000e0041", "left�right�hidden�"),
        ("byte \udcff", "byte �"),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(text) == expected
    assert shown(expected) == expected


def test_one_line() -> None:
    assert one_line("  two\n\n lines\x07 ") == "two lines�"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 5, "abc  "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("文字", 5, "文字 "),
        ("文字文字", 5, "文字…"),
        ("", 2, "  "),
    ],
)
def test_fit(text: str, width: int, expected: str) -> None:
    assert fit(text, width) == expected


def test_json_is_one_document_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"text": "●\x1b\n", "path": "byte \udcff"}
    print_json(document)
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out) == document


def test_a_complaint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain("First.\nSecond.\x1b[2J")
    assert capsys.readouterr() == ("", "byline: First. Second.�[2J\n")


@pytest.mark.parametrize(
    ("env", "is_coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours(
    env: dict[str, str], is_coloured: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    print_rows([[("● ", "cyan"), ("[bold]text", "")]])
    out = capsys.readouterr().out
    assert ("\x1b[36m" in out) is is_coloured
    assert out.replace("\x1b[36m", "").replace("\x1b[0m", "") == "● [bold]text\n"
