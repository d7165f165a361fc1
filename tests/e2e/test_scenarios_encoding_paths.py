"""Names, characters, folders and sizes that break what is careless."""

from __future__ import annotations

import statistics
import time
import unicodedata
from pathlib import Path

import pytest

from support.buffer import Buffer
from support.checks import check, check_live
from support.scenario import Scene

NAMES = [
    "文件.py",
    "🎉 party.py",
    "שלום.py",
    unicodedata.normalize("NFD", "éè.py"),
    "with space.py",
    "quo\"te's.py",
    "100%25#?&.py",
    "-dash.py",
    ":(top)magic.py",
    "deep/er/[x]*.py",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_64_odd_file_names(scene: Scene, name: str) -> None:
    f = scene.open(name)
    f.ai(append="alpha = 1\n")
    f.types(append="beta = 2\n")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 H")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_65_columns_after_characters_outside_the_basic_plane(scene: Scene, encoding: str) -> None:
    scene.encoding = encoding
    text = "s = '😀😀', 10\nn = 1\nt = '日本', 20\n"
    f = scene.open("app.py", text)
    f.types(replace=("10", "11"))
    f.ai(replace=("'日本'", "'日本', extra"))
    f.types(after=("s = '😀", "🎉"))
    f.presses_backspace_over("🎉")
    check_live(f, "H O A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "H O A:s1")


def test_66_files_that_are_not_utf_8_in_the_same_commit(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.write("gbk.txt", "编码\n第二行\n".encode("gbk"))
    scene.write("latin.txt", "café\n".encode("latin-1"))
    scene.write("nul.bin", b"a\0b\nc\n")
    scene.commit()
    check(scene, f, "O A:s1")
    for name, lines in (("gbk.txt", 2), ("latin.txt", 1)):
        view = scene.byline("blame", "--json", "--rev", "HEAD", name).json()
        assert [line["state"] for line in view["lines"]] == ["unknown"] * lines


def test_67_the_editor_is_opened_on_a_folder_of_the_repository(scene: Scene) -> None:
    scene.has("src/app.py", "first = 1\n")
    editor = scene.new_editor(scene.root / "src")
    f = scene.open("src/app.py", editor=editor)
    f.ai(append="second = 2\n")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1")


def test_67_b_a_repository_inside_a_repository(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    inner = scene.root / "vendor" / "inner"
    scene.make_repository(inner)
    scene.write(".gitignore", "vendor/\n")
    outer, nested = scene.open("app.py"), scene.open("vendor/inner/lib.py")
    outer.ai(append="second = 2\n", session="outer")
    nested.ai(append="third = 3\n", session="inner")
    outer.saves()
    nested.saves()
    scene.wait_journalled(nested)
    scene.git("add", "-A", cwd=inner)
    scene.git("commit", "-qm", "Inner", cwd=inner)
    scene.commit()
    assert [Path(scene.editor.status(f.uri)["root"]) for f in (outer, nested)] == [scene.root, inner]
    check(scene, outer, "O A:outer")
    check(scene, nested, "A:inner")


def test_67_c_a_file_of_a_submodule(scene: Scene) -> None:
    source = scene.base / "library"
    scene.make_repository(source)
    (source / "lib.py").write_text("first = 1\n")
    scene.git("add", "-A", cwd=source)
    scene.git("commit", "-qm", "Library", cwd=source)
    scene.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(source), "library")
    scene.git("commit", "-qm", "Take the library in")
    inner = scene.root / "library"
    scene.git("config", "user.name", "Ann", cwd=inner)
    scene.git("config", "user.email", "ann@example.org", cwd=inner)
    f = scene.open("library/lib.py")
    f.ai(append="second = 2\n")
    f.saves()
    scene.wait_journalled(f)
    scene.commit(cwd=inner)
    assert Path(scene.editor.status(f.uri)["root"]) == inner
    check(scene, f, "O A:s1")


def test_68_a_long_file_with_a_long_history(scene: Scene) -> None:
    scene.git("fast-import", "--quiet", stdin=long_history(lines=12_000, commits=234))
    scene.git("reset", "-q", "--hard")
    f = scene.open("long.py")
    start = time.monotonic()
    titles = f.lens_titles()
    seen = time.monotonic() - start
    start = time.monotonic()
    scene.git("blame", "--porcelain", "long.py")
    raw = time.monotonic() - start
    print(f"first lens after {seen * 1000:.0f} ms, git blame {raw * 1000:.0f} ms")
    assert titles
    assert all(titles)
    assert seen < 3 * raw + 1.0
    assert f.attribution()["summary"]["total"] == 12_000

    small = scene.open("small.py", "first = 1\n")
    for buffer in (f, small):
        buffer.attribution()
    long, short = seconds_of_a_keystroke(f), seconds_of_a_keystroke(small)
    print(f"a keystroke takes {long * 1e6:.0f} us in the long file, {short * 1e6:.0f} us in the small one")
    assert long < 5 * short + 0.002


def seconds_of_a_keystroke(buffer: Buffer) -> float:
    """The median time until the server has taken a keystroke in (a request after it is answered in order)."""
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    wire, times = buffer.editor.wire, []
    for _ in range(60):
        buffer.version += 1
        start = time.monotonic()
        wire.notify(
            "textDocument/didChange",
            {"textDocument": buffer.document, "contentChanges": [{"range": place, "text": "#"}]},
        )
        wire.request("byline/status", {"uri": buffer.uri})
        times.append(time.monotonic() - start)
    return statistics.median(times)


def long_history(lines: int, commits: int) -> str:
    """A `git fast-import` stream: one file, of which every commit changes some lines."""
    text = [f"value_{n} = {n}" for n in range(lines)]
    stream = []
    for commit in range(commits):
        for n in range(commit, lines, commits):
            text[n] = f"value_{n} = {n}  # changed in {commit}"
        body = "\n".join(text) + "\n"
        stream.append(f"commit refs/heads/main\ncommitter Ann <ann@example.org> {1_700_000_000 + commit} +0000\n")
        stream.append(f"data 6\nChange\nM 100644 inline long.py\ndata {len(body)}\n{body}\n")
    return "".join(stream)
