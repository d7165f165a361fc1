"""How texts, spans, marks and evidence become bytes in the database, and strictly back.

Texts keep lone surrogates (an editor may send them, and git's paths may decode to them). Anything longer than a few
words is deflated. Marks are run-length coded first: `[n, owner, step]` stands for `n` lines that each belong wholly
to one owner, `owner`, `owner + step` … (step -1: the consecutive lines of a base); a list of spans stands for one line.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from byline.journal.errors import DamagedJournalError
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import MAX_BASE_LINES, Marks, Span

_PLAIN, _DEFLATED = b"\0", b"\1"
_WORTH_DEFLATING = 200  # bytes; below, zlib's own frame eats what it saves
_LARGEST = 1 << 26  # bytes once inflated: far above every real document, far below harm
_EVIDENCE_FIELDS = 7


def pack_text(text: str) -> bytes:
    """`text` as bytes; every string can be packed."""
    return _deflated(text.encode("utf-8", "surrogatepass"))


def unpack_text(data: object) -> str:
    """The inverse of `pack_text`. Raises DamagedJournalError for anything that it cannot have made."""
    try:
        return _inflated(data).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DamagedJournalError(f"a text in the journal is not UTF-8: {error}") from error


def pack_name(name: str) -> bytes:
    """A path or a worktree's name as bytes that can be looked up: equal names give equal bytes."""
    return name.encode("utf-8", "surrogatepass")


def unpack_name(data: object) -> str:
    """The inverse of `pack_name`. Raises DamagedJournalError."""
    if not isinstance(data, bytes):
        raise DamagedJournalError("a path in the journal is not stored as bytes")
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DamagedJournalError(f"a path in the journal is not UTF-8: {error}") from error


def pack_spans(spans: Iterable[Span]) -> bytes:
    """The spans of one text as bytes."""
    return _deflated(_dumps([_listed(span) for span in spans]))


def unpack_spans(data: object) -> tuple[Span, ...]:
    """The inverse of `pack_spans`. Raises DamagedJournalError."""
    return _spans(_loads(_inflated(data)))


def pack_marks(marks: Sequence[Marks]) -> bytes:
    """The marks of a text's lines, in order, as bytes."""
    runs: list[list[Any]] = []
    for mark in marks:
        if not isinstance(mark, int):
            runs.append([_listed(span) for span in mark])
        elif not (runs and _continues(runs[-1], mark)):
            runs.append([1, mark, 0])
    return _deflated(_dumps(runs))


def unpack_marks(data: object) -> list[Marks]:
    """The inverse of `pack_marks`. Raises DamagedJournalError."""
    runs = _loads(_inflated(data))
    if not isinstance(runs, list):
        raise DamagedJournalError("marks in the journal are not a list")
    marks: list[Marks] = []
    for run in runs:
        if isinstance(run, list) and run and not isinstance(run[0], list):
            count, owner, step = _integers(run, 3)
            if step not in (0, -1) or not 0 < count <= MAX_BASE_LINES - len(marks):
                raise DamagedJournalError(f"marks in the journal hold an impossible run: {run!r:.80}")
            marks += [owner + i * step for i in range(count)]
        else:
            marks.append(_spans(run))
    return marks


def pack_evidence(evidence: Evidence) -> str:
    """One piece of evidence as a JSON list of its fields, without the Nones at its end."""
    fields = [
        evidence.source.value,
        evidence.channel.value,
        evidence.proof,
        evidence.tool,
        evidence.model,
        evidence.session,
        evidence.prompt,
    ]
    while fields[-1] is None:
        fields.pop()
    return json.dumps(fields, separators=(",", ":"))


def unpack_evidence(data: object) -> Evidence:
    """The inverse of `pack_evidence`. Raises DamagedJournalError."""
    fields = _loads(data)
    if not isinstance(fields, list) or not 2 <= len(fields) <= _EVIDENCE_FIELDS:
        raise DamagedJournalError("evidence in the journal has not the fields that evidence has")
    source, channel, *rest = fields
    if not all(field is None or isinstance(field, str) for field in rest):
        raise DamagedJournalError("evidence in the journal holds something other than strings")
    try:
        return Evidence(Source(source), Channel(channel), *rest)
    except ValueError as error:
        raise DamagedJournalError(f"evidence in the journal has an unknown word: {error}") from error


def _continues(run: list[Any], owner: int) -> bool:
    """Whether `owner` goes on with `run`; if so, `run` has one line more."""
    if not run or isinstance(run[0], list):
        return False
    count, first, step = run
    if count == 1 and owner in (first, first - 1):
        run[2] = step = owner - first
    if owner != first + count * step:
        return False
    run[0] += 1
    return True


def _listed(span: Span) -> list[int]:
    return [span.length, span.owner, span.lost] if span.lost else [span.length, span.owner]


def _spans(value: Any) -> tuple[Span, ...]:
    if not isinstance(value, list):
        raise DamagedJournalError("spans in the journal are not a list")
    return tuple(map(_span, value))


def _span(value: Any) -> Span:
    length, owner, lost = _integers([*value, 0] if isinstance(value, list) and len(value) == 2 else value, 3)
    if length < 0 or (length and lost):
        raise DamagedJournalError(f"an impossible span in the journal: {value!r:.80}")
    return Span(length, owner, lost)


def _integers(value: Any, count: int) -> list[int]:
    if isinstance(value, list) and len(value) == count and all(type(item) is int for item in value):
        return value
    raise DamagedJournalError(f"{count} integers were expected in the journal, not {value!r:.80}")


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _loads(data: object) -> Any:
    if not isinstance(data, (bytes, str)):
        raise DamagedJournalError("a value in the journal is neither text nor bytes")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamagedJournalError(f"a value in the journal cannot be read: {error}") from error


def _deflated(data: bytes) -> bytes:
    if len(data) < _WORTH_DEFLATING:
        return _PLAIN + data
    return _DEFLATED + zlib.compress(data, 3)


def _inflated(data: object) -> bytes:
    if not isinstance(data, bytes) or data[:1] not in (_PLAIN, _DEFLATED):
        raise DamagedJournalError("a value in the journal is not in a known form")
    if data[:1] == _PLAIN:
        return data[1:]
    stream = zlib.decompressobj()
    try:
        whole = stream.decompress(data[1:], _LARGEST)
    except zlib.error as error:
        raise DamagedJournalError(f"a value in the journal cannot be inflated: {error}") from error
    if not stream.eof or stream.unused_data:
        raise DamagedJournalError("a value in the journal is cut off, too long or followed by something else")
    return whole
