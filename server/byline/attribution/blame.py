"""Answers: who wrote the lines of a file, as it is in an editor, in the work tree or at a commit."""

from __future__ import annotations

import logging
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from byline.attribution.committed import CommittedFile
from byline.attribution.lines import git_line
from byline.attribution.opening import unopened
from byline.attribution.project import Project, Projects
from byline.attribution.work_tree import read_inside
from byline.git.blame import BlameCommit
from byline.git.blame import BlameLine as GitBlameLine
from byline.git.errors import GitError
from byline.git.objects import LIMIT
from byline.journal.errors import JournalError
from byline.provenance.attribution import NOTHING, LineState, State, Summary
from byline.provenance.diff import matches
from byline.provenance.document import Document
from byline.provenance.state import Owners, line_state
from byline.provenance.text import content, git_line_groups, split_git_lines

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BlameLine:
    """What is known of one line. `line` is 1-based; `commit` is None for work that is not committed."""

    line: int
    text: str
    state: LineState
    commit: BlameCommit | None
    commit_path: str | None
    commit_line: int | None
    source: str | None


@dataclass(frozen=True, slots=True)
class FileBlame:
    """The lines of a file that were asked for, and a summary of the whole file. `head` is None on an unborn branch."""

    path: str
    head: str | None
    dirty: bool
    summary: Summary
    lines: Sequence[BlameLine]


def blame_commit(project: Project, commit: str, path: str) -> FileBlame | None:
    """Every line of `path` at `commit`; None where it is not there or not text. Blocks."""
    found = project.committed.file(commit, path)
    if found is None:
        return None
    texts = split_git_lines(found.text)
    lines = [_committed_line(found, i, text) for i, text in enumerate(texts)]
    return FileBlame(path, commit, False, Summary.of(line.state.state for line in lines), lines)


class LiveBlame:
    """Answers about one text whose spans are known, against HEAD. Prepared aside (it blocks), then quick.

    Which commit a line is in comes from aligning the text with HEAD's; whose it is comes from its spans, and where
    these say nothing, from the notes.
    """

    def __init__(self, path: str, document: Document, owners: Owners, head: CommittedFile | None) -> None:
        """`document` is a copy that nobody changes; the owners of its marks are loaded."""
        self.path = path
        self.document = document
        self.titles: dict[object, str] = {}  # what was worded already, by whoever words it
        self._head = head
        self._groups = _groups(document)
        self.dirty, self._in_head = _alignment(head, document.text)
        self._states, self._sources = self._judge(owners)

    def __len__(self) -> int:
        return len(self._states)

    def state(self, index: int) -> tuple[LineState, str | None]:
        """The state of the git line `index` (0-based), and the source that says so."""
        return self._states[index], self._sources[index]

    def states(self, first: int, last: int) -> Sequence[LineState]:
        """The states of the git lines `first` to `last` (0-based, inclusive)."""
        return self._states[first : last + 1]

    def line(self, index: int) -> BlameLine:
        """All about the git line `index` (0-based)."""
        state, source = self.state(index)
        text = content("".join(self.document.lines[line] for line in self.group(index)))
        where = self._where(index)
        if where is None:
            return BlameLine(index + 1, text, state, None, None, None, source)
        return BlameLine(index + 1, text, state, where.commit, where.path, where.line, source)

    def commits(self, first: int, last: int) -> Sequence[BlameCommit]:
        """The commits that the git lines `first` to `last` (inclusive) are in, each once."""
        if self._head is None:
            return []
        commit_of = self._head.blame.commit_of
        found = {commit_of[at] for at in self._in_head[first : last + 1] if at >= 0}
        return [self._head.blame.commits[at] for at in sorted(found)]

    def git_index(self, protocol_line: int) -> int | None:
        """Which git line a protocol line (0-based) belongs to."""
        if self._groups is None:
            return protocol_line if 0 <= protocol_line < len(self) else None
        return next((i for i, group in enumerate(self._groups) if protocol_line in group), None)

    def group(self, index: int) -> range:
        """The protocol lines of the git line `index`."""
        return range(index, index + 1) if self._groups is None else self._groups[index]

    def within(self, first: int, last: int) -> range:
        """The git lines that begin on the protocol lines `first` to `last` (0-based, inclusive)."""
        if self._groups is None:
            return range(first, min(last + 1, len(self)))
        starts = [group.start for group in self._groups]
        return range(bisect_left(starts, first), bisect_right(starts, last))

    def summary(self, first: int = 0, last: int | None = None) -> Summary:
        """The states of the git lines `first` to `last` (inclusive), counted."""
        stop = len(self) if last is None else last + 1
        return Summary.of(state.state for state in self._states[first:stop])

    def blame(self, first: int = 0, last: int | None = None) -> FileBlame:
        """The lines from `first` to `last` (inclusive), and the whole file's summary."""
        stop = len(self) if last is None else min(last + 1, len(self))
        lines = [self.line(i) for i in range(first, stop)]
        return FileBlame(self.path, self._head.commit if self._head else None, self.dirty, self.summary(), lines)

    def _judge(self, owners: Owners) -> tuple[list[LineState], list[str | None]]:
        """The state of every line and its source: what the spans say, or, where they say nothing, the notes."""
        states: list[LineState] = []
        sources: list[str | None] = []
        head_states, head_sources = (self._head.states, self._head.sources) if self._head else ((), ())
        for live, at in zip(self._live_states(len(self._in_head), owners), self._in_head, strict=True):
            silent = live is NOTHING or (live.state is State.UNKNOWN and not live.origin.evidence)
            if at < 0:
                states.append(live)
                sources.append(None if silent else "live")
            elif silent:
                states.append(head_states[at])
                sources.append(head_sources[at])
            else:
                agrees = head_states[at].state is live.state
                states.append(live)
                sources.append((agrees and head_sources[at]) or "live")
        return states, sources

    def _live_states(self, count: int, owners: Owners) -> Iterator[LineState]:
        """What the spans say of each git line. Most lines are whole lines of one owner."""
        of_edit: dict[int, LineState] = {}
        for index in range(count):
            marks = self.document.marks[index] if self._groups is None else ()
            if isinstance(marks, int) and marks < 0:
                yield owners.base(marks)
                continue
            text, marks = git_line(self.document, self.group(index))
            if not isinstance(marks, int):
                yield line_state(text, marks, owners)
            else:
                if marks not in of_edit:
                    of_edit[marks] = line_state(text, marks, owners)
                yield of_edit[marks]

    def _where(self, index: int) -> GitBlameLine | None:
        at = self._in_head[index]
        return self._head.blame.line(at) if self._head is not None and at >= 0 else None


