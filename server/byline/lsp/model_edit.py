"""A language model writes in a document: it is asked, and the client is asked to put in what it wrote.

Whose the text is is known by construction: the edit is this server's own. Imports the models; load it in a thread.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.attribution.written import model_evidence, place_now
from byline.lsp.positions import to_units
from byline.lsp.progress import Progress
from byline.lsp.text_safety import message, plain
from byline.models import Answer, ModelError
from byline.models.edit import edit_question, edit_text
from byline.privacy import RedactionUnavailable
from byline.provenance.assign import Change

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application
    from byline.lsp.model_target import Target
    from byline.models import Models, Question
    from byline.provenance.text import Position

log = logging.getLogger(__name__)

_TRIES = 3  # to have the client apply an edit while the person goes on typing elsewhere
_SHOWN_EVERY = 0.1  # seconds between two looks at the growing text
_SHOWN = 80  # characters of it
_LONGEST_NAME = 200
_CLOSED = "The document was closed while the model wrote, so nothing was changed."
_CHANGED = "The document was changed at that place while the model wrote, so nothing was written over it."
_SAME = "The model left the text as it is."
_NOT_APPLIED = "The editor did not apply the model's text: try again while the document stays as it is."


async def preview(app: Application, target: Target, instruction: str) -> dict[str, object]:
    """Exactly what would be sent, and to which model; `secrets` counts what was replaced. Raises as `write` does."""
    try:
        _, question = await _question(app, target, instruction)
    except (ModelError, RedactionUnavailable) as error:
        raise _failed(str(error)) from error
    sent = {"system": question.system.text, "user": question.user.text}
    secrets = question.system.count + question.user.count
    return {"preview": {"model": await app.models.title("edit", wait=True), **sent, "secrets": secrets}}


async def write(app: Application, target: Target, instruction: str) -> dict[str, object]:
    """Have a model write at `target`; what came of it. Raises JsonRpcException with the reason where nothing did."""
    if not app.server.client.apply_edit:
        raise _failed("This editor cannot apply the edits of a server, so no model is asked.")
    try:
        models, question = await _question(app, target, instruction)
        name = await app.models.title("edit", wait=True) or "a model"
        async with Progress(app.server, f"Writing with {name}") as progress:
            answer = await models.ask(question, on_text=_Shown(progress), fresh=True)
        text = edit_text(answer.text, target.place)
    except (ModelError, RedactionUnavailable) as error:
        raise _failed(str(error)) from error
    problem = await _put(app, target, text, answer, instruction)
    if problem:
        app.server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, problem))
    return {
        "applied": problem is None,
        "problem": problem,
        "text": text,
        "provider": answer.provider,
        "model": answer.model,
        "tokens": {"sent": answer.tokens.sent, "received": answer.tokens.received},
        "cost": answer.cost,
    }


async def _question(app: Application, target: Target, instruction: str) -> tuple[Models, Question]:
    if reason := target.refusal:
        raise _failed(f"Nothing of this file is sent to a model, because {reason}.")
    models = await app.models.get()
    return models, await asyncio.to_thread(edit_question, instruction, target.place)


async def _put(app: Application, target: Target, text: str, answer: Answer, instruction: str) -> str | None:
    """Have the client put `text` at the place; None if it did, else why it is not there.

    A client refuses an edit of a version that it has no more. Then the place may be another one now.
    """
    file = target.file
    evidence = model_evidence(plain(answer.model, _LONGEST_NAME), app.models.conversation)
    evidence = app.session.recorder.with_prompt(file, evidence, instruction)
    for _ in range(_TRIES):
        if app.session.recorder.files.get(file.uri) is not file:
            return _CLOSED
        document, version = file.live.document, file.live.version
        place = place_now(target.document.lines, document.lines, target.start, target.end)
        if place is None:
            return _CHANGED
        if document.text_between(*place) == text:
            return _SAME
        file.live.written.expect(Change(*place, text), evidence)
        try:
            if await _applied(app, file, _edit(app, file, place, text)):
                return None
        except TimeoutError:  # it may still come, and is known then
            break
        if file.live.version == version:
            break
    return _NOT_APPLIED


async def _applied(app: Application, file: OpenFile, edit: types.ApplyWorkspaceEditParams) -> bool:
    """Whether the client applied `edit`. Raises TimeoutError where it does not say."""
    try:
        answered = await app.server.ask(types.WORKSPACE_APPLY_EDIT, edit)
    except JsonRpcException as refusal:
        log.info("the client refused an edit: error %s", refusal.code)
        file.live.written.withdraw()
        return False
    if not answered.applied:
        file.live.written.withdraw()
    return bool(answered.applied)


def _edit(
    app: Application, file: OpenFile, place: tuple[Position, Position], text: str
) -> types.ApplyWorkspaceEditParams:
    lines, encoding = file.live.document.lines, app.server.encoding
    start, end = (types.Position(line, to_units(lines[line], column, encoding)) for line, column in place)
    change = types.TextEdit(types.Range(start, end), text)
    if not app.server.client.versioned_edits:
        return types.ApplyWorkspaceEditParams(types.WorkspaceEdit(changes={file.uri: [change]}), "Write with a model")
    document = types.OptionalVersionedTextDocumentIdentifier(uri=file.uri, version=file.live.version)
    edit = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [change])])
    return types.ApplyWorkspaceEditParams(edit, "Write with a model")


def _failed(sentence: str) -> JsonRpcException:
    return JsonRpcException(message(sentence, 1_000), types.LSPErrorCodes.RequestFailed.value)


class _Shown:
    """The end of the growing text, as the progress of the work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._text = ""
        self._next = 0.0

    def __call__(self, piece: str) -> None:
        """One more piece of the text."""
        self._text = (self._text + piece)[-4 * _SHOWN :]
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _SHOWN_EVERY
            self._progress.report(plain(self._text, 4 * _SHOWN)[-_SHOWN:])
