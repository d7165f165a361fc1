"""Where a journal lives, and whether what lies there may be trusted.

A journal's directory is `byline` in git's common directory, so that all worktrees share it; where that cannot be
written, a directory in the user's state directory. One that somebody else owns, or that came in with a copied
folder, is renamed and a new one begun: its records would put names on lines that nobody here has seen being written.

A directory knows itself by the file `identity`: a random token and the directory's inode. A moved directory keeps
its inode. Where the inode differs (another file system, or one without stable inodes), the user's state directory
says where the token was last seen: the same place, or one that does not have it any more, means moved; anything else
is a copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from byline.journal.errors import JournalError
from byline.journal.locks import held

_NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "coda", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "prl_fs", "smb3"}
    | {"smbfs", "vboxsf", "virtiofs", "drvfs"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A journal's directory and what is known of it.

    `exists` is False where nothing is to be read yet (only when it was looked for without leave to write). `remote` is
    True on a network file system, whose shared memory cannot be relied on. `problems` are sentences for people.
    """

    directory: Path
    exists: bool = True
    remote: bool = False
    problems: tuple[str, ...] = ()

    @property
    def database(self) -> Path:
        """The path of the database file."""
        return self.directory / "journal.db"


def default_fallback(common_dir: Path) -> Path:
    """The directory that stands in for `common_dir`'s where that cannot be written."""
    state = os.environ.get("XDG_STATE_HOME") or ""
    home = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    name = hashlib.sha256(os.fsencode(common_dir.resolve())).hexdigest()[:16]
    return home / "byline" / name


def find(common_dir: Path, fallback: Path, *, read_only: bool) -> Place:
    """The place of the journal of the repository with git's common directory `common_dir`.

    Unless `read_only`, the directory is made (0700), and one that is not to be trusted is set aside. Raises
    JournalError if neither `common_dir` nor `fallback` can hold a journal.
    """
    homes = (common_dir / "byline", fallback)
    places = fallback.parent / "places"
    if read_only:
        trusted = (d for d in homes if _is_own(d) and (d / "journal.db").is_file() and _is_at_home(d, places))
        directory = next(trusted, None)
        return Place(directory or homes[0], exists=directory is not None)
    problems: tuple[str, ...] = ()
    for directory in homes:
        try:
            if directory == fallback:
                fallback.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with held(directory.parent):
                place = _prepared(directory, places)
        except OSError as error:
            problems += (f"The journal cannot be kept in {directory}: {error.strerror or error}.",)
            continue
        return replace(place, problems=_without_routine(problems, common_dir) + place.problems)
    raise JournalError(" ".join(problems) + " Make one of these places writable, and start again.")


def set_aside(path: Path) -> Path:
    """Rename `path` (of any type) to the first free name of the form `path.set-aside-1`, and return that."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.set-aside-{number}")):
        number += 1
    path.rename(aside)
    return aside


def set_database_aside(database: Path, inode: int) -> Path | None:
    """Rename the damaged `database` with its companions, unless another process did so already (`inode` differs).

    The write-ahead log goes first: one that is left behind would be played into the next database. Raises OSError.
    """
    with held(database.parent):
        if inode_of(database) != inode:
            return None
        number = 1
        while os.path.lexists(aside := database.with_name(f"{database.name}.damaged-{number}")):
            number += 1
        for suffix in ("-wal", "-journal", "-shm", ""):
            companion = database.with_name(database.name + suffix)
            if companion.exists():
                companion.rename(aside.with_name(aside.name + suffix))
        return aside


def inode_of(path: Path) -> int | None:
    """The inode of `path`, None where there is nothing."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def is_remote(path: Path) -> bool:
    """Whether `path` is on a network file system, as far as the system's table of mounts says."""
    try:
        device = path.stat().st_dev
        table = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        return False
    return is_network_mount(table, f"{os.major(device)}:{os.minor(device)}")


