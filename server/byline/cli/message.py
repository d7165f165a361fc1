"""`byline message`: a commit message for what is staged."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from byline.attribution.project import Project
from byline.cli.arguments import AsJson
from byline.cli.offered import print_history
from byline.cli.output import (
    Exit,
    Piece,
    Refusal,
    console,
    note,
    one_line,
    print_json,
    print_rows,
    shown,
    working,
    write,
)
from byline.cli.work_tree import here, opened
from byline.commit_messages import hook
from byline.commit_messages.gathering import Gatherer
from byline.commit_messages.generate import NOTHING_STAGED, Generated, generate, without_model
from byline.commit_messages.material import Material
from byline.commit_messages.model.prompt import Wanted, question
from byline.commit_messages.offers.history import History
from byline.commit_messages.plugins.plugins import PATIENCE, PATIENCE_OF_A_TERMINAL, Plugins
from byline.commit_messages.style.styles import Styles
from byline.git.errors import GitError
from byline.journal.errors import JournalError

log = logging.getLogger(__name__)

_NO_WORK_TREE = "This is a bare repository: nothing can be staged in it. Run this in a clone of it."


def message(
    offline: Annotated[bool, typer.Option("--offline", help="Ask no model.")] = False,
    amend: Annotated[bool, typer.Option("--amend", help="For `git commit --amend`.")] = False,
    hint: Annotated[str, typer.Option("--hint", metavar="TEXT", help="Why you made the change, for the model.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show exactly what a model would be sent, and send nothing.")
    ] = False,
    install_hook: Annotated[
        bool, typer.Option("--install-hook", help="Have git begin each message with the one from here (no model).")
    ] = False,
    uninstall_hook: Annotated[bool, typer.Option("--uninstall-hook", help="Remove that hook.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Show what was offered lately, and what became of it.")
    ] = False,
    fill: Annotated[Path | None, typer.Option("--fill", hidden=True, help="What the hook does.")] = None,
    as_json: AsJson = False,
) -> int:
    """Write a commit message for what is staged.

    It passes the repository's own rules (commitlint's, gitlint's, commitizen's). A model is asked only where one is set
    up, with secrets replaced; without one, or where it fails, the message comes from the change itself. Ends with 1 if
    nothing is staged.

    \b
    Example:
      byline message --offline | git commit -F -
    """
    if install_hook and uninstall_hook:
        raise Refusal(Exit.USAGE, "--install-hook and --uninstall-hook say the opposite: give one of them.")
    with opened(here()) as project:
        if project.repository.is_bare:
            raise Refusal(Exit.FAILED, _NO_WORK_TREE)
        if install_hook or uninstall_hook:
            return _change_hook(project, install=install_hook, as_json=as_json)
        if history:
            return print_history(History(project), as_json=as_json)
        plugins = Plugins(patience=PATIENCE if fill else PATIENCE_OF_A_TERMINAL)
        gatherer = Gatherer(project, Styles(), os.environ, trusted=True, plugins=plugins)
        if fill is not None:
            hook.fill(gatherer, fill.absolute())
            return Exit.FINE
        with working("Looking at the change"):
            material = gatherer.staged(amend=amend)
        if not material.digest.files and not material.offline and not as_json:
            raise Refusal(Exit.NO, " ".join((NOTHING_STAGED, *material.problems)))
        if preview:
            return _preview(material, hint, as_json=as_json)
        generated = _generated(project, material, hint, offline=offline)
        code = _print(generated, as_json=as_json)
        if project.config.commit.history:
            _keep(material, generated, as_json=as_json)
        return code


def _keep(material: Material, generated: Generated, *, as_json: bool) -> None:
    """Keep which messages were offered; this is never a reason to fail."""
    sys.stdout.flush()
    shown = generated.candidates if as_json or console().is_terminal else generated.candidates[:1]
    if shown:
        try:
            with opened(here(), to_write=True) as project:
                History(project).keep(material.change, shown, generated.provider)
        except (GitError, JournalError) as problem:
            log.debug("what was offered is not kept: %s", problem)


def _change_hook(project: Project, *, install: bool, as_json: bool) -> int:
    try:
        path = hook.install(project.repository) if install else hook.uninstall(project.repository)
    except hook.HookRefused as refusal:
        raise Refusal(Exit.NO, str(refusal)) from refusal
    if as_json:
        print_json({"hook": str(path) if path else None, "installed": install})
    elif path is None:
        note("There is no hook to remove.")
    else:
        note(f"{path} is written; each new commit begins with a message." if install else "The hook is removed.")
    return Exit.FINE


def _preview(material: Material, hint: str, *, as_json: bool) -> int:
    if not material.digest.files:
        return _print(without_model(material), as_json=as_json)
    asked = question(material, Wanted(why=hint))
    if as_json:
        print_json({"preview": {"system": asked.system.text, "user": asked.user.text}})
        return Exit.FINE
    for text in (asked.system.text, asked.user.text):
        write("".join(f"{shown(line)}\n" for line in text.split("\n")) + "\n")
    return Exit.FINE


def _generated(project: Project, material: Material, hint: str, *, offline: bool) -> Generated:
    if offline or not material.digest.files:
        return without_model(material)
    return asyncio.run(_asked(project, material, Wanted(why=hint)))


async def _asked(project: Project, material: Material, wanted: Wanted) -> Generated:
    from byline.models.configured import configured

    async with configured(project.config.models, os.environ) as models:
        with working("Writing the message"):
            return await generate(material, models, wanted)


def _print(generated: Generated, *, as_json: bool) -> int:
    if as_json:
        print_json(generated.as_json())
        return Exit.FINE if generated.message else Exit.NO
    for problem in generated.problems:
        note(problem)
    if not generated.message:
        return Exit.NO
    write("".join(f"{shown(line)}\n" for line in generated.message.split("\n")))
    if console().is_terminal:
        print_rows(_beside(generated))
    return Exit.FINE


def _beside(generated: Generated) -> Iterator[list[Piece]]:
    """On a terminal: why this one, and what else there was."""
    first, *others = generated.candidates
    yield [("", "")]
    yield [(one_line("; ".join(first.remarks)), "bright_black")]
    for candidate in others:
        yield [("or  ", "bright_black"), (one_line(candidate.message.partition("\n")[0]), "")]
