"""`byline config`: every setting, its value, and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator

from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, note, print_json, print_rows, shown
from byline.cli.work_tree import here, settings
from byline.config import Config
from byline.config.definition import in_toml
from byline.git.discovery import find
from byline.git.errors import NotARepository


def config(as_json: AsJson = False) -> int:
    """Show every setting, its value and where that comes from.

    docs/settings.md says what each one does.

    \b
    Example:
      BYLINE_HOVER_ENABLED=false byline config
    """
    try:
        root = find(here()).work_tree
    except NotARepository:
        root = None
    found = settings(root)
    if as_json:
        values = {key: {"value": s.value, "source": s.source} for key, s in found.settings().items()}
        print_json({"settings": values, "problems": list(found.problems)})
        return Exit.FINE
    print_rows(_rows(found))
    for problem in found.problems:
        note(problem)
    return Exit.FINE


def _rows(found: Config) -> Iterator[list[Piece]]:
    rows = [(key, shown(in_toml(s.value)), s.source) for key, s in found.settings().items()]
    keys, values = max(len(key) for key, _, _ in rows), max(len(value) for _, value, _ in rows)
    for key, value, source in rows:
        style = "" if source == "default" else "bold"
        yield [(f"{key:<{keys}}  ", style), (f"{value:<{values}}  ", style), (shown(source), "bright_black")]
