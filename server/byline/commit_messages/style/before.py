"""What came right before: people do several commits of a kind in a row, and come back to files for the same reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from byline.commit_messages.style.features import ChangedFile, Features


class Before:
    """The types of the latest commits. `remember` commits in the order in which they happened."""

    def __init__(self) -> None:
        self._latest = ""
        self._of_author: dict[str, str] = {}
        self._of_file: dict[str, str] = {}

    def remember(self, files: Sequence[ChangedFile], author: str, type_: str) -> None:
        """A commit of `type_` by `author` changed `files`."""
        self._latest = self._of_author[author] = type_
        self._of_file.update((file.path, type_) for file in files)

    def types_of(self, files: Sequence[ChangedFile]) -> Counter[str]:
        """How many of `files` were last changed by a commit of each type."""
        return Counter(self._of_file[file.path] for file in files if file.path in self._of_file)

    def features(self, files: Sequence[ChangedFile], author: str) -> Features:
        """The features of a change to `files` by `author` that is made now."""
        types = self.types_of(files)
        count = types.total()
        return {
            f"after:{self._latest}": 1.0,
            f"after own:{self._of_author.get(author, '')}": 1.0,
            **{f"files had:{name}": times / count for name, times in types.items()},
        }
