from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from stories import staged_digest

from byline.commit_messages.digest.digest import SYMBOL_LINES, Digest, FileDigest, without_content
from byline.commit_messages.digest.hunks import changed_lines
from byline.commit_messages.digest.symbols import symbol_changes
from byline.commit_messages.digest.texts import MAX_BYTES
from byline.commit_messages.kinds import FileKind, kind_of
from support.repo import Content

BODY = [f"    step({n})" for n in range(8)]


def one(found: Digest) -> FileDigest:
    assert len(found.files) == 1
    return found.files[0]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (["def a():", *BODY], ["def a():", *BODY, "def b():", *BODY], [("b", "added", None)]),
        (["def a():", *BODY, "def b():", *BODY], ["def a():", *BODY], [("b", "removed", None)]),
        (["def a():", *BODY], ["def b():", *BODY], [("b", "renamed", "a")]),
        (["def a():", *BODY], ["def a():", "    begin()", *BODY], [("a", "changed", None)]),
        (["class A:", "    def m(self):", "        return 1"], ["class A:", "    def m(self):", "        return 2"],
         [("A.m", "changed", None)]),
        (["x = 1"], ["x = 2"], []),
        ([], ["class A:", "    def m(self):", "        return 1"], [("A", "added", None), ("A.m", "added", None)]),
    ],
    ids=["added", "removed", "renamed", "changed", "the method and not the class", "no symbol", "a new file"],
)  # fmt: skip
def test_what_became_of_symbols(old: list[str], new: list[str], wanted: list[tuple[str, str, str | None]]) -> None:
    found = symbol_changes("a.py", old, new, changed_lines(old, new))
    assert [(symbol.name, symbol.became.value, symbol.old_name) for symbol in found] == wanted


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("package-lock.json", '{"a": 1}\n', "lock"),
        ("vendor/lib.go", "package lib\n", "vendored"),
        ("dist/app.js", "a()\n", "generated"),
        ("app.min.js", "a()\n", "generated"),
        ("app.js", "a();" * 1_000 + "\n", "minified"),
        ("data.dat", b"\0\1\2", "binary"),
    ],
)
def test_what_nobody_wrote_is_folded_away(tmp_path: Path, path: str, content: Content, why: str) -> None:
    found = staged_digest(tmp_path / "repo", {}, {path: content})
    assert (one(found).hunks, one(found).left_out) == ((), why)
    assert found.left_out == (f"1 file: {why}.",)


MORE = ["new", "lines"]
LARGE = [f"line {number} of the file" for number in range(MAX_BYTES // 16)]


@pytest.mark.parametrize(
    ("before", "after", "counts", "first"),
    [
        ({}, {"a.txt": LARGE}, (len(LARGE), 0), ((), LARGE[:3])),
        ({"a.txt": LARGE}, {"a.txt": None}, (0, len(LARGE)), (LARGE[:3], ())),
        ({"a.txt": LARGE}, {"a.txt": [*LARGE[:9], *MORE, *LARGE[10:]]}, (2, 1), (LARGE[9:10], MORE)),
        ({"a.txt": LARGE}, {"a.txt": [line.upper() for line in LARGE]}, (len(LARGE), len(LARGE)), (LARGE[:3], ())),
        ({}, {"a.txt": ["x" * 3_000] * 400}, (400, 0), None),
    ],
)  # fmt: skip
def test_of_a_large_file_lines_are_counted_and_the_first_ones_told(
    tmp_path: Path,
    before: Mapping[str, Content],
    after: Mapping[str, Content | None],
    counts: tuple[int, int],
    first: tuple[Sequence[str], Sequence[str]] | None,
) -> None:
    found = one(staged_digest(tmp_path / "repo", before, after))
    assert (found.added, found.removed) == counts
    assert (found.left_out, found.is_spacing) == ("too large", False)
    told = [(list(hunk.old[:3]), list(hunk.new[:3])) for hunk in found.hunks[:1]]
    assert told == ([] if first is None else [tuple(map(list, first))])
    assert sum(len(line) for hunk in found.hunks for line in (*hunk.old, *hunk.new)) < MAX_BYTES // 4


def test_a_large_binary_file_has_no_lines(tmp_path: Path) -> None:
    found = one(staged_digest(tmp_path / "repo", {}, {"a.txt": b"\0" * (MAX_BYTES + 1)}))
    assert (found.added, found.hunks, found.left_out) == (0, (), "too large")


def test_what_stands_in_a_file_can_be_left_out(tmp_path: Path) -> None:
    steps = ["def steps():", "    first()", "    second()", "    third()"]
    told = staged_digest(tmp_path / "repo", {"a.py": ["x = 1", *steps]}, {"a.py": "x = 1\n", "b.py": steps})
    assert told.moves
    bare = without_content(told, {"b.py"})
    assert [(f.path, bool(f.hunks), bool(f.symbols), f.added) for f in bare.files] == [
        ("a.py", True, True, 0),
        ("b.py", False, False, 4),
    ]
    assert bare.moves == ()


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ({"a.py": "def a():\n  return 1\n"}, {"a.py": "def a():\n    return 1\n"}, ("M", 1, 1, True)),
        ({"a.py": "a = 1\n"}, {"a.py": "a = 2\nb = 1\n"}, ("M", 2, 1, False)),
        ({"a.py": "a = 1\n"}, {"a.py": None}, ("D", 0, 1, False)),
        ({"a.py": ["line"] * 9}, {"a.py": None, "b/a.py": ["line"] * 9}, ("R", 0, 0, False)),
    ],
    ids=["white space only", "changed", "deleted", "moved"],
)
def test_one_file(
    tmp_path: Path, before: Mapping[str, Content], after: Mapping[str, Content | None],
    wanted: tuple[str, int, int, bool],
) -> None:  # fmt: skip
    file = one(staged_digest(tmp_path / "repo", before, after))
    assert (file.status, file.added, file.removed, file.is_spacing) == wanted