def is_network_mount(table: str, device: str) -> bool:
    """Whether `device` ("major:minor") is one of a network, in a table of the form that proc_pid_mountinfo(5) gives."""
    for line in table.splitlines():
        mount, _, file_system = line.partition(" - ")
        if mount.split(" ")[2:3] == [device]:
            kind = file_system.split(" ")[0]
            return kind in _NETWORK_FILE_SYSTEMS or kind.startswith("fuse.")
    return False


def _prepared(directory: Path, places: Path) -> Place:
    """`directory`, made or checked. The caller holds its parent. Raises OSError."""
    problems: tuple[str, ...] = ()
    if os.path.lexists(directory):
        if _is_visitor(directory):
            raise PermissionError("it belongs to another user, and so does the repository")
        reason = _why_not(directory, places)
        if reason:
            aside = set_aside(directory)
            problems = (f"The journal in {directory} was set aside as {aside.name}, for {reason}; a new one begins.",)
    directory.mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix" and directory.stat().st_mode & 0o077:
        directory.chmod(0o700)
    _write_identity(directory, places)
    _make_database_file(directory / "journal.db")
    if not (os.access(directory, os.W_OK) and os.access(directory / "journal.db", os.W_OK)):
        raise PermissionError("it can only be read")
    return Place(directory, remote=is_remote(directory), problems=problems)


def _why_not(directory: Path, places: Path) -> str | None:
    """Why what stands at `directory` cannot be used, or None."""
    if not _is_own(directory):
        return "it is not a directory of yours"
    if not any(directory.iterdir()):
        return None
    return None if _is_at_home(directory, places) else "it was copied here from somewhere else"


def _is_own(directory: Path) -> bool:
    try:
        status = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and (sys.platform == "win32" or status.st_uid == os.geteuid())


def _is_visitor(directory: Path) -> bool:
    """Whether `directory` and what it is in belong to the same other user: then it is not ours to set aside."""
    if sys.platform == "win32":
        return False
    owner = directory.lstat().st_uid
    return owner != os.geteuid() and owner == directory.parent.stat().st_uid


def _is_at_home(directory: Path, places: Path) -> bool:
    """Whether `directory` is the one that its identity was written for, be it moved."""
    identity = _read_identity(directory)
    if identity is None:
        return False
    token, inode = identity
    if inode == inode_of(directory):
        return True
    try:
        last = Path(os.fsdecode((places / token).read_bytes()))
    except OSError:
        return False
    elsewhere = _read_identity(last)
    return last == directory.resolve() or elsewhere is None or elsewhere[0] != token


def _read_identity(directory: Path) -> tuple[str, int] | None:
    """The (token, inode) that `directory` carries, None where there is none or it is malformed."""
    try:
        with (directory / "identity").open("rb") as file:
            token, inode = file.read(100).decode("ascii").split()
        return (token, int(inode)) if len(token) == 32 and int(token, 16) >= 0 else None
    except (OSError, ValueError):
        return None


def _write_identity(directory: Path, places: Path) -> None:
    """Let `directory` know itself, and the state directory know it. Raises OSError only for the former."""
    old = _read_identity(directory)
    inode = directory.stat().st_ino
    token = old[0] if old else secrets.token_hex(16)
    if old != (token, inode):
        _replace_file(directory / "identity", f"{token} {inode}\n".encode("ascii"))
    here = os.fsencode(directory.resolve())
    with contextlib.suppress(OSError):  # without a state directory, a move to another file system looks like a copy
        places.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (places / token).exists() or (places / token).read_bytes() != here:
            _replace_file(places / token, here)


def _replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` (0600) in one step. Raises OSError."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _make_database_file(database: Path) -> None:
    """An empty file that only its owner may read; SQLite gives the same rights to what it puts beside it.

    An existing one is never opened here: closing it again would drop the locks that SQLite has on it in this process.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if os.name == "posix" and database.stat().st_mode & 0o077:
        database.chmod(0o600)


def _without_routine(problems: tuple[str, ...], common_dir: Path) -> tuple[str, ...]:
    """`problems`, but nothing about a repository that simply is not the user's to write in."""
    return () if not os.access(common_dir, os.W_OK) else problems
