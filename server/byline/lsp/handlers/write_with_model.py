"""`byline.writeWithModel`: a language model writes at a place of a document, as a person's instruction says."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import StringConstraints, ValidationError
from pygls.exceptions import JsonRpcInvalidParams

from byline.attribution.client_changes import position_in
from byline.lsp.messages import Message, Range, Uri
from byline.lsp.model_target import Target
from byline.lsp.places import open_file

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application

_NO_INSTRUCTION = "byline.writeWithModel needs an `instruction`: what is to be written, in a sentence or two."


class Wish(Message):
    """The argument of the command. With `preview`, what would be sent is answered, and nothing is asked or changed."""

    uri: Uri
    range: Range
    instruction: Annotated[str, StringConstraints(max_length=8_000)] = ""
    preview: bool = False


async def handle(app: Application, argument: object) -> object:
    """`{applied, problem, text, provider, model, tokens, cost}`, or `{preview}`.

    Raises JsonRpcInvalidParams for a wrong argument, and JsonRpcException with the reason where no text was written.
    """
    wish = _checked(argument)
    target = _target(app, await open_file(app, wish.uri), wish.range)
    # Models take a fifth of a second to import; the place is noted already, whatever the client says meanwhile.
    model_edit = await asyncio.to_thread(import_module, "byline.lsp.model_edit")
    if wish.preview:
        return cast(object, await model_edit.preview(app, target, wish.instruction))
    return cast(object, await model_edit.write(app, target, wish.instruction))


def _checked(argument: object) -> Wish:
    try:
        wish = Wish.model_validate(argument)
    except ValidationError as problem:
        raise JsonRpcInvalidParams(
            "byline.writeWithModel takes one object with `uri`, `range` and `instruction`; "
            f"{problem.error_count()} of its fields are wrong."
        ) from problem
    if not wish.instruction.strip():
        raise JsonRpcInvalidParams(_NO_INSTRUCTION)
    return wish


def _target(app: Application, file: OpenFile, range_: Range) -> Target:
    document = file.live.document.copy()
    places = ((place.line, place.character) for place in (range_.start, range_.end))
    start, end = sorted(position_in(document, place, app.server.column) for place in places)
    return Target(file, document, start, end)
