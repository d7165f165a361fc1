"""From what a client names to what the session knows, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from byline.lsp.positions import to_units
from byline.lsp.uris import BadUriError, to_path

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application
    from byline.lsp.messages import Range


def local_path(uri: str) -> Path | None:
    """The path that a URI names, None if it names none on this machine."""
    try:
        return to_path(uri)
    except BadUriError:
        return None


async def open_file(app: Application, uri: str) -> OpenFile:
    """The open and prepared file behind `uri`. Raises JsonRpcInvalidParams if it is not open."""
    return _checked(await app.session.file(uri))


def known_file(app: Application, uri: str) -> OpenFile:
    """The open file behind `uri`, prepared or not. Raises JsonRpcInvalidParams if it is not open."""
    return _checked(app.session.recorder.files.get(uri))


def _checked(file: OpenFile | None) -> OpenFile:
    if file is None:
        raise JsonRpcInvalidParams("The document is not open; send textDocument/didOpen first.")
    return file


def lines_of(range_: Range | types.Range) -> tuple[int, int]:
    """The first and last line of a range, both inclusive; one that ends at column 0 excludes that line."""
    first, last = range_.start.line, range_.end.line
    return first, last - (range_.end.character == 0 and last > first)


def whole_lines(app: Application, lines: list[str], first: int, last: int) -> types.Range:
    """The range of the protocol lines `first` to `last` (inclusive) of a text, without the last line break."""
    end = to_units(lines[last], len(lines[last]), app.server.encoding)
    return types.Range(types.Position(first, 0), types.Position(last, end))
