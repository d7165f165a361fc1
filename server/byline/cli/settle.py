"""`byline settle`: attribute now what no server has attributed yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from byline.attribution.blame import summary_json
from byline.attribution.settle import SettledCommit, settle, settled_up_to
from byline.attribution.wording import shares
from byline.attribution.worktrees import worktrees
from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, Refusal, print_json, print_rows, shown, working
from byline.cli.work_tree import here, opened


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
    with opened(root, to_write=True) as project:
        if project.journal.read_only:
            raise Refusal(Exit.FAILED, "The journal cannot be written. " + " ".join(project.journal.problems))
        commits = settle(project)
        project.journal.flush()
        return _Worktree(root, settled_up_to(project), commits)


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
            known = shares(commit.summary) or "nothing is known of its lines"
            yield [(commit.commit[:8], "yellow"), (f"  {known}", "")]
        if not worktree.commits:
            yield [("Nothing to do: every commit is attributed as far as anything is known of it.", "")]
    if not settled:
        yield [("Nothing to do: a bare repository has no work tree in which anybody could have edited.", "")]
