"""The command line: which commands there are, and how each run ends.

Imported only when something other than the language server is asked for.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from byline import __version__
from byline.cli.blame import blame
from byline.cli.config import config
from byline.cli.demo import demo
from byline.cli.doctor import doctor
from byline.cli.mcp import mcp
from byline.cli.message import message
from byline.cli.models import models
from byline.cli.output import Exit, ReaderGoneError, Refusal, complain
from byline.cli.prompt import prompt
from byline.cli.redact import redact
from byline.cli.server import lsp
from byline.cli.settle import settle_now
from byline.cli.show import show
from byline.cli.summary import summary
from byline.git.errors import GitError, NoRange, NoSuchPath, NotARepository, UnknownRevision
from byline.journal.errors import JournalError
from byline.privacy.redaction import RedactionUnavailable

_COMMANDS: Mapping[str, Callable[..., int]] = {
    "lsp": lsp,
    "demo": demo,
    "blame": blame,
    "show": show,
    "summary": summary,
    "prompt": prompt,
    "settle": settle_now,
    "message": message,
    "redact": redact,
    "config": config,
    "models": models,
    "doctor": doctor,
    "mcp": mcp,
}


@dataclass(slots=True)
class _Run:
    """What is asked of this run as a whole."""

    debug: bool = False


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name (without the program's own name) and return the exit code."""
    logging.getLogger("byline").addHandler(logging.NullHandler())
    _show_what_can_be_shown()
    run = _Run()
    command = typer.main.get_command(_application(run))
    try:
        code = command.main(list(arguments) or ["--help"], prog_name="byline", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0) if arguments else Exit.USAGE
    except (ReaderGoneError, BrokenPipeError):
        _forget_output()
        return Exit.FINE
    except Exception as error:  # noqa: BLE001 - whatever went wrong is said in one line; --debug shows the place
        if run.debug:
            traceback.print_exc()
        code, sentence = _explained(error)
        complain(sentence)
        if isinstance(error, OSError):
            _forget_output()  # what could not be written cannot be written at the end either
        return code


def _application(run: _Run) -> typer.Typer:
    names = {"help_option_names": ["-h", "--help"]}
    application = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=names)

    @application.callback(epilog="Each command has an example: byline blame --help")
    def byline(
        folders: Annotated[
            list[Path] | None,
            typer.Option("-C", metavar="DIR", help="Run as if started in DIR, as in git.", show_default=False),
        ] = None,
        debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
        version: Annotated[
            bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
        ] = False,
    ) -> None:
        """Byline knows who wrote each line: you, or which AI, from which prompt, and what you changed afterwards."""
        run.debug = debug
        if debug:
            logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
        for folder in folders or ():
            _enter(folder)

    for name, command in _COMMANDS.items():
        application.command(name)(command)
    return application


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"byline {__version__}\n")
        raise typer.Exit


def _enter(folder: Path) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise Refusal(Exit.USAGE, f"-C {folder}: {error.strerror}; name a folder.") from error


def _explained(error: Exception) -> tuple[int, str]:
    """The exit code that stands for `error`, and the sentence that a person needs."""
    match error:
        case Refusal():
            return error.code, error.sentence
        case TyperException():
            return error.exit_code, f"{error.format_message().rstrip('.')}. See `{_command_of(error)} --help`."
        case NotARepository():
            return Exit.NO_REPOSITORY, error.problem
        case NoRange():
            return Exit.USAGE, error.problem
        case UnknownRevision() | NoSuchPath():
            return Exit.NO, error.problem
        case GitError() | JournalError() | RedactionUnavailable():
            return Exit.FAILED, str(error)
        case OSError():
            return Exit.FAILED, (f"{error.filename}: " if error.filename else "") + f"{error.strerror or error}."
        case _:
            return Exit.FAILED, f"This is an error in Byline ({type(error).__name__}: {error}); --debug shows where."


def _command_of(error: TyperException) -> str:
    """The command that was used wrongly, as it was typed."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "byline"


def _show_what_can_be_shown() -> None:
    """A terminal whose encoding lacks a character gets a question mark, and not an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _forget_output() -> None:
    """Nobody reads any more: what is still to be flushed at the end goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
