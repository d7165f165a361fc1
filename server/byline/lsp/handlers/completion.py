"""Completion in a commit buffer: types, scopes, issue keys and trailers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.text_places import TextPlaces
from byline.lsp.text_safety import plain

if TYPE_CHECKING:
    from byline.commit_messages.completion import Completion
    from byline.commit_messages.lint import Edit
    from byline.lsp.application import Application

_KINDS = {
    "type": types.CompletionItemKind.Keyword,
    "scope": types.CompletionItemKind.Module,
    "issue": types.CompletionItemKind.Reference,
    "trailer": types.CompletionItemKind.Property,
}
_MOST = 100
_LONGEST = 120


async def handle(app: Application, params: types.CompletionParams) -> types.CompletionList | None:
    """What can be inserted, the likeliest first; None in every other document. Raises GitError."""
    buffer = app.commit_buffers.of(params.text_document.uri)
    whole = await app.commit_buffers.text(buffer) if buffer else None
    if buffer is None or whole is None:
        return None
    form = await app.commit_buffers.form(buffer, whole)
    material = await app.commit_buffers.material(buffer, whole)
    text = whole.of_message(form)
    places = TextPlaces(text.lines, app.server.encoding)
    offset = places.offset(params.position)
    found = await asyncio.to_thread(material.completions, form.read(text.whole, material.rules.grammar), offset)
    items = [_item(each, at, places) for at, each in enumerate(found[:_MOST])]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(completion: Completion, rank: int, places: TextPlaces) -> types.CompletionItem:
    from byline.commit_messages.lint import Edit

    edit: Edit = Edit(completion.start, completion.end, completion.text)
    return types.CompletionItem(
        plain(completion.label, _LONGEST),
        kind=_KINDS[completion.kind],
        detail=plain(completion.detail, _LONGEST) or None,
        sort_text=f"{rank:03}",
        text_edit=places.text_edit(edit),
    )
