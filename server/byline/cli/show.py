"""`byline show`: whose lines one commit added."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

import typer

from byline.attribution.blame import iso_time, summary_json
from byline.attribution.commits import CommitAttribution, FileAttribution, Run, attributions
from byline.attribution.project import Project
from byline.attribution.wording import SIGNS, ago, shares, sources, tool_name, who
from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, one_line, print_json, print_rows, shown
from byline.cli.states import STYLES
from byline.cli.work_tree import here, opened
from byline.git.blame import BlameCommit

_LONGEST_PROMPT = 100


def show(
    commit: Annotated[str, typer.Argument(metavar="COMMIT", help="Any name of a commit, as in git.")] = "HEAD",
    as_json: AsJson = False,
) -> int:
    """Show whose lines a commit added, and from which prompts.

    \b
    Example:
      byline show HEAD~2
    """
    with opened(here()) as project:
        (found,) = attributions(project, [project.repository.resolve(commit)])
        if as_json:
            print_json(commit_json(project, found))
        else:
            print_rows(_rows(project, found))
    return Exit.FINE


def commit_json(project: Project, found: CommitAttribution) -> dict[str, object]:
    """A commit's attribution as JSON (`docs/commands.md`)."""
    author = found.info.author
    return {
        "commit": found.info.oid,
        "author": f"{author.name} <{author.mail}>",
        "time": iso_time(author.time, author.tz),
        "subject": found.info.subject,
        "source": found.source,
        "named": found.named,
        "summary": summary_json(found.summary),
        "files": [
            {
                "path": file.path,
                "summary": summary_json(file.summary),
                "ranges": [_run_json(project, run) for run in file.runs],
            }
            for file in found.files
        ],
    }


def _run_json(project: Project, run: Run) -> dict[str, object]:
    origin = run.state.origin
    return {
        "start": run.start,
        "end": run.end,
        "state": run.state.state.value,
        "modifiedBy": run.state.modified_by.value if run.state.modified_by else None,
        "tool": origin.tool,
        "model": origin.model,
        "session": origin.session,
        "prompt": project.prompts.text(origin.prompt),
        "level": origin.level.word if origin.level else None,
        "evidence": list(origin.evidence),
    }


def _rows(project: Project, found: CommitAttribution) -> Iterator[list[Piece]]:
    info = found.info
    yield [
        (info.oid[:8], "yellow"),
        (f"  {one_line(info.subject)}", "bold"),
        (f"  {one_line(info.author.name)}, {ago(info.author.time, time.time())}", "bright_black"),
    ]
    yield [(_headline(found), "")]
    commit = BlameCommit(info.oid, info.author.name, info.author.mail, info.author.time, info.author.tz, info.subject)
    for file in found.files:
        yield [("", "")]
        yield [(shown(file.path), "bold")]
        yield from _file_rows(project, file, commit)


def _headline(found: CommitAttribution) -> str:
    """What is known of the commit as a whole."""
    count = found.summary.total
    lines = f"{count} line{'' if count == 1 else 's'} added"
    if found.source is None:
        named = f"; the commit names {one_line(tool_name(found.named))} as an author" if found.named else ""
        return f"{lines}; nothing is recorded of them{named}"
    who_else = one_line(sources(run.state for file in found.files for run in file.runs for _ in range(len(run))))
    return " — ".join(part for part in (f"{lines}: {shares(found.summary) or 'all unknown'}", who_else) if part)


def _file_rows(project: Project, file: FileAttribution, commit: BlameCommit) -> Iterator[list[Piece]]:
    places = [str(run.start) if run.start == run.end else f"{run.start}-{run.end}" for run in file.runs]
    width = max(map(len, places), default=0)
    for run, place in zip(file.runs, places, strict=True):
        state, origin = run.state.state, run.state.origin
        style = STYLES[state]
        known = (
            state.value.replace("_", " ") if run.state.kind is None else one_line(who(run.state, commit, project.me))
        )
        prompt = project.prompts.text(origin.prompt)
        details = [
            origin.model,
            f"“{_clipped(prompt)}”" if prompt else None,
            origin.level.word if origin.level else None,
        ]
        yield [
            (f"  {SIGNS[state]} {place:<{width}}  ", style),
            (known, style),
            ("".join(f" · {one_line(detail)}" for detail in details if detail), "bright_black"),
        ]


def _clipped(prompt: str) -> str:
    text = one_line(prompt)
    return text if len(text) <= _LONGEST_PROMPT else text[: _LONGEST_PROMPT - 1].rstrip() + "…"
