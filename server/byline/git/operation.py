"""Which operation a worktree is in the middle of, by the files that git keeps meanwhile (gitrepository-layout(5))."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from byline.git.files import is_regular

if TYPE_CHECKING:
    from byline.git.repository import Repository


class Operation(StrEnum):
    """What a commit that is made now will be."""

    COMMIT = "commit"
    AMEND = "amend"
    MERGE = "merge"
    SQUASH = "squash"
    CHERRY_PICK = "cherry-pick"
    REVERT = "revert"


_BY_FILE = (
    ("MERGE_HEAD", Operation.MERGE),
    ("CHERRY_PICK_HEAD", Operation.CHERRY_PICK),
    ("REVERT_HEAD", Operation.REVERT),
    ("SQUASH_MSG", Operation.SQUASH),
)


def operation(repo: Repository) -> Operation:
    """The operation that is under way; COMMIT where there is none. Reads files only.

    An amended commit, and a revert or pick that went without a conflict, leave no such file: the message's text tells.
    """
    for name, found in _BY_FILE:
        if is_regular(repo.git_dir / name):
            return found
    return Operation.COMMIT
