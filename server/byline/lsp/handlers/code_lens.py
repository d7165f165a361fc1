"""Code lenses: one for the file, one for each container. Their places depend on the text alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from byline.lsp.lenses import Place, has_lenses, lens_title, places

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application

_PATIENCE = 0.01  # seconds that an answer may wait for titles: then the lenses go out without, to be resolved


async def handle(app: Application, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Complete lenses where the titles are known already, else such that resolve."""
    uri = params.text_document.uri
    file = await app.session.file(uri)
    if file is None or file.project is None or app.quiet or not file.project.config.code_lens.enabled:
        return []
    if file.name is None or not await has_lenses(file):
        return []
    work = asyncio.ensure_future(app.session.blame(file))  # goes on beside the outline
    found = list(places(file, await app.session.outline(file)))
    ready, _ = await asyncio.wait([work], timeout=_PATIENCE)
    if not ready:
        app.server.tasks.start("blame", _finish(work))
    blame = work.result() if ready and not work.exception() else None
    return [_lens(uri, file, place, lens_title(file, blame, place) if blame else None) for place in found]


async def _finish(work: asyncio.Future[Any]) -> None:
    await work


def _lens(uri: str, file: OpenFile, place: Place, title: str | None) -> types.CodeLens:
    line = min(place.first, len(file.live.document.lines) - 1)
    where = types.Range(types.Position(line, 0), types.Position(line, 0))
    data = {"uri": uri, "first": place.first, "last": place.last, "whole": place.whole}
    return types.CodeLens(where, lens_command(uri, place, title) if title else None, data)


def lens_command(uri: str, place: Place, title: str) -> types.Command:
    """What a click does: show the prompts behind the lines."""
    range_ = {"start": {"line": place.first, "character": 0}, "end": {"line": place.last + 1, "character": 0}}
    return types.Command(title, "byline.showPrompt", None, [{"uri": uri, "range": range_}])
