"""A journal, notes or a git that are not as they should be: the server lives, says so, and names nobody wrongly."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checks import check, check_blame, check_live, check_refusal, states_of
from support.scenario import Scene
from support.wire import RpcError

# Journal and notes


@pytest.fixture
def unwritable(scene: Scene) -> Iterator[Path]:
    """The journal's place in the repository, in which nobody can write."""
    folder = scene.root / ".git" / "byline"
    folder.mkdir()
    folder.chmod(0o500)
    if os.geteuid() == 0:  # whom permissions do not stop
        if subprocess.run(["chattr", "+i", folder], capture_output=True).returncode:
            pytest.skip("as root, a folder that cannot be written takes a file system with immutable folders")
        yield folder
        subprocess.run(["chattr", "-i", folder], check=True)
    else:
        yield folder


@pytest.mark.usefixtures("an_ordinary_file_stays_right")
def test_the_journal_cannot_be_in_the_repository(scene: Scene, unwritable: Path) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.wait_journalled(f)
    state = Path(scene.env["XDG_STATE_HOME"]) / "byline"
    assert any(path.is_file() for path in state.rglob("*"))
    scene.commit()
    check(scene, f, "O A:s1")
    assert list(unwritable.iterdir()) == []


@pytest.mark.usefixtures("an_ordinary_file_stays_right")
def test_a_file_where_the_journal_should_be(scene: Scene) -> None:
    file = scene.root / ".git" / "byline"
    file.write_text("in the way\n")
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1")
    kept = [path.read_text() for path in file.parent.glob("byline*") if path.is_file()]
    assert kept == ["in the way\n"], "what is not Byline's own is not lost"


def test_git_that_cannot_blame(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    scene.git("config", "blame.ignoreRevsFile", ".ignored")
    f.ai(append="second = 2\n")
    place = {"textDocument": f.document, "position": {"line": 0, "character": 0}}
    assert f.editor.wire.request("textDocument/hover", place) is None
    assert f.lens_titles() == ["git cannot blame this file"]
    with pytest.raises(RpcError, match=r"blame.ignoreRevsFile names .*\.ignored, where there is no file"):
        f.attribution()
    assert any(".ignored" in problem for problem in f.editor.status()["problems"])
    (scene.root / ".ignored").write_text("")
    check_live(f, "O A:s1")


@pytest.mark.usefixtures("an_ordinary_file_stays_right")
def test_a_broken_journal(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.commit()
    scene.editor.stop()
    folder = scene.root / ".git" / "byline"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(b"this is no database\n" * 500)
    scene.editor.restart()
    check_live(f, "O A:s1")
    assert scene.editor.status(f.uri)["problems"], "the status says what happened to the journal"
    f.types(append="third = 3\n")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1 H")


@pytest.mark.usefixtures("an_ordinary_file_stays_right")
@pytest.mark.parametrize(
    "note",
    [
        b"this is no note\n",
        b"\x00\xff\xfe\x80\n",
        b"{" * 50_000,
        b'{"schema_version": "authorship/99.0.0"}\n---\n{}\n',
        b'{"v":1,"format":"byline"}\n{"file":"app.py","lines":"1-999999999"}\n',
        b"x" * 6_000_000,
    ],
    ids=["prose", "binary", "nested", "foreign version", "huge range", "six megabytes"],
)
def test_a_note_that_is_none(scene: Scene, note: bytes) -> None:
    scene.has("app.py", "first = 1\nsecond = 2\n")
    blob = scene.git("hash-object", "-w", "--stdin", stdin=note).strip()
    for ref in ("byline", "ai", "whogitit", "ai-blame"):
        scene.git("notes", f"--ref={ref}", "add", "-C", blob)
    f = scene.open("app.py")
    check_live(f, "O O")
    check_blame(scene, "app.py", "O O")
    assert scene.byline("doctor").ends()[0] in (0, 1)


# git


@pytest.fixture(params=["missing", "old"])
def path_without_git(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A PATH on which git is missing, or far too old."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if request.param == "old":
        script = folder / "git"
        script.write_text("#!/bin/sh\necho git version 1.7.0\n")
        script.chmod(0o755)
    return os.fspath(folder)


def test_git_is_missing_or_too_old(scene: Scene, path_without_git: str) -> None:
    scene.has("app.py", "first = 1\n")
    healthy = scene.env["PATH"]
    scene.env["PATH"] = path_without_git
    f = scene.open("app.py")
    f.ai(append="second = 2\n")
    f.lens_titles()
    assert states_of(f.attribution())[0] == "unknown"
    problems = scene.editor.status(f.uri)["problems"]
    assert any("git" in str(problem).lower() for problem in problems), problems
    assert "git" in check_refusal(scene.byline("blame", "--json", "app.py"), 4).lower()
    scene.env["PATH"] = healthy
