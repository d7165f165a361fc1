"""Which functions and classes a change touched, and what became of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from byline.commit_messages.digest.hunks import Lines
from byline.symbols.outline import Symbol, outline

_ALIKE = 0.6  # share of lines that two symbols have in common when one is the other under a new name
_SHORTEST_ALIKE = 3
_MOST = 400


class Became(StrEnum):
    """What happened to a symbol."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class SymbolChange:
    """What happened to one symbol of a file.

    `name` is qualified by the symbols around it (`Client.send`), `kind` the outline's word; `lines` is how many of its
    lines were added or removed; `old_name` is set for one that was renamed.
    """

    name: str
    kind: str
    became: Became
    lines: int
    old_name: str | None = None

    @property
    def short_name(self) -> str:
        """The name without what is around it."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    symbol: Symbol


def symbol_changes(path: str, old: Sequence[str], new: Sequence[str], hunks: Sequence[Lines]) -> list[SymbolChange]:
    """What happened to the symbols of the file at `path`, most lines first; blocks without a name are no symbols."""
    before, after = _named(path, old), _named(path, new)
    removed_at = _Touched(range(hunk.old_start, hunk.old_start + len(hunk.old)) for hunk in hunks)
    added_at = _Touched(range(hunk.new_start, hunk.new_start + len(hunk.new)) for hunk in hunks)
    old_names, new_names = {named.name for named in before}, {named.name for named in after}
    gone = [named for named in before if named.name not in new_names]
    come = [named for named in after if named.name not in old_names]
    renamed = dict(_renamed(gone, come, old, new))
    changes = [*_appeared(come, renamed, added_at), *_disappeared(gone, set(renamed.values()), removed_at)]
    changes += _changed([n for n in after if n.name in old_names], before, added_at, removed_at)
    return sorted(changes, key=lambda change: (-change.lines, change.name))


class _Touched:
    """How many lines of a range are among those that changed; the ranges given are in order and apart."""

    def __init__(self, ranges: Iterable[range]) -> None:
        self._ranges = [r for r in ranges if r]
        self._starts = [r.start for r in self._ranges]

    def within(self, first: int, last: int) -> int:
        count = 0
        for at in range(max(bisect_right(self._starts, first) - 1, 0), len(self._ranges)):
            touched = self._ranges[at]
            if touched.start > last:
                break
            count += max(0, min(touched.stop, last + 1) - max(touched.start, first))
        return count


def _named(path: str, lines: Sequence[str]) -> list[_Named]:
    """The symbols with their qualified names; of equal names the first. Blocks have no real name and are left out."""
    around: list[Symbol] = []
    found: dict[str, _Named] = {}
    for symbol in outline("\n".join(lines), None, path)[:_MOST] if lines else ():
        if symbol.kind == "block":
            continue
        del around[symbol.depth :]
        around.append(symbol)
        name = ".".join(each.name for each in around[-2:])
        found.setdefault(name, _Named(name, symbol))
    return list(found.values())


def _appeared(come: list[_Named], renamed: dict[str, str], added: _Touched) -> Iterator[SymbolChange]:
    for named in come:
        lines = added.within(named.symbol.start, named.symbol.end)
        if named.name in renamed:
            yield SymbolChange(named.name, named.symbol.kind, Became.RENAMED, max(lines, 1), renamed[named.name])
        elif lines:
            yield SymbolChange(named.name, named.symbol.kind, Became.ADDED, lines)


def _disappeared(gone: list[_Named], renamed: set[str], removed: _Touched) -> Iterator[SymbolChange]:
    for named in gone:
        lines = removed.within(named.symbol.start, named.symbol.end)
        if named.name not in renamed and lines:
            yield SymbolChange(named.name, named.symbol.kind, Became.REMOVED, lines)


def _changed(stayed: list[_Named], before: list[_Named], added: _Touched, removed: _Touched) -> Iterator[SymbolChange]:
    """What changed inside symbols that stayed; lines of an inner symbol are counted for that one alone."""
    was = {named.name: named.symbol for named in before}
    for named in stayed:
        symbol, old = named.symbol, was[named.name]
        lines = _own(symbol, [n.symbol for n in stayed], added) + _own(old, list(was.values()), removed)
        if lines:
            yield SymbolChange(named.name, symbol.kind, Became.CHANGED, lines)


def _own(symbol: Symbol, others: Sequence[Symbol], touched: _Touched) -> int:
    total = touched.within(symbol.start, symbol.end)
    if not total:
        return 0
    inner = [o for o in others if o.depth == symbol.depth + 1 and symbol.start <= o.start and o.end <= symbol.end]
    return total - sum(touched.within(other.start, other.end) for other in inner)


def _renamed(
    gone: list[_Named], come: list[_Named], old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """New name and old name of symbols that are the same but for their first line."""
    free = list(gone)
    for named in come:
        for candidate in free:
            if candidate.symbol.kind == named.symbol.kind and _alike(_body(candidate, old), _body(named, new)):
                free.remove(candidate)
                yield named.name, candidate.name
                break


def _body(named: _Named, lines: Sequence[str]) -> set[str]:
    found = {line.strip() for line in lines[named.symbol.start + 1 : named.symbol.end + 1]}
    return {line for line in found if any(c.isalnum() for c in line)}


def _alike(one: set[str], other: set[str]) -> bool:
    if min(len(one), len(other)) < _SHORTEST_ALIKE:
        return False
    return len(one & other) >= _ALIKE * max(len(one), len(other))
