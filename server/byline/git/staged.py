"""What is staged, in whichever index the commit that is being made will take.

While an editor is open for a commit message, the index that counts is not always `index` (builtin/commit.c): with `-a`,
`--include`, `-p` or `--interactive` it is `index.lock`, and when paths were named it is `next-index-<process>.lock`,
beside an `index.lock` that means something else. Git tells its editor by an environment variable; a program that was
started before has to look.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from byline.git.changes import FileChange
from byline.git.errors import CommandFailed
from byline.git.files import is_regular
from byline.git.oid import checked_oid, is_null, path_from_git
from byline.git.process import Command
from byline.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from byline.git.repository import Repository

_DIFF_INDEX = (
    "diff-index",
    "--cached",
    "--ita-invisible-in-index",
    "--raw",
    "-r",
    "-z",
    "--no-abbrev",
    "-M50%",
    "-l1000",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
)
_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_NEXT_INDEX = re.compile(r"next-index-([1-9][0-9]{0,9})\.lock")
_MOST_INDEXES = 6


@dataclass(frozen=True, slots=True)
class Index:
    """One index file of a worktree. `is_own` says whether it is the index proper, and not one of a running command."""

    file: Path
    is_own: bool


class _IndexRunner(Runner):
    """A runner whose commands see another index file than the worktree's own."""

    def __init__(self, repo: Repository, index: Path) -> None:
        super().__init__(repo.runner.git, repo.git_dir, repo.common_dir, repo.work_tree)
        self._config = repo.runner.config()
        self._index = index

    def _command(self, args: Sequence[str], settings: Mapping[str, str]) -> Command:
        command = super()._command(args, settings)
        return command._replace(variables={**command.variables, "GIT_INDEX_FILE": str(self._index)})


def indexes(repo: Repository) -> list[Index]:
    """The index files that a commit which is being made now might take, the likeliest first; the own one always last.

    A `next-index` whose git has ended is left out: it was left behind. Starts no process.
    """
    own = Index(repo.git_dir / "index", is_own=True)
    try:
        names = [name for name in os.listdir(repo.git_dir) if _is_alive(name)]  # noqa: PTH208 - names are enough
    except OSError:
        return [own]
    found = sorted((repo.git_dir / name for name in names), key=_age)[: _MOST_INDEXES - 2]
    locks = [file for file in (*found, repo.git_dir / "index.lock") if is_regular(file)]
    return [*(Index(file, is_own=False) for file in locks), own]


def staged(repo: Repository, base: str | None, index: Index | None = None) -> list[FileChange]:
    """The files in which an index differs from a commit; without hunks, renames found, ordered by path.

    `base` is a commit's id, None where the commit will be the first one; `index` is the worktree's own unless said.
    Files that were only announced with `git add --intent-to-add` are not staged.
    Raises CommandFailed (also for an index that is still being written), and ValueError for what is no object id.
    """
    runner = repo.runner if index is None or index.is_own else _IndexRunner(repo, index.file)
    against = checked_oid(base) if base else _EMPTY_TREES[repo.hash_name]
    return _parsed(runner.run([*_DIFF_INDEX, against, "--"]))


def between(repo: Repository, old: str | None, new: str) -> list[FileChange]:
    """The same of two commits: what `new` changed against `old`, None for the empty tree. Raises as `staged` does."""
    options = [option for option in _DIFF_INDEX[1:] if option != "--cached"]
    against = checked_oid(old) if old else _EMPTY_TREES[repo.hash_name]
    return _parsed(repo.runner.run(["diff-tree", *options, against, checked_oid(new), "--"]))


def _parsed(output: bytes) -> list[FileChange]:
    """The files of raw output with `-z` (diff-format in git-diff(1)): `:modes ids status`, then one path or two."""
    fields = iter(output.split(b"\0")[:-1])
    files = []
    for what in fields:
        old_mode, mode, old_oid, new_oid, status = what.decode("ascii", "replace").lstrip(":").split(" ")
        first = path_from_git(next(fields), quoted=False)
        is_pair = status[:1] in ("R", "C")
        path = path_from_git(next(fields), quoted=False) if is_pair else first
        files.append(
            FileChange(
                path=path,
                old_path=first if is_pair else None,
                old_oid=None if is_null(old_oid) else old_oid,
                new_oid=None if is_null(new_oid) else new_oid,
                status=status[:1],
                mode=old_mode if status == "D" else mode,
            )
        )
    return sorted(files, key=lambda change: change.path)


def readable(repo: Repository, base: str | None, index: Index) -> list[FileChange] | None:
    """`staged`, or None where git cannot read that index: it may be half written, or gone by now."""
    try:
        return staged(repo, base, index)
    except CommandFailed:
        if index.is_own:
            raise
        return None


def _is_alive(name: str) -> bool:
    """Whether `name` is the next index of a git that is still running."""
    match = _NEXT_INDEX.fullmatch(name)
    if match is None or os.name != "posix":  # elsewhere this way to ask would end the process
        return match is not None
    try:
        os.kill(int(match[1]), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's process, or a system that does not tell
        return True
    return True


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0
