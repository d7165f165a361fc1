"""What the journal stores: one frozen record for each kind of row.

Common to all: `worktree` is the name of a linked worktree, "" for the main one; `path` is relative to the worktree's
root, with `/` between its parts; `time` is in whole Unix seconds, never finer. Sequences that are given to a record
are not changed afterwards: the journal's own thread reads them later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from byline.provenance.origin import Evidence
from byline.provenance.span import Marks, Span


@dataclass(frozen=True, slots=True)
class Document:
    """One open generation of one file in one window: it begins with a snapshot and goes on with splices."""

    id: int
    worktree: str
    path: str
    opened: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The document with this id was closed in good order: its last snapshot is its last text."""

    document: int


@dataclass(frozen=True, slots=True)
class Base:
    """What negative owners point to: `path` in `commit`, with the object id `blob`; None where that is not known."""

    id: int
    commit: str | None
    path: str
    blob: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document's text; `document` is None for a file that no editor had open."""

    id: int
    document: int | None
    version: int | None
    channel: str
    time: int


@dataclass(frozen=True, slots=True)
class EvidenceOf:
    """One more piece of evidence on the edit with the id `edit`."""

    edit: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Splice:
    """The text of `document` from `start` to `end` was replaced by `text`, which made it `version`.

    Positions are (line, column), 0-based, in protocol lines and code points. `spans` cover `text`, tombstones included.
    """

    document: int
    version: int
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A full text and the marks of each of its lines.

    `digest` is the object id that git gives to the text's bytes; `document` and `version` are None for a file that no
    editor had open; `reason` is a word for why it was taken (`open`, `save`, `close` …).
    """

    id: int
    worktree: str
    path: str
    document: int | None
    version: int | None
    digest: str
    text: str
    marks: Sequence[Marks]
    reason: str
    time: int


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A snapshot without its text and marks. `sequence` is its place in the order of everything that was committed."""

    id: int
    document: int | None
    version: int | None
    digest: str
    reason: str
    time: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt under its key. `text` has been redacted: whoever makes this record vouches for that."""

    key: str
    text: str
    tool: str | None
    session: str | None
    time: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """Deleted text, remembered with its spans so that it keeps its owners when it comes back."""

    digest: str
    text: str
    spans: tuple[Span, ...]
    worktree: str
    path: str
    time: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """An agent, its transcript or a plug-in said that it replaced `old` (None: not told) by `new` in `path`.

    One with an id that the journal has already is not stored again. `spent`: its text was found and is claimed.
    """

    id: int
    worktree: str
    path: str
    old: str | None
    new: str
    evidence: Evidence
    time: int
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """The text of the declaration with this id was found and is claimed."""

    declaration: int


@dataclass(frozen=True, slots=True)
class Settled:
    """`commit` was attributed and holds text of `edits`; `mark` is how much the journal knew as its note was computed.

    `amended` is the commit that it took the place of, None where it is no amendment.
    """

    commit: str
    worktree: str
    edits: tuple[int, ...]
    mark: int
    amended: str | None = None


@dataclass(frozen=True, slots=True)
class CursorRow:
    """How far a worktree's HEAD log was read: `offset` bytes, up to `head`; `anchor` is to recognise the log by."""

    worktree: str
    offset: int
    anchor: str
    head: str | None


@dataclass(frozen=True, slots=True)
class OutboxNote:
    """A note that is to stand on `commit` in `ref`; `payload` None means that the note is to go."""

    ref: str
    commit: str
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """`note` stands safely in its ref. A newer note for the same commit, appended meanwhile, stays pending."""

    note: OutboxNote


@dataclass(frozen=True, slots=True)
class Gap:
    """Splices of `document` were lost here: nothing can be replayed past this point, only from a later snapshot."""

    document: int


Row = (
    Document
    | Closed
    | Base
    | Edit
    | EvidenceOf
    | Splice
    | Snapshot
    | Prompt
    | Fragment
    | Declaration
    | Spent
    | Settled
    | CursorRow
    | OutboxNote
    | Delivered
    | Gap
)
