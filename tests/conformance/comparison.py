"""Byline's blame beside git's own, and the notes of a repository as far as Byline understands them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from tests.conformance.reference import Git, Line

from byline.attribution.blame import blame_commit, line_json
from byline.attribution.project import Project
from byline.formats import NOTE_REFS, BadNote, decode

_OLD_COMMITS = 5
_NOTES_AT_ONCE = 50  # so few that together they are never too large

Place = tuple[str, str]
"""A commit and the path of a file in it."""


@dataclass
class Compared:
    """What was compared, and a sentence for every file that Byline sees differently."""

    files: int = 0
    lines: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass
class Understood:
    """How many of the notes of one ref were decoded, and sentences on why the others were not."""

    ref: str
    total: int = 0
    decoded: int = 0
    reasons: list[str] = field(default_factory=list)


def sample(git: Git, size: int | None, chance: random.Random) -> Iterator[Place]:
    """Text files: `size` of HEAD's, or all, and a quarter as many of some older commits.

    The older ones come first, so that later answers are composed from earlier ones where Byline does that.
    """
    head, *older = git.commits()
    for commit in chance.sample(older, min(_OLD_COMMITS, len(older))):
        paths = git.files(commit)
        share = (size or len(paths)) // (4 * _OLD_COMMITS) + 1
        yield from islice(_texts(git, commit, chance.sample(paths, len(paths))), share)
    paths = git.files(head)
    yield from islice(_texts(git, head, chance.sample(paths, len(paths))), size)


def compare(project: Project, git: Git, places: Sequence[Place]) -> Compared:
    """Blame each file with both, in this process."""
    found = Compared()
    for commit, path in places:
        blamed = blame_commit(project, commit, path)
        told = None if blamed is None else [_line(line_json(line, lambda key: key)) for line in blamed.lines]
        _count(found, (commit, path), told, git.blame(commit, path))
    return found


def compare_command(git: Git, places: Sequence[Place]) -> Compared:
    """Blame each file with git and with the `byline` command."""
    found = Compared()
    for commit, path in places:
        command = [sys.executable, "-m", "byline", "blame", "--json", "--rev", commit, "--", os.fsencode(path)]
        done = subprocess.run(command, cwd=git.root, capture_output=True, check=False)
        told = None if done.returncode else [_line(line) for line in json.loads(done.stdout)["lines"]]
        _count(found, (commit, path), told, git.blame(commit, path))
    return found


def understood(project: Project, ref: str) -> Understood:
    """Decode every note of one ref."""
    notes = project.repository.notes(ref)
    found = Understood(ref)
    commits = sorted(notes.listing())
    for start in range(0, len(commits), _NOTES_AT_ONCE):
        batch = commits[start : start + _NOTES_AT_ONCE]
        found.total += len(batch)
        texts = notes.read(batch)
        found.reasons += notes.problems
        for commit, text in texts.items():
            try:
                decode(ref, text)
                found.decoded += 1
            except BadNote as problem:
                found.reasons.append(f"The note of {commit} cannot be decoded: {problem}")
    return found


def known_refs(git: Git) -> tuple[list[str], list[str]]:
    """The notes refs that Byline reads, and those that it does not know."""
    refs = git.notes_refs()
    return [ref for ref in refs if ref in NOTE_REFS], [ref for ref in refs if ref not in NOTE_REFS]


def _texts(git: Git, commit: str, paths: Sequence[str]) -> Iterator[Place]:
    return ((commit, path) for path in paths if git.is_text(commit, path))


def _line(told: dict[str, object]) -> Line:
    return Line(str(told["commit"]), str(told["author"]), str(told["text"]))


def _count(found: Compared, place: Place, told: list[Line] | None, wanted: list[Line]) -> None:
    found.files += 1
    found.lines += len(wanted)
    difference = "Byline has no answer" if told is None else _difference(told, wanted)
    if difference:
        commit, path = place
        found.differences.append(f"{commit[:12]} {path!r}: {difference}")


def _difference(told: list[Line], wanted: list[Line]) -> str | None:
    """The first line that is not the same; text without the carriage return that may end it, authors as shown."""
    for number, (mine, gits) in enumerate(zip_longest(told, wanted), 1):
        if mine is None or gits is None:
            return f"{len(told)} lines and not {len(wanted)}"
        shown = Line(gits.commit, _shown(gits.author), gits.text.removesuffix("\r"))
        if mine != shown:
            return f"line {number} is {mine} and not {shown}"
    return None


def _shown(author: str) -> str:
    return author.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
