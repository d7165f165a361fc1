"""More about one line: the prompt behind it, and what a person changed since."""

from __future__ import annotations

from itertools import groupby

from byline.attribution.blame import LiveBlame
from byline.provenance.origin import Kind
from byline.provenance.state import Owners


def changed_pieces(blame: LiveBlame, index: int, owners: Owners) -> tuple[str, ...]:
    """The pieces of the git line `index` (0-based) that a person put into it, in order, without white space alone."""
    document = blame.document
    pieces: list[str] = []
    for line in blame.group(index):
        at = 0
        for by_person, spans in groupby(document.spans(line), lambda span: _is_human(span.owner, owners)):
            length = sum(span.length for span in spans)
            text = document.lines[line][at : at + length].strip()
            at += length
            if by_person and text:
                pieces.append(text)
    return tuple(pieces)


def _is_human(owner: int, owners: Owners) -> bool:
    return owner > 0 and owners.origin(owner).kind is Kind.HUMAN
