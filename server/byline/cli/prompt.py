"""`byline prompt`: the prompt behind a line, and what the person changed since."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from byline.attribution.explain import Behind, behind
from byline.attribution.wording import SIGNS, ago, tool_name, who, why
from byline.cli.arguments import AsJson
from byline.cli.blame import blame_now
from byline.cli.output import Exit, Piece, Refusal, one_line, print_json, print_rows, shown
from byline.cli.states import STYLES
from byline.cli.work_tree import name_in, opened
from byline.provenance.attribution import State


def prompt(
    place: Annotated[str, typer.Argument(metavar="PATH:LINE", help="A file and a line, counted from 1.")],
    as_json: AsJson = False,
) -> int:
    """Show the prompt behind a line, and what was changed since.

    Ends with 1 where no AI is known to have written the line.

    \b
    Example:
      byline prompt src/app.py:42
    """
    path, number = _place(place)
    with opened(path if path.is_dir() else path.parent) as project:
        name = name_in(project, path)
        blame = blame_now(project, name)
        if not 1 <= number <= len(blame):
            raise Refusal(Exit.NO, f"{shown(name)} has no line {number}; its last is {len(blame)}.")
        found = behind(project, blame, number - 1)
        if as_json:
            print_json(_json(name, found))
        else:
            print_rows(_rows(found, project.me))
    return Exit.FINE if found.line.state.state in (State.AI, State.AI_MODIFIED) else Exit.NO


def _place(written: str) -> tuple[Path, int]:
    """The file and the line of `PATH:LINE`. Raises Refusal."""
    path, _, number = written.rpartition(":")
    if not path or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise Refusal(Exit.USAGE, f"{shown(written)}: name a file and a line, as in src/app.py:42.")
    return Path(path), int(number)


def _json(path: str, found: Behind) -> dict[str, object]:
    line, origin = found.line, found.line.state.origin
    return {
        "path": path,
        "line": line.line,
        "text": line.text,
        "state": line.state.state.value,
        "commit": line.commit.oid if line.commit else None,
        "tool": origin.tool,
        "model": origin.model,
        "session": origin.session,
        "prompt": found.prompt,
        "changed": list(found.changed),
        "lines": list(found.lines),
        "level": origin.level.word if origin.level else None,
        "evidence": list(origin.evidence),
    }


def _rows(found: Behind, me: str) -> Iterator[list[Piece]]:
    line = found.line
    state, origin, commit = line.state.state, line.state.origin, line.commit
    when = f"{commit.oid[:8]}, {ago(commit.time, time.time())}" if commit else "not committed yet"
    parts = [one_line(who(line.state, commit, me)), *([one_line(origin.model)] if origin.model else []), when]
    yield [(f"{SIGNS[state]} {parts[0]}", STYLES[state]), ("".join(f" · {part}" for part in parts[1:]), "bright_black")]
    yield [(f"  {shown(line.text.strip())}", "bold")]
    if state not in (State.AI, State.AI_MODIFIED):
        named = f"; its commit names {one_line(tool_name(origin.tool))} as an author" if origin.tool else ""
        yield [(f"No AI is known to have written this line{named}.", "")]
        return
    yield from _prompt_rows(found.prompt, known=origin.prompt is not None)
    if found.changed:
        yield [("Changed since: ", "bold"), (", ".join(shown(piece) for piece in found.changed), "")]
    if len(found.lines) > 1:
        yield [(f"{len(found.lines)} lines of this file come from it.", "")]
    if reason := why(origin):
        yield [("Why: ", "bold"), (one_line(reason), "")]


def _prompt_rows(text: str | None, *, known: bool) -> Iterator[list[Piece]]:
    if text is None:
        yield [("Its prompt was recorded, but not on this machine." if known else "No prompt is recorded for it.", "")]
        return
    yield [("", "")]
    for row in text.splitlines():
        yield [(f"  {shown(row)}", "")]
    yield [("", "")]
