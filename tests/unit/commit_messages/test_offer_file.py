"""The file of what was offered: bounded, private, shared, and never the reason for anything to fail."""

from __future__ import annotations

import json
import multiprocessing
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from byline.commit_messages.offers.file import MOST, NAME, OfferFile
from byline.commit_messages.offers.offer import Offer
from byline.journal.errors import JournalError

FIRST = Offer(100, "", "b" * 40, "t", 0, "offline", "feat: add \udc80 it\nwith ü")


def offers(count: int, start: int = 0) -> list[Offer]:
    return [replace(FIRST, time=100 + at, message=f"feat: add {at}") for at in range(start, start + count)]


def test_what_is_kept_comes_back_once(tmp_path: Path) -> None:
    file = OfferFile(tmp_path)
    assert file.offers(0) == []
    for time in (100, 101):
        file.add([replace(FIRST, time=time)], 0)
    file.add([replace(FIRST, worktree="side", base=None)], 0)
    assert OfferFile(tmp_path).offers(0) == [FIRST, replace(FIRST, worktree="side", base=None)]
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, "offers.lock"]


def test_old_ones_and_those_above_a_thousand_go(tmp_path: Path) -> None:
    file = OfferFile(tmp_path)
    file.add(offers(10), 0)
    assert file.offers(since=105) == offers(5, 5)
    file.add(offers(MOST, 10), since=105)
    assert OfferFile(tmp_path).offers(0) == offers(MOST, 10)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"\x00\xff" * 100),
        lambda path: path.write_text(""),
        lambda path: path.write_text("[" * 100_000),
        lambda path: path.write_text('{"kind": "something else", "version": 1}\n'),
        lambda path: path.symlink_to("elsewhere"),
        lambda path: path.mkdir(),
    ],
)
def test_what_is_broken_is_set_aside(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(tmp_path / NAME)
    file = OfferFile(tmp_path)
    assert file.offers(0) == []
    file.add([FIRST], 0)
    assert file.offers(0) == [FIRST]
    assert (tmp_path / f"{NAME}.set-aside-1").lstat()
    assert not (tmp_path / "elsewhere").exists()


def test_lines_that_are_no_offers_are_passed_over(tmp_path: Path) -> None:
    file = OfferFile(tmp_path)
    file.add(offers(2), 0)
    head, first, second = (tmp_path / NAME).read_text().splitlines()
    bad = [{**json.loads(first), **change} for change in ({"time": -1}, {"time": 10**20}, {"base": 7}, {"rank": "x"})]
    lines = [head, "garbage", first, "[]", *map(json.dumps, bad), second[:20], second]
    (tmp_path / NAME).write_text("\n".join(lines))
    assert file.offers(0) == offers(2)


def test_the_file_of_a_newer_byline_is_left_alone(tmp_path: Path) -> None:
    newer = '{"kind": "byline offers", "version": 2}\nwhatever\n'
    (tmp_path / NAME).write_text(newer)
    file = OfferFile(tmp_path)
    file.add([FIRST], 0)
    assert (tmp_path / NAME).read_text() == newer
    assert file.offers(0) == []


@pytest.mark.parametrize("folder", ["missing", "file/in"])
def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    file = OfferFile(tmp_path / folder)
    assert file.offers(0) == []
    with pytest.raises((JournalError, OSError)):
        file.add([FIRST], 0)


def _add(folder: Path, start: int) -> None:
    for each in offers(10, start):
        OfferFile(folder).add([each], 0)


def test_several_processes_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add, args=(tmp_path, start)) for start in (0, 10, 20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert {offer.message for offer in OfferFile(tmp_path).offers(0)} == {offer.message for offer in offers(30)}
