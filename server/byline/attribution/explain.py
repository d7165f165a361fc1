"""More about one line: the prompt behind it, and what a person changed since."""

from __future__ import annotations

from byline.attribution.blame import LiveBlame
from byline.provenance.origin import Kind
from byline.provenance.state import Owners


def changed_pieces(blame: LiveBlame, index: int, owners: Owners) -> tuple[str, ...]:
    """The pieces of the git line `index` (0-based) that a person put into it, in order, without white space alone."""
    document = blame.document
    pieces: list[str] = []
    for line in blame.group(index):
        at = 0
        for span in document.spans(line):
            text = document.lines[line][at : at + span.length].strip()
            at += span.length
            if text and span.owner > 0 and owners.origin(span.owner).kind is Kind.HUMAN:
                pieces.append(text)
    return tuple(pieces)
