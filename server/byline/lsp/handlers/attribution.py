"""`byline/attribution`: the states of a range's lines, of the text as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.attribution.blame import line_json, summary_json
from byline.lsp.places import open_file

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Attribution, Range


async def handle(app: Application, params: Attribution) -> dict[str, object]:
    """The answer of CONTRACT's `byline/attribution`; lines outside a repository are unknown."""
    file = await open_file(app, params.text_document.uri)
    version = file.version
    blame = await app.session.blame(file)
    first, last = _lines(params.range, len(blame))
    found = blame.blame(first, last)
    prompts = file.project.prompts if file.project else None
    return {
        "version": version,
        "head": found.head,
        "summary": summary_json(found.summary),
        "lines": [line_json(line, prompts.text if prompts else _no_text) for line in found.lines],
    }


def _no_text(key: str | None) -> None:
    """Without a journal no prompt is known."""


def _lines(range_: Range | None, count: int) -> tuple[int, int]:
    """First and last line, inclusive; a range that ends at column 0 excludes that line."""
    if range_ is None:
        return 0, count - 1
    last = range_.end.line
    if range_.end.character == 0 and last > range_.start.line:
        last -= 1
    return range_.start.line, last
