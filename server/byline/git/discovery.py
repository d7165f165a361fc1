"""Which repository a path belongs to, found by reading files: no process, nothing of the repository's is run.

The rules are git's (setup.c, gitrepository-layout(5)), without its environment variables: an editor that was started
by git itself has some that speak of another repository.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from byline.git.errors import NotARepository
from byline.git.files import read_small

_HEAD = re.compile(rb"ref:\s*refs/|[0-9a-f]{40}")
_SECTION = re.compile(rb"\s*\[([^\]]*)\]")
_SETTING = re.compile(rb"\s*([a-zA-Z][a-zA-Z0-9-]*)\s*(?:=\s*([^#;]*))?")
_YES = frozenset({b"", b"true", b"yes", b"on", b"1"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is. All paths are absolute and free of symbolic links; `work_tree` is None in a bare one."""

    git_dir: Path
    common_dir: Path
    work_tree: Path | None


def find(path: Path) -> Place:
    """The repository that holds `path`, which may be a file or folder and need not exist; the nearest one wins.

    A path inside `.git` (a commit message being edited) belongs to that repository. Raises NotARepository.
    """
    try:
        start = Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise NotARepository(f"{str(path)!r} is not a path that a repository could hold.") from error
    for folder in (start, *start.parents):
        place = _at(folder)
        if place is not None:
            return place
    raise NotARepository(f"{start} is not inside a git repository; run `git init` in its project first.")


def _at(folder: Path) -> Place | None:
    dotgit = folder / ".git"
    git_dir = dotgit
    if dotgit.is_file():
        git_dir = _target(dotgit)
        if not _is_git_dir(git_dir):
            raise NotARepository(f"{dotgit} points to {git_dir}, where there is no repository; repair or remove it.")
    if _is_git_dir(git_dir):
        return _with_work_tree(git_dir, folder)
    if _is_git_dir(folder):
        return _with_work_tree(folder, _work_tree_of(folder))
    return None


def _with_work_tree(git_dir: Path, work_tree: Path | None) -> Place:
    real = Path(os.path.realpath(git_dir))
    common = _common_dir(real)
    is_linked = common != real
    if not is_linked and _core(common).get(b"bare", b"no").lower() in _YES:
        work_tree = None
    return Place(real, common, work_tree)


def _target(gitfile: Path) -> Path:
    """Where a `.git` file points to."""
    content = read_small(gitfile) or b""
    if not content.startswith(b"gitdir: "):
        raise NotARepository(f"{gitfile} is not a git file; repair or remove it.")
    return gitfile.parent / os.fsdecode(content[8:].rstrip(b"\r\n"))


def _common_dir(git_dir: Path) -> Path:
    content = read_small(git_dir / "commondir")
    if not content:
        return git_dir
    return Path(os.path.realpath(git_dir / os.fsdecode(content.rstrip(b"\r\n"))))


def _is_git_dir(folder: Path) -> bool:
    try:
        head = folder / "HEAD"
        content = read_small(head)
        valid = content is not None and _HEAD.match(content) is not None
        if not valid and not (head.is_symlink() and str(head.readlink()).startswith("refs/")):
            return False
        common = _common_dir(folder)
        return (common / "objects").is_dir() and (common / "refs").is_dir()
    except (OSError, ValueError):
        return False


def _work_tree_of(git_dir: Path) -> Path | None:
    """The work tree of a git directory that was entered from inside; only one that points back to it counts."""
    if git_dir.name == ".git":
        return git_dir.parent
    for claimed in (_linked_work_tree(git_dir), _configured_work_tree(git_dir)):
        if claimed is None or not (claimed / ".git").is_file():
            continue
        if os.path.realpath(_target(claimed / ".git")) == os.path.realpath(git_dir):
            return Path(os.path.realpath(claimed))
    return None


def _linked_work_tree(git_dir: Path) -> Path | None:
    """A linked worktree's directory names the worktree's own `.git` file."""
    content = read_small(git_dir / "gitdir")
    return (git_dir / os.fsdecode(content.rstrip(b"\r\n"))).parent if content else None


def _configured_work_tree(git_dir: Path) -> Path | None:
    """A submodule's directory has its work tree in `core.worktree`."""
    value = _core(git_dir).get(b"worktree")
    return git_dir / os.fsdecode(value) if value else None


def _core(git_dir: Path) -> dict[bytes, bytes]:
    """What the `core` section of a repository's own file says, without includes and escapes: enough for its shape."""
    values: dict[bytes, bytes] = {}
    section = b""
    for line in (read_small(git_dir / "config") or b"").split(b"\n"):
        if header := _SECTION.match(line):
            section = header[1].strip().lower()
            line = line[header.end() :]
        if section == b"core" and (setting := _SETTING.match(line)):
            values[setting[1].lower()] = (setting[2] or b"").strip().strip(b'"')
    return values
