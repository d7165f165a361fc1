"""`byline summary`: added lines of many commits, counted by tool, model, author and directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from byline.attribution.blame import summary_json
from byline.attribution.commits import Totals, attributions, commits_in, totals
from byline.attribution.wording import percent, shares, tool_name
from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, fit, one_line, print_json, print_rows, width_of, working
from byline.cli.work_tree import here, opened
from byline.provenance.attribution import Summary

_MOST_ROWS = 10
_WIDEST = 40


def summary(
    range_: Annotated[
        str, typer.Argument(metavar="RANGE", help="A..B, or one commit: all up to it, as in git log.")
    ] = "HEAD",
    as_json: AsJson = False,
) -> int:
    """Count added lines by tool, model, author and directory.

    \b
    Example:
      byline summary v1.0..HEAD
    """
    with opened(here()) as project:
        commits = commits_in(project, range_)
        with working(f"Reading the notes of {len(commits)} commit{'' if len(commits) == 1 else 's'}"):
            counted = totals(attributions(project, commits))
        if as_json:
            print_json(_json(range_, counted))
        else:
            print_rows(_rows(range_, counted))
    return Exit.FINE


def _json(range_: str, counted: Totals) -> dict[str, object]:
    return {
        "range": range_,
        "commits": counted.commits,
        "noted": counted.noted,
        "summary": summary_json(counted.summary),
        "tools": _table_json("tool", counted.tools),
        "models": _table_json("model", counted.models),
        "authors": _table_json("author", counted.authors),
        "directories": _table_json("directory", counted.directories),
    }


def _table_json(name: str, table: Mapping[str, Summary] | Mapping[str | None, Summary]) -> list[dict[str, object]]:
    return [{name: key, "summary": summary_json(counted)} for key, counted in table.items()]


def _rows(range_: str, counted: Totals) -> Iterator[list[Piece]]:
    commits = f"{counted.commits} commit{'' if counted.commits == 1 else 's'}"
    lines = f"{counted.summary.total} line{'' if counted.summary.total == 1 else 's'} added"
    yield [(one_line(range_), "bold"), (f": {commits} ({counted.noted} with a note), {lines}", "")]
    yield [(shares(counted.summary) or "Nothing is recorded of them.", "")]
    written = counted.summary.ai + counted.summary.ai_modified
    yield from _table("AI tools", {tool_name(key): found for key, found in counted.tools.items()}, written)
    yield from _table("Models", {key or "not known": found for key, found in counted.models.items()}, written)
    yield from _table("Authors", counted.authors, None)
    yield from _table("Directories", counted.directories, None)


def _table(heading: str, table: Mapping[str, Summary], of: int | None) -> Iterator[list[Piece]]:
    """The largest rows of a table: their share `of` so many lines, or, where that is None, what is in them."""
    if not table:
        return
    rows = [(one_line(key), found) for key, found in list(table.items())[:_MOST_ROWS]]
    width = width_of((key for key, _ in rows), _WIDEST)
    yield [("", "")]
    yield [(heading, "bold")]
    for key, found in rows:
        told = percent(found.total, of) if of else shares(found) or "nothing recorded"
        yield [(f"  {fit(key, width)}  {found.total:>7}  ", ""), (told, "bright_black")]
    if len(table) > len(rows):
        yield [(f"  and {len(table) - len(rows)} more (--json has all)", "bright_black")]
