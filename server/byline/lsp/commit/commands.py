"""Commands about commit messages: `byline.generateCommitMessage` and `byline.refineCommitMessage`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pydantic import Field, ValidationError
from pygls.exceptions import JsonRpcInvalidParams

from byline.lsp.commit.refining import asked, refined
from byline.lsp.messages import Message, Uri
from byline.lsp.places import local_path

if TYPE_CHECKING:
    from byline.commit_messages.gathering import Gatherer
    from byline.commit_messages.material import Material
    from byline.lsp.application import Application

_LONGEST_HINT = 4_000


class Generate(Message):
    """The argument of `byline.generateCommitMessage`: `root` is a path or URI in the repository, `hint` says why."""

    root: Uri
    offline: bool = False
    amend: bool = False
    hint: str = Field("", max_length=_LONGEST_HINT)


class Refine(Message):
    """The argument of `byline.refineCommitMessage`: a commit buffer by its `uri`, or a repository as above."""

    uri: Uri | None = None
    root: Uri | None = None
    amend: bool = False
    hint: str = Field("", max_length=_LONGEST_HINT)


_FIELDS = {*Generate.model_fields, *Refine.model_fields}


async def generate(app: Application, argument: object) -> object:
    """A message for what is staged. Raises JsonRpcInvalidParams, GitError."""
    await asyncio.to_thread(import_module, "byline.commit_messages.generate")
    from byline.commit_messages.generate import without_model
    from byline.commit_messages.model.prompt import Wanted

    try:
        given = Generate.model_validate(_known(argument))
    except ValidationError as problem:
        raise _wrong("byline.generateCommitMessage", "`root` and `offline`", problem) from problem
    gatherer, material = await _staged(app, given.root, amend=given.amend)
    if given.offline or not material.digest.files or await app.models.title("message") is None:
        generated = without_model(material)
    else:
        generated = await asked(app, material, Wanted(why=given.hint))
    app.commit_buffers.keep(gatherer, material, generated.candidates, generated.provider)
    return generated.as_json()


async def refine(app: Application, argument: object) -> object:
    """A message by a model: put into the commit buffer `uri`, or only given for what is staged in `root`.

    Raises JsonRpcInvalidParams, GitError, JsonRpcException.
    """
    await asyncio.to_thread(import_module, "byline.commit_messages.generate")
    from byline.commit_messages.model.prompt import Wanted

    try:
        given = Refine.model_validate(_known(argument))
    except ValidationError as problem:
        raise _wrong("byline.refineCommitMessage", "`uri` or `root`", problem) from problem
    if given.uri is None:
        if given.root is None:
            raise JsonRpcInvalidParams("byline.refineCommitMessage takes one object with `uri` or `root`.")
        gatherer, material = await _staged(app, given.root, amend=given.amend)
        generated = await asked(app, material, Wanted(why=given.hint))
        app.commit_buffers.keep(gatherer, material, generated.candidates, generated.provider)
        return generated.as_json()
    buffer = app.commit_buffers.of(given.uri)
    if buffer is None:
        raise JsonRpcInvalidParams("The document is no open commit buffer; send textDocument/didOpen first.")
    found = await refined(app, buffer)
    params = types.ApplyWorkspaceEditParams(found.edit, label="Byline: commit message")
    applied = await app.server.ask(types.WORKSPACE_APPLY_EDIT, params)
    outcome = {"message": found.message, "applied": bool(applied and applied.applied)}
    return {**found.generated.as_json(), **outcome}


async def _staged(app: Application, root: str, *, amend: bool) -> tuple[Gatherer, Material]:
    gatherer = await app.commit_buffers.gatherer(_folder(root))
    return gatherer, await asyncio.to_thread(gatherer.staged, amend=amend)


def _folder(root: str) -> Path:
    path = local_path(root) or Path(root)
    if "\0" in root or not path.is_absolute():
        raise JsonRpcInvalidParams("`root` must be the absolute path, or the file: URI, of a folder in a repository.")
    return path


def _known(argument: object) -> object:
    """The argument without what is null, which stands for what the client does not know."""
    if not isinstance(argument, Mapping):
        return argument
    return {name: value for name, value in argument.items() if value is not None}


def _wrong(command: str, fields: str, problem: ValidationError) -> JsonRpcInvalidParams:
    """A refusal that names what is wrong, as far as the fields are ours."""
    names = sorted({str(error["loc"][0]) for error in problem.errors() if error["loc"]} & _FIELDS)
    wrong = f"; wrong or missing: {', '.join(names)}" if names else ""
    return JsonRpcInvalidParams(f"{command} takes one object with {fields}{wrong}.")
