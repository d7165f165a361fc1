from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from byline.git import patches as module
from byline.git.patches import PatchedFile, PatchedLines, patches
from byline.git.repository import Repository
from support.repo import Content, Repo

Open = Callable[[Path], Repository]

HEADERS = ["--- a/other", "+++ b/other", "@@ -1 +1 @@", "diff --git a/x b/x", "f" * 40, "\\ No newline"]


def patch(path: str, old: tuple[str, ...], new: tuple[str, ...]) -> PatchedFile:
    return PatchedFile(path, (PatchedLines(old, new),))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": ["1", "2", "3"]}, {"a": ["1", "x", "3"]}, [patch("a", ("2",), ("x",))]),
        ({"a": "1\n"}, {"b c": "2\n"}, [patch("b c", (), ("2",))]),
        ({"a": "1\n", "b": "2\n"}, {"a": None}, [patch("a", ("1",), ())]),
        ({"a": "1"}, {"a": "2"}, [patch("a", ("1",), ("2",))]),
        ({"a": "1"}, {"a": "1\n2\n"}, [patch("a", ("1",), ("1", "2"))]),
        ({"a": "1\n"}, {"ü\t": "2\n"}, [patch("ü\t", (), ("2",))]),
        ({"a": "1\n"}, {"a": HEADERS}, [patch("a", ("1",), tuple(HEADERS))]),
        ({"a": HEADERS}, {"a": "1\n"}, [patch("a", tuple(HEADERS), ("1",))]),
        ({"a": "1\n"}, {"a": b"\xff\n"}, [patch("a", ("1",), ("�",))]),
        ({"a": b"\0"}, {"a": b"\0\0"}, []),
    ],
    ids=["edit", "new", "gone", "no line end", "a line end", "quoted", "hostile", "hostile gone", "no text", "binary"],
)
def test_patches(
    repo: Repo, opened: Repository, before: dict[str, Content], after: dict[str, Content | None], found: object
) -> None:
    first = repo.commit(before)
    second = repo.commit(after)
    said = patches(opened, [second, first])
    assert list(said.get(second, ())) == found
    assert first not in said  # an initial commit


def test_several_places_of_several_files(repo: Repo, opened: Repository) -> None:
    lines = [str(number) for number in range(9)]
    repo.commit({"a": lines, "b": lines})
    commit = repo.commit({"a": ["x", *lines[1:8], "y"], "b": lines[1:]})
    a, b = patches(opened, [commit])[commit]
    assert (a.path, a.hunks) == ("a", (PatchedLines(("0",), ("x",)), PatchedLines(("8",), ("y",))))
    assert (b.path, b.hunks) == ("b", (PatchedLines(("0",), ()),))


def test_of_too_much_the_first_commits_are_read(
    repo: Repo, opened: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a": "0\n"})
    commits = [repo.commit({"a": f"{number}" * 100 + "\n"}) for number in range(1, 6)]
    newest_first = commits[::-1]
    monkeypatch.setattr(module, "MAX_BYTES", 1_000)
    assert list(patches(opened, newest_first)) == newest_first[:2]


def test_what_is_missing_ends_it(repo: Repo, opened: Repository) -> None:
    repo.commit({"a": "0\n"})
    commits = [repo.commit({"a": f"{number}\n"}) for number in range(1, 5)]
    blob = repo.git("rev-parse", f"{commits[0]}:a")
    (repo.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = patches(opened, commits[::-1])
    assert commits[3] in found
    assert not found.keys() & set(commits[:2])


def test_no_commits_and_no_ids(opened: Repository) -> None:
    assert patches(opened, []) == {}
    with pytest.raises(ValueError, match="--exec"):
        patches(opened, ["--exec=x"])
