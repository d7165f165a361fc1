"""One repository, seen from one worktree."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from byline.git import identity
from byline.git.discovery import Place, find
from byline.git.errors import CommandFailed, UnknownRevision
from byline.git.executable import find_git
from byline.git.files import read_small
from byline.git.notes_ref import NotesRef
from byline.git.objects import Objects
from byline.git.oid import is_oid, path_from_git, path_to_git
from byline.git.ownership import check_owner
from byline.git.refs import Head, read_head
from byline.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

_END_OF_OPTIONS_SINCE = (2, 30)  # before, rev-parse took it for a revision
_ARGUMENTS = 200  # paths in one command line
_SHALLOW_LIMIT = 1 << 26


@dataclass(frozen=True, eq=False)
class Repository:
    """A repository and the worktree it was found from. Thread-safe.

    `git_dir` is this worktree's own directory, `common_dir` the one that all worktrees share. Paths inside the
    repository are relative to the root of the work tree, with `/`, and bytes that are not UTF-8 as surrogates.
    """

    git_dir: Path
    common_dir: Path
    work_tree: Path | None
    runner: Runner = field(repr=False)
    objects: Objects = field(repr=False)
    _notes: dict[str, NotesRef] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def discover(cls, path: Path, *, git: Path | None = None) -> Self:
        """The nearest repository around `path`: a file or folder, which need not exist. Starts no git process.

        `git` is the person's choice of executable. Raises NotARepository, UnsafeRepository (it belongs to somebody
        else), GitMissing.
        """
        place = find(path)
        executable = find_git(place.work_tree or place.git_dir, git)
        check_owner(place, executable)
        return cls.at(place, executable)

    @classmethod
    def at(cls, place: Place, git: Path) -> Self:
        """The repository at a place that is known, with a git executable that is trusted."""
        runner = Runner(git, place.git_dir, place.common_dir, place.work_tree)
        return cls(place.git_dir, place.common_dir, place.work_tree, runner, Objects(runner))

    @property
    def root(self) -> Path:
        """The root of the work tree; in a bare repository, the git directory."""
        return self.work_tree or self.git_dir

    @property
    def is_bare(self) -> bool:
        """Whether there is no work tree."""
        return self.work_tree is None

    @property
    def worktree_name(self) -> str:
        """The name of a linked worktree; "" for the main one."""
        return self.git_dir.name if self.git_dir != self.common_dir else ""

    @cached_property
    def hash_name(self) -> str:
        """How objects are named: "sha1" or "sha256"."""
        return (self.runner.config().get("extensions.objectformat") or "sha1").lower()

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off when it was fetched."""
        return bool(self.shallow_commits())

    def shallow_commits(self) -> frozenset[str]:
        """The commits at which a shallow history begins: what they really changed cannot be known."""
        lines = (read_small(self.common_dir / "shallow", _SHALLOW_LIMIT) or b"").decode("ascii", "replace").split()
        return frozenset(filter(is_oid, lines))

    def relative(self, path: Path) -> str | None:
        """The path of a file inside the work tree, as git would name it. Never raises.

        None outside of the work tree (also by a symbolic link), inside `.git` or another repository within.
        """
        if self.work_tree is None:
            return None
        try:
            inside = Path(os.path.realpath(path)).relative_to(self.work_tree)
            folders = [self.work_tree / folder for folder in inside.parents if folder.parts]
            if not inside.parts or any(part.lower() == ".git" for part in inside.parts):
                return None
            if any(os.path.lexists(folder / ".git") for folder in folders):
                return None
        except (OSError, ValueError):
            return None
        return path_from_git(os.fsencode(inside.as_posix()), quoted=False)

    def head(self) -> Head:
        """The commit and the branch of HEAD, read from files where possible. Raises CommandFailed."""
        return read_head(self)

    def resolve(self, rev: str) -> str:
        """The id of the commit that a revision names. Raises UnknownRevision."""
        if not rev or rev.startswith("-") or "\0" in rev:
            raise UnknownRevision(f"{rev[:200]!r} is not a revision.")
        guard = ["--end-of-options"] if self.runner.version >= _END_OF_OPTIONS_SINCE else []
        try:
            said = self.runner.run(["rev-parse", "--verify", "--quiet", *guard, rev + "^{commit}"])
        except CommandFailed as error:
            raise UnknownRevision(
                f"{rev[:200]!r} names no commit of {self.root}; `git log` shows those there are."
            ) from error
        return said.decode().strip()

    def blob(self, rev: str, path: str) -> bytes | None:
        """The content of the file `path` in a commit or tree; None where it has none. Raises ObjectTooLarge."""
        oid = self.blob_oid(rev, path)
        return self.objects.read(oid) if oid else None

    def blob_oid(self, rev: str, path: str) -> str | None:
        """The id of the file `path` in a commit or tree; None where it has none. `rev` must have no colon."""
        if ":" in rev or not _is_inside(path):
            return None
        if path.isprintable():
            info = self.objects.size(f"{rev}:{path}")
            return info.oid if info and info.type == "blob" else None
        tree = self.objects.size(rev + "^{tree}")
        for entry in self.runner.run(["ls-tree", "-z", tree.oid, "--", path]).split(b"\0") if tree else ():
            what, _, name = entry.partition(b"\t")
            if name == path_to_git(path) and what.split(b" ")[1] == b"blob":
                return what.split(b" ")[2].decode()
        return None

    def index_blob(self, path: str) -> tuple[str, bytes] | None:
        """The id and content of a file as it is staged; None when it is not in the index, or in conflict.

        Raises ObjectTooLarge, CommandFailed.
        """
        for mode, oid, stage, _ in self._index_entries([path]):
            if stage == "0" and mode != "160000":
                content = self.objects.read(oid)
                return None if content is None else (oid, content)
        return None

    def tracked(self, path: str) -> bool:
        """Whether the index has `path`. Raises CommandFailed."""
        return bool(self._index_entries([path]))

    def _index_entries(self, paths: Sequence[str]) -> list[tuple[str, str, str, str]]:
        """(mode, object id, stage, path) of each entry for exactly one of `paths`."""
        askable = [path for path in paths if _is_inside(path)]
        if self.is_bare or not askable:
            return []
        entries = []
        for entry in self.runner.run(["ls-files", "--stage", "-z", "--", *askable]).split(b"\0")[:-1]:
            what, _, name = entry.partition(b"\t")
            mode, oid, stage = what.decode().split(" ")
            entries.append((mode, oid, stage, path_from_git(name, quoted=False)))
        wanted = frozenset(askable)
        return [entry for entry in entries if entry[3] in wanted]

    def ignored(self, paths: Sequence[str]) -> frozenset[str]:
        """Those of `paths` that git ignores; a tracked file is not ignored, whatever the patterns say.

        A path that git refuses to judge (outside, beyond a symbolic link) counts as ignored.
        """
        if self.is_bare:
            return frozenset(paths)
        refused = [path for path in paths if not _is_inside(path)]
        matched = self._matched_by_patterns([path for path in paths if _is_inside(path)])
        tracked: set[str] = set()
        for start in range(0, len(matched), _ARGUMENTS):
            tracked.update(entry[3] for entry in self._index_entries(matched[start : start + _ARGUMENTS]))
        return frozenset(refused).union(matched).difference(tracked)

    def _matched_by_patterns(self, paths: list[str]) -> list[str]:
        if not paths:
            return []
        # `./` keeps a leading colon from being read as pathspec magic.
        given = b"".join(b"./" + path_to_git(path) + b"\0" for path in paths)
        try:
            said = self.runner.run(["check-ignore", "--no-index", "-z", "--stdin"], stdin=given, ok=(0, 1))
        except CommandFailed:
            if len(paths) == 1:
                return paths
            half = len(paths) // 2
            return self._matched_by_patterns(paths[:half]) + self._matched_by_patterns(paths[half:])
        return [path_from_git(path[2:], quoted=False) for path in said.split(b"\0")[:-1]]

    def notes(self, ref: str) -> NotesRef:
        """The notes under a full ref, such as refs/notes/byline; kept, so that they are listed once.

        Raises ValueError for what is no notes ref.
        """
        if ref not in self._notes:
            self._notes.setdefault(ref, NotesRef(self, ref))
        return self._notes[ref]

    def committer(self) -> tuple[str, str]:
        """The name and e-mail address that git would give a commit made here now. Never fails."""
        return identity.committer(self.runner)

    def close(self) -> None:
        """End the processes that are kept. The repository can still be used."""
        self.objects.close()


def _is_inside(path: str) -> bool:
    """Whether `path` can be one of the repository's own."""
    return bool(path) and "\0" not in path and not path.startswith(("/", "./")) and ".." not in path.split("/")
