"""Code action resolve: what takes long is done when a person has chosen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from byline.lsp.commit.actions import REFINE
from byline.lsp.commit.refining import refined

if TYPE_CHECKING:
    from byline.lsp.application import Application


async def handle(app: Application, action: types.CodeAction) -> types.CodeAction:
    """An action that is complete comes back as it is."""
    data = action.data
    if action.edit is not None or not isinstance(data, dict) or data.get("what") != REFINE:
        return action
    uri = data.get("uri")
    buffer = app.commit_buffers.of(uri) if isinstance(uri, str) else None
    if buffer is None:
        raise JsonRpcInvalidParams("The document is no open commit buffer any more; open it and ask again.")
    action.edit = (await refined(app, buffer)).edit
    return action
