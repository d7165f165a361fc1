from __future__ import annotations

import pytest

from byline.commit_messages.offers import Offer, OffersInMemory, outcome, similarity, survival

OFFERED = "fix(api): correct Client.send in client.py"


def offer(message: str, rank: int = 0, tree: str = "t") -> Offer:
    return Offer(10, "", tree, rank, "offline", message)


@pytest.mark.parametrize(
    ("committed", "alike", "stayed"),
    [
        (OFFERED, 1.0, 1.0),
        ("fix(api): correct Client.send in client.py again", 0.95, 1.0),
        ("something else altogether", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_how_much_stays(committed: str, alike: float, stayed: float) -> None:
    assert similarity(OFFERED, committed) == pytest.approx(alike, abs=0.05)
    assert survival(OFFERED, committed) == pytest.approx(stayed, abs=0.05)


@pytest.mark.parametrize(
    ("messages", "committed", "taken"),
    [
        ([OFFERED, "docs: update client.py"], "docs: update client.py and more", "docs: update client.py"),
        ([OFFERED], "something else altogether", None),
        ([], OFFERED, None),
        ([OFFERED, OFFERED], OFFERED, OFFERED),
    ],
)
def test_which_offer_was_taken(messages: list[str], committed: str, taken: str | None) -> None:
    found = outcome([offer(message, rank) for rank, message in enumerate(messages)], "c", committed, 20)
    assert (found.taken and found.taken.message) == taken
    assert found.taken is None or found.taken.rank == messages.index(found.taken.message)


def test_offers_are_found_by_what_was_staged_and_bounded() -> None:
    kept = OffersInMemory(most=3)
    kept.add(offer(f"m{number}", tree=f"t{number % 2}") for number in range(5))
    assert [each.message for each in kept.of("", "t0")] == ["m4", "m2"]
    assert kept.of("other", "t0") == []
