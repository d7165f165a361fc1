from __future__ import annotations

import json

import pytest

from byline.agents.patch import FilePatch, diff_hunks, patches_in
from byline.agents.record import Hunk
from byline.agents.search_replace import blocks
from byline.agents.text_edits import apply_edits

BODY = """*** Begin Patch
*** Add File: new.py
+first
+
+\tlast
*** Update File: a b.py
@@ class A:
 context
-old "quoted" \\ back
+new
@@
-gone
*** Update File: from.py
*** Move to: to.py
@@
-x
+y
*** Delete File: dead.py
*** End Patch"""
WHOLE = [
    FilePatch("new.py", "create", (Hunk("", "first\n\n\tlast\n"),)),
    FilePatch(
        "a b.py", "edit", (Hunk('context\nold "quoted" \\ back\n', "context\nnew\n"), Hunk("gone\n", ""))
    ),
    FilePatch("from.py", "move", (Hunk("x\n", "y\n"),), "to.py"),
    FilePatch("dead.py", "delete", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"apply_patch <<'EOF'\n{BODY}\nEOF",
        f"tools.apply_patch({json.dumps(BODY)})",
        "tools.apply_patch(" + json.dumps(BODY).replace('\\"', '"').replace("'", "\\'") + ")",
        f"tools.apply_patch(String.raw`{BODY}`)",
        "tools.apply_patch(`" + BODY.replace("\\", "\\\\") + "`)",
    ],
)
def test_a_patch_wherever_it_stands(text: str) -> None:
    assert patches_in(text) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*** Begin Patch\n*** Add File: a\n+x\n",
        "*** End Patch *** Begin Patch",
        "*** Begin Patch\nx\n*** End Patch",
    ],
)
def test_no_whole_patch(text: str) -> None:
    assert patches_in(text) == []


def test_a_blank_line_without_its_space_is_context() -> None:
    text = "*** Begin Patch\n*** Update File: a\n@@\n one\n\n-two\n+2\n*** End of File\n*** End Patch"
    assert patches_in(text) == [FilePatch("a", "edit", (Hunk("one\n\ntwo\n", "one\n\n2\n"),))]


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        ("@@ -1,2 +1,2 @@\n one\n-two\n+2\n", [Hunk("one\ntwo\n", "one\n2\n")]),
        ("Index: a\n=====\n--- a\tOld\n+++ a\tNew\n@@ -1 +1 @@\n-two\n+2", [Hunk("two\n", "2\n")]),
        ("@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-c\n+d\n", [Hunk("a\n", "b\n"), Hunk("c\n", "d\n")]),
        ("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", [Hunk("a", "b")]),
        ("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n", [Hunk("a", "a\n")]),
        ("@@ -1,2 +1 @@\n-a\n b\n\\ No newline at end of file\n", [Hunk("a\nb", "b")]),
        ("@@ -1 +1 @@\n-a\r\n+b\r\n", [Hunk("a\r\n", "b\r\n")]),
        ("@@ -1 +1 @@\n-a\x0cb\u2028c\n+d\n", [Hunk("a\x0cb\u2028c\n", "d\n")]),
        ("@@ -1 +1 @@\n same\n", []),
        ("", []),
    ],
)
def test_unified_diffs(diff: str, expected: list[Hunk]) -> None:
    assert list(diff_hunks(diff)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.py\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE", [(1, Hunk("old\n", "new\n"))]),
        ("------- SEARCH\nold\n=======\n+++++++ REPLACE", [(0, Hunk("old\n", ""))]),
        ("<<<<<<< SEARCH\n:start_line:3\n-------\nold\n=======\nnew\n>>>>>>> REPLACE", [(0, Hunk("old\n", "new\n"))]),
        ("<<<<<<< SEARCH\n=======\na\n=======\nb\n>>>>>>> REPLACE", [(0, Hunk("", "a\n=======\nb\n"))]),
        ("<<<<<<< SEARCH\nold\n<<<<<<< SEARCH\nother\n=======\nnew\n>>>>>>> REPLACE", [(2, Hunk("other\n", "new\n"))]),
        ("<<<<<<< SEARCH\nold\n=======\nnew", []),
        ("=======\nnew\n>>>>>>> REPLACE", []),
    ],
)
def test_blocks(text: str, expected: list[tuple[int, Hunk]]) -> None:
    assert list(blocks(text.split("\n"))) == expected


def edit(start: tuple[object, object], end: tuple[object, object], text: object) -> dict[str, object]:
    names = ("startLineNumber", "startColumn", "endLineNumber", "endColumn")
    return {"range": dict(zip(names, (*start, *end), strict=True)), "text": text}


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("one\ntwo\n", [edit((2, 1), (2, 4), "2")], "one\n2\n"),
        ("one\ntwo\n", [edit((2, 1), (2, 4), "2"), edit((1, 1), (1, 2), "O")], "One\n2\n"),
        ("", [edit((1, 1), (1, 1), "new\n")], "new\n"),
        ("one", [edit((1, 4), (1, 4), "!"), edit((1, 4), (1, 4), "?")], "one!?"),
        ("a\U0001f600b\n", [edit((1, 4), (1, 5), "c")], "a\U0001f600c\n"),
        ("one\r\ntwo\r\n", [edit((1, 99), (2, 1), " ")], "one two\r\n"),
        ("one\n", [edit((2, 1), (2, 1), "two")], "one\ntwo"),
        ("one\n", [edit((3, 1), (3, 1), "x")], None),
        ("one\n", [edit((0, 1), (1, 1), "x")], None),
        ("one\n", [edit((1, 3), (1, 1), "x")], None),
        ("one\n", [edit((1, 1), (1, 3), "x"), edit((1, 2), (1, 4), "y")], None),
        ("one\n", [edit((1, 1), (1, 1), None)], None),
        ("one\n", [edit(("1", 1), (1, 1), "x")], None),
        (None, [], None),
    ],
)
def test_edits_of_ranges(text: str | None, edits: list[dict[str, object]], expected: str | None) -> None:
    assert apply_edits(text, edits) == expected
