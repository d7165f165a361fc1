"""The journal of documents that are not recorded: it keeps nothing and knows nothing."""

from __future__ import annotations

from collections.abc import Iterable

from byline.journal.records import Base
from byline.provenance.origin import Evidence


class Unrecorded:
    """Stands in for a journal where there is no repository (an untitled document, a file anywhere)."""

    def evidence(self, ids: Iterable[int]) -> dict[int, list[Evidence]]:
        """Nothing is known of any edit beyond what is in memory."""
        return {}

    def bases(self, ids: Iterable[int]) -> dict[int, Base]:
        """There are no base texts."""
        return {}
