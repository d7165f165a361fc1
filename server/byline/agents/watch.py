"""All transcripts of the tools that may be read, polled for what is new.

Nothing here decides anything: what the tools recorded is given out, once, and only of the open folders.
"""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from byline.agents.folders import Inside
from byline.agents.homes import Homes
from byline.agents.listing import Listing
from byline.agents.reader import Conversation, Cut, Gradual, Place, Reader
from byline.agents.record import AgentEdit
from byline.agents.tail import Budget, ReplacedError, Tail, read_document
from byline.agents.tools import READERS

_log = logging.getLogger(__name__)

_SECONDS = 0.25  # that one poll may take
_RETRY_AFTER = 5.0  # seconds
_MOST_SEEN = 200_000  # edits of which it is remembered that they were given out


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought."""

    edits: tuple[AgentEdit, ...]
    more: bool
    """Whether there is more to read at once."""


@dataclass(frozen=True, slots=True)
class ReaderState:
    """How one tool's reader fares."""

    tool: str
    found: bool
    """Whether the tool left anything on this machine."""
    files: int
    """Transcripts that belong to the open folders."""
    edits: int
    problem: str | None


@dataclass(slots=True)
class _Transcript:
    """One file, and how far it is understood."""

    path: str
    place: Place
    file: tuple[int, int]
    conversation: Conversation
    tail: Tail
    seen: tuple[int, int] | None = None  # size and time of the change that was read last
    foreign: bool = False
    mine: bool = False
    retry_at: float = math.inf  # on the monotonic clock: when to try again what could not be read


@dataclass(slots=True)
class _Watched:
    """One reader and the transcripts that it found."""

    reader: Reader
    places: Sequence[Place] = ()
    transcripts: dict[str, _Transcript] = field(default_factory=dict)
    edits: int = 0
    problems: dict[str, str] = field(default_factory=dict)


