"""How git will read a buffer, by its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from byline.commit_messages.buffer import Cleanup
from byline.commit_messages.form import Form, form_of
from byline.commit_messages.material import read_inside
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
