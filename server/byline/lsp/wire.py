"""Between JSON and what handlers see: parameters in, results out, errors in words.

A message's body is decoded as plain JSON first; then its parameters, and nothing else, are given their type, once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import cattrs
from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from byline.lsp import sync

OWN_PREFIX = "byline/"

_SNAKE = re.compile(r"_([a-z])")
_PLACE = re.compile(r" @ \$\.?([\w.\[\]]*)\Z")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A result that is JSON already: encoding a long one at once would hold up everything else."""

    json: bytes


class Wire:
    """The types of messages, and the way from and to JSON."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter

    def params(self, method: str, raw: object) -> object:
        """The typed parameters of a request or notification from the client.

        Standard methods get lsprotocol's types, document synchronisation tuples (`byline.lsp.sync`), Byline's own the
        models of `byline.lsp.messages`; unknown ones stay as they are. Raises `JsonRpcInvalidParams`.
        """
        if decode := sync.DECODERS.get(method):
            return decode(raw)
        if method.startswith(OWN_PREFIX):
            return _own(method, raw)
        kind = params_type(method)
        if kind is None:
            return raw
        return self._structure(method, raw, kind)

    def result(self, method: str, raw: object) -> object:
        """The typed result of a request that the server made. Raises `JsonRpcInvalidParams`."""
        kind = result_type(method)
        return raw if kind is None else self._structure(method, {"id": 0, "jsonrpc": "2.0", "result": raw}, kind).result

    def encode(self, message: dict[str, Any]) -> bytes:
        """A message as the bytes of its JSON. Raises `TypeError` or `ValueError` if a handler's result has none."""
        result = message.get("result")
        if isinstance(result, Encoded):
            rest = {name: value for name, value in message.items() if name != "result"}
            return b'%b,"result":%b}' % (self.encode(rest)[:-1], result.json)
        return json.dumps(message, default=self._plain, separators=(",", ":"), allow_nan=False).encode()

    def prepare(self, methods: Iterable[str]) -> Iterable[None]:
        """Compile what decoding these methods' parameters takes (milliseconds each), one step at a time."""
        for method in methods:
            if kind := params_type(method):
                self._converter.get_structure_hook(kind)
                yield

    def _structure(self, method: str, raw: object, kind: Any) -> Any:
        if not isinstance(raw, dict | None):
            raise JsonRpcInvalidParams(f"{method}: the parameters must be a JSON object.")
        try:
            return self._converter.structure({} if raw is None else raw, kind)
        except Exception as error:  # noqa: BLE001 - the hooks raise anything; all of it means that `raw` does not fit
            raise JsonRpcInvalidParams(f"{method}: {_describe(error)}") from None

    def _plain(self, value: object) -> object:
        """What `json` does not know: the protocol's types, and pydantic's models."""
        if hasattr(value, "__attrs_attrs__"):
            return self._converter.unstructure(value)
        if isinstance(value, Enum):
            return value.value
        if dump := getattr(value, "model_dump", None):
            return dump(mode="json", by_alias=True)
        raise TypeError(f"{type(value).__name__} cannot be sent")


@lru_cache(maxsize=256)
def params_type(method: str) -> Any:
    """The protocol's type for the parameters of `method`, if it has parameters and is a standard method."""
    entry = types.METHOD_TO_TYPES.get(method)
    return entry[2] if entry else None


@lru_cache(maxsize=64)
def result_type(method: str) -> Any:
    """The protocol's type for the whole response to `method`, if it is a standard request."""
    entry = types.METHOD_TO_TYPES.get(method)
    return entry[1] if entry else None


def _own(method: str, raw: object) -> object:
    from pydantic import ValidationError

    from byline.lsp.messages import MESSAGES

    model = MESSAGES.get(method)
    if model is None:
        return raw
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise JsonRpcInvalidParams(f"{method}: {place or 'the parameters'}: {first['msg']}.") from None


def _describe(error: Exception) -> str:
    """Which field does not fit, without its value."""
    try:
        notes = cattrs.transform_error(error)
    except Exception:  # noqa: BLE001 - describing an error must not fail; any shape of it is possible
        notes = []
    for note in notes:
        if (match := _PLACE.search(note)) and match[1]:
            return f"`{_SNAKE.sub(_camel, match[1])}` is missing or has the wrong type."
    return "the parameters do not have the form that the specification asks for."


def _camel(match: re.Match[str]) -> str:
    """The protocol's spelling of a field that the library spells with underscores."""
    return match[1].upper()
