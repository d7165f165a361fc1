"""Git notes, written: one `git fast-import` for all refs and commits, and a retry when somebody else was faster.

`M` with a path and not `N`: that would need the annotated commit to be here, and would rewrite the tree's layout.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.git.errors import CommandFailed, RefMoved
from byline.git.notes_ref import NotesRef, Tree
from byline.git.oid import checked_oid, path_to_git

if TYPE_CHECKING:
    from byline.git.repository import Repository

Change = Callable[[str, str, bytes | None], bytes | None]
"""(ref, commit, the note now or None) -> the note as it should be; None: no note; the same bytes: leave it."""

__all__ = ["Change", "NotesRef", "Written", "update_notes", "write_notes"]

_FAST_IMPORT = ("fast-import", "--quiet", "--done", "--date-format=raw")
_TIMEOUT = 120.0
_FLAT = 512  # notes that may lie in one folder before a layout with folders is chosen
_PAUSE = 0.02  # seconds, times the number of tries


@dataclass(frozen=True, slots=True)
class Written:
    """What `update_notes` did: the commits whose notes changed, by ref, and sentences on what was left alone."""

    changed: Mapping[str, frozenset[str]]
    problems: tuple[str, ...] = ()


def update_notes(
    repo: Repository, commits: Mapping[str, Collection[str]], change: Change, message: str, *, tries: int = 5
) -> Written:
    """Change the notes of `commits` (by ref), safe against others who write at the same time.

    `change` is asked for each (ref, commit); it must depend on its arguments only, as it is asked again, with the note
    as it is then, when a ref moved meanwhile. A note that is too large or damaged is left as it is. Nothing is written
    where nothing changes. Raises RefMoved after `tries`, CommandFailed, and ValueError for what is no id or notes ref.
    """
    wanted = {repo.notes(ref): sorted(map(checked_oid, of_ref)) for ref, of_ref in commits.items()}
    changed: dict[str, frozenset[str]] = {ref: frozenset() for ref in commits}
    for attempt in range(1, max(tries, 1) + 1):
        trees = {ref.name: ref.tree() for ref in wanted}
        updates, problems = _plan(trees, wanted, change)
        changed = {ref: changed[ref] | frozenset(updates[ref]) for ref in changed}
        try:
            _import(repo, trees, updates, message)
        except RefMoved:
            if attempt >= tries:
                raise
            time.sleep(random.uniform(0, _PAUSE * attempt))  # noqa: S311  -- only to step out of each other's way
        else:
            break
    return Written(changed, problems)


def write_notes(repo: Repository, updates: Mapping[str, Mapping[str, bytes | None]], message: str) -> None:
    """Set notes by ref and commit (None removes one), whatever is there now. One process.

    Raises RefMoved when a ref was moved at the same time: those that were not are written then. Raises CommandFailed,
    and ValueError for what is no id or notes ref.
    """
    trees = {ref: repo.notes(ref).tree() for ref in updates}
    _import(repo, trees, updates, message)


def _plan(
    trees: Mapping[str, Tree], wanted: Mapping[NotesRef, Sequence[str]], change: Change
) -> tuple[dict[str, dict[str, bytes | None]], tuple[str, ...]]:
    updates: dict[str, dict[str, bytes | None]] = {}
    problems: list[str] = []
    for ref, commits in wanted.items():
        now, unreadable = ref.read_from(trees[ref.name], commits)
        problems += ref.problems if unreadable else ()
        notes = {c: change(ref.name, c, now.get(c)) for c in commits if c not in unreadable}
        updates[ref.name] = {commit: note for commit, note in notes.items() if note != now.get(commit)}
    return updates, tuple(problems)


def _import(
    repo: Repository, trees: Mapping[str, Tree], updates: Mapping[str, Mapping[str, bytes | None]], message: str
) -> None:
    changed = {ref: of_ref for ref, of_ref in updates.items() if of_ref}
    if not changed:
        return
    name, mail = repo.committer()
    committer = f"committer {name} <{mail}> {int(time.time())} +0000\n".encode("utf-8", "replace")
    head = committer + _data(message.encode("utf-8", "replace"))
    stream = b"".join(_commit(ref, trees[ref], changed[ref], head) for ref in sorted(changed)) + b"done\n"
    try:
        repo.runner.run(_FAST_IMPORT, stdin=stream, timeout=_TIMEOUT)
    except CommandFailed as error:
        moved = [ref for ref in changed if ref.encode() in error.stderr]  # git names those that it could not update
        if moved:
            raise RefMoved(f"{', '.join(moved)} was changed at the same time; read it again and retry.") from error
        raise


def _commit(ref: str, tree: Tree, updates: Mapping[str, bytes | None], head: bytes) -> bytes:
    """The part of the stream that makes one commit on `ref`; its order depends on nothing but the content."""
    lines = [f"commit {ref}\n".encode(), head]
    if tree.tip:
        lines.append(f"from {tree.tip}\n".encode())
    depths = Counter(entry.path.count("/") for entries in tree.notes.values() for entry in entries)
    depth = depths.most_common(1)[0][0] if depths else 0
    needed = _needed_depth(len(tree.notes) + len(updates))
    places = {commit: [entry.path for entry in tree.notes.get(commit, ())] for commit in updates}
    if len(depths) < 2 and needed > depth:
        depth = needed
        lines += _laid_out(tree, depth)
        places = {commit: [_path(commit, depth)] for commit in updates}
    for commit in sorted(updates):
        note = updates[commit]
        place = places[commit][0] if places[commit] else _path(commit, depth)
        lines += [b"D %s\n" % _quoted(path) for path in places[commit]]
        if note is not None:
            lines.append(b"M 100644 inline %s\n%s" % (_quoted(place), _data(note)))
    return b"".join(lines)


def _laid_out(tree: Tree, depth: int) -> list[bytes]:
    """Everything that is in `tree`, the notes in folders `depth` deep. Only where no commit has two notes."""
    lines = [b"deleteall\n"]
    places = {_path(commit, depth): entries[0] for commit, entries in tree.notes.items()}
    for place, entry in sorted({**tree.others, **places}.items()):
        lines.append(b"M %s %s %s\n" % (entry.mode.encode(), entry.oid.encode(), _quoted(place)))
    return lines


def _needed_depth(count: int) -> int:
    """How many folders deep `count` notes should lie, so that writing one rewrites little."""
    return 0 if count <= _FLAT else 1 if count <= _FLAT * 256 else 2


def _path(commit: str, depth: int) -> str:
    folders = [commit[2 * level : 2 * level + 2] for level in range(depth)]
    return "/".join([*folders, checked_oid(commit)[2 * depth :]])


def _quoted(path: str) -> bytes:
    """A path as fast-import takes it, whatever it holds."""
    raw = path_to_git(path)
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
