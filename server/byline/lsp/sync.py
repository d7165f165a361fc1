"""Document synchronisation: the four notifications by which an editor tells the server its text.

They are checked by hand, not by the protocol library: one comes with every keystroke. The framework's own workspace
never sees a text; all of it goes to `Server.documents`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from byline.attribution.client_changes import ClientChange, Column

_LARGEST = 2**31 - 1

Kind = TypeVar("Kind", int, str, list[Any], dict[str, Any])


class Documents(Protocol):
    """What keeps the documents. Called on the event loop's thread, in the order in which the editor spoke."""

    def did_open(self, uri: str, path: Path | None, language: str, version: int, text: str) -> None:
        """`uri` is open with `text`; if it was open already, this replaces what was there. No path: no local file."""

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        """Apply `changes` in order, each to the result of the one before; False if `uri` is not open.

        `column` turns a character of the client's into a column of ours, given the line's text.
        """

    def did_save(self, uri: str) -> None:
        """`uri` was saved as it is."""

    def did_close(self, uri: str) -> None:
        """`uri` is the file system's again."""


class NoDocuments:
    """Keeps nothing: the bare frame, as its benchmarks run it."""

    def did_open(self, uri: str, path: Path | None, language: str, version: int, text: str) -> None:
        """Do nothing."""

    def did_change(self, uri: str, version: int, changes: Sequence[ClientChange], column: Column) -> bool:
        """Do nothing."""
        return True

    def did_save(self, uri: str) -> None:
        """Do nothing."""

    def did_close(self, uri: str) -> None:
        """Do nothing."""


def opened(params: object) -> tuple[str, str, int, str]:
    """(URI, language, version, text) of a document that was opened."""
    document = _field(params, "textDocument", dict)
    return (
        _field(document, "uri", str),
        _field(document, "languageId", str),
        _field(document, "version", int),
        _field(document, "text", str),
    )


def changed(params: object) -> tuple[str, int, list[ClientChange]]:
    """(URI, new version, changes in order) of a document that was changed."""
    document = _field(params, "textDocument", dict)
    changes = [_change(change) for change in _field(params, "contentChanges", list)]
    return (_field(document, "uri", str), _field(document, "version", int), changes)


def named(params: object) -> str:
    """The URI of a document that was saved or closed."""
    return _field(_field(params, "textDocument", dict), "uri", str)


DECODERS = {
    types.TEXT_DOCUMENT_DID_OPEN: opened,
    types.TEXT_DOCUMENT_DID_CHANGE: changed,
    types.TEXT_DOCUMENT_DID_SAVE: named,
    types.TEXT_DOCUMENT_DID_CLOSE: named,
}
"""Each raises `JsonRpcInvalidParams`, which names the field and repeats nothing of the text."""


def _change(change: object) -> ClientChange:
    text = _field(change, "text", str)
    if not isinstance(change, dict) or change.get("range") is None:
        return ClientChange(None, None, text)
    where = _field(change, "range", dict)
    return ClientChange(_position(where, "start"), _position(where, "end"), text)


def _position(where: dict[str, Any], name: str) -> tuple[int, int]:
    """(line, character), both 0-based, in the client's units and not clamped yet."""
    position = _field(where, name, dict)
    return (_number(position, "line"), _number(position, "character"))


def _number(position: dict[str, Any], name: str) -> int:
    number = _field(position, name, int)
    if not 0 <= number <= _LARGEST:
        raise JsonRpcInvalidParams(f"`{name}` must be a number from 0 to {_LARGEST}.")
    return number


def _field(container: object, name: str, kind: type[Kind]) -> Kind:
    value = container.get(name) if isinstance(container, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise JsonRpcInvalidParams(f"`{name}` is missing or is not a {_WORDS[kind]}.")
    return value


_WORDS: dict[type, str] = {int: "number", str: "string", list: "list", dict: "JSON object"}
