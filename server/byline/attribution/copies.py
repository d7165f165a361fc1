"""Copies: text that still stands where it was taken from. It keeps its owner where the client proves the copying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from byline.attribution.client_changes import ClientPosition, Column, position_in
from byline.provenance.assign import Change
from byline.provenance.document import Document
from byline.provenance.span import Span
from byline.provenance.text import sha256


@dataclass(frozen=True, slots=True)
class Copy:
    """What was pasted was copied from `start` to `end` (the client's positions) of an open document.

    `source` gives that document now, and the version that it is in, None if it is open no more; `version` is the one in
    which the text stood there, and `digest` the SHA-256 of its UTF-8 bytes, in hexadecimal.
    """

    source: Callable[[], tuple[Document, int] | None]
    version: int
    start: ClientPosition
    end: ClientPosition
    digest: str
    column: Column

    def spans(self, change: Change, into: Document, version: int) -> tuple[Span, ...] | None:
        """Whose the text of `change` is, made to `into`, a document at `version`: as where it came from.

        None where that cannot be shown: then it is text like any other.
        """
        known = self.source()
        if known is None:
            return None
        source, now = known
        if (version if source is into else now) != self.version:
            return None
        start, end = sorted(position_in(source, place, self.column) for place in (self.start, self.end))
        text = source.text_between(start, end)
        if text != change.text or sha256(text) != self.digest:
            return None
        return tuple(span for span in source.spans_between(start, end) if span.length)
