"""Repositories and files that are not as they should be: the server lives, says so, and names nobody wrongly."""

from __future__ import annotations

import json

import pytest

from support.checks import check, check_blame, check_live, check_refusal, states_of
from support.scenario import Scene
from support.wire import RpcError

pytestmark = pytest.mark.usefixtures("an_ordinary_file_stays_right")


# Repositories


def test_a_file_in_no_repository(scene: Scene) -> None:
    loose = scene.base / "loose"
    loose.mkdir()
    (loose / "app.py").write_text("first = 1\n")
    f = scene.new_editor(loose).open(loose / "app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    status = scene.editor.status(f.uri)
    assert (status["root"], status["head"], status["settled"]) == (None, None, None)
    assert states_of(f.attribution())[0] == "unknown"
    assert "git repository" in check_refusal(scene.byline("blame", "--json", "app.py", cwd=loose), 3)
    assert sorted(path.name for path in loose.iterdir()) == ["app.py"]


def test_a_bare_repository(scene: Scene) -> None:
    bare = scene.base / "bare.git"
    scene.git("init", "-q", "--bare", str(bare))
    f = scene.new_editor(bare).open(bare / "description", (bare / "description").read_text())
    f.ai(append="second\n")
    assert scene.editor.status(f.uri)["settled"] is None
    assert states_of(f.attribution())[0] == "unknown"
    check_refusal(scene.byline("blame", "--json", "description", cwd=bare), 1, 3, 4)


def test_a_shallow_clone(scene: Scene) -> None:
    for n in range(3):
        scene.has("app.py", "".join(f"old_{k} = {k}\n" for k in range(n + 1)))
    clone = scene.base / "shallow"
    scene.git("clone", "-q", "--depth", "1", scene.root.as_uri(), str(clone))
    f = scene.new_editor(clone).open(clone / "app.py", (clone / "app.py").read_text())
    f.ai(append="second = 2\n")
    f.saves()
    scene.git("config", "user.name", "Ann", cwd=clone)
    scene.git("config", "user.email", "ann@example.org", cwd=clone)
    scene.commit(cwd=clone)
    check(scene, f, "O*3 A:s1")


def test_an_unborn_head(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="first = 1\n")
    f.types(append="second = 2\n")
    f.saves()
    check_live(f, "A:s1 H", commit=[None, None])
    status = scene.editor.status(f.uri)
    assert (status["head"], status["settled"]) == (None, None)
    check_refusal(scene.byline("show"), 1, 4)
    check_refusal(scene.byline("blame", "--json", "--rev", "HEAD", "app.py"), 1, 4)
    scene.commit()
    check(scene, f, "A:s1 H")


def test_a_detached_head(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    scene.git("switch", "-q", "--detach")
    f = scene.open("app.py")
    f.ai(append="second = 2\n")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1")


def test_a_submodule_whose_repository_is_gone(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    scene.write("library/.git", "gitdir: ../.git/modules/nowhere\n")
    scene.write("library/lib.py", "lib = 1\n")
    f, lib = scene.open("app.py"), scene.open("library/lib.py")
    lib.ai(append="second = 2\n")
    assert states_of(lib.attribution())[0] == "unknown"
    lib.close()
    f.ai(append="second = 2\n")
    f.saves()
    scene.git("commit", "-qam", "Second")
    scene.wait_settled()
    check(scene, f, "O A:s1")


def test_git_is_told_to_run_programs(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    canary = scene.base / "canary"
    run = f"touch {canary}"
    for key in ("core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv", "filter.x.clean"):
        scene.git("config", key, run)
    scene.write(".gitattributes", "* diff=x filter=x\n")
    f = scene.open("app.py")
    f.ai(append="second = 2\n")
    f.lens_titles()
    check_live(f, "O A:s1")
    check_blame(scene, "app.py", "O")
    assert not canary.exists()
    for key in ("core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv", "filter.x.clean"):
        scene.git("config", "--unset", key)


# Files


def test_a_file_outside_the_repository(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    outside = scene.base / "outside.py"
    outside.write_text("secret = 1\n")
    f, g = scene.open("app.py"), scene.editor.open(outside, "secret = 1\n")
    g.ai(append="second = 2\n")
    assert states_of(g.attribution())[0] == "unknown"
    with pytest.raises(RpcError, match=r"outside\.py"):
        scene.editor.declare(outside, [("", "secret = 1\n")])
    check_refusal(scene.byline("blame", "--json", "../outside.py"), 2, 3, 4)
    check_live(f, "O")


def test_a_file_name_with_control_characters(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    f, odd = scene.open("app.py"), scene.open("tab\there\x1b[31m.py")
    odd.ai(append="second = 2\n")
    odd.saves()
    f.ai(append="second = 2\n")
    f.saves()
    scene.git("add", "-A")
    scene.git("commit", "-qm", "Second")
    odd.close()
    scene.wait_settled()
    check(scene, f, "O A:s1")
    view = scene.byline("blame", "--json", "--rev", "HEAD", "tab\there\x1b[31m.py").json()
    assert set(states_of(view)) <= {"ai", "unknown"}


@pytest.mark.parametrize("link", ["link.py", "folder/secret.py"])
def test_a_link_out_of_the_repository(scene: Scene, link: str) -> None:
    outside = scene.base / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret = 1\n")
    scene.has("app.py", "first = 1\n")
    (scene.root / "link.py").symlink_to(outside / "secret.py")
    (scene.root / "folder").symlink_to(outside, target_is_directory=True)
    scene.git("add", "-A")
    scene.git("commit", "-qm", "Links")
    f = scene.editor.open(scene.root / link, "secret = 1\n")
    f.ai(append="second = 2\n")
    f.attribution()
    with pytest.raises(RpcError, match=r"secret\.py"):
        scene.editor.declare(f.path, [("", "secret = 1\n")])
    code, out, _ = scene.byline("blame", "--json", link).ends()
    assert code != 0 or "secret = 1" not in out, "what a link leads to outside is not shown"
    assert (outside / "secret.py").read_text() == "secret = 1\n"
    assert [path.name for path in outside.iterdir()] == ["secret.py"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\x89PNG\x00\x01\x02\nsecond\n", "latin-1"),
        ("nul\0here\nsecond\n", "utf-8"),
        ("编码\n第二行\n", "gbk"),
        ("first\nsecond\n", "utf-16"),
    ],
    ids=["binary", "NUL", "GBK", "UTF-16"],
)
def test_a_file_that_is_no_utf_8_text(scene: Scene, text: str, encoding: str) -> None:
    """The editor decodes it; git and the server see other bytes. A gap is all right, a wrong name is not."""
    scene.has("odd.txt", text.encode(encoding))
    f = scene.editor.open(scene.root / "odd.txt", text)
    f.ai(append="third\n")
    check_live(f, "O O A:s1")
    scene.write("odd.txt", f.text.encode(encoding))
    scene.commit()
    view = f.attribution()
    assert states_of(view)[:2] == ["unknown"] * 2
    assert states_of(view)[2] in ("ai", "unknown")
    code, out, err = scene.byline("blame", "--json", "--rev", "HEAD", "odd.txt").ends()
    assert code in (0, 1), err
    lines = json.loads(out)["lines"] if out else []
    assert [line["state"] for line in lines] == [line["state"] for line in view["lines"]][: len(lines)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("one = 1\r\ntwo = 2\nthree = 3\r\n", "O O O", id="mixed line ends"),
        pytest.param("one = 1\n\ftwo = 2\nthree = '\u2028'\n", "O O O", id="form feed and U+2028"),
        pytest.param("one = '\x0b\x1c\x1d\x1e\x85\u2029'\ntwo = 2\nthree = 3\n", "O O O", id="other separators"),
        pytest.param("one = 1\rtwo = 2\n\rthree = 3\n", "O O", id="lone carriage returns"),
        pytest.param("\ufeffone = 1\ntwo = 2\nthree = 3\n", "O O O", id="byte order mark"),
    ],
)
def test_line_ends_that_are_none(scene: Scene, text: str, expected: str) -> None:
    f = scene.open("app.txt", text)
    f.ai(append="fourth = measure(4)\n")
    f.types(append="fifth = typed + 5\n")
    f.types(replace=("measure(4)", "weigh(5)"))
    check_live(f, f"{expected} M|H H")
    f.saves()
    scene.commit()
    check(scene, f, f"{expected} M|H H")


def test_no_newline_at_the_end(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1")
    f.ai(append="\nsecond = 2")
    check_live(f, "O A:s1")
    f.types(append="\n")
    check_live(f, "O A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1")
    f.types(append="third = 3")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1 H")


def test_a_line_of_two_megabytes(scene: Scene) -> None:
    text = "x = '" + "0123456789" * 200_000 + "'\nlast = 1\n"
    scene.write("huge.py", text)
    f = scene.editor.open(scene.root / "huge.py", text)
    f.ai(append="second = 2\n")
    f.types(append="third = 3\n")
    states = states_of(f.attribution())
    assert states[:2] == ["unknown"] * 2
    assert states[2] in ("ai", "unknown")
    assert states[3] in ("human", "unknown")
    assert f.lens_titles() is not None


@pytest.mark.parametrize(("lines", "recorded"), [(59_990, True), (60_010, False)])
def test_a_file_of_sixty_thousand_lines(scene: Scene, lines: int, recorded: bool) -> None:
    text = "".join(f"{n} = n\n" for n in range(lines))
    f = scene.open("long.txt", text)
    f.ai(append="agent = 1\n")
    f.types(append="typed = 2\n")
    place = {"start": {"line": lines - 1, "character": 0}, "end": {"line": lines + 2, "character": 0}}
    answer = f.editor.wire.request("byline/attribution", {"textDocument": f.document, "range": place})
    assert [line["line"] for line in answer["lines"]] == [lines, lines + 1, lines + 2]
    f.saves()
    scene.commit()
    view = scene.byline("blame", "--json", "--rev", "HEAD", "-L", f"{lines},{lines + 2}", "long.txt").json()
    assert states_of(view) == (["unknown", "ai", "human"] if recorded else ["unknown"] * 3)
