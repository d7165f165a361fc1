"""`byline settle`: attribute now what no server has attributed yet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from byline.attribution.blame import summary_json
from byline.attribution.declare import claim_on_disk
from byline.attribution.project import Project, Projects
from byline.attribution.settle import SettledCommit, settle, settled_up_to, start_at_head
from byline.attribution.transcripts import Transcripts
from byline.attribution.wording import shares
from byline.attribution.worktrees import worktrees
from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, Refusal, print_json, print_rows, shown, working
from byline.cli.work_tree import here, opened, projects


@dataclass(frozen=True, slots=True)
class _Worktree:
    """What was settled in one worktree, and up to which commit everything on its HEAD is attributed now."""

    root: Path
    settled: str | None
    commits: Sequence[SettledCommit]


def settle_now(
    everywhere: Annotated[bool, typer.Option("--all", help="The branches of all worktrees, not of this one.")] = False,
    as_json: AsJson = False,
) -> int:
    """Attribute the commits that are not attributed yet.

    The language server does this by itself; this is for commits that were made while no editor ran, and for CI. Commits
    of which something was learned since they were attributed are looked at again. It may be run as often as you like:
    the same knowledge gives the same notes.

    \b
    Example:
      byline settle --all
    """
    with opened(here()) as project:
        roots = worktrees(project.repository) if everywhere else [project.root]
        if project.repository.is_bare and not everywhere:
            roots = []
    with working("Attributing commits"):
        settled = [_settle(root) for root in roots]
    if as_json:
        print_json({"worktrees": [_json(worktree) for worktree in settled]})
    else:
        print_rows(_rows(settled))
    return Exit.FINE


def _settle(root: Path) -> _Worktree:
    with projects(to_write=True) as known:
        project = known.at(root)
        if project.journal.read_only:
            raise Refusal(Exit.FAILED, "The journal cannot be written. " + " ".join(project.journal.problems))
        if not project.repository.is_bare:
            start_at_head(project)
            _read_transcripts(known, project)
        commits = settle(project, int(project.config.record.since(project.clock())))
        project.journal.flush()
        return _Worktree(root, settled_up_to(project), commits)


def _read_transcripts(known: Projects, project: Project) -> None:
    """Keep what agents wrote down, as far as the person lets it be read."""
    config = project.config
    if not config.agents.read:
        return
    since = config.record.since(project.clock())
    transcripts = Transcripts(known, config.agents.read, (project.root,), os.environ, since)
    while (told := transcripts.read()).more or told.places:
        for place in told.places:
            claim_on_disk(*place)


def _json(worktree: _Worktree) -> dict[str, object]:
    return {
        "root": str(worktree.root),
        "settled": worktree.settled,
        "commits": [
            {"commit": c.commit, "kind": c.kind, "noted": c.noted, "summary": summary_json(c.summary)}
            for c in worktree.commits
        ],
    }


def _rows(settled: Sequence[_Worktree]) -> Iterator[list[Piece]]:
    for worktree in settled:
        if len(settled) > 1:
            yield [(shown(str(worktree.root)), "bold")]
        for commit in worktree.commits:
            if commit.noted:
                yield [(commit.commit[:8], "yellow"), (f"  {shares(commit.summary)}", "")]
        if others := sum(not commit.noted for commit in worktree.commits):
            yield [(f"Nothing is known of the lines of {others} commit{'s' if others > 1 else ''}.", "bright_black")]
        if not worktree.commits:
            yield [("Nothing to do: every commit is attributed as far as anything is known of it.", "")]
    if not settled:
        yield [("Nothing to do: a bare repository has no work tree in which anybody could have edited.", "")]
