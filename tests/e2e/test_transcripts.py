"""Agents write to the disk, and their transcripts say so: the whole way, with a real server and real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.buffer import Buffer
from support.checks import check, check_blame, check_live
from support.scenario import Scene
from support.transcripts import PROMPT, Claude
from support.wire import wait_for

THIRD = "third = compute(first)\n"


def reloaded(scene: Scene, buffer: Buffer) -> None:
    """The editor notices what is on disk."""
    buffer.reloads((scene.root / "app.py").read_text())


def test_an_agent_writes_a_file_that_is_open(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    claude.writes("app.py", "second = 2\n", "second = 2\n" + THIRD)
    reloaded(scene, f)
    check_live(f, "O O A:c1", level=[None, None, "proven"], evidence=[[], [], ["transcript"]])
    f.saves()
    scene.commit()
    check(scene, f, "O O A:c1", model=[None, None, "claude-opus-5"], prompt=[None, None, PROMPT])


def test_the_transcript_comes_after_the_text(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    claude.writes("app.py", "second = 2\n", "second = 2\n" + THIRD, told=False)
    reloaded(scene, f)
    check_live(f, "O O U")
    claude.tells("app.py", "second = 2\n", "second = 2\n" + THIRD, "first = 1\nsecond = 2\n")
    check_live(f, "O O A:c1")


def test_the_transcript_comes_after_the_commit(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    claude.writes("app.py", "second = 2\n", "second = 2\n" + THIRD, told=False)
    reloaded(scene, f)
    f.saves()
    scene.commit()
    check_blame(scene, "app.py", "O O U")
    claude.tells("app.py", "second = 2\n", "second = 2\n" + THIRD, "first = 1\nsecond = 2\n")
    wait_for("the note is written again", lambda: "claude-code" in scene.note())
    check(scene, f, "O O A:c1")


def test_files_that_no_editor_has_open(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\n")
    scene.has("old.py", "alpha = 1\nbeta = 2\n")
    claude.writes("old.py", "beta = 2\n", "beta = 2\ngamma = sum([alpha, beta])\n")
    claude.writes("new/made.py", "", "def made():\n    return 1\n")
    wait_for("both are told of", lambda: sum(r["edits"] for r in f.editor.status(f.uri)["readers"]) == 2)
    scene.commit()
    check_blame(scene, "old.py", "O O A:c1", level=[None, None, "proven"])
    check_blame(scene, "new/made.py", "A:c1 A:c1")


def test_a_file_that_is_opened_later(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\n")
    scene.has("old.py", "alpha = 1\n")
    claude.writes("old.py", "alpha = 1\n", "alpha = 1\nbeta = alpha + 1\n")
    wait_for("it is told of", lambda: sum(r["edits"] for r in f.editor.status(f.uri)["readers"]) == 1)
    check_live(scene.open("old.py"), "O A:c1")


def test_a_person_goes_on_before_anything_is_told(scene: Scene, claude: Claude) -> None:
    block = "def area(width, height):\n    if width < 0:\n        raise ValueError(width)\n    return width * height\n"
    f = scene.open("app.py", "first = 1\n")
    claude.writes("app.py", "first = 1\n", "first = 1\n" + block, told=False)
    reloaded(scene, f)
    f.types(replace=("return width * height", "return abs(width * height)"))
    claude.tells("app.py", "first = 1\n", "first = 1\n" + block, "first = 1\n")
    check_live(f, "O A:c1 A:c1 A:c1 M|H|U")


def test_what_a_person_typed_is_not_an_agents(scene: Scene, claude: Claude) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append=THIRD)
    f.saves()
    claude.tells("app.py", "first = 1\n", "first = 1\n" + THIRD, "first = 1\n")
    wait_for("it is told of", lambda: sum(r["edits"] for r in f.editor.status(f.uri)["readers"]) == 1)
    check_live(f, "O H")


@pytest.mark.parametrize("why", ["it failed", "another file", "another folder", "not trusted", "not to be read"])
def test_what_proves_nothing(scene: Scene, claude: Claude, why: str, tmp_path: Path) -> None:
    if why == "not trusted":
        scene.settings = {"agents": {"read": ["claude-code"]}}
    if why == "not to be read":
        scene.settings = {"trusted": True, "agents": {"read": ["codex"]}}
    f = scene.open("app.py", "first = 1\n")
    other = scene.open("other.py", "one = 1\n")
    scene.write("app.py", "first = 1\n" + THIRD)
    reloaded(scene, f)
    teller = Claude(claude.home, tmp_path / "elsewhere", "c9") if why == "another folder" else claude
    path = "other.py" if why == "another file" else "app.py"
    teller.tells(path, "first = 1\n", "first = 1\n" + THIRD, "first = 1\n", error=why == "it failed")
    Claude(claude.home, scene.root, "c2").writes("other.py", "one = 1\n", "one = 1\ntwo = compute(one)\n")
    other.reloads((scene.root / "other.py").read_text())
    check_live(other, "O U" if why.startswith("not") else "O A:c2")
    check_live(f, "O U")


@pytest.mark.parametrize("journal", ["old", "new"])
def test_settling_in_a_terminal_reads_transcripts_too(scene: Scene, claude: Claude, journal: str) -> None:
    scene.env["BYLINE_AGENTS_READ"] = "claude-code"
    scene.has("app.py", "first = 1\n")
    if journal == "old":
        scene.byline("settle", "--json").json()
    claude.writes("app.py", "first = 1\n", "first = 1\n" + THIRD)
    scene.git("commit", "-qam", "Change")
    scene.byline("settle", "--json").json()
    check_blame(scene, "app.py", "U A:c1", level=[None, "proven"])


@pytest.mark.parametrize("answer", ["Read them", "Never", None])
def test_the_question_is_asked_once(scene: Scene, claude: Claude, answer: str | None) -> None:
    claude.transcript.parent.mkdir(parents=True)
    scene.settings = {"trusted": True}
    scene.answer = answer
    f = scene.open("app.py", "first = 1\n")
    wait_for("the person is asked", lambda: f.editor.questions)
    assert "Claude Code" in f.editor.questions[0]["message"]
    if answer is None:
        return
    answers = Path(scene.env["XDG_STATE_HOME"], "byline", "answers.toml")
    wait_for("the answer is kept", answers.exists)
    claude.writes("app.py", "first = 1\n", "first = 1\n" + THIRD)
    reloaded(scene, f)
    check_live(f, "O A:c1" if answer == "Read them" else "O U")
    again = scene.new_editor()
    again.status(f.uri)
    assert not again.questions
