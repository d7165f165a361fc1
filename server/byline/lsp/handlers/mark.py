"""`byline/mark`: a person's own statement about lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.places import open_file
from byline.provenance.origin import Channel, Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Mark


async def handle(app: Application, params: Mark) -> dict[str, int]:
    """How many lines the statement is about; a range that ends at column 0 excludes that line."""
    file = await open_file(app, params.text_document.uri)
    first, last = params.range.start.line, params.range.end.line
    if params.range.end.character == 0 and last > first:
        last -= 1
    statement = mark_evidence(params.kind, params.tool, params.model)
    return {"lines": await app.session.mark(file, first, last, statement)}


def mark_evidence(kind: str, tool: str | None, model: str | None) -> Evidence:
    """What a person states: "human" (by me) or "ai"."""
    if kind == "human":
        return Evidence(Source.MARK, Channel.TYPING)
    return Evidence(Source.MARK, Channel.AGENT, None, tool, model)
