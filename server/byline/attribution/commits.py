"""Whose lines commits added: their diffs, composed with their notes; one by one, and added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from byline.attribution.committed import said_of
from byline.attribution.project import Project
from byline.attribution.trailers import ai_named_in
from byline.formats.note import Note, verified
from byline.git.changes import FileChange, added_lines_of_many
from byline.git.commit import CommitInfo, commit_infos
from byline.git.errors import NoRange, ObjectTooLarge
from byline.git.reflog import commits_between
from byline.provenance.attribution import NOTHING, ORIGINAL, LineState, State, Summary
from byline.provenance.text import split_git_lines

_AT_ONCE = 100  # commits that one process is asked about
_WRITTEN_BY_AI = frozenset({State.AI, State.AI_MODIFIED})

Key = TypeVar("Key", str, str | None)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring added lines of which the same is known: `start` to `end`, 1-based, both included."""

    start: int
    end: int
    state: LineState

    def __len__(self) -> int:
        return self.end - self.start + 1


@dataclass(frozen=True, slots=True)
class FileAttribution:
    """The lines that a commit added to the file at `path`, in order."""

    path: str
    runs: tuple[Run, ...]

    @property
    def summary(self) -> Summary:
        """How many of them have each state."""
        return Summary.of(run.state.state for run in self.runs for _ in range(len(run)))


@dataclass(frozen=True, slots=True)
class CommitAttribution:
    """Whose lines one commit added.

    `source` is the format of its note, None where it has none; `named` the AI tool that the commit itself names as an
    author, which says nothing of any single line.
    """

    info: CommitInfo
    source: str | None
    named: str | None
    files: tuple[FileAttribution, ...]

    @property
    def summary(self) -> Summary:
        """How many added lines have each state."""
        return sum((file.summary for file in self.files), Summary.of(()))


@dataclass(frozen=True, slots=True)
class Totals:
    """Added lines of several commits, counted: all, and by whoever and whatever they belong to.

    Tools and models are counted for AI lines only, None stands for one that is not known. Directories are those at the
    root; "." is the root itself.
    """

    commits: int
    noted: int
    summary: Summary
    tools: Mapping[str | None, Summary]
    models: Mapping[str | None, Summary]
    authors: Mapping[str, Summary]
    directories: Mapping[str, Summary]


def commits_in(project: Project, range_: str) -> Sequence[str]:
    """The commits of a range (`A..B`, or one commit: all up to it), oldest first. Blocks.

    Raises UnknownRevision, and NoRange for `A...B`.
    """
    if "..." in range_:
        raise NoRange(f"{range_[:200]}: a symmetric difference is no range; use A..B.")
    old, dots, new = range_.rpartition("..")
    resolve = project.repository.resolve
    return commits_between(project.repository, resolve(old or "HEAD") if dots else None, resolve(new or "HEAD"))


def attributions(project: Project, commits: Sequence[str]) -> Iterator[CommitAttribution]:
    """The attribution of each of `commits` (object ids), in their order. Blocks. Raises GitError."""
    for start in range(0, len(commits), _AT_ONCE):
        batch = commits[start : start + _AT_ONCE]
        notes = project.notes.notes(batch)
        changes = added_lines_of_many(project.repository, batch)
        for info, changed in zip(commit_infos(project.repository, batch), changes, strict=True):
            note = notes.get(info.oid)
            files = (FileAttribution(path, _runs(project, note, changed[path])) for path in sorted(changed))
            yield CommitAttribution(info, note.source if note else None, ai_named_in(info), tuple(files))


def totals(commits: Iterable[CommitAttribution]) -> Totals:
    """Count the lines that `commits` added; in each table the largest comes first."""
    count = noted = 0
    states: Counter[State] = Counter()
    tools: dict[str | None, Counter[State]] = {}
    models: dict[str | None, Counter[State]] = {}
    authors: dict[str, Counter[State]] = {}
    directories: dict[str, Counter[State]] = {}
    for commit in commits:
        count += 1
        noted += commit.source is not None
        author = f"{commit.info.author.name} <{commit.info.author.mail}>"
        for file in commit.files:
            directory = file.path.partition("/")[0] if "/" in file.path else "."
            for run in file.runs:
                state, size, origin = run.state.state, len(run), run.state.origin
                states[state] += size
                authors.setdefault(author, Counter())[state] += size
                directories.setdefault(directory, Counter())[state] += size
                if state in _WRITTEN_BY_AI:
                    tools.setdefault(origin.tool, Counter())[state] += size
                    models.setdefault(origin.model, Counter())[state] += size
    return Totals(
        count,
        noted,
        Summary.of(states.elements()),
        _largest_first(tools),
        _largest_first(models),
        _largest_first(authors),
        _largest_first(directories),
    )


def _runs(project: Project, note: Note | None, change: FileChange) -> tuple[Run, ...]:
    added = [line for lines in change.added for line in lines]
    states = dict.fromkeys(added, NOTHING)
    if note is not None and note.ranges(change.path):
        texts = _texts(project, change)
        states.update({line: _state(note, change.path, line, texts[line - 1]) for line in added if line <= len(texts)})
    # Neighbours have the same distance between number and place in the list, until a line is missing.
    keyed = groupby(enumerate(added), key=lambda pair: (pair[1] - pair[0], states[pair[1]]))
    groups = [(state, [line for _, line in lines]) for (_, state), lines in keyed]
    return tuple(Run(lines[0], lines[-1], state) for state, lines in groups)


def _state(note: Note, path: str, line: int, text: str) -> LineState:
    found = note.at(path, line)
    if found is None or not verified(found, line, text):
        return NOTHING
    return ORIGINAL if found.state is State.ORIGINAL else said_of(note, found)


def _texts(project: Project, change: FileChange) -> list[str]:
    """The lines of the file as the commit has it; none where it is too large to be read."""
    try:
        data = project.repository.objects.read(change.new_oid) if change.new_oid else None
    except ObjectTooLarge:
        return []
    return split_git_lines(data.decode("utf-8", "surrogateescape")) if data else []


def _largest_first(table: Mapping[Key, Counter[State]]) -> dict[Key, Summary]:
    ranked = sorted(table.items(), key=lambda item: -item[1].total())
    return {key: Summary.of(states.elements()) for key, states in ranked}
