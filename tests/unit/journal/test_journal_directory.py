"""Where a journal lives, and which one that is found there is believed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from byline.journal import directory
from byline.journal.errors import JournalError
from byline.journal.journal import Journal
from byline.journal.records import Document
from byline.journal.schema import APPLICATION_ID

NOBODY = 65534

needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
needs_modes = pytest.mark.skipif(os.name != "posix", reason="there are no modes")


def record(common: Path) -> Path:
    """Open a journal, record one document and close it; where it was."""
    with Journal.open(common) as journal:
        journal.append_full(Document(1, "", "a.py", 5))
        return journal.location


def look(common: Path) -> tuple[bool, tuple[str, ...]]:
    """Whether that document is still known, and what problems there are."""
    with Journal.open(common) as journal:
        return bool(journal.documents("", "a.py")), journal.problems


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@needs_modes
def test_nobody_else_may_look(common: Path) -> None:
    old = os.umask(0)
    try:
        with Journal.open(common) as journal:
            journal.append_full(Document(1, "", "a.py", 5))
            with journal.lease():
                modes = {path.name: mode(path) for path in journal.location.iterdir()}
            assert mode(journal.location) == 0o700
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert {"identity", "journal.db", "journal.db-wal", "journal.db-shm", "settle.lock"} == modes.keys()


@needs_modes
def test_what_was_open_to_others_is_closed_to_them(common: Path) -> None:
    location = record(common)
    location.chmod(0o777)
    (location / "journal.db").chmod(0o666)
    assert look(common) == (True, ())
    assert (mode(location), mode(location / "journal.db")) == (0o700, 0o600)


def test_it_lies_in_the_common_directory_and_knows_what_it_is(common: Path) -> None:
    assert record(common) == common / "byline"
    with closing(sqlite3.connect(common / "byline" / "journal.db")) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


# What happens to a repository between two openings, and whether its journal is still the same one.


def places(home: Path) -> Path:
    return home / ".local" / "state" / "byline" / "places"


def leave(common: Path, home: Path) -> Path:
    return common


def move(common: Path, home: Path) -> Path:
    return common.parent.rename(common.parent.with_name("moved")) / ".git"


def copy(common: Path, home: Path) -> Path:
    return Path(shutil.copytree(common.parent, common.parent.with_name("copy"))) / ".git"


def copy_and_remove(common: Path, home: Path) -> Path:
    """What `mv` does from one file system to another."""
    copied = copy(common, home)
    shutil.rmtree(common.parent)
    return copied


def lose_home(common: Path, home: Path) -> Path:
    shutil.rmtree(home)
    return common


def copy_to_another_machine(common: Path, home: Path) -> Path:
    return copy_and_remove(common, lose_home(common, home))


def change_inode(common: Path, home: Path) -> Path:
    """A file system that gives inodes anew whenever it is mounted."""
    identity = common / "byline" / "identity"
    identity.write_text(identity.read_text().split()[0] + " 7\n")
    return common


def forget_identity(common: Path, home: Path) -> Path:
    (common / "byline" / "identity").unlink()
    return common


def garble_identity(common: Path, home: Path) -> Path:
    (common / "byline" / "identity").write_bytes(b"\xff" * 1000)
    return common


def forge_token(common: Path, home: Path) -> Path:
    """A token that leads out of the directory of places."""
    (common / "byline" / "identity").write_text("../" * 10 + "ab 7\n")
    return common


def replace_by_link(common: Path, home: Path) -> Path:
    (common / "byline").rename(common / "elsewhere")
    (common / "byline").symlink_to("elsewhere")
    return common


def replace_by_file(common: Path, home: Path) -> Path:
    shutil.rmtree(common / "byline")
    (common / "byline").write_text("a file")
    return common


def give_away(common: Path, home: Path) -> Path:
    os.chown(common / "byline", NOBODY, NOBODY)
    return common


Event = Callable[[Path, Path], Path]


@pytest.mark.parametrize("event", [leave, move, copy_and_remove, lose_home, change_inode])
def test_the_same_journal(common: Path, home: Path, event: Event) -> None:
    record(common)
    now = event(common, home)
    assert look(now) == (True, ())
    assert look(now) == (True, ())


@pytest.mark.parametrize(
    "event",
    [
        copy,
        copy_to_another_machine,
        forget_identity,
        garble_identity,
        forge_token,
        replace_by_link,
        replace_by_file,
        pytest.param(give_away, marks=needs_root),
    ],
)
def test_set_aside(common: Path, home: Path, event: Event) -> None:
    record(common)
    now = event(common, home)
    known, problems = look(now)
    assert not known
    assert len(problems) == 1
    assert "set aside as byline.set-aside-1" in problems[0]
    assert (now / "byline.set-aside-1").exists()
    assert look(now) == (False, ())


def test_a_copy_leaves_the_original_alone(common: Path, home: Path) -> None:
    record(common)
    look(copy(common, home))
    assert look(common) == (True, ())


def test_a_second_one_is_set_aside_too(common: Path, home: Path) -> None:
    for number in (1, 2):
        record(common)
        forget_identity(common, home)
        assert f"byline.set-aside-{number}" in look(common)[1][0]


def test_a_copy_is_not_read_either(common: Path, home: Path) -> None:
    record(common)
    copied = copy(common, home)
    with Journal.open(copied, read_only=True) as journal:
        assert journal.documents("", "a.py") == []
    with Journal.open(common, read_only=True) as journal:
        assert len(journal.documents("", "a.py")) == 1


FILES = ("journal.db", "journal.db-wal", "journal.db-shm")


def test_a_damaged_database_goes_with_its_companions(tmp_path: Path) -> None:
    """A log that stayed would be played into the next database."""
    for number in (1, 2):
        for name in FILES:
            (tmp_path / name).write_text(name)
        database = tmp_path / "journal.db"
        aside = directory.set_database_aside(database, database.stat().st_ino)
        assert aside == tmp_path / f"journal.db.damaged-{number}"
        moved = {path.name: path.read_text() for path in tmp_path.glob(f"*damaged-{number}*")}
        assert moved == {name.replace(".db", f".db.damaged-{number}"): name for name in FILES}
        assert not database.exists()


def test_a_database_that_was_replaced_already_stays(tmp_path: Path) -> None:
    database = tmp_path / "journal.db"
    database.write_text("the new one")
    assert directory.set_database_aside(database, database.stat().st_ino + 1) is None
    assert [path.name for path in tmp_path.iterdir()] == ["journal.db"]


@needs_root
def test_a_visitor_keeps_a_journal_at_home(common: Path, home: Path) -> None:
    """A repository and its journal that belong to another user are left as they are."""
    record(common)
    os.chown(common / "byline", NOBODY, NOBODY)
    os.chown(common, NOBODY, NOBODY)
    assert not look(common)[0]
    assert [path.name for path in common.iterdir()] == ["byline"]
    assert record(common).is_relative_to(home)


def test_it_stays_at_home_where_the_repository_cannot_be_written(common: Path, home: Path) -> None:
    unusable = common / "file"
    unusable.write_text("where nothing can be made")
    location = record(unusable)
    assert location == directory.default_fallback(unusable)
    assert location.is_relative_to(home / ".local" / "state" / "byline")
    assert look(unusable)[0]
    assert mode(location) == 0o700
    with Journal.open(unusable, read_only=True) as journal:
        assert len(journal.documents("", "a.py")) == 1


def test_it_stays_at_home_where_the_journal_can_only_be_read(
    common: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system that was mounted for reading only: everything is there, and nothing can be written."""
    location = record(common)
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(common))
    content = (location / "journal.db").read_bytes()
    assert look(common) == (False, ())
    assert record(common).is_relative_to(home)
    assert (location / "journal.db").read_bytes() == content


