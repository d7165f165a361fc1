"""Git notes, read: one tree listing for all of them, and contents through the kept `cat-file` process.

A notes ref points to a commit whose tree has one file for each annotated commit, named by its id; the name may be split
into folders after the first two characters, and after the next two ("fan-out"), differently in one tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

from byline.git.errors import CommandFailed, GitError
from byline.git.objects import MIB
from byline.git.oid import is_oid, path_from_git
from byline.git.refs import is_ref, read_ref

if TYPE_CHECKING:
    from byline.git.repository import Repository

NOTE_LIMIT = 4 * MIB  # old notes of other tools hold whole conversations; each format has its own, smaller bound
READ_LIMIT = 64 * MIB
LISTING_LIMIT = 500_000

_TIMEOUT = 120.0
_FILES = ("100644", "100755")
_Value = TypeVar("_Value")


class Entry(NamedTuple):
    """A file of a notes tree."""

    mode: str
    oid: str
    path: str


def commit_of(path: str) -> str | None:
    """The commit that a file at `path` of a notes tree annotates; None if it is something else."""
    *folders, rest = path.split("/")
    name = "".join(folders) + rest
    return name if is_oid(name) and rest and all(len(folder) == 2 for folder in folders) else None


@dataclass(frozen=True)
class Tree:
    """What the commit `tip` of a notes ref holds: the notes by annotated commit, and the other files by path.

    A commit has several notes where a tree of mixed fan-out names it twice.
    """

    tip: str | None
    notes: Mapping[str, tuple[Entry, ...]]
    others: Mapping[str, Entry]

    @cached_property
    def listing(self) -> Mapping[str, str]:
        """The id of the (first) note of each commit."""
        return {commit: entries[0].oid for commit, entries in self.notes.items()}

    def changed(self, tip: str | None, entries: Iterable[tuple[str, Entry | None]]) -> Tree:
        """This tree with other files at some paths (None: no file any more); now that of the commit `tip`."""
        notes, others = dict(self.notes), dict(self.others)
        for path, entry in entries:
            commit = commit_of(path)
            if commit is None or (entry and entry.mode not in _FILES):
                _put(others, path, entry)
                continue
            kept = [old for old in notes.get(commit, ()) if old.path != path]
            _put(notes, commit, tuple(sorted([*kept, *([entry] if entry else [])], key=_by_path)))
        return Tree(tip, notes, others)


EMPTY = Tree(None, {}, {})


class NotesRef:
    """The notes under one ref of a repository. Thread-safe. `problems` says what could not be read, in sentences."""

    def __init__(self, repo: Repository, name: str) -> None:
        """Raises ValueError unless `name` is a full ref under refs/notes/."""
        if not is_ref(name) or not name.startswith("refs/notes/"):
            raise ValueError(f"Not a notes ref: {name[:80]!r}. Notes refs begin with refs/notes/.")
        self.repo = repo
        self.name = name
        self.problems: tuple[str, ...] = ()
        self._tree = EMPTY
        self._lock = Lock()

    def tip(self) -> str | None:
        """The commit that the ref points to; None where there are no notes."""
        return read_ref(self.repo, self.name)

    def listing(self) -> Mapping[str, str]:
        """For each annotated commit the id of its note. Raises CommandFailed."""
        return self.tree().listing

    def tree(self) -> Tree:
        """What the ref has now; listed again only when it moved, and then only what changed. Raises CommandFailed."""
        tip = self.tip()
        with self._lock:
            if tip != self._tree.tip:
                self._tree = self._listed(tip)
            return self._tree

    def read(self, commits: Iterable[str]) -> dict[str, bytes]:
        """The notes of those of `commits` that have one. Raises CommandFailed.

        Several notes of one commit (in a tree of mixed fan-out) are joined by a line break. Sizes are asked for before
        anything is read: a note over NOTE_LIMIT, and what follows after READ_LIMIT in all, is left out and named in
        `problems`.
        """
        return self.read_from(self.tree(), commits)[0]

    def read_from(self, tree: Tree, commits: Iterable[str]) -> tuple[dict[str, bytes], frozenset[str]]:
        """The notes of `commits` in a tree listed before, and the commits whose note could not be read."""
        wanted = {commit: [entry.oid for entry in tree.notes[commit]] for commit in commits if commit in tree.notes}
        oids = [oid for of_commit in wanted.values() for oid in of_commit]
        sizes = dict(zip(oids, self.repo.objects.sizes(oids), strict=True))
        problems: dict[str, str] = {}
        room = READ_LIMIT
        for commit, of_commit in wanted.items():
            infos = [sizes[oid] for oid in of_commit]
            if any(info is None or info.type != "blob" for info in infos):
                problems[commit] = f"The note of {commit} in {self.name} is damaged; it is left out."
                continue
            size = sum(info.size for info in infos if info)
            if size > NOTE_LIMIT or size > room:
                problems[commit] = f"The note of {commit} in {self.name} is too large ({size} bytes); it is left out."
                continue
            room -= size
        readable = {commit: of_commit for commit, of_commit in wanted.items() if commit not in problems}
        contents = iter(self.repo.objects.read_many([oid for oids in readable.values() for oid in oids]))
        notes = {commit: b"\n".join(next(contents) or b"" for _ in of_commit) for commit, of_commit in readable.items()}
        self.problems = tuple(problems.values())
        return notes, frozenset(problems)

    def _listed(self, tip: str | None) -> Tree:
        if tip is None:
            return EMPTY
        if self._tree.tip is not None:
            try:
                return self._moved(self._tree.tip, tip)
            except CommandFailed:
                pass  # the old tip is gone: list everything
        return EMPTY.changed(tip, self._entries(tip))

    def _entries(self, tip: str) -> Iterator[tuple[str, Entry]]:
        """Streamed, and not further than LISTING_LIMIT: a small tree of shared folders can list without end."""
        with self.repo.runner.stream(["ls-tree", "-r", "-z", "--full-tree", tip], timeout=_TIMEOUT) as output:
            for count, (what, path) in enumerate(_records(output)):
                if count >= LISTING_LIMIT:
                    raise GitError(
                        f"{self.name} has more than {LISTING_LIMIT} notes, which is not read; remove old ones."
                    )
                mode, _, oid = what.split(" ")
                yield path, Entry(mode, oid, path)

    def _moved(self, old: str, new: str) -> Tree:
        command = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new]
        fields = self.repo.runner.run(command, timeout=_TIMEOUT).split(b"\0")
        entries: list[tuple[str, Entry | None]] = []
        for what, name in zip(fields[::2], fields[1::2], strict=False):
            _, mode, _, oid, status = what.decode().split(" ")
            path = path_from_git(name, quoted=False)
            entries.append((path, None if status == "D" else Entry(mode, oid, path)))
        return self._tree.changed(new, entries)


def _put(into: dict[str, _Value], key: str, value: _Value | None) -> None:
    """Set what there is, and remove what there is not."""
    if value:
        into[key] = value
    else:
        into.pop(key, None)


def _by_path(entry: Entry) -> str:
    return entry.path


def _records(output: IO[bytes]) -> Iterator[tuple[str, str]]:
    """What stands before and after the tab of each NUL-ended record."""
    rest = b""
    while chunk := output.read(1 << 16):
        *records, rest = (rest + chunk).split(b"\0")
        for record in records:
            what, _, path = record.partition(b"\t")
            yield what.decode(), path_from_git(path, quoted=False)