class Watch:
    """All transcripts of the tools that may be read, polled, by one thread at a time.

    `tools` are names of the setting `agents.read`; unknown ones are passed over. `roots` gives the open, trusted
    folders at each poll; what was recorded elsewhere is never given out. Files that were last changed before `since`
    (seconds since 1970) are not opened.
    """

    def __init__(
        self,
        tools: Iterable[str],
        roots: Callable[[], Sequence[Path]],
        environ: Mapping[str, str],
        *,
        since: float,
    ) -> None:
        wanted = set(tools)
        self._roots = roots
        self._homes = Homes.of(environ)
        self._since = int(since * 1e9)
        self._watched = [_Watched(reader()) for reader in READERS if reader.tool in wanted]
        self._listing = Listing()
        self._inside = Inside(())
        self._given: dict[int, None] = {}

    def poll(self, max_bytes: int = 4_000_000) -> Batch:
        """What is new since the last poll, as far as about `max_bytes` of transcripts and a quarter of a second go."""
        self._look_at_roots()
        self._listing.refresh()
        budget = Budget(max_bytes, time.monotonic() + _SECONDS)
        edits: list[AgentEdit] = []
        more = False
        for watched in self._watched:
            for transcript in self._changed(watched):
                for edit in self._read(watched, transcript, budget):
                    if self._is_new(edit):
                        watched.edits += 1
                        edits.append(edit)
                more |= transcript.tail.behind
                if budget.is_spent:
                    return Batch(tuple(edits), True)
        return Batch(tuple(edits), more)

    def readers(self) -> tuple[ReaderState, ...]:
        """How each reader fares."""
        return tuple(
            ReaderState(
                tool=watched.reader.tool,
                found=is_present(watched.reader, self._homes),
                files=sum(transcript.mine for transcript in watched.transcripts.values()),
                edits=watched.edits,
                problem=next(iter(watched.problems.values()), None),
            )
            for watched in self._watched
        )

    def _look_at_roots(self) -> None:
        """Take note of the open folders. With other ones, what was foreign may no longer be."""
        roots = tuple(self._roots())
        if roots == self._inside.roots:
            return
        self._inside = Inside(roots)
        for watched in self._watched:
            watched.places = watched.reader.places(self._homes, roots)
            kept = {p: t for p, t in watched.transcripts.items() if not t.foreign and t.place.cut is Cut.LINES}
            watched.transcripts = kept

    def _changed(self, watched: _Watched) -> Iterator[_Transcript]:
        """The transcripts with something to read, in the order of their places and names."""
        if not self._inside.roots:
            return
        there: set[str] = set()
        for place in watched.places:
            for path in self._listing.files(str(place.top), place.names):
                there.add(path)
                transcript = self._transcript(watched, place, path)
                if transcript is not None:
                    yield transcript
        for path in watched.transcripts.keys() - there:
            del watched.transcripts[path]
            watched.problems.pop(path, None)

    def _transcript(self, watched: _Watched, place: Place, path: str) -> _Transcript | None:
        """The transcript at `path`, if it has changed since it was read."""
        try:
            status = os.stat(path)  # noqa: PTH116 - of every transcript at every poll: a path costs more than it
        except (OSError, ValueError):
            return None
        known = watched.transcripts.get(path)
        file = (status.st_dev, status.st_ino)
        if known is not None and known.foreign and known.file == file:
            return None
        signature = (status.st_size, status.st_mtime_ns)
        if place.cut is Cut.DATABASE:
            signature = _with_log(path, signature)
        if known is not None and known.seen == signature and known.file == file and not _goes_on(known):
            return None
        if max(signature[1], status.st_mtime_ns) < self._since:
            return None
        if known is None or (known.file != file and place.cut is not Cut.LINES):
            known = self._begin(watched, place, path, file)
        elif known.file != file:
            known.file, known.foreign = file, False
        known.seen = signature
        return known

    def _begin(self, watched: _Watched, place: Place, path: str, file: tuple[int, int]) -> _Transcript:
        transcript = _Transcript(path, place, file, place.begin(Path(path)), Tail(path))
        watched.transcripts[path] = transcript
        return transcript

    def _read(self, watched: _Watched, transcript: _Transcript, budget: Budget) -> list[AgentEdit]:
        """What is new in `transcript` and belongs to the open folders."""
        transcript.retry_at = math.inf
        try:
            edits = list(self._edits(transcript, budget))
            watched.problems.pop(transcript.path, None)
            return edits
        except ReplacedError:
            transcript.conversation = transcript.place.begin(Path(transcript.path))
        except FileNotFoundError:
            watched.transcripts.pop(transcript.path, None)
        except OSError as error:
            watched.problems[transcript.path] = f"{transcript.path}: {error.strerror or error}"
            transcript.retry_at = time.monotonic() + _RETRY_AFTER
        except Exception as error:  # noqa: BLE001 - a transcript is anybody's: whatever is in it, the others are read
            _log.warning("a transcript of %s could not be understood", watched.reader.tool, exc_info=True)
            watched.problems[transcript.path] = f"{transcript.path}: not understood ({type(error).__name__})"
            transcript.foreign = True
        return []

    def _edits(self, transcript: _Transcript, budget: Budget) -> Iterator[AgentEdit]:
        for piece in _pieces(transcript, budget):
            edits = list(transcript.conversation.feed(piece))
            if transcript.conversation.cwd is not None and not transcript.mine:
                transcript.foreign = not self._inside(transcript.conversation.cwd)
                transcript.mine = not transcript.foreign
            if transcript.foreign:
                transcript.tail.behind = False
                return
            for edit in edits:
                if self._inside(edit.cwd or edit.path):
                    transcript.mine = True
                    yield edit
        if isinstance(transcript.conversation, Gradual):
            transcript.tail.behind = transcript.conversation.behind

    def _is_new(self, edit: AgentEdit) -> bool:
        """Whether `edit` was not given out before: resumed and forked sessions are copies of others."""
        key = hash((edit.tool, edit.call or edit.session, edit.path, edit.succeeded, edit.hunks, edit.after))
        if key in self._given:
            return False
        self._given[key] = None
        if len(self._given) > _MOST_SEEN:
            del self._given[next(iter(self._given))]
        return True


def present(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The tools that left something on this machine. Looks for directories only."""
    homes = Homes.of(environ)
    return tuple(reader.tool for reader in READERS if is_present(reader(), homes))


def is_present(reader: Reader, homes: Homes) -> bool:
    """Whether one of a reader's directories exists."""
    return any(sign.is_dir() for sign in reader.signs(homes))


def _goes_on(transcript: _Transcript) -> bool:
    """Whether there is something to do for an unchanged transcript."""
    return transcript.tail.behind or time.monotonic() > transcript.retry_at


def _pieces(transcript: _Transcript, budget: Budget) -> Iterator[bytes]:
    match transcript.place.cut:
        case Cut.LINES:
            return transcript.tail.lines(budget)
        case Cut.WHOLE:
            return iter((read_document(transcript.path, budget),))
        case Cut.DATABASE:
            return iter((os.fsencode(transcript.path),))


def _with_log(database: str, signature: tuple[int, int]) -> tuple[int, int]:
    """The signature of a database whose newest changes are in a log beside it."""
    try:
        log = Path(f"{database}-wal").stat()
    except OSError:
        return signature
    return signature[0] + log.st_size, max(signature[1], log.st_mtime_ns)
