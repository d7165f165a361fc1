"""Versions of a file that Byline knows, with the spans that each had: from the journal, and from git.

A text is first looked for among them as a whole. Only what is in none of them is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cachetools import LRUCache

from byline.git.errors import ObjectTooLarge
from byline.git.repository import Repository
from byline.journal.journal import Journal
from byline.journal.records import Base, Snapshot
from byline.provenance.assign import Assignment, Change
from byline.provenance.diff import matches
from byline.provenance.document import Document, Splice
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel
from byline.provenance.span import Marks, Span, base_owner
from byline.provenance.state import Owners
from byline.provenance.text import Position, content, digest, split_lines, text_digest

_MOST_VERSIONS = 12
_MOST_ALIGNED = 4
CLAIMING = ("declared", "review")
"""Why snapshots are taken of a text that declarations may have claimed."""

_CONVERTED = 500  # digests that are kept


class Versions:
    """The known versions of the files of one work tree. Blocks on the journal and on git."""

    def __init__(
        self,
        repository: Repository,
        journal: Journal,
        recent_heads: Callable[[int], Sequence[str]],
        know_base: Callable[[Base], None],
    ) -> None:
        """Versions are looked for under the worktree's own name; `know_base` is told of every base that is met.

        `recent_heads` gives at most so many commits that HEAD was at lately.
        """
        self._recent_heads = recent_heads
        self._repository = repository
        self._journal = journal
        self._know_base = know_base
        self._bases: dict[tuple[str, str], Base] = {}
        self._worktree = repository.worktree_name
        self._digests: LRUCache[int, str] = LRUCache(_CONVERTED)

    def recorded(self, path: str, limit: int = _MOST_VERSIONS) -> Iterator[Document]:
        """What the journal has of `path`, newest first: for each open generation its last state, then its snapshots."""
        replayed: set[int] = set()
        for info in self._journal.snapshots(self._worktree, path, limit):
            snapshot = self._journal.snapshot(info.id)
            if info.document is not None and info.document not in replayed:
                replayed.add(info.document)
                splices = self._journal.splices(info.document, info.sequence)
                if splices:
                    latest = _document(snapshot)
                    for row in splices:
                        latest.apply(Splice(row.start, row.end, row.text, row.spans))
                    yield latest
            yield _document(snapshot)

    def exact(self, path: str, text: str) -> Document | None:
        """The spans of exactly this text: as it last was at `path`, or, where a file was renamed, anywhere."""
        return self._replayed(path, text) or self.kept(path, text)

    def kept(self, path: str, text: str) -> Document | None:
        """Like `exact`, but only what a snapshot was taken of: not the state of a document that is being edited."""
        wanted = text_digest(text)
        info = self._journal.find_snapshot(self._worktree, wanted, path)
        if info is None and len(text) > 64:
            info = self._journal.find_snapshot(self._worktree, wanted, None)
        return _document(self._journal.snapshot(info.id)) if info else None

    def claimed(self, path: str) -> Document | None:
        """The newest version in which something that was declared found its text: on disk, or in any window."""
        for info in self._journal.snapshots(self._worktree, path, _MOST_VERSIONS):
            if info.reason in CLAIMING:
                return _document(self._journal.snapshot(info.id))
        return None

    def text_before(self, path: str, time: int, text: str) -> str | None:
        """What is known of `path` from before somebody wrote `text` to it as a whole, at `time` (Unix seconds)."""
        for info in self._journal.snapshots(self._worktree, path, _MOST_VERSIONS):
            if info.time <= time and (known := self._journal.snapshot(info.id).text) != text:
                return known
        for commit in self._recent_heads(_MOST_ALIGNED):
            committed = self.committed(commit, path)
            if committed is not None and committed.text != text:
                return committed.text
        return None

    def has_gained(self, path: str, oid: str, since: int) -> bool:
        """Whether the journal has come to know the text of blob `oid` at `path`, after sequence number `since`.

        Git may have converted the line breaks of what an editor showed.
        """
        found = self._journal.find_snapshot(self._worktree, oid, path)
        if found is not None and found.sequence > since:
            return True
        newer = (
            info for info in self._journal.snapshots(self._worktree, path, _MOST_VERSIONS) if info.sequence > since
        )
        return any(self._converted(info.id) == oid for info in newer)

    def _converted(self, snapshot: int) -> str:
        """The digest of a snapshot's text as git would store it with LF line breaks."""
        known = self._digests.get(snapshot)
        if known is None:
            text = self._journal.snapshot(snapshot).text
            known = self._digests[snapshot] = text_digest(text.replace("\r\n", "\n"))
        return known

    def _replayed(self, path: str, text: str) -> Document | None:
        """The newest state of a document, since its newest snapshot, that had exactly this text.

        An editor that was killed may come back with a text from before the last edits that were recorded.
        """
        seen: set[int] = set()
        for info in self._journal.snapshots(self._worktree, path, _MOST_VERSIONS):
            if info.document is None or info.document in seen:
                continue
            seen.add(info.document)
            document = _document(self._journal.snapshot(info.id))
            found = document.copy() if document.text == text else None
            length = len(document.text)
            for row in self._journal.splices(info.document, info.sequence):
                undo = document.apply(Splice(row.start, row.end, row.text, row.spans))
                length += len(row.text) - len(undo.text)
                if length == len(text) and document.text == text:
                    found = document.copy()
            if found is not None:
                return found
        return None

    def committed(self, commit: str | None, path: str, line_break: str = "\n") -> Document | None:
        """The file at `commit`, all of it base text, with the `line_break` that the editor shows.

        None if it is not there, or too large to be read.
        """
        if commit is None:
            return None
        try:
            data = self._repository.blob(commit, path)
        except ObjectTooLarge:
            return None
        if data is None:
            return None
        return self._base_document(commit, path, data, line_break)

    def forget_bases(self) -> None:
        """The journal knows no base any more."""
        self._bases.clear()

    def staged(self, path: str) -> str | None:
        """The text of `path` in the index."""
        found = self._repository.index_blob(path)
        return found[1].decode("utf-8", "surrogateescape") if found else None

    def _base(self, commit: str, path: str, data: bytes) -> Base:
        known = self._bases.get((commit, path)) or self._journal.find_base(commit, path)
        if known is None:
            known = Base(self._journal.new_base(), commit, path, digest(data))
            self._journal.append(known)
        self._bases[commit, path] = known
        self._know_base(known)
        return known

    def _base_document(self, commit: str, path: str, data: bytes, line_break: str) -> Document:
        base = self._base(commit, path, data)
        text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        if line_break == "\r\n" and "\r" not in text:
            text = text.replace("\n", line_break)
        lines = split_lines(text)
        number = 0
        marks: list[Marks] = []
        for line in lines:
            marks.append(base_owner(base.id, number) if line else ())
            number += line.endswith("\n")
        return Document(lines, marks)


