"""What only an editor sees: work that is not saved, files that change under it, statements, and a server that dies."""

from __future__ import annotations

import pytest

from support.buffer import Buffer
from support.checks import check, check_blame, check_live
from support.scenario import Scene
from support.wire import RpcError

ADDED = "def added(path):\n    return path.read_text()\n"


@pytest.mark.parametrize("saved", [True, False], ids=["saved", "unsaved"])
def test_69_a_lens_shows_work_that_is_not_committed(scene: Scene, saved: bool) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\nthird = 3\nfourth = 4\n")
    if saved:
        f.saves()
        scene.wait_journalled(f)
        scene.editor.kill()
        scene.editor.restart()
    check_live(f, "O A:s1*3", commit=[scene.head(), None, None, None])
    assert any("75" in title and "AI" in title for title in f.lens_titles()), f.lens_titles()


@pytest.mark.parametrize("reload", ["reloads", "reopens"])
@pytest.mark.parametrize("declares", ["first", "last"])
def test_71_an_agent_writes_the_file_of_a_clean_buffer(scene: Scene, reload: str, declares: str) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="typed = 2\n")
    f.saves()
    scene.wait_journalled(f)
    after = f.text + ADDED
    scene.write("app.py", after)
    if declares == "first":
        assert scene.editor.declare(f.path, [("", ADDED)])["verified"] is True
    getattr(f, reload)(after)
    if declares == "last":
        assert scene.editor.declare("app.py", [("", ADDED)])["verified"] is True
    check_live(f, "O H A:s1 A:s1")
    scene.commit()
    check(scene, f, "O H A:s1 A:s1")


@pytest.mark.parametrize("reload", ["reloads", "reopens"])
def test_71_b_without_a_declaration_it_is_nobodys(scene: Scene, reload: str) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="typed = 2\n")
    f.saves()
    scene.wait_journalled(f)
    after = f.text + ADDED
    scene.write("app.py", after)
    getattr(f, reload)(after)
    check_live(f, "O H U U")
    scene.commit()
    check(scene, f, "O H U U")


def test_71_c_a_declaration_of_what_is_not_there_claims_nothing(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="typed = 2\n")
    f.saves()
    answer = scene.editor.declare(f.path, [("", "something = 'else entirely'\nmore = 'of it'\n")])
    assert answer == {"verified": False, "ranges": []}
    with pytest.raises(RpcError, match=r"outside\.py"):
        scene.editor.declare("../outside.py", [("", ADDED)])
    check_live(f, "O H")
    scene.commit()
    check(scene, f, "O H")


def test_72_an_agent_writes_the_file_of_a_dirty_buffer(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types(append="typed = 2\n")
    scene.write("app.py", "first = 1\n" + ADDED)
    scene.editor.declare(f.path, [("", ADDED)])
    check_live(f, "O H")
    f.reloads("first = 1\n" + ADDED)
    check_live(f, "O A:s1 A:s1")
    scene.commit()
    check(scene, f, "O A:s1 A:s1")


def test_74_saving_without_a_change_is_no_evidence(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.pastes(append="".join(f"pasted_{n} = {n}\n" for n in range(4)))
    f.saves()
    scene.wait_journalled(f)
    before = f.attribution()["lines"]
    for _ in range(5):
        f.saves()
    check_live(f, "O U*4")
    assert f.attribution()["lines"] == before
    scene.commit()
    check(scene, f, "O U*4")


def test_76_a_person_states_who_wrote_lines(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    f.ai(append="third = 3\nfourth = 4\n")
    f.types(append="fifth = 5\nsixth = 6\n")
    assert f.mark("human", 3, 3) == 1
    assert f.mark("ai", 6, 6, tool="cursor") == 1
    check_live(f, "O O H A:s1 H A", tool=[None, None, None, "claude-code", None, "cursor"])
    f.saves()
    scene.commit()
    check(scene, f, "O O H A:s1 H A", tool=[None, None, None, "claude-code", None, "cursor"])
    view = check_blame(scene, "app.py", "O O H A H A")
    assert ["mark" in line["evidence"] for line in view["lines"]] == [False, False, True, False, False, True]


def test_76_b_also_of_lines_that_are_committed_already(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    assert f.mark("ai", 2, 2, tool="codex") == 1
    check_live(f, "O A", tool=[None, "codex"])


def test_77_a_server_that_is_killed_loses_nothing_that_was_acknowledged(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\nthird = 33\n")
    f.types(replace=("33", "30"))
    f.types(append="fourth = 4\n")
    scene.wait_journalled(f)
    before = f.attribution()["lines"]
    scene.editor.kill()
    scene.editor.restart()
    check_live(f, "O A:s1 M:s1 H")
    assert f.attribution()["lines"] == before
    f.saves()
    scene.commit()
    check(scene, f, "O A:s1 M:s1 H")


def test_77_b_undo_still_finds_the_writer_after_a_restart(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="alpha = measure(first)\nbeta = measure(second)\n")
    f.deletes("beta = measure(second)\n")
    scene.wait_journalled(f)
    scene.editor.kill()
    scene.editor.restart()
    check_live(f, "A:s1")
    f.undoes()
    check_live(f, "A:s1 A:s1")


def test_keys_that_arrive_in_a_burst_are_typed(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.types_in_a_burst(append="second = 2\n")
    with f.untold():
        f.types_in_a_burst(append="x = 3")
    f.saves()
    scene.commit()
    check(scene, f, "O H H")


def test_two_editors_on_one_repository(scene: Scene) -> None:
    f, g = scene.open("one.py", "one = 1\n"), scene.open("two.py", "two = 2\n", editor=scene.new_editor())
    f.ai(append="alpha = 1\n", session="s1")
    g.types(append="typed = 2\n")
    g.ai(append="beta = 3\n", session="s2")
    f.saves()
    g.saves()
    scene.commit()
    check(scene, f, "O A:s1")
    check(scene, g, "O H A:s2")


def test_a_document_is_opened_twice_without_a_close(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.text, f.version = "first = 1\nthird = 3\n", 1
    f.show()
    check_live(f, "O U")


def test_a_document_that_was_never_saved(scene: Scene) -> None:
    wire = scene.editor.wire
    uri = "untitled:Untitled-1"
    wire.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": ""}},
    )
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    document = {"uri": uri, "version": 2}
    said = {"channel": "agent", "tool": "codex", "model": None, "session": None, "prompt": None, "proof": None}
    wire.notify("byline/editContext", {"textDocument": document, "origins": [said]})
    wire.notify(
        "textDocument/didChange",
        {"textDocument": document, "contentChanges": [{"range": place, "text": "alpha = 1\nbeta = 2\n"}]},
    )
    lines = wire.request("byline/attribution", {"textDocument": document, "range": None})["lines"]
    assert [(line["state"], line["tool"]) for line in lines] == [("ai", "codex")] * 2


def test_part_of_a_document(scene: Scene) -> None:
    f: Buffer = scene.open("app.py", "first = 1\nsecond = 2\n")
    f.ai(append="third = 3\n")
    place = {"start": {"line": 1, "character": 0}, "end": {"line": 3, "character": 0}}
    answer = scene.editor.wire.request("byline/attribution", {"textDocument": f.document, "range": place})
    assert [(line["line"], line["text"], line["state"]) for line in answer["lines"]] == [
        (2, "second = 2", "unknown"),
        (3, "third = 3", "ai"),
    ]
    assert (answer["version"], answer["head"]) == (f.version, scene.head())
