"""How much of what was offered stands in what was committed."""

from __future__ import annotations

import pytest

from byline.commit_messages.offers.offer import Fate, Offer, outcome, similarity, survival, tree_of
from byline.git.changes import FileChange

OFFERED = "fix(api): correct Client.send in client.py"


def offer(message: str, rank: int = 0) -> Offer:
    return Offer(10, "", None, "t", rank, "offline", message)


@pytest.mark.parametrize(
    ("committed", "alike", "stayed"),
    [
        (OFFERED, 1.0, 1.0),
        (OFFERED.upper(), 1.0, 1.0),
        ("fix(api): correct Client.send in client.py again", 0.94, 1.0),
        ("something else altogether", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_how_much_stays(committed: str, alike: float, stayed: float) -> None:
    assert similarity(OFFERED, committed) == pytest.approx(alike, abs=0.05)
    assert survival(OFFERED, committed) == pytest.approx(stayed, abs=0.05)


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert similarity("fix: 修正客户端的超时", "fix: 修正客户端的错误") == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("messages", "committed", "fate", "taken"),
    [
        ([OFFERED, "docs: update client.py"], "docs: update client.py\n", Fate.AS_IS, 1),
        ([OFFERED], f"{OFFERED}\n\nSigned-off-by: Ann <ann@example.org>\n", Fate.AS_IS, 0),
        ([OFFERED], f"  {OFFERED}  \n\nRefs: #1\n continued\nChange-Id: I0123\n", Fate.AS_IS, 0),
        ([f"{OFFERED}\n\nRefs: #1"], f"{OFFERED}\n\nRefs: #1\nSigned-off-by: A <a@b>", Fate.AS_IS, 0),
        ([f"{OFFERED}\n\nRefs: #1"], f"{OFFERED}\n\nRefs: #2", Fate.EDITED, 0),
        ([OFFERED], "", Fate.NOT_TAKEN, None),
        ([OFFERED], f"{OFFERED}\n\nbecause it never returned\n", Fate.EDITED, 0),
        ([OFFERED, "docs: update client.py"], "docs: update client.py and more", Fate.EDITED, 1),
        ([OFFERED], "something else altogether", Fate.NOT_TAKEN, None),
        ([OFFERED], "fix(api): handle timeouts", Fate.NOT_TAKEN, None),  # only type and scope are the same
        ([OFFERED, OFFERED], OFFERED, Fate.AS_IS, 0),
    ],
)
def test_what_became_of_the_offers(messages: list[str], committed: str, fate: Fate, taken: int | None) -> None:
    offers = [offer(message, rank) for rank, message in enumerate(messages)]
    found = outcome(offers, "c", committed)
    assert (found.fate, found.taken) == (fate, None if taken is None else offers[taken])


def test_a_tree_is_told_by_paths_modes_and_contents() -> None:
    files = [FileChange(name, None, None, "1" * 40, "M", "100644") for name in ("a", "b")]
    renamed = FileChange("b", "old", None, "1" * 40, "R", "100644")
    assert tree_of(files) == tree_of(reversed(files)) == tree_of([files[0], renamed])
    others = [
        files[:1],
        [files[0], FileChange("b", None, None, "2" * 40, "M", "100644")],
        [files[0], FileChange("b", None, None, "1" * 40, "M", "100755")],
        [files[0], FileChange("b", None, "1" * 40, None, "D", "100644")],
    ]
    assert len({tree_of(each) for each in (files, *others)}) == 5
