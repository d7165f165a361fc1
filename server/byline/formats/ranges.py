"""Ranges of lines: what a note is made of, and how overlapping ones become a clean sequence.

Lines are git's, 1-based, and both ends of a range belong to it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush, heapreplace
from itertools import chain, pairwise
from typing import TypeVar

from byline.provenance.attribution import State
from byline.provenance.origin import Kind, Level

PRINT_LENGTH = 4
"""Characters of a fingerprint for each line: 24 bits, so that a changed line passes once in 16 million times."""

MAX_LINE = 10_000_000

MAX_DEPTH = 64
"""Ranges over one line. Every clone that settles a commit adds one layer at most, so more than a few are not honest."""


@dataclass(frozen=True, slots=True)
class NoteRange:
    """What a note says of the lines `start` to `end` of one file.

    `session` is a key of the note's sessions and `prompt` the key of a prompt's text; `by` is who modified lines whose
    state is `ai_modified`. `print` is the lines' fingerprint, `PRINT_LENGTH` characters for each, or empty where the
    format has none. Raises ValueError if the numbers or the fingerprint's length make no sense.
    """

    start: int
    end: int
    state: State
    session: str | None = None
    prompt: str | None = None
    level: Level = Level.NONE
    evidence: tuple[str, ...] = ()
    by: Kind | None = None
    print: str = ""

    def __post_init__(self) -> None:
        _check(self.start, self.end, self.print)

    @property
    def claim(self) -> tuple[object, ...]:
        """What it says, whatever the lines: neighbours with equal claims can be one range."""
        return (self.state, self.session, self.prompt, self.level, self.evidence, self.by, bool(self.print))


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A person's statement about the lines `start` to `end` of `path`: it wins over what the ranges say.

    `state` is `ai` or `human`; `tool` and `model` name the AI where the person did. `time` is when it was said, in
    seconds since 1970: of two statements about one line the newer one counts. Raises ValueError like `NoteRange`.
    """

    path: str
    start: int
    end: int
    state: State
    tool: str | None = None
    model: str | None = None
    print: str = ""
    time: int = 0

    def __post_init__(self) -> None:
        if self.state not in (State.AI, State.HUMAN):
            raise ValueError(f"a mark says ai or human, not {self.state}")
        _check(self.start, self.end, self.print)

    @property
    def claim(self) -> tuple[object, ...]:
        """What it says, whatever the lines: neighbours with equal claims can be one mark."""
        return (self.path, self.state, self.tool, self.model, self.time, bool(self.print))


Run = TypeVar("Run", NoteRange, NoteMark)
Choice = Callable[[Run, Run], Run]


def line_print(text: str) -> str:
    """The fingerprint of one line: the first 24 bits of its SHA-256 in base64url; a line end is not part of it.

    `text` is hashed as UTF-8; a byte that is none, read as a lone surrogate by `surrogateescape`, as itself.
    """
    text = text.removesuffix("\n").removesuffix("\r")
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a UTF-16 pair, as an editor may send it; no committed line has one
        data = text.encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()[:3]).decode("ascii")


def verified(run: NoteRange | NoteMark, line: int, text: str) -> bool:
    """Whether `text` is what stood in `line` when the note was written.

    A range without a fingerprint cannot be checked and passes. A line outside the range never does.
    """
    if not run.start <= line <= run.end:
        return False
    at = (line - run.start) * PRINT_LENGTH
    return not run.print or run.print[at : at + PRINT_LENGTH] == line_print(text)


