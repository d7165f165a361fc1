"""Styles are learned once for many HEADs, and what is kept of them on disk is trusted with nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from byline.commit_messages.style import kept, style, styles
from byline.commit_messages.style.kept import Kept, decoded, encoded
from byline.commit_messages.style.softmax import Softmax
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.styles import Styles
from byline.git.repository import Repository
from support.repo import Repo

WEIGHTS = Softmax(("feat", "fix"), {"always": [0.25, -0.5], "path:a b/ü\udce9.py": [1.0, 0.0]}, 1.1)
OID, OTHER = "a" * 40, "b" * 40


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Enough commits to learn from."""
    monkeypatch.setattr(style, "_FEWEST_EXAMPLES", 6)
    repo = Repo.init(tmp_path / "repo")
    for number in range(3):
        repo.commit({"docs/a.md": f"{number}\n"}, f"docs: explain {number}")
        repo.commit({"src/a.py": f"{number}\n"}, f"fix: mend {number}")
    return repo


@pytest.fixture
def repository(history: Repo) -> Iterator[Repository]:
    found = Repository.discover(history.root)
    yield found
    found.close()


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "byline").mkdir()
    return tmp_path / "byline"


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many examples each learning had."""
    found: list[int] = []
    learn = Style._learned

    def count(self: Style, examples: Any) -> Softmax | None:
        found.append(len(examples))
        return learn(self, examples)

    monkeypatch.setattr(Style, "_learned", count)
    return found


def test_another_process_learns_nothing_again(repository: Repository, beside: Path, learned: list[int]) -> None:
    first, second = (Styles().of(repository, beside) for _ in range(2))
    assert learned == [6]
    assert first.weights == second.weights
    assert second.last_types(second.taught[0].commit.files) == first.last_types(first.taught[0].commit.files)
    (file,) = (beside / "styles").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (repository.head().oid, 0o600)
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_one_process_learns_once_for_each_head(
    history: Repo, repository: Repository, beside: Path, learned: list[int]
) -> None:
    known = Styles()
    assert known.of(repository, beside) is known.of(repository, beside)
    history.commit({"docs/b.md": "1\n"}, "docs: explain more")
    assert len(known.of(repository, beside).taught) == 7  # the history is always all of it
    assert learned == [6]


def test_who_is_hurried_reads_the_words_of_changes_later(
    repository: Repository, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    monkeypatch.setattr(styles, "past_contents", lambda repository, commits: read.append(len(commits)) or {})
    known = Styles(hurried=True)
    first = known.of(repository, beside)
    assert (read, list(beside.iterdir())) == ([], [])
    known.renew(repository, beside)
    assert read == [6]
    assert known.of(repository, beside) is first
    assert (beside / "styles" / str(repository.head().oid)).exists()


def test_weights_hold_for_so_many_commits(
    history: Repo, repository: Repository, beside: Path, learned: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(styles, "HOLD", 2)
    for number in range(7):
        Styles().of(repository, beside)
        history.commit({"src/a.py": f"later {number}\n"}, f"fix: mend later {number}")
    assert learned == [6, 9, 12]


def test_what_is_learned_aside_is_for_the_commits_to_come(
    history: Repo, repository: Repository, beside: Path, learned: list[int]
) -> None:
    known = Styles()
    before = known.of(repository, beside)
    known.renew(repository, beside)
    assert learned == [6]  # there is nothing new
    history.commit({"docs/b.md": "1\n"}, "docs: explain more")
    here = known.of(repository, beside)
    known.renew(repository, beside)
    assert learned == [6, 7]
    assert known.of(repository, beside) is here
    history.commit({"docs/c.md": "1\n"}, "docs: explain all")
    later = Styles().of(repository, beside)
    assert (learned, here.weights == before.weights, later.weights == before.weights) == ([6, 7], True, False)


def test_a_repository_without_commits_has_nothing_to_learn(tmp_path: Path, beside: Path) -> None:
    empty = Repository.discover(Repo.init(tmp_path / "empty").root)
    Styles().renew(empty, beside)
    assert Styles().of(empty, beside).weights is None
    assert not any(beside.iterdir())
    empty.close()


def test_a_type_that_nobody_used_is_not_believed(repository: Repository, beside: Path, learned: list[int]) -> None:
    Kept(beside).keep(repository.head().oid or "", Softmax(("docs", "steal"), {"always": [0.0, 9.0]}, 1.0))
    assert "steal" not in Styles().of(repository, beside).type_odds((), "", {})
    assert learned == [6]


def test_without_a_folder_of_the_journal_nothing_is_kept(repository: Repository, tmp_path: Path) -> None:
    assert Styles().of(repository, tmp_path / "none").weights
    assert not (tmp_path / "none").exists()


def test_what_is_kept_is_what_was_learned(beside: Path) -> None:
    kept_ = Kept(beside)
    kept_.keep(OID, WEIGHTS)
    found = kept_.newest([OTHER, OID])
    assert found is not None
    assert (found.classes, found.rows["always"], found.temperature) == (WEIGHTS.classes, [0.25, -0.5], 1.1)
    assert kept_.newest([OTHER]) is None


def test_no_name_that_looks_like_a_secret_is_written() -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0"
    data = encoded(Softmax(("feat", "fix"), {"always": [0.0, 1.0], f"path:{secret}/x.py": [1.0, 0.0]}))
    assert secret.encode() not in data
    found = decoded(data)
    assert found is not None
    assert list(found.rows) == ["always"]


def test_only_a_few_are_kept(beside: Path) -> None:
    kept_ = Kept(beside)
    names = [character * 40 for character in "0123456789"]
    for age, name in enumerate(names):
        kept_.keep(name, WEIGHTS)
        os.utime(beside / "styles" / name, (age, age))
    assert sorted(file.name for file in (beside / "styles").iterdir()) == names[-4:]


def changed(**parts: Any) -> Callable[[dict[str, Any]], object]:
    return lambda good: good | parts


SPOILT: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("other code", changed(code="x")),
    ("no object", lambda good: [good]),
    ("null", lambda good: None),
    ("no classes", changed(classes=[])),
    ("one class", changed(classes=["feat"])),
    ("the same class twice", changed(classes=["feat", "feat"])),
    ("classes of another type", changed(classes=["feat", 1])),
    ("classes in an object", changed(classes={"feat": 1, "fix": 2})),
    ("very many classes", changed(classes=[str(n) for n in range(100)])),
    ("no temperature", changed(temperature=None)),
    ("absolute zero", changed(temperature=0.0)),
    ("no number as temperature", changed(temperature=float("nan"))),
    ("rows in a list", changed(rows=[])),
    ("a short row", changed(rows={"a": [1.0]})),
    ("a row of words", changed(rows={"a": ["1", "2"]})),
    ("a row of whole numbers", changed(rows={"a": [1, 10**4000]})),
    ("no number in a row", changed(rows={"a": [float("nan"), 1.0]})),
    ("no end in a row", changed(rows={"a": [float("inf"), 1.0]})),
    ("a heavy row", changed(rows={"a": [1e300, 1.0]})),
]


@pytest.mark.parametrize(("name", "spoil"), SPOILT, ids=[row[0] for row in SPOILT])
def test_what_was_not_written_by_us_is_not_believed(name: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    good = json.loads(encoded(WEIGHTS))
    assert decoded(json.dumps(good).encode()) is not None
    assert decoded(json.dumps(spoil(good)).encode()) is None


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 100_000, b'{"code": 1' + b"1" * 5_000 + b"}"])
def test_what_is_no_json(data: bytes) -> None:
    assert decoded(data) is None


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def far_too_much(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(kept._LARGEST + 1)


@pytest.mark.parametrize("spoil", [a_pipe, a_folder, far_too_much])
def test_a_file_that_cannot_be_read(beside: Path, spoil: Callable[[Path], None]) -> None:
    (beside / "styles").mkdir()
    spoil(beside / "styles" / OID)
    assert Kept(beside).newest([OID]) is None


def test_nothing_is_written_through_a_link(beside: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (beside / "styles").symlink_to(tmp_path / "elsewhere")
    Kept(beside).keep(OID, WEIGHTS)
    assert not any((tmp_path / "elsewhere").iterdir())


def test_a_file_where_the_folder_should_be(beside: Path, caplog: pytest.LogCaptureFixture) -> None:
    (beside / "styles").write_text("")
    with caplog.at_level("INFO"):
        Kept(beside).keep(OID, WEIGHTS)
    assert "is not kept" in caplog.text
    assert Kept(beside).newest([OID]) is None


@pytest.mark.parametrize("name", ["../escape", "HEAD", ""])
def test_only_commits_are_names(beside: Path, name: str) -> None:
    Kept(beside).keep(name, WEIGHTS)
    assert not (beside / "styles").exists()
    assert Kept(beside).newest([name]) is None
