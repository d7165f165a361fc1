"""Code actions on lines: say who wrote them, ask why, see the prompt, have a model write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.commit.actions import actions as commit_actions
from byline.lsp.model_target import refusal
from byline.lsp.places import lines_of
from byline.provenance.origin import Kind

if TYPE_CHECKING:
    from byline.lsp.application import Application

KIND = "source.byline"
WRITE_KIND = "refactor.rewrite.byline"


async def handle(app: Application, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done here, of the kinds that the client wants; on lines commands only: asking changes nothing."""
    if buffer := app.commit_buffers.of(params.text_document.uri):
        return await commit_actions(app, buffer, params)
    actions: list[types.CodeAction] = []
    if _wanted(params, KIND):
        actions += await _about_lines(app, params)
    if _wanted(params, WRITE_KIND):
        actions += await _writing(app, params)
    return actions


async def _about_lines(app: Application, params: types.CodeActionParams) -> list[types.CodeAction]:
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
    argument = _argument(params)
    return [
        types.CodeAction(title, kind=KIND, command=types.Command(title, command, None, [argument]))
        for title, command in actions
    ]


async def _writing(app: Application, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Where a model may write, and would be asked. Where nothing is selected, only if the person looks for it."""
    unasked = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if unasked and params.range.start == params.range.end:
        return []
    file = await app.session.file(params.text_document.uri)
    if file is None or refusal(file):
        return []
    model = await app.models.title("edit")
    if model is None:
        return []
    title = f"Write with {model}…"
    command = types.Command(title, "byline.writeWithModel", None, [_argument(params)])
    return [types.CodeAction(title, kind=WRITE_KIND, command=command)]


def _wanted(params: types.CodeActionParams, kind: str) -> bool:
    if params.context.only is None:
        return True
    asked = (only.value if isinstance(only, types.CodeActionKind) else only for only in params.context.only)
    return any(only in ("", kind) or kind.startswith(only + ".") for only in asked)


def _argument(params: types.CodeActionParams) -> dict[str, object]:
    range_ = params.range
    return {
        "uri": params.text_document.uri,
        "range": {"start": _position(range_.start), "end": _position(range_.end)},
    }


def _position(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