def test_symbols_are_looked_for_where_most_changed_until_it_is_enough(tmp_path: Path) -> None:
    module = ["def a():", *("    step()" for _ in range(SYMBOL_LINES // 2))]
    after = {"one.py": module[:-1], "two.py": module, "three.py": module[:-2]}
    found = staged_digest(tmp_path / "repo", {}, after)
    assert {file.path for file in found.files if file.symbols} == {"two.py", "three.py"}
    assert found.left_out == ("1 file: symbols not looked for.",)


TWO = ["def a():", "    first()", "    second()", "    third()"]
OTHER = ["def a():", "    other()", "    entirely()", "    different()"]


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ({"one.py": "x = 1\n", "two.py": TWO}, [("a", "one.py", "two.py")]),
        ({"one.py": "x = 1\n", "two.py": OTHER}, []),
        ({"one.py": TWO, "two.py": TWO}, []),
    ],
    ids=["moved", "another of the same name", "copied"],
)
def test_symbols_that_moved(tmp_path: Path, after: Mapping[str, Content], wanted: list[tuple[str, str, str]]) -> None:
    found = staged_digest(tmp_path / "repo", {"one.py": ["x = 1", *TWO]}, after)
    assert [(move.name, move.old_path, move.path) for move in found.moves] == wanted


def test_a_change_that_is_too_much_says_what_was_left_out(tmp_path: Path) -> None:
    found = staged_digest(tmp_path / "repo", {}, {f"f{n:03}.txt": "x\n" for n in range(405)})
    assert len(found.files) == 405
    assert found.left_out == ("5 files: not looked at.",)


def test_what_somebody_wrote_is_looked_at_before_what_nobody_did(tmp_path: Path) -> None:
    vendored = {f"vendor/f{n:03}.txt": "x\n" for n in range(405)}
    found = staged_digest(tmp_path / "repo", {}, {**vendored, "zoo.py": "x = 1\n"})
    assert [file.path for file in found.files] == sorted([*vendored, "zoo.py"])
    assert [file.path for file in found.files if file.hunks] == ["zoo.py"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/app.py", FileKind.SOURCE),
        ("src/history.py", FileKind.SOURCE),
        ("README.md", FileKind.DOCS),
        ("LICENSE", FileKind.DOCS),
        ("docs/index.html", FileKind.DOCS),
        ("docs/conf.json", FileKind.CONFIG),
        ("tests/test_app.py", FileKind.TEST),
        ("src/app.spec.ts", FileKind.TEST),
        ("src/app_test.go", FileKind.TEST),
        (".github/workflows/ci.yml", FileKind.CI),
        (".gitlab-ci.yml", FileKind.CI),
        ("Cargo.lock", FileKind.LOCK),
        ("go.sum", FileKind.LOCK),
        ("packages/a/package.json", FileKind.BUILD),
        ("Dockerfile", FileKind.BUILD),
        ("api/v1/api.pb.go", FileKind.GENERATED),
        ("third_party/zlib/inflate.c", FileKind.VENDORED),
        ("logo.png", FileKind.ASSET),
        (".editorconfig", FileKind.CONFIG),
    ],
)
def test_the_kind_of_a_file(path: str, kind: FileKind) -> None:
    assert kind_of(path) is kind