def test_no_place_at_all(common: Path) -> None:
    unusable = common / "file"
    unusable.write_text("where nothing can be made")
    with pytest.raises(JournalError, match="Make one of these places writable"):
        Journal.open(unusable, fallback=unusable / "state" / "journal")


@pytest.mark.parametrize(
    ("state", "expected"),
    [("/var/state", "/var/state"), ("", "{home}/.local/state"), ("relative", "{home}/.local/state")],
)
def test_the_state_directory(monkeypatch: pytest.MonkeyPatch, home: Path, state: str, expected: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", state)
    found = directory.default_fallback(Path("/r/.git"))
    assert found.parent == Path(expected.format(home=home)) / "byline"
    assert found != directory.default_fallback(Path("/s/.git"))


MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 22 0:26 / /home/ann/with\\040space rw - nfs4 server:/export rw,vers=4.2
32 22 0:27 / /mnt/c rw,noatime - 9p C:\\134 rw
33 22 0:28 / /mnt/far rw,nosuid - fuse.sshfs ann@far:/ rw
34 22 0:29 / /mnt/near rw,nosuid - fuseblk /dev/sdb1 rw
35 22 0:30 /sub /srv rw,relatime master:1 propagate_from:2 - cifs //server/share rw
garbage
"""


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("254:0", False),
        ("0:26", True),
        ("0:27", True),
        ("0:28", True),
        ("0:29", False),
        ("0:30", True),
        ("0:3", False),
        ("9:9", False),
    ],
)
def test_network_mounts(device: str, expected: bool) -> None:
    assert directory.is_network_mount(MOUNTS, device) is expected


@pytest.mark.parametrize(("remote", "journal_mode"), [(True, "delete"), (False, "wal")])
def test_no_shared_memory_on_a_network(
    common: Path, monkeypatch: pytest.MonkeyPatch, remote: bool, journal_mode: str
) -> None:
    monkeypatch.setattr(directory, "is_remote", lambda path: remote)
    location = record(common)
    with closing(sqlite3.connect(location / "journal.db")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == (journal_mode,)
    assert look(common) == (True, ())
