"""What goes into which commit: parts of files, some of the files, amended and terminal commits, worktrees."""

from __future__ import annotations

import pytest

from support.checks import check, check_blame, check_live
from support.scenario import Scene, in_either_order

TEN = "".join(f"old_{n} = {n}\n" for n in range(10))


@in_either_order
def test_31_a_person_commits_one_hunk_of_two(scene: Scene) -> None:
    f = scene.open("app.py", TEN)
    f.ai(after=("old_1 = 1\n", "upper = 1\n"))
    f.ai(after=("old_8 = 8\n", "lower = 2\n"))
    f.saves()
    scene.stage_hunk("app.py", 0)
    scene.commit(everything=False)
    check_blame(scene, "app.py", "O*2 A:s1 O*8")
    check_live(f, "O*2 A:s1 O*7 A:s1 O")
    assert [line["commit"] is None for line in f.attribution()["lines"]] == [False] * 10 + [True, False]
    scene.commit()
    check(scene, f, "O*2 A:s1 O*7 A:s1 O")


@in_either_order
def test_31_b_the_second_hunk_first(scene: Scene) -> None:
    f = scene.open("app.py", TEN)
    f.types(after=("old_1 = 1\n", "upper = 1\n"))
    f.ai(after=("old_8 = 8\n", "lower = 2\n"), session="s7")
    f.saves()
    scene.stage_hunk("app.py", 1)
    scene.commit(everything=False)
    check_blame(scene, "app.py", "O*9 A:s7 O")
    scene.commit()
    check(scene, f, "O*2 H O*7 A:s7 O")


def test_33_what_is_not_staged_does_not_shift_what_is(scene: Scene) -> None:
    f = scene.open("app.py", TEN)
    f.ai(append="lower = 1\nlowest = 2\n")
    f.saves()
    scene.git("add", "app.py")
    f.types(prepend="typed = 'on top'\nand_more = 1\n")
    f.saves()
    scene.commit(everything=False)
    check_blame(scene, "app.py", "O*10 A:s1 A:s1")
    check_live(f, "H H O*10 A:s1 A:s1")
    scene.commit()
    check(scene, f, "H H O*10 A:s1 A:s1")


def test_35_what_one_commit_leaves_out_the_next_one_finds(scene: Scene) -> None:
    f, g = scene.open("one.py", "one = 1\n"), scene.open("two.py", "two = 2\n")
    f.ai(append="alpha = 1\n", session="s1")
    g.ai(append="beta = 2\n", session="s2")
    f.saves()
    g.saves()
    scene.commit("--", "one.py", everything=False)
    check(scene, f, "O A:s1")
    check_live(g, "O A:s2")
    assert "s2" not in scene.note()
    scene.commit("-a", everything=False)
    check(scene, g, "O A:s2")
    check(scene, f, "O A:s1")


def test_36_three_files_in_one_commit(scene: Scene) -> None:
    files = [scene.open(f"src/{name}.py") for name in ("one", "two", "three")]
    for n, f in enumerate(files):
        f.ai(append=f"value = {n}\n", session=f"s{n}")
        f.saves()
    scene.commit()
    for n, f in enumerate(files):
        check(scene, f, f"A:s{n}")


@pytest.mark.parametrize("way", ["restart", "settle"])
def test_37_a_commit_made_while_no_editor_runs(scene: Scene, way: str) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.wait_journalled(f)
    scene.editor.stop()
    f.text += "third = 3\n"  # in some other editor, which nobody watched
    scene.write("app.py", f.text)
    scene.commit()
    if way == "settle":
        assert scene.byline("settle").ends()[0] == 0
        check_blame(scene, "app.py", "O A:s1 U")
    scene.editor.restart()
    scene.wait_settled()
    check(scene, f, "O A:s1 U")


def test_38_a_session_that_is_over_is_in_no_later_note(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n", session="over-and-done")
    f.saves()
    scene.commit()
    assert "over-and-done" in scene.note()
    f.types(append="third = 3\n")
    f.saves()
    scene.commit()
    assert "over-and-done" not in scene.note()
    check(scene, f, "O A H")


def test_39_amending_the_message_keeps_the_attribution(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.types(append="third = 3\n")
    f.saves()
    before = scene.commit()
    after = scene.commit("--amend", "-m", "Better words", everything=False)
    assert after != before
    check(scene, f, "O A:s1 H")


def test_40_amending_adds_to_what_was_there(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n", session="s1")
    f.saves()
    scene.commit()
    f.ai(append="third = 3\n", session="s2")
    f.types(append="fourth = 4\n")
    f.saves()
    scene.commit("--amend", "--no-edit")
    check(scene, f, "O A:s1 A:s2 H")


def test_40_b_amending_the_only_ai_line_away_takes_its_session_with_it(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n", session="gone-again")
    f.types(append="third = 3\n")
    f.saves()
    scene.commit()
    f.deletes("second = 2\n")
    f.saves()
    scene.commit("--amend", "--no-edit")
    check(scene, f, "O H")
    assert "gone-again" not in scene.note()


def test_61_two_worktrees_at_once(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    linked = scene.base / "linked"
    scene.git("worktree", "add", "-q", "-b", "side", str(linked))
    f = scene.open("app.py")
    g = scene.new_editor(linked).open(linked / "app.py", "first = 1\n")
    f.ai(append="main = 1\n", session="both")
    g.types(append="typed = 0\n")
    g.ai(append="side = 2\n", session="both")
    check_live(f, "O A:both")
    check_live(g, "O H A:both")
    f.saves()
    g.saves()
    scene.commit()
    scene.commit(cwd=linked)
    check(scene, f, "O A:both")
    check(scene, g, "O H A:both")
