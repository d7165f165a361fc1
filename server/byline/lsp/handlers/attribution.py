"""`byline/attribution`: the states of a range's lines, of the text as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.attribution.blame import line_json, summary_json
from byline.lsp.places import lines_of, open_file

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Attribution


async def handle(app: Application, params: Attribution) -> dict[str, object]:
    """Lines in the shape of `byline blame --json`; outside a repository only what was just edited is known."""
    file = await open_file(app, params.text_document.uri)
    version = file.version
    blame = await app.session.blame(file)
    wanted = range(len(blame)) if params.range is None else blame.within(*lines_of(params.range))
    found = blame.blame(wanted.start, wanted.stop - 1)
    prompts = file.project.prompts if file.project else None
    return {
        "version": version,
        "head": found.head,
        "summary": summary_json(found.summary),
        "lines": [line_json(line, prompts.text if prompts else _no_text) for line in found.lines],
    }


def _no_text(key: str | None) -> None:
    """Without a journal no prompt is known."""
