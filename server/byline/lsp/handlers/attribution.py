"""`byline/attribution`: the states of a range's lines, of the text as it is now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from byline.attribution.blame import FileBlame, LiveBlame, line_json, summary_json
from byline.lsp.places import lines_of, open_file
from byline.lsp.wire import Encoded

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Attribution

_AT_ONCE = 500  # lines that are encoded at once: other threads wait for as long as that takes


async def handle(app: Application, params: Attribution) -> Encoded:
    """Lines in the shape of `byline blame --json`; outside a repository only what was just edited is known."""
    file = await open_file(app, params.text_document.uri)
    version = file.version
    blame = await app.session.blame(file)
    wanted = range(len(blame)) if params.range is None else blame.within(*lines_of(params.range))
    text_of = file.project.prompts.text if file.project else _no_text
    if len(wanted) <= _AT_ONCE:
        return _encoded(version, blame, wanted, text_of)
    return await asyncio.to_thread(_encoded, version, blame, wanted, text_of)


def _encoded(version: int, blame: LiveBlame, wanted: range, text_of: Callable[[str | None], str | None]) -> Encoded:
    found: FileBlame = blame.blame(wanted.start, wanted.stop - 1)
    rest = _json({"version": version, "head": found.head, "summary": summary_json(found.summary)})
    pieces = (found.lines[at : at + _AT_ONCE] for at in range(0, len(found.lines), _AT_ONCE))
    lines = b",".join(_json([line_json(line, text_of) for line in piece])[1:-1] for piece in pieces)
    return Encoded(b'%b,"lines":[%b]}' % (rest[:-1], lines))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _no_text(key: str | None) -> None:
    """Without a journal no prompt is known."""
