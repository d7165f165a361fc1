"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: the floor that cannot be beaten (or the thing to beat), Byline, and what was promised.

    `ratio` is Byline over the floor; `holds` is None where there is a figure but no budget.
    """

    what: str
    unit: str
    floor: float | None
    byline: float
    budget: str
    holds: bool | None

    @property
    def ratio(self) -> float | None:
        return self.byline / self.floor if self.floor else None


HEADER = ("what", "floor", "byline", "ratio", "budget", "ok?")


def table(rows: list[Row]) -> str:
    """The rows as aligned columns."""
    cells = [HEADER, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def _cells(row: Row) -> tuple[str, ...]:
    floor = f"{row.floor:,.2f} {row.unit}" if row.floor is not None else "-"
    ratio = f"{row.ratio:,.2f}" if row.ratio is not None else "-"
    verdict = {True: "yes", False: "NO", None: "-"}[row.holds]
    return (row.what, floor, f"{row.byline:,.2f} {row.unit}", ratio, row.budget, verdict)
