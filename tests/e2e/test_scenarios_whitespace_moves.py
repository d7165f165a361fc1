"""White space, formatting, moves, undo and paste: text that changes its place or its looks keeps its writer."""

from __future__ import annotations

import pytest

from support.checks import check, check_live
from support.scenario import Scene, in_either_order

BLOCK = "def block(path):\n    file = open(path)\n    data = file.read()\n    print(len(data))\n    return data\n"
ONE_LINER = "configure(host=primary, port=default, retry=always)\n"
SPLIT = "configure(\n    host=primary,\n    port=default,\n    retry=always\n)\n"
UGLY = "answer=compute( 6,7 )\n"
NEAT = "answer = compute(6, 7)\n"

told_or_not = pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])


@told_or_not
def test_22_trailing_spaces_are_trimmed_on_save(scene: Scene, told: bool) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1   \nbeta = 2  \n")
    trimmed = "alpha = 1\nbeta = 2\n"
    if told:
        f.is_formatted(trimmed)
    else:
        with f.untold():
            f.deletes("   ")
            f.deletes("  ")
    assert f.text == trimmed
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 A:s1")


@in_either_order
def test_23_a_formatter_splits_an_ai_line(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append=ONE_LINER)
    f.is_formatted(SPLIT)
    check_live(f, "A:s1*5")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1*5")


@pytest.mark.parametrize("where", ["untold", "outside"])
def test_23_b_also_where_nobody_says_that_it_was_a_formatter(scene: Scene, where: str) -> None:
    f = scene.open("app.py")
    f.ai(append=ONE_LINER)
    f.saves()
    scene.commit()
    if where == "untold":
        with f.untold():
            f.is_formatted(SPLIT)
        f.saves()
    else:
        scene.write("app.py", SPLIT)
        f.reloads(SPLIT)
    scene.commit()
    check(scene, f, "A:s1*5")


def test_23_c_also_while_no_editor_runs(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append=ONE_LINER)
    f.saves()
    scene.commit()
    scene.editor.stop()
    f.text = SPLIT
    scene.write("app.py", SPLIT)
    scene.commit()
    scene.editor.restart()
    scene.wait_settled()
    check(scene, f, "A:s1*5")


@in_either_order
def test_24_format_on_save_changes_no_owner(scene: Scene) -> None:
    f = scene.open("app.py", "old=  0\n")
    f.types(append=UGLY)
    f.ai(append=UGLY.replace("answer", "question"))
    f.is_formatted("old = 0\n" + NEAT + NEAT.replace("answer", "question"))
    check_live(f, "O H A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "O H A:s1")


@in_either_order
def test_25_an_ai_that_only_indents_an_old_line_does_not_own_it(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    f.ai(replace=("second = 2", "    second = 2"))
    check_live(f, "O O")
    f.saves()
    scene.commit()
    check(scene, f, "O O")


@told_or_not
def test_26_a_person_moves_an_ai_block(scene: Scene, told: bool) -> None:
    f = scene.open("app.py", "one = 1\ntwo = 2\nthree = 3\n")
    f.ai(prepend=BLOCK)
    if told:
        f.pastes(append=f.cuts(BLOCK))
    else:
        with f.untold():
            f.pastes(append=f.cuts(BLOCK))
    check_live(f, "O O O A:s1*5")
    f.saves()
    scene.commit()
    check(scene, f, "O O O A:s1*5")


def test_26_b_a_person_moves_an_ai_block_into_another_file(scene: Scene) -> None:
    f, g = scene.open("app.py", "one = 1\n"), scene.open("other.py", "two = 2\n")
    f.ai(append=BLOCK)
    g.pastes(append=f.cuts(BLOCK))
    check_live(f, "O")
    check_live(g, "O A:s1*5")
    f.saves()
    g.saves()
    scene.commit()
    check(scene, f, "O")
    check(scene, g, "O A:s1*5")


@told_or_not
def test_28_a_person_undoes_and_redoes_an_ai_edit(scene: Scene, told: bool) -> None:
    f = scene.open("app.py", "first = load(path)\nsecond = 2\n")
    f.ai(replace=("first = load(path)", "first = [read(name) for name in names]"))
    check_live(f, "A:s1 O")
    if told:
        f.undoes()
    else:
        with f.untold():
            f.undoes()
    check_live(f, "O O")
    if told:
        f.redoes()
    else:
        with f.untold():
            f.redoes()
    check_live(f, "A:s1 O")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 O")


@in_either_order
def test_28_b_a_person_undoes_what_they_typed_into_an_ai_line(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="limit = 10\n")
    f.types(replace=("10", "25"))
    check_live(f, "M:s1")
    f.undoes()
    check_live(f, "A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1")


@told_or_not
def test_29_thirty_pasted_lines_are_nobodys(scene: Scene, told: bool) -> None:
    f = scene.open("app.py", "first = 1\n")
    clipboard = "".join(f"value_{n} = measure({n})\n" for n in range(30))
    if told:
        f.pastes(append=clipboard)
    else:
        with f.untold():
            f.pastes(append=clipboard)
    check_live(f, "O U*30")
    f.saves()
    scene.commit()
    check(scene, f, "O U*30")


@pytest.mark.parametrize("convert", ["true", "input"])
def test_30_line_ends_that_git_converts(scene: Scene, convert: str) -> None:
    scene.git("config", "core.autocrlf", convert)
    scene.git("config", "core.safecrlf", "false")
    f = scene.open("app.py", "first = 1\r\nsecond = 2\r\n")
    f.ai(append="third = 3\r\nfourth = 4\r\n")
    f.types(append="fifth = 5\r\n")
    f.saves()
    scene.commit()
    check(scene, f, "O O A:s1 A:s1 H")
