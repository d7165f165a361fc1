"""Hover: a card about the line, who wrote it and why we say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from byline.attribution.explain import changed_pieces
from byline.lsp.cards import card
from byline.lsp.commit.hover import hover
from byline.lsp.places import whole_lines

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application


async def handle(app: Application, params: types.HoverParams) -> types.Hover | None:
    """None where nothing is known of the line, or the document is not ours."""
    if buffer := app.commit_buffers.of(params.text_document.uri):
        return await hover(app, buffer, params.position)
    file = await app.session.file(params.text_document.uri)
    if file is None or file.project is None or not file.project.config.hover.enabled:
        return None
    text = await line_card(app, file, params.position.line, rich=app.server.client.hover_markdown)
    if not text or params.position.line >= len(file.live.document.lines):
        return None
    kind = types.MarkupKind.Markdown if app.server.client.hover_markdown else types.MarkupKind.PlainText
    where = whole_lines(app, file.live.document.lines, params.position.line, params.position.line)
    return types.Hover(types.MarkupContent(kind, text), where)


async def line_card(app: Application, file: OpenFile, line: int, *, rich: bool) -> str:
    """The card of a protocol line (0-based); empty where nothing is known."""
    blame = await app.session.blame(file)
    index = blame.git_index(line)
    if index is None or file.project is None:
        return ""
    found = blame.line(index)
    prompt = file.project.prompts.text(found.state.origin.prompt)
    changed = changed_pieces(blame, index, file.project.owners)
    return card(found, prompt, changed, file.project.me, rich=rich)
