from __future__ import annotations

import os
from pathlib import Path

import pytest

from byline.config import Config
from support.settings import Person, check, check_problem, write

LIMIT = "[record]\nmaxLines = 5"

HOSTILE: list[tuple[bytes, str]] = [
    (b"record = {", "not valid TOML"),
    (b"\xff\xfe", "not UTF-8"),
    (b"a = " + b"[\n" * 5_000, "not valid TOML"),
    (b"#\n" * 8_193, "larger than 16 KiB"),
    (b"a" + b".a" * 8_000 + b" = 1", "a line of more than 1000 bytes"),
    (b"a" + b".a" * 490 + b" = 1", "there is no setting"),
    (b"a = " + b"9" * 900, "there is no setting"),
    (b'"\\u202e\\u0007\\n[x](command:y)" = 1', "there is no setting"),
    (b'"' + b"k" * 900 + b'" = 1', "there is no setting"),
    (b"[record]\nmaxLines = 0x" + b"f" * 900, "not a number of that size"),
    ((b"k" * 900 + b" = 1\n") * 2, "not valid TOML"),
    (b"[" + b"k" * 900 + b"]\n" + b"[" + b"k" * 900 + b"]", "not valid TOML"),
    (b"[record]\nmaxLines = inf", "must be a whole number"),
    (b"[record]\nmaxLines = 1979-05-27", "a value of another kind"),
]


@pytest.mark.parametrize(("data", "words"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_counts_as_empty_and_is_named(person: Person, data: bytes, words: str) -> None:
    config = person.load(repository=data)
    check_problem(config, ".byline.toml", words)
    assert config == Config(problems=config.problems)
    assert config.problems[0].isprintable()
    assert len(config.problems[0]) < 300


def test_many_problems_are_counted_and_not_listed(person: Person) -> None:
    config = person.load(repository="\n".join(f"unheard{n} = 1" for n in range(500)))
    assert len(config.problems) == 21
    assert "480 more" in config.problems[-1]


def test_a_byte_order_mark_is_no_trouble(person: Person) -> None:
    check(person.load(repository=b"\xef\xbb\xbf[record]\nmaxLines = 9"), "record.maxLines", 9, ".byline.toml")


@pytest.mark.parametrize("kind", ["link", "directory", "pipe"])
def test_a_file_that_is_none_is_not_read(person: Person, tmp_path: Path, kind: str) -> None:
    path = person.root / ".byline.toml"
    if kind == "link":
        write(tmp_path / "outside.toml", LIMIT)
        path.symlink_to(tmp_path / "outside.toml")
    elif kind == "directory":
        path.mkdir()
    else:
        os.mkfifo(path)
    config = person.load()
    check_problem(config, ".byline.toml: cannot be read", "counts as empty")
    assert config.record.max_lines == 60_000


def test_the_persons_own_file_may_be_a_link(person: Person, tmp_path: Path) -> None:
    write(tmp_path / "dotfiles.toml", LIMIT)
    person.file.parent.mkdir(parents=True)
    person.file.symlink_to(tmp_path / "dotfiles.toml")
    assert person.load().record.max_lines == 5
