"""Code actions on lines: say who wrote them, ask why, see the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.places import lines_of
from byline.provenance.origin import Kind

if TYPE_CHECKING:
    from byline.lsp.application import Application

KIND = "source.byline"


async def handle(app: Application, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Commands only, nothing is changed by asking; an empty list if the client wants other kinds."""
    if params.context.only is not None and not any(_wanted(kind) for kind in params.context.only):
        return []
    uri = params.text_document.uri
    file = await app.session.file(uri)
    if file is None or file.project is None:
        return []
    blame = await app.session.blame(file)
    range_ = params.range
    found = [blame.state(i)[0] for i in blame.within(*lines_of(range_))]
    actions = [
        ("Byline: Explain who wrote this", "byline.explainLine"),
        ("Byline: Mark as written by me", "byline.markAsHuman"),
        ("Byline: Mark as written by AI", "byline.markAsAi"),
    ]
    if any(state.kind is Kind.AI and state.origin.prompt for state in found):
        actions.insert(0, ("Byline: Show the prompt behind this", "byline.showPrompt"))
    argument = {"uri": uri, "range": {"start": _position(range_.start), "end": _position(range_.end)}}
    return [
        types.CodeAction(title, kind=KIND, command=types.Command(title, command, None, [argument]))
        for title, command in actions
    ]


def _wanted(kind: types.CodeActionKind | str) -> bool:
    asked = kind.value if isinstance(kind, types.CodeActionKind) else kind
    return asked == "" or asked == KIND or KIND.startswith(asked + ".")


def _position(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
