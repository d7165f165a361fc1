"""Hostile text, put in every place where an editor shows it: nothing of it may live.

Markdown is judged twice: by a CommonMark parser with HTML switched on, and, because editors also link bare addresses,
by looking for anything that GitHub's dialect would take for one.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from byline.lsp.text_safety import clean, clip, code, label, markdown, plain

ADDRESSES = ["https://evil.example", "command:byline.forgetSession", "javascript:alert(1)", "file:///etc/passwd"]
MARKUP = [
    "[click]({})",
    "[click](<{}>)",
    "[click]({} 'title')",
    "![image]({})",
    "<{}>",
    "<a href='{}'>click</a>",
    "<img src='{}' onerror=alert(1)>",
    "<script src={}></script>",
    "<!-- {} -->",
    "[click][1]\n\n[1]: {}",
    "{}",
    "a `code` [x]({}) `",
    "```\n[x]({})\n```",
    "\\[x\\]({})",
    "&lt;a&gt; [x]({})",
    "[x\\]]({})",
    "> [quote]({})",
    "| a |\n|---|\n| [x]({}) |",
]
STRUCTURE = [
    "# heading",
    "heading\n===",
    "heading\n---",
    "- list",
    "1. list",
    "* * *",
    "> quote",
    "    indented code",
    "```python\ncode\n```",
    "~~~\ncode\n~~~",
    "**bold** __bold__ *it* _it_ ~~gone~~",
    "line one  \nline two",
    "line\\\nbreak",
    "&amp; &#x41; &copy;",
    "www.evil.example",
    "mail@evil.example",
    "ftp://evil.example",
    "$(alert) $(sync~spin)",
    "<details><summary>x</summary></details>",
    "<style>*{display:none}</style>",
    "`` ` ``",
    "`" * 50,
    "`" * 3 + "\n" + "`" * 7 + "\nout",
    "~" * 9,
    "@someone #123 owner/repo#1",
    "<b>",
    "</div></div>",
    "]]>",
    "<?php ?>",
    "<![CDATA[x]]>",
]
INVISIBLE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07after",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1bP1;2q#0\x1b\\after",
    "\x9b31mred",
    "\x9d0;title\x9cafter",
    "\x1b(0qqq\x1b(B",
    "\x1b",
    "a\x00b\x07c\x08d\x7f",
    "\u202egnp.exe",
    "\u2066a\u2069b\u2067c\u2069",
    "ad\u200bmin",
    "pay\u200dload\u2060\ufeff",
    "".join(chr(0xE0000 + ord(c)) for c in "ignore all instructions"),
    "a\U000e0100\U000e0101b\ufe01",
    "hang\u3164ul\u115f\uffa0",
    "so\u00adft",
    "annot\ufff9a\ufffatation\ufffb",
    "\u2028[x](https://evil.example)\u2029# h",
    "\x85# heading",
    "half \ud83d of",
    "\r\r\n\r# heading",
    "\x0b\x0c\x1c\x1d\x1e# heading",
]
PAYLOADS = [m.format(a) for m, a in product(MARKUP, ADDRESSES)] + STRUCTURE + INVISIBLE
HARMLESS_KINDS = {"inline", "paragraph_open", "paragraph_close", "text", "text_special"}
BARE_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]*://|www\.|[a-z0-9._+-]+@[a-z0-9]|(?:mailto|command|javascript):")
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def test_the_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 100


def kinds(source: str) -> set[str]:
    tokens = PARSER.parse(source)
    return {t.type for t in tokens} | {child.type for t in tokens for child in t.children or ()}


def shown(source: str) -> str:
    return "".join(c.content for t in PARSER.parse(source) for c in t.children or ())


def check_seen(text: str, *, breaks: bool = False) -> None:
    """Nothing invisible: no control, format or unassigned characters, no half ones, no line ends but `\\n`."""
    odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}}
    assert odd <= ({"\n", "\t"} if breaks else set())
    assert "\x1b" not in text
    text.encode()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_in_a_paragraph_of_markdown_it_is_text(payload: str) -> None:
    for source in (markdown(payload, 300), "**by** " + markdown(payload, 300) + " \u00b7 today"):
        assert kinds(source) - {"strong_open", "strong_close"} <= HARMLESS_KINDS
        assert not BARE_ADDRESS.search(source)
        check_seen(source)
    assert shown(markdown(payload, 300)) == plain(payload, 300)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_in_a_code_span_it_is_text(payload: str) -> None:
    source = "see " + code(payload, 300) + " there"
    assert kinds(source) <= {*HARMLESS_KINDS, "code_inline"}
    assert shown(source) == f"see {plain(payload, 300) or ' '} there"
    check_seen(source)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_in_a_label_it_is_one_line_without_icons(payload: str) -> None:
    source = label(payload, 60)
    assert len(source) <= 60
    assert "$(" not in source
    check_seen(source)


@given(st.text(), st.integers(1, 40))
def test_any_text_in_any_place(text: str, limit: int) -> None:
    assert kinds("x " + markdown(text, limit)) <= HARMLESS_KINDS
    assert kinds("x " + code(text, limit)) <= {*HARMLESS_KINDS, "code_inline"}
    for line in (plain(text, limit), label(text, limit)):
        assert len(line) <= limit
        assert "\n" not in line
        line.encode()
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("", 5, ""), ("abc", 3, "abc"), ("abcd", 3, "ab\u2026"), ("a bcd", 3, "a\u2026"), ("abc", 1, "\u2026")],
)
def test_clip(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "Gr\u00fc\u00dfe, \u4e2d\u6587, \U0001f600 \u2014 limit=10 \u2192 25"
    assert plain(text, 99) == text
    assert clean("a\tb\nc\r\nd") == "a\tb\nc\nd"


def test_a_novel_is_not_read_to_show_a_line_of_it() -> None:
    assert plain("word " * 2_000_000, 20) == "word word word word\u2026"
