"""`python -m tests.conformance REPO ...`: does Byline see in real repositories what git sees?

Commit and author of every line of a sample of files, at HEAD and in older commits, must be those of `git blame`; every
note that Byline ought to know is decoded. Repositories are only read. Exit 1 if anything differs, 2 if a repository
cannot be used.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conformance.comparison import Compared, compare, compare_command, known_refs, sample, understood
from tests.conformance.reference import Git

from byline.attribution.project import Project
from byline.cli.work_tree import opened
from byline.git.errors import GitError

_SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """Check the repositories that `arguments` name and return the exit code."""
    parser = argparse.ArgumentParser("python -m tests.conformance", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPO", help="a work tree or a bare repository")
    parser.add_argument("--files", type=int, default=40, metavar="N", help="how many files of HEAD (default: 40)")
    parser.add_argument("--all", action="store_true", help="all files of HEAD")
    parser.add_argument("--commands", type=int, default=3, metavar="N", help="how many of them by the command as well")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another sample")
    chosen = parser.parse_args(arguments)
    worst = 0
    for root in chosen.repositories:
        print(root, flush=True)
        try:
            same = _check(root, None if chosen.all else chosen.files, chosen.commands, random.Random(chosen.seed))
        except (GitError, OSError, subprocess.CalledProcessError) as problem:
            print(f"  it cannot be used: {_reason(problem)}")
            worst = 2
        else:
            worst = max(worst, 0 if same else 1)
    return worst


def _check(root: Path, files: int | None, commands: int, chance: random.Random) -> bool:
    git = Git(root)
    journal = git.journal()
    had_journal = journal.exists()
    with opened(root) as project:
        places = list(sample(git, files, chance))
        print(f"  {len(git.commits())} commits behind HEAD, {len({commit for commit, _ in places})} of them looked at")
        same = _report("in this process", compare(project, git, places))
        if not project.repository.is_bare:
            some = chance.sample(places, min(commands, len(places)))
            same &= _report("by the command", compare_command(git, some))
        known, unknown = known_refs(git)
        for ref in known:
            _report_notes(project, ref)
        if unknown:
            print(f"  not read: {', '.join(unknown)}")
    if journal.exists() and not had_journal:
        print(f"  {journal} was made, though nothing was to be written")
        return False
    return same


def _report(how: str, found: Compared) -> bool:
    right = found.files - len(found.differences)
    print(f"  blame {how}: {right} of {found.files} files ({found.lines} lines) are as git blames them", flush=True)
    for difference in found.differences[:_SHOWN]:
        print(f"    {difference}")
    return not found.differences


def _report_notes(project: Project, ref: str) -> None:
    found = understood(project, ref)
    share = found.decoded / found.total if found.total else 1
    print(f"  {ref}: {found.decoded} of {found.total} notes are understood ({share:.1%})")
    for reason in found.reasons[:_SHOWN]:
        print(f"    {reason}")


def _reason(problem: Exception) -> str:
    if isinstance(problem, subprocess.CalledProcessError):
        return bytes(problem.stderr).decode("utf-8", "replace").strip()
    return str(problem)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
