"""Which lines of a text changed, and whether anything but white space did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from byline.provenance.diff import matches
from byline.provenance.text import squeezed


@dataclass(frozen=True, slots=True)
class Lines:
    """Neighbouring lines that changed: `old` stood from line `old_start`, `new` stands from `new_start`; 0-based."""

    old_start: int
    old: tuple[str, ...]
    new_start: int
    new: tuple[str, ...]

    @property
    def is_spacing(self) -> bool:
        """Whether the two differ in white space only."""
        return squeezed("".join(self.old)) == squeezed("".join(self.new))

    @property
    def is_import(self) -> bool:
        """Whether all that changed is what is imported."""
        return all(_is_import(line) for line in (*self.old, *self.new))


def changed_lines(old: Sequence[str], new: Sequence[str]) -> list[Lines]:
    """The changed runs of lines between two texts, in order, without context."""
    return list(_between(old, new))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Lines]:
    a = b = 0
    for match in (*matches(old, new), None):
        stop_a, stop_b = (match.a, match.b) if match else (len(old), len(new))
        if stop_a > a or stop_b > b:
            yield Lines(a, tuple(old[a:stop_a]), b, tuple(new[b:stop_b]))
        if match:
            a, b = match.a + match.size, match.b + match.size


def _is_import(line: str) -> bool:
    bare = line.strip()
    return not bare or bare.startswith(("import ", "from ", "use ", "using ", "#include", "require", "export * from"))
