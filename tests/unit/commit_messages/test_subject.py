"""No description says of a change what cannot be true of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from byline.commit_messages.changes import staged_change
from byline.commit_messages.digest.digest import Digest, Turned, digest
from byline.commit_messages.offline.subject import Phrases
from byline.commit_messages.rules import CONVENTIONAL_RULES, GIT_RULES, TYPES
from byline.commit_messages.style.style import Style
from byline.commit_messages.writer import candidates
from byline.git.repository import Repository
from quality.grounding import ungrounded
from support.repo import Repo

Staging = Callable[[Repo], object]


def told(root: Path, before: Staging, after: Staging) -> Digest:
    """The digest of what `after` stages over what `before` committed."""
    repo = Repo.init(root)
    for made in (before, after):
        made(repo)
        repo.git("add", "--all")
        if made is before:
            repo.git("commit", "--quiet", "--allow-empty", "-m", "Begin")
    repository = Repository.discover(repo.root)
    try:
        return digest(repository, staged_change(repository))
    finally:
        repository.close()


def phrases(found: Digest, type_: str) -> list[str]:
    return [f"{phrase.verb} {phrase.object}" for phrase in Phrases(found).of(type_)]


def nothing(repo: Repo) -> None:
    assert repo.root.is_dir()


def writes(path: str, content: str | bytes) -> Staging:
    return lambda repo: repo.write(path, content)


def removes(path: str) -> Staging:
    return lambda repo: (repo.root / path).unlink()


def script(repo: Repo) -> None:
    repo.write("s.sh", "#!/bin/sh\n").chmod(0o644)


def executable(repo: Repo) -> None:
    repo.write("s.sh", "#!/bin/sh\n").chmod(0o755)


def link(repo: Repo) -> None:
    (repo.root / "s.sh").unlink(missing_ok=True)
    (repo.root / "s.sh").symlink_to("other.sh")


def file_again(repo: Repo) -> None:
    (repo.root / "s.sh").unlink()
    script(repo)


def submodule(commit: str) -> Staging:
    """A submodule `lib/sub` at `commit`, in the index alone, as it stands there."""

    def made(repo: Repo) -> None:
        repo.write(".gitmodules", '[submodule "sub"]\n\tpath = lib/sub\n\turl = ../sub\n')
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},lib/sub")
        (repo.root / "lib/sub").mkdir(parents=True, exist_ok=True)

    return made


def no_submodule(repo: Repo) -> None:
    repo.git("rm", "--quiet", "--cached", "lib/sub", ".gitmodules")
    (repo.root / ".gitmodules").unlink()
    (repo.root / "lib/sub").rmdir()


def modules(count: int, folder: Callable[[int], str], name: str = "m") -> Staging:
    def made(repo: Repo) -> None:
        for old in sorted(repo.root.glob("old/*")):
            old.unlink()
        for number in range(count):
            repo.write(f"{folder(number)}/{name}{number}.py", f"x = {number}\n" * 9)

    return made


CODE = "def kept():\n    return 2\n"
MORE = CODE + "\ndef gone():\n    return 1\n"
FEWER = "def kept():\n    a = 1\n    return a\n"

CASES = {
    "executable": (script, executable, "make s.sh executable"),
    "no longer executable": (executable, script, "make s.sh non-executable"),
    "a file becomes a link": (script, link, "turn s.sh into a symbolic link"),
    "a link becomes a file": (link, file_again, "turn s.sh into a regular file"),
    "line feeds": (writes("a.txt", b"a\r\nb\r\n"), writes("a.txt", b"a\nb\n"), "convert line endings of a.txt to LF"),
    "carriage returns": (writes("a.py", b"a\n"), writes("a.py", b"a\r\n"), "convert line endings of a.py to CRLF"),
    "the last line's end": (writes("a.py", "a = 1"), writes("a.py", "a = 1\n"), "reformat a.py"),
    "many moved": (modules(60, lambda _: "old"), modules(60, lambda n: f"new/{'ab'[n % 2]}"), "move 60 files to new"),
    "moved apart": (modules(40, lambda _: "old"), modules(40, lambda n: "ab"[n % 2]), "move 40 files"),
    "many renamed": (modules(40, lambda _: "old"), modules(40, lambda _: "old", "n"), "rename 40 files in old"),
    "more than are looked at": (
        modules(420, lambda _: "old"), modules(420, lambda n: f"new/{'ab'[n % 2]}"), "move 420 files to new",
    ),
    "a submodule comes": (nothing, submodule("1" * 40), "add submodule lib/sub"),
    "a submodule goes": (submodule("1" * 40), no_submodule, "remove submodule lib/sub"),
    "a submodule is another": (submodule("1" * 40), submodule("2" * 40), "update submodule lib/sub"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "wanted"), CASES.values(), ids=list(CASES))
def test_what_no_line_shows_is_said(tmp_path: Path, before: Staging, after: Staging, wanted: str) -> None:
    found = told(tmp_path / "repo", before, after)
    for type_ in ("feat", "fix", "chore", "refactor"):
        assert phrases(found, type_)[0] == wanted
    for rules in (CONVENTIONAL_RULES, GIT_RULES):
        made = candidates(found, Style(()), rules)
        assert wanted.lower() in made[0].message.lower()
        assert [word for one in made for word in ungrounded(one.message, found)] == []


@pytest.mark.parametrize(
    ("before", "after", "type_", "word"),
    [
        (nothing, writes("a.py", CODE), "style", "reformat"),
        (writes("a.py", MORE), writes("a.py", CODE), "style", "reformat"),
        (writes("a.py", CODE), removes("a.py"), "style", "reformat"),
        (writes("a.py", CODE), writes("a.py", MORE), "style", "reformat"),
        (writes("a.py", CODE), writes("a.py", FEWER), "style", "reformat"),
        (writes("a.py", FEWER), writes("a.py", "def kept():\n    return a\n"), "feat", "extend"),
        (writes("a.bin", b"\0\1"), writes("a.bin", b"\0\2"), "feat", "extend"),
        (writes("a.py", CODE), writes("a.py", CODE + "x = 1\n"), "test", "extend"),
        (script, executable, "style", ""),
        (script, executable, "perf", ""),
    ],
)
def test_what_cannot_be_true_is_not_offered(
    tmp_path: Path, before: Staging, after: Staging, type_: str, word: str
) -> None:
    assert not [said for said in phrases(told(tmp_path / "repo", before, after), type_) if said.startswith(word)]


@pytest.mark.parametrize(
    ("before", "after", "type_", "first"),
    [
        (writes("a.py", "x = [1,2]\n"), writes("a.py", "x = [1, 2]\n"), "style", "reformat a.py"),
        (writes("a.py", "x = ['a']\n"), writes("a.py", 'x = ["a"]\n'), "style", "reformat a.py"),
        (writes("a.py", "import b\nimport a\n"), writes("a.py", "import a\nimport b\n"), "style", "reformat a.py"),
        (writes("a.py", "x = 1\n"), writes("a.py", "y = 1\n"), "style", "update a.py"),
        (nothing, writes("a.css", "a { color: red }\n"), "style", "add a.css"),
        (writes("a.py", MORE), writes("a.py", CODE), "fix", "remove gone from a.py"),
    ],
)
def test_what_is_true_is_said(tmp_path: Path, before: Staging, after: Staging, type_: str, first: str) -> None:
    assert phrases(told(tmp_path / "repo", before, after), type_)[0] == first


@pytest.mark.parametrize("type_", list(TYPES))
def test_what_was_removed_is_neither_changed_nor_extended(tmp_path: Path, type_: str) -> None:
    """One file goes, another comes, a third is changed: each verb is true of every file that it names."""

    def before(repo: Repo) -> None:
        repo.write("gone.py", "x = 1\n" * 9)
        repo.write("kept.py", CODE)

    def after(repo: Repo) -> None:
        (repo.root / "gone.py").unlink()
        repo.write("kept.py", FEWER)
        repo.write("new.py", "import os\n\nprint(os.name)\n")

    fates = {"gone.py": {"remove"}, "new.py": {"add"}}
    for said in phrases(told(tmp_path / "repo", before, after), type_):
        for name, verbs in fates.items():
            assert name not in said or said.split()[0] in verbs, said


def test_a_file_that_is_only_moved_is_untouched(tmp_path: Path) -> None:
    found = told(tmp_path / "repo", modules(1, lambda _: "old"), modules(1, lambda _: "new"))
    assert [(file.status, file.is_untouched, file.turned) for file in found.files] == [("R", True, None)]
    found = told(tmp_path / "other", script, executable)
    assert [(file.status, file.is_untouched, file.turned) for file in found.files] == [("M", True, Turned.EXECUTABLE)]
