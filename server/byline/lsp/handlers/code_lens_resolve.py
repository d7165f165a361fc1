"""Code lens resolve: the title of one lens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from byline.git.errors import GitError
from byline.lsp.handlers.code_lens import lens_command
from byline.lsp.lenses import Place, lens_title
from byline.lsp.places import open_file

if TYPE_CHECKING:
    from byline.lsp.application import Application


async def handle(app: Application, lens: types.CodeLens) -> types.CodeLens:
    """A complete lens comes back as it is."""
    if lens.command is not None:
        return lens
    data = lens.data
    if not isinstance(data, dict) or not isinstance(data.get("uri"), str):
        raise JsonRpcInvalidParams("The lens is not one of this server's: its data is missing.")
    first, last = data.get("first"), data.get("last")
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= first <= last:
        raise JsonRpcInvalidParams("The lens is not one of this server's: its lines are missing.")
    file = await open_file(app, data["uri"])
    place = Place(first, last, bool(data.get("whole")))
    try:
        title = lens_title(file, await app.session.blame(file), place) or "nothing recorded"
    except GitError as problem:
        app.server.problems.noticed("code_lens", problem.problem)
        title = "git cannot blame this file"
    lens.command = lens_command(data["uri"], place, title)
    return lens
