"""What clients and plug-ins tell beside `byline/editContext`: agents in the editor, proposals, saves, the disk."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from support.buffer import Buffer, position
from support.checks import check_live
from support.scenario import Scene

ADDED = "third = compute(first, second)\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tells(buffer: Buffer, method: str, **params: Any) -> None:
    buffer.editor.wire.notify(f"byline/{method}", params)


def edited(buffer: Buffer, **more: Any) -> None:
    said = {"tool": "opencode", "event": "file_edited", "session": "o1", "model": "m", "path": str(buffer.path)}
    tells(buffer, "agentEvent", **(said | more))


ORDERS = ["the word, then VS Code reloads", "VS Code reloads, then the word", "the word, then Neovim reloads"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_plug_in_says_that_its_agent_edited_the_file(scene: Scene, order: str) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    check_live(f, "O O")
    if order.startswith("the word"):
        edited(f)
    (f.reopens if "Neovim" in order else f.reloads)(f.text + ADDED)
    if order.endswith("the word"):
        check_live(f, "O O U")
        edited(f)
    check_live(f, "O O A:o1", tool=[None, None, "opencode"], level=[None, None, "proven"])


def test_an_edit_that_was_announced_is_not_another_one(scene: Scene) -> None:
    f, g = scene.open("app.py", "first = 1\n"), scene.open("other.py", "one = 1\n")
    check_live(f, "O")
    check_live(g, "O")
    edited(f)
    g.reloads(g.text + ADDED)
    check_live(g, "O U")
    f.reloads(f.text + ADDED)
    f.pastes(append="fourth = compute(third, first)\n")
    check_live(f, "O A:o1 U")


def test_a_checkout_in_between_is_no_agents_work(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\nsecond = 2\n")
    scene.git("checkout", "-qb", "other")
    scene.write("app.py", "first = 1\nsecond = 2\n" + ADDED)
    scene.commit()
    scene.git("checkout", "-q", "main")
    check_live(f, "O O")
    edited(f)
    scene.git("checkout", "-q", "other")
    f.reloads("first = 1\nsecond = 2\n" + ADDED)
    check_live(f, "O O O|U", tool=[None, None, None])


PROPOSALS = {
    "accepted as it is": (ADDED, ("shown", "accepted"), "O A:p1"),
    "never answered": (ADDED, ("shown",), "O A:p1"),
    "rejected": (ADDED, ("shown", "rejected"), "O U"),
    "another text": ("other = compute(first, first)\n", ("shown", "accepted"), "O U"),
}


@pytest.mark.parametrize("name", PROPOSALS)
def test_a_text_that_was_proposed(scene: Scene, name: str) -> None:
    written, states, expected = PROPOSALS[name]
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    proposal = {"uri": f.uri, "tool": "claude-code", "session": "p1", "sha256_after": sha256(f.text + ADDED)}
    for state in states:
        tells(f, "proposal", **proposal, state=state)
    f.reloads(f.text + written)
    check_live(f, expected)


def test_what_changes_during_a_save_is_a_formatters(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    f.ai(append="second = {'a':1}\n")
    before = f.version
    with f.untold():
        f.is_formatted('first = 1\nsecond = {"a": 1}\n')
    tells(f, "saveBracket", uri=f.uri, version_before=before, version_after=f.version, reason="Manual")
    f.saves()
    check_live(f, "O A:s1")


def test_what_was_loaded_from_the_disk_was_not_typed(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\n")
    with f.untold():
        f.types_in_a_burst(replace=("1", "2"))
        scene.write("app.py", f.text)
    tells(f, "diskChange", uri=f.uri, kind="change", sha256=sha256(f.text), size=len(f.text), open=True, dirty=False)
    check_live(f, "U")


def clip(source: Buffer, text: str, **more: Any) -> dict[str, Any]:
    start = source.text.index(text)
    place = {
        "start": position(source.text, start, source.editor.encoding),
        "end": position(source.text, start + len(text), source.editor.encoding),
    }
    known = {"sha256": sha256(text), "internal": True, "src_uri": source.uri, "src_version": source.version}
    return known | {"src_range": place} | more


COPIES = {
    "proven": ({}, "O A:s1 H A:s1 H"),
    "from another program": ({"internal": False}, "O A:s1 H U U"),
    "of another version": ({"src_version": 1}, "O A:s1 H U U"),
    "of another text": ({"sha256": sha256("x")}, "O A:s1 H U U"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_carries_its_owner_where_the_client_proves_it(scene: Scene, name: str) -> None:
    more, expected = COPIES[name]
    f, g = scene.open("app.py", "first = 1\n"), scene.open("other.py", "")
    f.ai(append="second = 2\n")
    f.types(append="third = 3\n")
    check_live(f, "O A:s1 H")
    g.pastes(append="second = 2\nthird = 3\n", clip=clip(f, "second = 2\nthird = 3\n", **more))
    f.pastes(append="second = 2\nthird = 3\n", clip=clip(f, "second = 2\nthird = 3\n", **more))
    check_live(f, expected)
    check_live(g, expected.split(maxsplit=3)[3])


def test_a_copy_that_replaces_a_selection_carries_its_owner(scene: Scene) -> None:
    f = scene.open("app.py", "first = 1\nlast = 9\n")
    f.ai(append="second = 2\n")
    f.types(append="third = 3\n")
    check_live(f, "O O A:s1 H")
    f.pastes(replace=("first = 1\n", "second = 2\n"), clip=clip(f, "second = 2\n"))
    check_live(f, "A:s1 O A:s1 H")
    f.undoes()
    check_live(f, "O O A:s1 H")
    f.pastes(replace=("last = 9\nsecond = 2\n", "second = 2\nthird = 3\n"), clip=clip(f, "second = 2\nthird = 3\n"))
    check_live(f, "O A:s1 H H")
