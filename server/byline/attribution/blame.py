"""Answers: who wrote the lines of a file, as it is in an editor, in the work tree or at a commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from byline.attribution.committed import CommittedFile
from byline.attribution.lines import live_state
from byline.attribution.project import Project
from byline.git.blame import BlameCommit
from byline.git.errors import GitError
from byline.provenance.attribution import LineState, State, Summary
from byline.provenance.diff import matches
from byline.provenance.document import Document
from byline.provenance.state import Owners
from byline.provenance.text import git_line_groups, split_git_lines


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
        self._owners = owners
        self._head = head
        self._groups = list(git_line_groups(document.lines))
        self._texts = split_git_lines(document.text)
        self._in_head = _alignment(head, self._texts)
        self._states: list[LineState | None] = [None] * len(self._groups)

    def __len__(self) -> int:
        return len(self._groups)

    def state(self, index: int) -> tuple[LineState, str | None]:
        """The state of the git line `index` (0-based), and the source that says so."""
        live = self._states[index]
        if live is None:
            live = self._states[index] = live_state(self.document, self._groups[index], self._owners)
        at = self._in_head.get(index)
        if self._head is not None and at is not None and live.state is State.UNKNOWN and not live.origin.evidence:
            return self._head.states[at], self._head.sources[at]
        if live.state is State.UNKNOWN and not live.origin.evidence:
            return live, None
        if at is not None and self._head is not None and self._head.states[at].state is live.state:
            return live, self._head.sources[at] or "live"
        return live, "live"

    def line(self, index: int) -> BlameLine:
        """All about the git line `index` (0-based)."""
        state, source = self.state(index)
        at = self._in_head.get(index)
        if at is None or self._head is None:
            return BlameLine(index + 1, self._texts[index], state, None, None, None, source)
        where = self._head.blame.line(at)
        return BlameLine(index + 1, self._texts[index], state, where.commit, where.path, where.line, source)

    def git_index(self, protocol_line: int) -> int | None:
        """Which git line a protocol line (0-based) belongs to."""
        if protocol_line < len(self._groups) and self._groups[protocol_line] == range(protocol_line, protocol_line + 1):
            return protocol_line
        return next((i for i, group in enumerate(self._groups) if protocol_line in group), None)

    def group(self, index: int) -> range:
        """The protocol lines of the git line `index`."""
        return self._groups[index]

    def summary(self, first: int = 0, last: int | None = None) -> Summary:
        """The states of the git lines `first` to `last` (inclusive), counted."""
        stop = len(self._groups) if last is None else min(last + 1, len(self._groups))
        return Summary.of(self.state(i)[0].state for i in range(first, stop))

    def blame(self, first: int = 0, last: int | None = None) -> FileBlame:
        """The lines from `first` to `last` (inclusive), and the whole file's summary."""
        stop = len(self._groups) if last is None else min(last + 1, len(self._groups))
        dirty = self._head is None or self._texts != split_git_lines(self._head.text)
        lines = [self.line(i) for i in range(first, stop)]
        return FileBlame(self.path, self._head.commit if self._head else None, dirty, self.summary(), lines)


def live_blame(project: Project, path: str, document: Document) -> LiveBlame:
    """Prepare answers about `document`, which is the text of `path` now. Blocks on git and the journal."""
    project.owners.load_marks(document.marks)
    head = project.repository.head().oid
    return LiveBlame(path, document, project.owners, _at_head(project, head, path))


def _at_head(project: Project, head: str | None, path: str) -> CommittedFile | None:
    if head is None:
        return None
    try:
        return project.committed.file(head, path)
    except GitError:
        return None


def _alignment(head: CommittedFile | None, texts: Sequence[str]) -> dict[int, int]:
    """For each line of the text that HEAD has too: which of HEAD's lines it is."""
    if head is None:
        return {}
    old = split_git_lines(head.text)
    if old == list(texts):
        return {i: i for i in range(len(old))}
    return {m.b + k: m.a + k for m in matches(old, texts) for k in range(m.size)}


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
