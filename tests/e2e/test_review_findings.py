"""What a second pair of eyes has found: races, stale answers, claims without proof. Each was wrong once."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from byline.attribution.blame import LiveBlame, live_blame
from byline.attribution.open_file import OpenFile
from byline.attribution.owners import OwnerIndex
from byline.attribution.project import Project
from byline.attribution.settle import settled_up_to
from byline.config import Config
from byline.journal.errors import JournalError
from byline.journal.records import Base
from byline.lsp.problems import Problems
from byline.lsp.session import Listener, Session
from byline.lsp.status import status
from byline.lsp.tasks import Tasks
from byline.provenance.attribution import LineState, State
from byline.provenance.document import Document
from byline.provenance.origin import Evidence, Kind, Origin
from byline.provenance.span import base_owner
from support.buffer import Step, origin
from support.checks import check, check_blame, check_live
from support.client import wait_for
from support.repo import Repo
from support.scenario import Scene
from support.wire import wait_for as wait_until

AI = LineState(State.AI, Origin(Kind.AI, tool="codex"))


# --- wrong names ------------------------------------------------------------------------------------------------------


def test_a_known_line_that_was_changed_unseen_is_not_its_old_authors(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="total = price\n")
    f.ai(append="limit = 10\n")
    f.saves()
    scene.commit()
    f.close()
    scene.write("app.py", "first = 1\ntotal = compute_everything(price, tax, shipping)\nlimit = 25\n")
    head = scene.commit()
    status = scene.editor.status
    assert status()["settled"] == head
    check_blame(scene, "app.py", "O U M:s1")


def test_what_is_recorded_later_does_not_explain_what_was_committed_before(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="beta = 2\n")
    f.saves()
    scene.commit()
    f.deletes("beta = 2\n")
    f.ai(append="beta")
    f.ai(append=" = 2\n")
    f.saves()
    scene.wait_journalled(f)
    f.types(append="gamma = 3\n")
    f.saves()
    scene.commit()
    check_blame(scene, "app.py", "O H H")


def test_lines_are_marked_as_they_were_when_it_was_said(scene: Scene) -> None:
    f = scene.open("app.py", "")
    f.pastes(append="alpha = 1\nbeta = 2\n")
    check_live(f, "U U")
    wire = scene.editor.wire
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    mark = {"textDocument": f.document, "range": place, "as": "human", "tool": None, "model": None}
    asked = wire.send_request("byline/mark", mark)
    f.change([Step(0, "", "new = measure(0)\n")], origin("paste"))
    assert wire.result(asked) == {"lines": 1}
    check_live(f, "U H U")


async def test_a_text_that_is_opened_again_is_never_answered_from_the_one_before(
    session: Session, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repo.write("app.py", "old = 1\n")
    last = threading.Event()

    def slow(project: Project, name: str, document: Document) -> LiveBlame:
        if document.text.startswith("old"):
            last.wait(10)
        return live_blame(project, name, document)

    monkeypatch.setattr("byline.lsp.answers.live_blame", slow)
    session.did_open(path.as_uri(), path, "python", 1, "old = 1\n", None)
    old = await session.file(path.as_uri())
    assert old is not None
    waiting = asyncio.ensure_future(session.blame(old))
    await asyncio.sleep(0)  # it begins
    session.did_open(path.as_uri(), path, "python", 1, "new = 2\n", None)
    new = await session.file(path.as_uri())
    assert new is not None
    await session.blame(new)
    last.set()
    await waiting
    assert (await session.blame(new)).line(0).text == "new = 2"


def test_what_is_known_of_base_lines_stands_until_it_is_known_anew() -> None:
    age = iter((AI, LineState(State.HUMAN)))
    owners = OwnerIndex(_Silent(), lambda base: [next(age)])
    owners.know_base(Base(7, "c" * 40, "app.py", None))
    owners.load_bases([7])
    owners.notes_changed()
    assert owners.base(base_owner(7, 0)) is AI, "settling goes on while notes change"
    owners.load_bases([7])
    assert owners.base(base_owner(7, 0)).state is State.HUMAN


def test_a_mark_leaves_what_another_tool_noted_of_the_other_lines(scene: Scene) -> None:
    f = scene.open("app.py", "")
    f.ai(append="alpha = 1\nbeta = 2\n")
    f.saves()
    scene.commit()
    scene.editor.stop()
    shutil.rmtree(scene.root / ".git" / "byline")
    scene.git("update-ref", "-d", "refs/notes/byline")
    scene.editor.restart()
    check_live(f, "A A")
    f.mark("human", 1, 1)
    check_blame(scene, "app.py", "H A")


# --- acknowledgements -------------------------------------------------------------------------------------------------


def test_a_version_is_safe_again_when_what_was_said_of_it_later_is_safe_too() -> None:
    file = OpenFile("file:///app.py", None, "python", 1)
    file.appended(2, 5)
    file.durable(5)
    assert file.journalled == 2
    file.appended(2, 6)
    file.durable(5)
    assert file.journalled is None
    file.durable(6)
    assert file.journalled == 2


def test_a_change_of_nothing_is_acknowledged(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.change([], None)
    scene.wait_journalled(f)


def test_recording_ends_when_it_is_switched_off(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    scene.wait_journalled(f)
    wire = scene.editor.wire
    wire.notify("workspace/didChangeConfiguration", {"settings": {"byline": {"record": {"enabled": False}}}})
    f.types(append="third = 3\n")
    status = scene.editor.status(f.uri)
    assert f.uri not in status["journalled"]
    assert any("switched off" in problem for problem in status["problems"])
    check_live(f, "O A:s1 H")


# --- declarations -----------------------------------------------------------------------------------------------------


def test_what_is_declared_twice_is_true_twice(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="typed = 2\n")
    f.reloads(f.text + "alpha = 1\nbeta = 2\n")
    where = [{"start": {"line": 2, "character": 0}, "end": {"line": 4, "character": 0}}]
    for _ in range(2):
        assert scene.editor.declare(f.path, [("", "alpha = 1\nbeta = 2\n")]) == {"verified": True, "ranges": where}
    check_live(f, "O H A:s1 A:s1")


def test_a_declaration_does_not_take_what_another_session_wrote(scene: Scene) -> None:
    f = scene.open("app.py", "")
    f.ai(append="alpha = 1\n", session="s1", prompt=None)
    f.reloads(f.text + "beta = 2\n")
    scene.editor.declare(f.path, [("", "alpha = 1\nbeta = 2\n")], session="s2")
    check_live(f, "A:s1 A:s2")


def test_a_declaration_adds_the_prompt_to_what_the_editor_proved(scene: Scene) -> None:
    f = scene.open("app.py", "")
    f.change([Step(0, "", "alpha = 1\n")], origin("agent", tool="claude-code", proof="editor_reason"))
    scene.editor.declare(f.path, [("", "alpha = 1\n")], prompt="add alpha")
    check_live(f, "A:s1", prompt=["add alpha"], level=["proven"])


# --- what must not stop -----------------------------------------------------------------------------------------------


def test_a_commit_that_is_gone_holds_up_no_other(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.commit()
    scene.editor.stop()
    scene.write("other.py", "x = 1\n")
    gone = scene.commit()
    scene.git("reset", "-q", "--hard", "HEAD~1")
    (scene.root / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    scene.write("more.py", "y = 2\n")
    head = scene.commit()
    code, _, err = scene.byline("settle").ends()
    assert (code, err) == (0, "")
    scene.editor.restart()
    assert scene.editor.status()["settled"] == head


async def test_a_journal_that_does_not_answer_once_does_not_end_the_watch(
    session: Session, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = session.projects.at(repo.root)
    calls: list[int] = []

    def changed() -> int:
        calls.append(1)
        raise JournalError("The journal cannot be read.")

    monkeypatch.setattr(project.journal, "changed", changed)
    await status(session, repo.root)
    await wait_for(_value(calls), len, 5.0)
    head = repo.commit({"app.py": "x = 1\n"})
    await wait_for(_settled(project), head.__eq__)


async def test_settling_that_failed_is_tried_again(
    session: Session, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = session.projects.at(repo.root)
    await status(session, repo.root)
    lease, failures = project.journal.lease, iter([JournalError("Another process holds the lease.")])

    def leased(timeout: float = 30.0) -> Any:
        for failure in failures:
            raise failure
        return lease(timeout)

    monkeypatch.setattr(project.journal, "lease", leased)
    monkeypatch.setattr(project.journal, "changed", lambda: 0)  # nothing else is a reason to try
    head = repo.commit({"app.py": "x = 1\n"})
    await wait_for(_settled(project), head.__eq__)


async def test_a_document_whose_repository_cannot_be_opened_can_be_edited(
    session: Session, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session.projects, "at", _fail)
    path = repo.root / "app.py"
    session.did_open(path.as_uri(), path, "python", 1, "x = 1\n", None)
    file = await session.file(path.as_uri())
    assert file is not None
    assert file.live.document.text == "x = 1\n"
    assert file.recording is None


def test_views_are_told_that_head_moved(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    scene.editor.status()
    told = len(scene.editor.wire.heard("byline/attributionChanged"))
    scene.git("checkout", "-q", "-b", "other")
    wait_until("the views are told", lambda: len(scene.editor.wire.heard("byline/attributionChanged")) > told)


# --- the stage --------------------------------------------------------------------------------------------------------


class _Silent:
    """A journal in which nothing stands."""

    def evidence(self, ids: Any) -> dict[int, list[Evidence]]:
        return {}

    def bases(self, ids: Any) -> dict[int, Base]:
        return {}


def _fail(path: Path) -> Any:
    raise RuntimeError(path)


def _value(of: list[int]) -> Any:
    async def probe() -> list[int]:
        return of

    return probe


def _settled(project: Project) -> Any:
    async def probe() -> str | None:
        return settled_up_to(project)

    return probe


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"README": "text\n"})
    return repo


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    """A session in this process."""
    tasks = Tasks(Problems())
    session = Session(tasks, lambda root: Config(), Listener(), {}, {})
    yield session
    await tasks.stop()
    await session.close()


def test_a_journal_that_is_lost_is_begun_anew_with_what_is_open(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = compute(first)\n")
    scene.wait_journalled(f)
    for file in scene.root.glob(".git/byline/journal.db*"):
        file.unlink()
    f.types(append="third = 3\n")
    wait_until("it is noticed", lambda: any("new one" in p for p in f.editor.status(f.uri)["problems"]))
    scene.wait_journalled(f)
    f.editor.kill()
    again = scene.new_editor().open(f.path, f.text)
    check_live(again, "O A:s1 H")


def test_a_file_that_becomes_too_large_is_recorded_no_longer(scene: Scene) -> None:
    scene.settings = {"record": {"maxLines": 1000}}
    f = scene.open("app.py", "first = 1\n")
    f.types(append="second = 2\n")
    scene.wait_journalled(f)
    f.pastes(append="x = 1\n" * 20_000)
    wait_until("it is refused", lambda: any("too large" in p for p in f.editor.status(f.uri)["problems"]))
    assert f.uri not in f.editor.status(f.uri)["journalled"]


def test_a_statement_about_committed_lines_is_not_pending(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    f.mark("human", 1, 1)
    assert f.editor.status(f.uri)["pendingEdits"] == 0
    f.types(append="second = 2\n")
    f.mark("ai", 2, 2, tool="codex")
    assert f.editor.status(f.uri)["pendingEdits"] == 1


def test_a_small_reload_that_no_client_explains_is_not_typing(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    scene.write("app.py", "first = 12\n")
    with f.untold():
        f.types_in_a_burst(after=("first = 1", "2"))
    check_live(f, "U")


def test_a_declaration_opens_no_repository_that_the_person_has_not_open(scene: Scene, tmp_path: Path) -> None:
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    other = tmp_path / "foreign"
    scene.make_repository(other)
    (other / "app.py").write_text("first = 1\n")
    said = {
        "hunks": [{"old": None, "new": "first = 1\n"}],
        "tool": "codex",
        "model": None,
        "session": "s",
        "prompt": None,
    }
    answer = f.editor.wire.request("byline/declare", {"path": str(other / "app.py"), **said})
    assert answer == {"verified": False, "ranges": []}
    assert not (other / ".git" / "byline").exists()


def test_late_evidence_about_an_amended_commit_keeps_what_the_first_one_knew(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = compute(first)\n")
    f.saves()
    scene.commit()
    f.reloads(f.text + "third = load_from_disk(second)\n")
    f.saves()
    scene.commit("--amend", "--no-edit")
    said = {"path": "app.py", "tool": "codex", "model": None, "session": "c1", "prompt": None}
    f.editor.wire.request(
        "byline/declare", {**said, "hunks": [{"old": None, "new": "third = load_from_disk(second)\n"}]}
    )
    wait_until("the note knows it", lambda: "codex" in scene.note())
    check(scene, f, "O A:s1 A:c1")