def live_blame(project: Project, path: str, document: Document) -> LiveBlame:
    """Prepare answers about `document`, which is the text of `path` now. Blocks on git and the journal.

    Raises GitError where git cannot say which commits its lines are in.
    """
    project.owners.load_marks(document.marks)
    project.me  # noqa: B018 - it takes a while, and whoever words the answer must not wait
    head = project.repository.head().oid
    return LiveBlame(path, document, project.owners, project.committed.file(head, path) if head else None)


def work_tree_blame(project: Project, path: str) -> LiveBlame | None:
    """Answers about the file `path` as it is on disk; None where that is no text, or none that can be read. Blocks.

    Raises what `live_blame` raises.
    """
    text = read_inside(project.root, path, LIMIT)
    return None if text is None else live_blame(project, path, unopened(project, path, text)[0])


def prefetch(projects: Projects, path: Path) -> None:
    """Begin with what takes longest of `live_blame`, git's own blame, while the file is still being opened. Blocks."""
    try:
        project = projects.at(path)
        name = project.repository.relative(path)
        head = project.repository.head().oid
        if name is not None and head is not None:
            project.committed.prefetch(head, name)
    except (GitError, JournalError) as problem:
        log.debug("nothing to fetch for this file: %s", problem)


def _alignment(head: CommittedFile | None, text: str) -> tuple[bool, Sequence[int]]:
    """Whether `text` is not what HEAD has; and for each of its git lines, which of HEAD's it is, -1 for none."""
    if head is not None and head.text == text:
        return False, range(len(head.states))
    texts, committed = split_git_lines(text), split_git_lines(head.text) if head else []
    if head is not None and texts == committed:
        return False, range(len(texts))
    found = array("i", [-1]) * len(texts)
    for match in matches(committed, texts):
        found[match.b : match.b + match.size] = array("i", range(match.a, match.a + match.size))
    return True, found


def _groups(document: Document) -> list[range] | None:
    """The protocol lines of each git line; None where they are the same, as they are but for a lone carriage return."""
    if all(line.endswith("\n") for line in document.lines[:-1]):
        return None
    return list(git_line_groups(document.lines))


def _committed_line(found: CommittedFile, index: int, text: str) -> BlameLine:
    at = found.blame.line(index)
    return BlameLine(index + 1, text, found.states[index], at.commit, at.path, at.line, found.sources[index])


def line_json(line: BlameLine, prompt_of: Callable[[str | None], str | None]) -> dict[str, object]:
    """One line in the shape of `byline blame --json`."""
    origin, commit = line.state.origin, line.commit
    return {
        "line": line.line,
        "text": line.text,
        "state": line.state.state.value,
        "commit": commit.oid if commit else None,
        "author": f"{commit.author} <{commit.mail}>" if commit else None,
        "time": iso_time(commit.time, commit.tz) if commit else None,
        "tool": origin.tool,
        "model": origin.model,
        "session": origin.session,
        "prompt": prompt_of(origin.prompt),
        "level": origin.level.word if origin.level else None,
        "evidence": list(origin.evidence),
        "source": line.source,
    }


def summary_json(summary: Summary) -> dict[str, int]:
    """A summary in the shape of `byline blame --json`."""
    return {name: getattr(summary, name) for name in ("total", "ai", "ai_modified", "human", "original", "unknown")}


def iso_time(seconds: int, zone: str) -> str:
    """A git time (Unix seconds and a zone like `+0130`) in ISO 8601."""
    sign = -1 if zone.startswith("-") else 1
    digits = zone.lstrip("+-").rjust(4, "0")
    offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])) if digits.isdigit() else timedelta()
    return datetime.fromtimestamp(seconds, timezone(offset)).isoformat()
