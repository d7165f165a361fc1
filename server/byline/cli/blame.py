"""`byline blame`: who wrote each line of a file, as it is now or at a revision."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from byline.attribution.blame import (
    BlameLine,
    FileBlame,
    LiveBlame,
    blame_commit,
    line_json,
    summary_json,
    work_tree_blame,
)
from byline.attribution.project import Project
from byline.attribution.settle import unsettled
from byline.attribution.wording import SIGNS, ago, shares, who
from byline.cli.arguments import AsJson
from byline.cli.line_ranges import chosen_lines
from byline.cli.output import (
    Exit,
    Piece,
    Refusal,
    console,
    fit,
    note,
    one_line,
    print_json,
    print_rows,
    shown,
    width_of,
)
from byline.cli.porcelain import print_porcelain
from byline.cli.states import STYLES
from byline.cli.work_tree import name_in, opened

_WIDEST_NAME = 32


class Format(StrEnum):
    """How lines are printed."""

    TEXT = "text"
    PORCELAIN = "porcelain"


def blame(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file of the repository.", show_default=False)],
    rev: Annotated[
        str | None,
        typer.Option(
            "--rev", metavar="R", help="The file at this revision. Without: as it is now.", show_default=False
        ),
    ] = None,
    lines: Annotated[
        list[str] | None,
        typer.Option("-L", metavar="a,b", help="Only these lines: a,b or a,+n or a,", show_default=False),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="porcelain: for tools, as git's.")] = Format.TEXT,
    as_json: AsJson = False,
) -> int:
    """Show who wrote each line of a file.

    Work that is not committed yet is included, unless a revision is named.

    \b
    ● an AI    ◐ an AI, then changed by somebody    ○ a person    · nobody knows

    \b
    Examples:
      byline blame src/app.py
      byline blame --rev HEAD~3 -L 10,20 src/app.py
    """
    with opened(path if path.is_dir() else path.parent) as project:
        name = name_in(project, path, committed=rev is not None)
        found = blame_at(project, rev, name) if rev is not None else blame_now(project, name).blame()
        found = replace(found, lines=chosen_lines(found.lines, lines or (), shown(name)))
        if as_json:
            print_json(_json(project, found, found.head if rev is not None else None))
            return Exit.FINE
        if format_ is Format.PORCELAIN:
            print_porcelain(found, project.prompts.text)
        else:
            print_rows(line_rows(found.lines, time.time(), project.me))
            if console().is_terminal and (total := shares(found.summary)):
                print_rows([[("", "")], [(f"{shown(name)}: {total}", "bold")]])
        _mention_unsettled(project)
    return Exit.FINE


def blame_at(project: Project, rev: str, name: str) -> FileBlame:
    """The blame of the file `name` at a revision. Raises UnknownRevision, and Refusal where there is no such text."""
    commit = project.repository.resolve(rev)
    found = blame_commit(project, commit, name)
    if found is None:
        if project.repository.blob_oid(commit, name) is None:
            raise Refusal(
                Exit.NO, f"There is no file {shown(name)} in {shown(rev)}; `git ls-files` lists those there are."
            )
        raise Refusal(Exit.NO, f"{shown(name)} in {shown(rev)} is not text, so it has no lines to blame.")
    return found


def blame_now(project: Project, name: str) -> LiveBlame:
    """Answers about the file `name` as it is in the work tree. Raises Refusal where there is no such text."""
    file = project.root / name
    if not file.exists():
        raise Refusal(
            Exit.NO, f"There is no file {shown(name)} in the work tree; `--rev` shows it as it was in a commit."
        )
    if not file.is_file():
        raise Refusal(Exit.NO, f"{shown(name)} is not a file; name one.")
    blame = work_tree_blame(project, name)
    if blame is None:
        raise Refusal(Exit.NO, f"{shown(name)} is not text (or cannot be read): it has no lines to blame.")
    return blame


def line_rows(lines: Sequence[BlameLine], now: float, me: str) -> Iterator[list[Piece]]:
    """The lines of a blame as people read them: sign, commit, who, when, line number, text."""
    names = [one_line(who(line.state, line.commit, me)) for line in lines]
    times = [ago(line.commit.time, now) if line.commit else "not committed" for line in lines]
    name_width, time_width = width_of(names, _WIDEST_NAME), width_of(times, 20)
    number_width = len(str(lines[-1].line)) if lines else 1
    for line, name, when in zip(lines, names, times, strict=True):
        state = line.state.state
        style = STYLES[state]
        yield [
            (f"{SIGNS[state]} ", style),
            (f"{line.commit.oid[:8] if line.commit else '':8} ", "yellow" if line.commit else ""),
            (f"{fit(name, name_width)}  ", style),
            (f"{fit(when, time_width)} ", "bright_black"),
            (f"{line.line:>{number_width}}  ", "bright_black"),
            (shown(line.text), ""),
        ]


def _json(project: Project, found: FileBlame, rev: str | None) -> dict[str, object]:
    return {
        "path": found.path,
        "rev": rev,
        "dirty": found.dirty,
        "summary": summary_json(found.summary),
        "lines": [line_json(line, project.prompts.text) for line in found.lines],
    }


def _mention_unsettled(project: Project) -> None:
    count = unsettled(project)
    if count:
        what = "commit has" if count == 1 else "commits have"
        note(f"{count} {what} no note yet, made while no editor ran; `byline settle` attributes what is known of them.")
