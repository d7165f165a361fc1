"""How git will read a buffer, by its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from byline.commit_messages.buffer.form import Form, form_of
from byline.commit_messages.buffer.reading import Cleanup
from byline.commit_messages.gathering import read_inside
from byline.commit_messages.lint import lint
from byline.commit_messages.rules import CONVENTIONAL_RULES
from byline.git.repository import Repository
from support.repo import Repo

AUTO = "# a heading\n\n; Please enter the commit message\n;\n"


@pytest.mark.parametrize(
    ("settings", "text", "form"),
    [
        ({}, "", Form("#", Cleanup.STRIP)),
        ({"core.commentChar": ";"}, "", Form(";", Cleanup.STRIP)),
        ({"core.commentChar": "auto"}, AUTO, Form(";", Cleanup.STRIP)),
        (
            {"core.commentChar": "auto"},
            AUTO + "; " + "-" * 24 + " >8 " + "-" * 24 + "\ndiff\n",
            Form(";", Cleanup.STRIP),
        ),
        ({"core.commentChar": "auto"}, "", Form("#", Cleanup.STRIP)),
        ({"commit.cleanup": "scissors"}, "", Form("#", Cleanup.SCISSORS)),
        ({"commit.cleanup": "nonsense"}, "", Form("#", Cleanup.STRIP)),
        ({}, AUTO, Form(";", Cleanup.STRIP)),
        ({"core.commentChar": "%"}, "feat: x\n\n# a\n#\n#\tb.py\n", Form("#", Cleanup.STRIP)),
        ({"core.commentChar": ";"}, "feat: x\n\n# a heading\n# and another\n", Form(";", Cleanup.STRIP)),
        ({"core.commentChar": ";"}, "feat: x\n\n- a\n-\n", Form(";", Cleanup.STRIP)),
    ],
)
def test_the_form_of_a_buffer(tmp_path: Path, settings: dict[str, str], text: str, form: Form) -> None:
    repo = Repo.init(tmp_path / "repo")
    for key, value in settings.items():
        repo.git("config", key, value)
    repository = Repository.discover(repo.root)
    try:
        assert form_of(repository, text) == form
    finally:
        repository.close()


WAYS: dict[str, tuple[str, ...]] = {
    "as usual": (),
    "another comment character": ("-c", "core.commentChar=;"),
    "one that git chooses": ("-c", "core.commentChar=auto"),
    "one that git chooses because of what is there": ("-c", "core.commentChar=auto", "-c", "user.name=# Ann"),
    **{f"cleanup {mode}": ("-c", f"commit.cleanup={mode}") for mode in Cleanup},
}


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--signoff",)], ids=["plain", "verbose", "signed"])
@pytest.mark.parametrize("way", WAYS)
def test_in_gits_own_buffer_only_what_is_typed_is_the_message(tmp_path: Path, way: str, more: tuple[str, ...]) -> None:
    repo = Repo.init(tmp_path / "repo")
    repo.write("a.py", "x = 1\n")
    repo.git("add", "-A")
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\ncp "$1" "{tmp_path}/buffer"\nexit 1\n')
    editor.chmod(0o755)
    repo.git(*WAYS[way], "-c", f"core.editor={editor}", "commit", *more, ok=(0, 1))
    if way.startswith("cleanup"):  # what is given on the command line shows in the buffer only in part
        repo.git("config", "commit.cleanup", WAYS[way][1].partition("=")[2])
    buffer = (tmp_path / "buffer").read_text()
    repository = Repository.discover(repo.root)
    try:
        form = form_of(repository, buffer)
    finally:
        repository.close()
    read = form.read(f"feat: x{buffer}")
    assert [line for line in read.text.split("\n") if line][1:] == [
        line for line in buffer.split("\n") if line.startswith("Signed-off-by: ")
    ]
    assert [finding.rule for finding in lint(read, CONVENTIONAL_RULES)] == []


def test_no_link_leads_out_of_the_work_tree(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "private").write_text("private")
    (root / "own").write_text("own")
    (root / "inner").symlink_to("own")
    (root / "outer").symlink_to("../private")
    (root / "folder").symlink_to("..")
    found = [read_inside(root, path) for path in ("own", "inner", "outer", "folder/private", "none")]
    assert found == [b"own", b"own", None, None, None]
