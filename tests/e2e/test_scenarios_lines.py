"""Who wrote which line: people and AIs in one file, one commit after the other."""

from __future__ import annotations

import pytest

from support.checks import check, check_blame, check_live
from support.scenario import Scene, in_either_order

FUNCTION = "fn main() {\n    let limit = 10;\n    run(limit);\n}\n"
TWO = "first = 1\nsecond = 2\n"


@in_either_order
def test_01_an_ai_writes_a_new_file_in_an_empty_repository(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="import os\nimport sys\nprint(os.name)\n")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 A:s1 A:s1")
    check_blame(scene, "app.py", "A A A", source=["byline"] * 3)


@in_either_order
def test_02_an_ai_appends_a_line(scene: Scene) -> None:
    f = scene.open("app.py", TWO)
    f.ai(append="third = 3\n")
    check_live(f, "O O A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "O O A:s1")


@in_either_order
def test_03_a_person_inserts_a_line_above_it(scene: Scene) -> None:
    f = scene.open("app.py", TWO)
    f.ai(append="third = 3\n")
    f.types(prepend="zero = 0\n")
    f.saves()
    scene.commit()
    check(scene, f, "H O O A:s1")


@in_either_order
def test_04_a_person_changes_one_token_of_an_ai_function(scene: Scene) -> None:
    f = scene.open("app.rs")
    f.ai(append=FUNCTION)
    f.types(replace=("10", "25"))
    check_live(f, "A:s1 M:s1 A:s1 A:s1")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 M:s1 A:s1 A:s1")


def test_04_b_also_in_an_editor_that_never_says_who_types(scene: Scene) -> None:
    f = scene.open("app.rs")
    f.ai(append=FUNCTION)
    with f.untold():
        f.types(replace=("10", "25"))
    f.saves()
    scene.commit()
    check(scene, f, "A M:s1 A A")


def test_04_c_also_when_the_ai_line_was_committed_before(scene: Scene) -> None:
    f = scene.open("app.rs")
    f.ai(append=FUNCTION)
    f.saves()
    scene.commit()
    f.types(replace=("10", "25"))
    check_live(f, "A M:s1 A A")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 M:s1 A:s1 A:s1")


@pytest.mark.parametrize("how", ["selected", "from its end", "from the next line"])
def test_05_a_person_deletes_one_of_three_ai_lines(scene: Scene, how: str) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1\nbeta = 2\ngamma = 3\n")
    if how == "selected":
        f.deletes("beta = 2\n")
    else:
        f.presses_backspace_over("\nbeta = 2" if how == "from its end" else "beta = 2\n")
    f.saves()
    scene.commit()
    check(scene, f, "A A")


@in_either_order
def test_06_a_person_replaces_all_that_an_ai_wrote(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1\nbeta = 2\ngamma = 3\n", session="forgotten-session")
    f.deletes(f.text)
    f.types(append="import json\nprint(json)\n")
    f.saves()
    scene.commit()
    check(scene, f, "H H")
    assert "forgotten-session" not in scene.note()


@in_either_order
def test_07_an_ai_writes_above_what_a_person_has_typed(scene: Scene) -> None:
    f = scene.open("app.py", "last = 9\n")
    f.types(prepend="one = 1\ntwo = 2\n")
    f.ai(prepend="import os\n")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 H H O")


@in_either_order
def test_08_a_person_types_between_two_edits_of_an_ai(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1\n")
    f.types(append="beta = 2\n")
    f.ai(append="gamma = 3\n")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 H A:s1")


def test_09_each_line_has_its_own_prompt(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1\n", prompt="add alpha")
    f.ai(append="beta = 2\n", prompt="add beta")
    check_live(f, "A A", prompt=["add alpha", "add beta"])
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 A:s1", prompt=["add alpha", "add beta"], model=["claude-opus-5"] * 2)


@in_either_order
def test_10_equal_lines_keep_their_own_writers(scene: Scene) -> None:
    f = scene.open("app.rs", "fn f() {\n    one();\n}\n")
    f.ai(append="fn g() {\n    two();\n}\n")
    f.saves()
    scene.commit()
    check(scene, f, "O O O A A A")


@in_either_order
def test_12_a_person_adds_an_argument_inside_an_ai_call(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="connect(\n    host,\n    port,\n)\n")
    f.types(after=("    host,", "\n    human_arg,"))
    check_live(f, "A A H A A")
    f.saves()
    scene.commit()
    check(scene, f, "A A H A A")


@in_either_order
def test_13_a_person_rewrites_an_ai_body_in_other_words(scene: Scene) -> None:
    f = scene.open("app.py")
    lines = ["total = compute(alpha)", "count = measure(beta)", "scale = total / count", "show(scale)"]
    f.ai(append="\n".join(lines) + "\n")
    f.types(replace=(lines[0], "amount = derive(first)"))
    f.types(replace=(lines[1], "number = weigh(second)"))
    f.types(replace=(lines[2], "ratio = amount * number"))
    f.types(replace=(lines[3], "print(ratio)"))
    f.saves()
    scene.commit()
    check(scene, f, "M|H M|H M|H M|H")


@in_either_order
def test_15_blank_lines_in_ai_code_are_the_ais(scene: Scene) -> None:
    f = scene.open("app.py", TWO)
    f.ai(append="\n\ndef main():\n    first()\n\n    second()\n")
    f.saves()
    scene.commit()
    check(scene, f, "O O A A A A A A")


@in_either_order
def test_16_an_ai_removes_a_parameter_in_an_old_line(scene: Scene) -> None:
    f = scene.open("app.py", "before = 0\nresult = call(first, second, third)\nafter = 0\n")
    f.ai(delete=", second")
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1 O")


@in_either_order
def test_17_an_ai_only_deletes_lines(scene: Scene) -> None:
    f = scene.open("app.py", "one = 1\ntwo = 2\nthree = 3\nfour = 4\n")
    f.ai(delete="two = 2\nthree = 3\n", session="deleting-session")
    f.saves()
    scene.commit()
    check(scene, f, "O O")
    assert "deleting-session" not in scene.note()


@in_either_order
def test_18_one_changed_line_of_fifty_changes_no_other(scene: Scene) -> None:
    f = scene.open("words.py")
    f.ai(append="".join(f"    'word number {n}',\n" for n in range(50)))
    f.saves()
    scene.commit()
    f.types(replace=("number 24", "figure 24"))
    f.saves()
    scene.commit()
    check(scene, f, "A:s1*24 M:s1 A:s1*25")


@in_either_order
def test_19_an_ai_repeats_an_old_line(scene: Scene) -> None:
    f = scene.open("app.py", "value = load(path, default=None)\nother = 2\n")
    f.ai(append="value = load(path, default=None)\n")
    f.saves()
    scene.commit()
    check(scene, f, "O O A:s1")


@in_either_order
def test_20_two_sessions_side_by_side(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = 1\nbeta = 2\n", session="s1", tool="claude-code")
    f.ai(append="gamma = 3\n", session="s2", tool="codex", model="gpt-5.5")
    f.saves()
    scene.commit()
    check(scene, f, "A:s1 A:s1 A:s2", tool=["claude-code", "claude-code", "codex"])


@pytest.mark.parametrize("channel", ["agent", "inlineAccept", "chatApply"])
def test_every_ai_channel_is_an_ai(scene: Scene, channel: str) -> None:
    f = scene.open("app.py", TWO)
    f.ai(channel, append="third = 3\n", tool="copilot", session=None, model=None, prompt=None)
    f.saves()
    scene.commit()
    check(scene, f, "O O A", tool=[None, None, "copilot"])


def test_a_long_answer_has_the_same_lines_as_many_short_ones(scene: Scene) -> None:
    f = scene.open("app.py", "".join(f"value_{i} = {i}\n" for i in range(1_203)))
    f.ai(append="last = 'é'\n")
    check_live(f, " ".join(["O"] * 1_203 + ["A:s1"]))

    def asked(first: int, last: int) -> list[dict[str, object]]:
        lines = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
        answer = f.editor.wire.request("byline/attribution", {"textDocument": f.document, "range": lines})
        return list(answer["lines"])

    short = [line for first in range(0, 1_204, 100) for line in asked(first, min(first + 100, 1_204))]
    assert f.attribution()["lines"] == short
    assert [line["line"] for line in short] == [*range(1, 1_205)]
