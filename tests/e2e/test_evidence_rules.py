"""The rules of evidence R1 to R10, each with a case that would go wrong without it, over the whole server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.buffer import Buffer
from support.checks import check_live
from support.scenario import Scene
from support.transcripts import Claude

BLOCK = "def area(width, height):\n    if width < 0:\n        raise ValueError(width)\n    return width * height\n"


def only_what_changed_changes_owner(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R1: a reload replaces all from the first to the last line that differs; a line between them is the person's."""
    f.types(append="middle = 0\n")
    f.saves()
    before = f.text
    after = "first = load(path)\nmiddle = 0\nlast = store(path)\n"
    scene.write("app.py", after)
    claude.tells("app.py", "first = 1\n", "first = load(path)\n", before)
    claude.tells("app.py", "middle = 0\n", "middle = 0\nlast = store(path)\n", after)
    f.reloads(after)
    return "A:c1 H A:c1"


def what_comes_back_keeps_its_owner(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R2: undo and redo make nobody an author, nor does a checkout of what is known."""
    f.types(append="typed = compute(first)\n")
    f.saves()
    known = f.text
    f.deletes("typed = compute(first)\n")
    f.undoes()
    f.reloads("first = 1\n")
    f.reloads(known)
    return "O H"


def what_was_typed_is_never_an_ais(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R3: a person may type what an agent suggests."""
    f.types(append="second = compute(first)\n")
    claude.tells("app.py", "first = 1\n", "first = 1\nsecond = compute(first)\n", "first = 1\n")
    claude.is_read(f)
    return "O H"


def what_two_agents_claim_alike_is_nobodys_by_name(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R4: an AI wrote it, but which one is not known."""
    other = claude.again("c2", "codex")
    f.pastes(append=BLOCK)
    for teller in (claude, other):
        teller.declares(f, BLOCK)
    return "O A:?*4"


def late_evidence_raises_a_claim_and_lowers_none(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R5: the transcript comes after the editor's word, which was only that some AI did it."""
    f.ai(append=BLOCK, tool=None, model=None, session=None, prompt=None)
    claude.tells("app.py", "first = 1\n", "first = 1\n" + BLOCK, "first = 1\n")
    claude.is_read(f)
    return "O A:c1*4"


def what_a_person_changed_in_a_proposal_is_not_the_ais(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R6: of a proposal that was accepted with changes, what was proposed is the AI's and the rest is not."""
    changed = BLOCK.replace("return width * height", "return round(width * height, 3)")
    claude.writes("app.py", "first = 1\n", "first = 1\n" + BLOCK, written="first = 1\n" + changed)
    f.reloads("first = 1\n" + changed)
    return "O A:c1*3 U|M"


def what_failed_wrote_nothing(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R7: a call that failed is no evidence, though the same text is there."""
    claude.tells("app.py", "first = 1\n", "first = 1\n" + BLOCK, "first = 1\n", error=True)
    f.reloads("first = 1\n" + BLOCK)
    claude.is_read(f, 0)
    return "O U*4"


def time_alone_proves_nothing(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R8: another text comes in at the very moment in which an agent writes."""
    claude.tells("app.py", "first = 1\n", "first = 1\n" + BLOCK, "first = 1\n")
    f.reloads("first = 1\nother = something_else(first)\n")
    claude.is_read(f)
    return "O U"


def what_is_not_yet_proven_is_unknown(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R9: until the transcript has it, it is unknown, and then it is not."""
    f.reloads("first = 1\n" + BLOCK)
    check_live(f, "O U*4")
    claude.tells("app.py", "first = 1\n", "first = 1\n" + BLOCK, "first = 1\n")
    return "O A:c1*4"


def formatting_keeps_the_owner(scene: Scene, f: Buffer, claude: Claude) -> str:
    """R10: a formatter that an agent runs in its shell writes nothing of its own; other shell edits stay unknown."""
    f.ai(append="second = {'a':1,'b':2}\n")
    f.types(append="third = 3\n")
    f.saves()
    f.reloads("first = 1\nsecond = {'a': 1, 'b': 2}\nthird  =  3\nfourth = shell_wrote_this()\n")
    return "O A:s1 H U"


RULES: tuple[Callable[[Scene, Buffer, Claude], str], ...] = (
    only_what_changed_changes_owner,
    what_comes_back_keeps_its_owner,
    what_was_typed_is_never_an_ais,
    what_two_agents_claim_alike_is_nobodys_by_name,
    late_evidence_raises_a_claim_and_lowers_none,
    what_a_person_changed_in_a_proposal_is_not_the_ais,
    what_failed_wrote_nothing,
    time_alone_proves_nothing,
    what_is_not_yet_proven_is_unknown,
    formatting_keeps_the_owner,
)


@pytest.mark.parametrize("rule", RULES, ids=[f"R{n} {rule.__name__}" for n, rule in enumerate(RULES, 1)])
def test_rule(scene: Scene, claude: Claude, rule: Callable[[Scene, Buffer, Claude], str]) -> None:
    f = scene.open("app.py", "first = 1\n")
    check_live(f, "O")
    check_live(f, rule(scene, f, claude))
