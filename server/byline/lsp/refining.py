"""Asking a model for a commit message, with progress that a person sees and can cancel."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.lsp.commit_actions import workspace_edit
from byline.lsp.progress import Progress
from byline.lsp.text_safety import message, plain

if TYPE_CHECKING:
    from byline.commit_messages.generate import Generated
    from byline.commit_messages.material import Material
    from byline.commit_messages.model_prompt import Wanted
    from byline.lsp.application import Application
    from byline.lsp.commit_buffers import CommitBuffer

_LONGEST = 500
_SHOWN = 60  # characters of what the model is writing

_NO_ROOM = "No message fits beside what is typed without breaking a rule: mend or shorten that first, then ask again."
_NOTHING = "There is no message to offer for this change."


async def refined(app: Application, buffer: CommitBuffer) -> tuple[Generated, types.WorkspaceEdit]:
    """What a model makes of the change and of what was typed, and the edit that inserts it into `buffer` as it is now.

    Where the model fails, the edit is of the finished message, and the person is told why. Nothing that was typed is
    touched. Raises GitError, and JsonRpcException where nothing can be inserted.
    """
    await asyncio.to_thread(import_module, "byline.commit_messages.generate")
    from byline.commit_messages.model_prompt import Wanted
    from byline.commit_messages.typed import Buffer, insertions

    text = await app.commit_buffers.text(buffer)
    if text is None:
        raise _refused(_NOTHING)
    form = await app.commit_buffers.form(buffer, text)
    material = await app.commit_buffers.material(buffer, text)
    untouched = await app.commit_buffers.is_untouched(buffer, text, form)
    typed = "" if untouched else form.read(text.whole, material.rules.grammar).text
    generated = await asked(app, material, Wanted(typed=typed))
    now = await app.commit_buffers.text(buffer)
    if now is None or not generated.candidates:
        raise _refused(" ".join(generated.problems) or _NOTHING)
    for candidate in generated.candidates:
        untouched = await app.commit_buffers.is_untouched(buffer, now, form)
        edits = insertions(Buffer(now.whole, form), candidate.message, material.rules, untouched=untouched)
        if edits is not None:
            app.commit_buffers.offered(buffer, material, [candidate], generated.provider)
            return generated, workspace_edit(app, buffer.uri, now, edits)
    raise _refused(_NO_ROOM)


async def asked(app: Application, material: Material, wanted: Wanted) -> Generated:
    """What the models make of `material`; progress is shown meanwhile, and why they failed afterwards."""
    from byline.commit_messages.generate import OFFLINE, generate, without_model
    from byline.models import NoModel

    async with Progress(app.server, "Writing a commit message") as progress:
        written: list[str] = []

        def show(piece: str) -> None:
            written.append(piece)
            progress.report(plain("".join(written)[-_SHOWN:], _SHOWN))

        try:
            generated = await generate(material, await app.models.get(), wanted, on_text=show)
        except NoModel as problem:
            generated = without_model(material, problem.problem)
        if generated.provider == OFFLINE and generated.problems:
            progress.conclude("without a model")
            tell(app, "The message was written without a model. " + " ".join(generated.problems))
        return generated


def tell(app: Application, sentence: str) -> None:
    """Tell a person what became of what they asked for."""
    app.server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message(sentence, _LONGEST)))


def _refused(sentence: str) -> JsonRpcException:
    return JsonRpcException(sentence, types.LSPErrorCodes.RequestFailed.value)
