"""Asking a model for a commit message, with progress that a person sees and can cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.lsp.commit.actions import workspace_edit
from byline.lsp.progress import Progress
from byline.lsp.text_safety import message, plain

if TYPE_CHECKING:
    from byline.commit_messages.buffer.insertions import Buffer
    from byline.commit_messages.generate import Generated
    from byline.commit_messages.lint import Edit
    from byline.commit_messages.material import Material
    from byline.commit_messages.model.prompt import Wanted
    from byline.commit_messages.writer import Candidate
    from byline.lsp.application import Application
    from byline.lsp.commit.buffers import CommitBuffer

_LONGEST = 500
_SHOWN = 60  # characters of what the model is writing

_NO_ROOM = "No message fits beside what is typed without breaking a rule: mend or shorten that first, then ask again."
_NOTHING = "There is no message to offer for this change."


@dataclass(frozen=True, slots=True)
class Refined:
    """The messages, the one that fits into the buffer first; the edit that inserts it; what then stands there."""

    generated: Generated
    edit: types.WorkspaceEdit
    message: str


async def refined(app: Application, buffer: CommitBuffer) -> Refined:
    """What a model makes of the change and of what was typed, for `buffer` as it is when the model is done.

    Where the model fails, the edit is of the finished message, and the person is told why. Nothing that was typed is
    touched. Raises GitError, and JsonRpcException where nothing can be inserted.
    """
    await asyncio.to_thread(import_module, "byline.commit_messages.generate")
    from byline.commit_messages.buffer.insertions import Buffer
    from byline.commit_messages.lint.finding import apply
    from byline.commit_messages.model.prompt import Wanted

    whole = await app.commit_buffers.text(buffer)
    if whole is None:
        raise _refused(_NOTHING)
    form = await app.commit_buffers.form(buffer, whole)
    material = await app.commit_buffers.material(buffer, whole)
    text = whole.of_message(form)
    untouched = await app.commit_buffers.is_untouched(buffer, text, form)
    typed = "" if untouched else form.read(text.whole, material.rules.grammar).text
    generated = await asked(app, material, Wanted(typed=typed))
    now = await app.commit_buffers.text(buffer)
    if now is None or not generated.candidates:
        raise _refused(" ".join(generated.problems) or _NOTHING)
    now = now.of_message(form)
    untouched = await app.commit_buffers.is_untouched(buffer, now, form)
    chosen = await asyncio.to_thread(_fitting, Buffer(now.whole, form), generated, material, untouched=untouched)
    if chosen is None:
        raise _refused(_NO_ROOM)
    candidate, edits = chosen
    app.commit_buffers.offered(buffer, material, [candidate], generated.provider)
    others = [other for other in generated.candidates if other is not candidate]
    generated = replace(generated, candidates=(candidate, *others))
    after = form.read(apply(now.whole, edits)).text.strip()
    return Refined(generated, workspace_edit(app, buffer.uri, now, edits), after)


def _fitting(
    buffer: Buffer, generated: Generated, material: Material, *, untouched: bool
) -> tuple[Candidate, Sequence[Edit]] | None:
    """The first candidate that can stand in `buffer`, and the edits that put it there."""
    from byline.commit_messages.buffer.insertions import insertions

    for candidate in generated.candidates:
        edits = insertions(buffer, candidate.message, material.rules, untouched=untouched, scopes=material.scopes())
        if edits is not None:
            return candidate, edits
    return None


async def asked(app: Application, material: Material, wanted: Wanted) -> Generated:
    """What the models make of `material`; progress is shown meanwhile, and why they failed afterwards."""
    from byline.commit_messages.generate import OFFLINE, generate, without_model
    from byline.commit_messages.model.answer import growing_subject
    from byline.models import NoModel

    async with Progress(app.server, "Writing a commit message") as progress:
        written: list[str] = []

        def show(piece: str) -> None:
            written.append(piece)
            subject = growing_subject("".join(written))
            if subject:
                progress.report(plain(subject, _SHOWN))

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