def reconcile(
    known: Sequence[Document], text: str, edit: int, owners: Owners, memory: Memory, channel: Channel = Channel.RELOAD
) -> Document:
    """The spans of a `text` that appeared while nobody looked, from `known` versions (best first).

    What the best version has stays its; lines that only another version has are that one's; the rest is `edit`'s.
    """
    if not known:
        return Document.of_one_owner(text, edit)
    document = known[0].copy()
    change = Change((0, 0), document.end, text)
    for splice in Assignment(document, change, edit, channel, owners, memory).splices():
        document.apply(splice)
    new = {i for i, marks in enumerate(document.marks) if _speaks_of(marks, edit)}
    for other in known[1:_MOST_ALIGNED]:
        if not new:
            break
        new -= adopt_lines(document, other, new)
    return document


def adopt_lines(document: Document, other: Document, new: set[int]) -> set[int]:
    """Give those lines of `document` that are `new`, and that `other` has too, the marks they have there.

    Returns which lines those were.
    """
    adopted: set[int] = set()
    mine = [content(line) for line in document.lines]
    theirs = [content(line) for line in other.lines]
    for match in matches(theirs, mine):
        for offset in range(match.size):
            a, b = match.a + offset, match.b + offset
            is_telling = mine[b].strip() or 0 < offset < match.size - 1  # a blank line is, between lines that agree
            if b in new and document.lines[b] == other.lines[a] and is_telling:
                document.marks[b] = other.marks[a]
                adopted.add(b)
    return adopted


def _speaks_of(marks: Marks, edit: int) -> bool:
    return marks == edit if isinstance(marks, int) else any(span.owner == edit for span in marks)


def remarked(document: Document, marks: Sequence[Marks]) -> list[Splice]:
    """The splices that give `document` other `marks` (one for each line), its text unchanged; last lines first."""
    result: list[Splice] = []
    for line in reversed(range(len(document.lines))):
        text = document.lines[line]
        if text and document.marks[line] != marks[line]:
            wanted = marks[line]
            spans = (Span(len(text), wanted),) if isinstance(wanted, int) else wanted
            result.append(Splice((line, 0), _line_stop(document, line), text, spans))
    return result


def _line_stop(document: Document, line: int) -> Position:
    if line + 1 < len(document.lines):
        return (line + 1, 0)
    return (line, len(document.lines[line]))


def _document(snapshot: Snapshot) -> Document:
    return Document(split_lines(snapshot.text), list(snapshot.marks))