def compress(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Sort `runs`, none of which overlap, and join neighbours that say the same.

    One run a line in, the fewest possible ranges out. Raises ValueError if two overlap.
    """
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.start):
        last = groups[-1][-1] if groups else None
        if last and run.start <= last.end:
            raise ValueError(f"two ranges overlap at line {run.start}")
        if last and run.start == last.end + 1 and run.claim == last.claim:
            groups[-1].append(run)
        else:
            groups.append([run])
    return tuple(_joined(group) for group in groups)


def latest(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Ranges that cover the lines of `runs` once each, compressed: the last that covers a line holds."""
    ends = {line for run in runs for line in (run.start, run.end + 1)}
    by_start = sorted(range(len(runs)), key=lambda index: runs[index].start, reverse=True)
    waiting: list[int] = []  # a heap of negative indices: the last of the runs that have begun is on top
    pieces: list[Run] = []
    for line, following in pairwise(sorted(ends)):
        while by_start and runs[by_start[-1]].start == line:
            heappush(waiting, -by_start.pop())
        while waiting and runs[-waiting[0]].end < line:
            heappop(waiting)
        if waiting:
            pieces.append(_cut(runs[-waiting[0]], line, following - 1))
    return compress(pieces)


def overlay(runs: Iterable[Run], choose: Choice[Run]) -> tuple[Run, ...]:
    """Ranges that cover the lines of `runs` once each, compressed: where two cover a line, `choose` says what holds.

    `choose` must be associative and commutative; it gets two runs over the same lines, and only one line at a time
    where their fingerprints differ. Raises ValueError if more than `MAX_DEPTH` runs cover one line.
    """
    layers = _layers(sorted(runs, key=lambda run: run.start))
    while len(layers) > 1:
        pairs = zip(layers[::2], layers[1::2], strict=False)
        odd = layers[-1:] if len(layers) % 2 else []
        layers = [_merge(below, above, choose) for below, above in pairs] + odd
    return compress(layers[0]) if layers else ()


def lay_over(below: Sequence[Run], above: Sequence[Run], choose: Choice[Run]) -> tuple[Run, ...]:
    """One layer over another, each ascending and free of overlaps; `choose(below, above)` where both cover a line."""
    return compress(_merge(below, above, choose))


def _layers(runs: Iterable[Run]) -> list[list[Run]]:
    """Deal ascending `runs` into as few layers as can hold them, each free of overlaps."""
    layers: list[list[Run]] = []
    free: list[tuple[int, int]] = []  # a heap of (last line, index) of the layers
    for run in runs:
        if free and free[0][0] < run.start:
            index = free[0][1]
            layers[index].append(run)
            heapreplace(free, (run.end, index))
        elif len(layers) == MAX_DEPTH:
            raise ValueError(f"more than {MAX_DEPTH} ranges cover line {run.start}")
        else:
            heappush(free, (run.end, len(layers)))
            layers.append([run])
    return layers


def _merge(below: Sequence[Run], above: Sequence[Run], choose: Choice[Run]) -> list[Run]:
    merged: list[Run] = []
    line = 1  # all before it is done
    i = j = 0
    while i < len(below) and j < len(above):
        a, b = below[i], above[j]
        start_a, start_b = max(a.start, line), max(b.start, line)
        if start_a == start_b:
            end = min(a.end, b.end)
            merged += _choose_in(_cut(a, start_a, end), _cut(b, start_a, end), choose)
        elif start_a < start_b:
            end = min(a.end, start_b - 1)
            merged.append(_cut(a, start_a, end))
        else:
            end = min(b.end, start_a - 1)
            merged.append(_cut(b, start_b, end))
        line = end + 1
        i += a.end < line
        j += b.end < line
    for run in chain(below[i:], above[j:]):
        merged.append(_cut(run, max(run.start, line), run.end))
    return merged


def _choose_in(a: Run, b: Run, choose: Choice[Run]) -> list[Run]:
    if not a.print or not b.print or a.print == b.print:
        return [choose(a, b)]
    lines = range(a.start, a.end + 1)
    return [choose(_cut(a, line, line), _cut(b, line, line)) for line in lines]


def _cut(run: Run, start: int, end: int) -> Run:
    """The part of `run` from `start` to `end`, which lie inside it."""
    if start == run.start and end == run.end:
        return run
    kept = run.print[(start - run.start) * PRINT_LENGTH : (end + 1 - run.start) * PRINT_LENGTH]
    return replace(run, start=start, end=end, print=kept)


def _joined(group: Sequence[Run]) -> Run:
    if len(group) == 1:
        return group[0]
    return replace(group[0], end=group[-1].end, print="".join(run.print for run in group))


def _check(start: int, end: int, fingerprint: str) -> None:
    if not 1 <= start <= end <= MAX_LINE:
        raise ValueError(f"lines {start} to {end} are no range: 1 <= first <= last <= {MAX_LINE} is")
    if fingerprint and len(fingerprint) != PRINT_LENGTH * (end - start + 1):
        raise ValueError(f"the fingerprint of lines {start} to {end} has {len(fingerprint)} characters")
