"""The right diff: what exactly the commit that is being made will change.

Plain, `-a`, with paths, `-p`, `--amend`, a merge, a pick, a revert; in a worktree or a submodule; the first commit.
What git wrote into the buffer decides between the indexes and bases that are possible; without a buffer, what is staged
is compared with HEAD.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from byline.commit_messages.buffer.mentioned import Mentioned, last_component, mentioned
from byline.git.changes import FileChange
from byline.git.commit import commit_info
from byline.git.operation import Operation, operation
from byline.git.repository import Repository
from byline.git.staged import between, indexes, readable, staged

_NO_PARENT = (
    "The amended commit's parent is not in this shallow clone, so only what is staged now is described; "
    "`git fetch --deepen=1` brings it."
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit will change, or has changed.

    `base` is the commit that `files` are compared with, None for a first commit; `amended` the one that will be
    replaced; `branch` the full ref of HEAD, None when it is detached. `problems` are sentences about what could not be
    looked at.
    """

    operation: Operation
    base: str | None
    branch: str | None
    files: tuple[FileChange, ...]
    amended: str | None = None
    problems: tuple[str, ...] = ()


def staged_change(repository: Repository, *, amend: bool = False) -> Change:
    """What `git commit` (with `amend`: `git commit --amend`) would commit now, from the index proper.

    Raises GitError.
    """
    head = repository.head()
    if amend:
        kind, base, problems = _amended(repository, head.oid)
        return Change(kind, base, head.ref, tuple(staged(repository, base)), head.oid, problems)
    return Change(operation(repository), head.oid, head.ref, tuple(staged(repository, head.oid)))


def buffer_change(repository: Repository, buffer: str, comment: str = "#") -> Change:
    """What the commit will change whose message is being written in `buffer`; `comment` is git's comment prefix.

    Asks git once for each index that there is, and for each base that is possible: as a rule, once. Raises GitError.
    """
    told = mentioned(buffer, comment)
    head = repository.head()
    found = operation(repository)
    if found is Operation.COMMIT and told.is_revert:
        found = Operation.REVERT
    best: Change | None = None
    for index in indexes(repository):
        for is_amend in _amending(repository, told, found, head.oid):
            kind, base, problems = _amended(repository, head.oid) if is_amend else (found, head.oid, ())
            files = readable(repository, base, index)
            if files is None:
                continue
            change = Change(kind, base, head.ref, tuple(files), head.oid if is_amend else None, problems)
            if told.names is None or agreement(files, told.names) == 1.0:
                return change
            if best is None or agreement(files, told.names) > agreement(best.files, told.names):
                best = change
    return best or staged_change(repository)


def commit_change(repository: Repository, commit: str) -> Change:
    """What a commit changed against its first parent: the same shape for a commit that was made already.

    Raises GitError, and ValueError for what is no object id.
    """
    base = _parent(repository, commit)
    return Change(Operation.COMMIT, base, None, tuple(between(repository, base, commit)))


def agreement(files: Sequence[FileChange], names: Sequence[str]) -> float:
    """How well changed files agree with the names that git listed, 0 to 1: the shared part of both together.

    Git lists paths relative to where it was started, and may find renames differently; so only names are compared.
    """
    mine = Counter(last_component(change.path) for change in files)
    theirs = Counter(names)
    both, either = (mine & theirs).total(), (mine | theirs).total()
    return both / either if either else 1.0


def _amending(repository: Repository, told: Mentioned, found: Operation, head: str | None) -> tuple[bool, ...]:
    """Whether the commit may be an amending one: possible answers, the likelier first.

    Git tells the author's date then; with `commit.status` switched off it tells nothing, and only the old message is
    there.
    """
    if head is None or found in (Operation.MERGE, Operation.CHERRY_PICK, Operation.REVERT):
        return (False,)
    if told.has_author_date:
        return (True, False)
    is_silent = told.names is None and told.text != ""
    return (is_silent and told.text == commit_info(repository, head).message.strip(),)


def _amended(repository: Repository, head: str | None) -> tuple[Operation, str | None, tuple[str, ...]]:
    """What amending HEAD is, what the outcome is compared with, and what cannot be looked at.

    The message of a merge stays git's own. Where a shallow history begins, the commit's parent is not there: then only
    what is staged beyond it can be told.
    """
    if head is None:
        return Operation.AMEND, None, ()
    if head in repository.shallow_commits():
        return Operation.AMEND, head, (_NO_PARENT,)
    parents = commit_info(repository, head).parents
    return Operation.MERGE if len(parents) > 1 else Operation.AMEND, next(iter(parents), None), ()


def _parent(repository: Repository, commit: str) -> str | None:
    return next(iter(commit_info(repository, commit).parents), None)
