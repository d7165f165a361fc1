"""Functions and classes that a change moved from one file to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.commit_messages.digest.symbols import Became, SymbolChange

if TYPE_CHECKING:
    from byline.commit_messages.digest.digest import FileDigest

_ALIKE = 0.6  # share of a symbol's removed lines that have to be added where it is now
_FEWEST_LINES = 3


@dataclass(frozen=True, slots=True)
class Move:
    """A symbol that was in one file and is in another now; `lines` is how many of its lines were taken away."""

    name: str
    old_path: str
    path: str
    lines: int


def moves(files: Sequence[FileDigest]) -> tuple[Move, ...]:
    """The symbols that were removed from one of `files` and added, under the same name and much the same, to another.

    Members of a class that moved as a whole are left out. Most lines first.
    """
    come = [(file, symbol) for file in files for symbol in _that(file, Became.ADDED)]
    added = {file.path: {line.strip() for hunk in file.hunks for line in hunk.new} for file, _ in come}
    found = [
        Move(symbol.name, file.path, there.path, symbol.lines)
        for file in files
        for symbol in _that(file, Became.REMOVED)
        for there, other in come
        if there is not file and (other.name, other.kind) == (symbol.name, symbol.kind)
        if _is_alike(file, symbol, added[there.path])
    ]
    whole = {move.name for move in found}
    outer = [move for move in found if move.name.rpartition(".")[0] not in whole]
    return tuple(sorted(outer, key=lambda move: (-move.lines, move.name)))


def _that(file: FileDigest, became: Became) -> Iterator[SymbolChange]:
    return (symbol for symbol in file.symbols if symbol.became is became)


def _is_alike(file: FileDigest, symbol: SymbolChange, added: set[str]) -> bool:
    """Whether most of the lines that the symbol had, as far as they say something, are among those `added`."""
    gone = [line.strip() for line in _lines_of(file, symbol) if any(map(str.isalnum, line))]
    return len(gone) >= _FEWEST_LINES and sum(line in added for line in gone) >= _ALIKE * len(gone)


def _lines_of(file: FileDigest, symbol: SymbolChange) -> Iterator[str]:
    """The removed lines from the one that names the symbol first, as many as the symbol had."""
    removed = [line for hunk in file.hunks for line in hunk.old]
    start = next((at for at, line in enumerate(removed) if symbol.short_name in line), len(removed))
    yield from removed[start : start + symbol.lines]
