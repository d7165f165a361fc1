"""What holds for every outline: line numbers, blocks, bounds, and that nothing raises."""

from __future__ import annotations

import sys
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.symbols import languages, outline
from byline.symbols.languages import Language, language_of
from byline.symbols.outline import MAX_LENGTH, MAX_NAME

LANGUAGES = ["python", "javascript", "typescript", "typescriptreact", "go", "rust", "java", "c", "cpp"]
LANGUAGES += ["csharp", "php", "ruby", "shellscript", "markdown"]

GARBAGE = st.sampled_from("{}()[]<>=:;,.#\"'`$@&*|\\/ \t\n\r\f\u2028abdefclsimtrunp=é😀\x00\ud800")


def shown(text: str, language: str | None = "python", path: str = "") -> list[tuple[str, int, int]]:
    return [(symbol.name, symbol.start, symbol.end) for symbol in outline(text, language, path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = '\u2028'\ndef f():\n    pass\n", [("f", 1, 2)], id="U+2028 ends no line"),
        pytest.param("x = 1\n\f\ndef f():\n    pass\n", [("f", 2, 3)], id="form feed"),
        pytest.param("x = 1\x0b\x1c\x85\ndef f():\n    pass\n", [("f", 1, 2)], id="other separators"),
        pytest.param("s = '😀'\ndef f():\n    return '😀'", [("f", 1, 2)], id="non-BMP, no final newline"),
        pytest.param("def 名前():\n    pass\n", [("名前", 0, 1)], id="a name that is not ASCII"),
        pytest.param("\ufeffdef f():\n    pass\n", [("f", 0, 1)], id="byte order mark"),
        pytest.param("s = '\ud800'\ndef f():\n    pass\n", [("f", 1, 2)], id="lone surrogate"),
        pytest.param("def f():\n    return (\n\ndef g():\n    pass\n", [("g", 3, 4)], id="a syntax error before"),
        pytest.param("", [], id="empty"),
        pytest.param("\n\n", [], id="only line breaks"),
    ],
)
def test_lines_are_those_of_git(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert shown(text)[-1:] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\none\ntwo\n\nthree\nfour\n", [("# Title", 0, 2)]),
        ("a:\n  b: 1\n  c: 2\n\nd:\n  e: 3\n  f: 4", [("a:", 0, 2), ("d:", 4, 6)]),
        ("  indented\n  one\n  two\n", []),
        ("a\r\nb\r\nc\r\n\r\nd\r\n", [("a", 0, 2)]),
        ("a\n \t\nb\nc\nd\n", [("b", 2, 4)]),
        ("one line", []),
    ],
)
def test_without_a_grammar_blocks_are_found(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert shown(text, "yaml") == expected
    assert {(s.kind, s.depth, s.container) for s in outline(text, "yaml", "")} <= {("block", 0, False)}


def test_a_missing_wheel_means_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Language("tree_sitter_that_nobody_has_installed", {"(function_definition)": "function"})
    monkeypatch.setattr(languages, "_BY_ID", {"python": missing})
    assert [(s.kind, s.start, s.end) for s in outline("def f():\n    x = 1\n    return x\n", "python", "")] == [
        ("block", 0, 2)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_above_the_limit_has_no_outline(language: str) -> None:
    assert outline("a\nb\nc\n" * (MAX_LENGTH // 6 + 1), language, "") == []


def test_a_long_name_is_cut() -> None:
    assert [len(name) for name, _, _ in shown(f"def {'f' * 9000}():\n    pass\n")] == [MAX_NAME]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=30, deadline=None)
@given(
    text=st.text(
        st.sampled_from("{}()[]<>=:;,.#\"'`$@&*|\\/ \t\n\r\f\u2028abdefclsimtrunp=é😀\x00\ud800"), max_size=400
    )
)
def test_garbage_gets_an_outline(language: str, text: str) -> None:
    check_nesting(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", ["(", "def f(\n", "{[(", "if x {\n", "class A {\n"])
def test_deep_nesting_is_no_trouble(language: str, piece: str) -> None:
    check_nesting(piece * (4_000 // len(piece)), language)


@pytest.mark.parametrize(
    ("language", "piece"),
    [
        pytest.param("rust", "* )\n", id="the parser is slow all the way"),
        pytest.param("c", "/*\n", id="each comment is read to the end of the text"),
        pytest.param("java", "a<", id="the parser is slow at the end of the text"),
        pytest.param("python", '[ , f" ', id="open brackets and strings"),
    ],
)
def test_a_text_that_keeps_a_parser_busy_means_blocks(
    language: str, piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["byline.symbols.outline"], "MAX_SECONDS", 0.05)
    text = "first\n  a\n  b\n\n" + piece * (60_000 // len(piece))
    outline("", language, "")  # loads the grammar
    start = time.thread_time()
    assert shown(text, language)[0] == ("first", 0, 2)
    assert time.thread_time() - start < 0.5


def check_nesting(text: str, language: str) -> None:
    """Every symbol lies inside the text, and inside the symbols around it."""
    around: list[tuple[int, int]] = []
    for symbol in outline(text, language, ""):
        assert 0 <= symbol.start <= symbol.end <= text.count("\n")
        assert symbol.name
        del around[symbol.depth :]
        assert symbol.depth == len(around)
        assert all(start <= symbol.start and symbol.end <= end for start, end in around)
        around.append((symbol.start, symbol.end))


@pytest.mark.parametrize("language", ["python", "typescript", "cpp"])
def test_five_thousand_lines_are_quick(language: str) -> None:
    function = {
        "python": "def f{n}(a, b):\n    if a > b:\n        return a * {n}\n    return b\n\n",
        "typescript": "export function f{n}(a: number) {{\n  if (a > {n}) {{\n    return a;\n  }}\n}}\n",
        "cpp": "int f{n}(int a) {{\n  if (a > {n}) {{\n    return a;\n  }}\n}}\n",
    }[language]
    text = "".join(function.format(n=n) for n in range(1000))
    outline("", language, "")  # loads the grammar
    start = time.process_time()
    assert len(outline(text, language, "")) == 1000
    elapsed = time.process_time() - start
    print(f"{language}: {text.count(chr(10))} lines in {elapsed * 1000:.1f} ms")
    assert elapsed < 0.5


def test_a_language_is_known_by_name_and_by_extension() -> None:
    assert language_of("go", "") is language_of(None, "main.go")
    assert language_of("klingon", "a.unknown") is None


def test_no_text_is_kept() -> None:
    """Outlines are made again and again of the same files: none may leave its text behind."""
    text = "value = compute(1)\n" * 10_000
    outline(text, "python", "a.py")
    tracemalloc.start()
    try:
        for _ in range(5):
            outline(text, "python", "a.py")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < len(text)
