"""What changed in files that are too large to be read whole: true counts, and the first of the changed lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from byline.git.changes import DIFF_OPTIONS
from byline.git.errors import CommandFailed
from byline.git.oid import checked_oid

if TYPE_CHECKING:
    from byline.git.repository import Repository

_COUNTS = re.compile(rb"(\d+)\t(\d+)\t")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_CHUNK = 1 << 20
_LOOKED_AT = 8_000  # bytes in which git, too, looks for a NUL
_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines that changed, without their breaks; the starts are 0-based."""

    old_start: int
    old: tuple[bytes, ...]
    new_start: int
    new: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LargeChange:
    """How many lines were added and removed in all, and the first runs of changed lines."""

    added: int
    removed: int
    runs: tuple[Run, ...]


def large_change(repo: Repository, old: str | None, new: str | None, most: int) -> LargeChange | None:
    """What became of the blob `old` in `new` (ids, None where there is none), with at most `most` bytes of lines.

    None for what is binary, and for what git cannot tell within ten seconds. Raises ValueError for what is no id.
    """
    try:
        if old and new:
            return _changed(repo, old, new, most)
        return _alone(repo, old or new or "", most, is_new=old is None)
    except CommandFailed:
        return None


def _changed(repo: Repository, old: str, new: str, most: int) -> LargeChange | None:
    command = ["diff", "--numstat", "-p", "-U0", "--inter-hunk-context=0", "--no-color", *DIFF_OPTIONS]
    with repo.runner.stream([*command, checked_oid(old), checked_oid(new), "--"], timeout=_TIMEOUT) as output:
        counts = _COUNTS.match(output.readline())
        if counts is None:
            return None
        return LargeChange(int(counts[1]), int(counts[2]), _runs(output.read(most)))


def _runs(patch: bytes) -> tuple[Run, ...]:
    """The runs in a patch without context; its last line may be cut off and is left out."""
    found: list[tuple[int, int]] = []
    sides: list[tuple[list[bytes], list[bytes]]] = []
    for line in patch.split(b"\n")[:-1]:
        if hunk := _HUNK.match(line):
            old, old_count, new, new_count = (int(number) if number else 1 for number in hunk.groups())
            found.append((old - (old_count > 0), new - (new_count > 0)))
            sides.append(([], []))
        elif found and line[:1] in (b"-", b"+"):
            sides[-1][line[:1] == b"+"].append(line[1:])
    return tuple(Run(old, tuple(gone), new, tuple(come)) for (old, new), (gone, come) in zip(found, sides, strict=True))


def _alone(repo: Repository, blob: str, most: int, *, is_new: bool) -> LargeChange | None:
    with repo.runner.stream(["cat-file", "blob", checked_oid(blob)], timeout=_TIMEOUT) as output:
        beginning = output.read(most)
        if b"\0" in beginning[:_LOOKED_AT]:
            return None
        count = beginning.count(b"\n") + _rest(output, beginning)
    lines = tuple(beginning.split(b"\n")[:-1])
    run = Run(0, (), 0, lines) if is_new else Run(0, lines, 0, ())
    return LargeChange(count if is_new else 0, 0 if is_new else count, (run,))


def _rest(output: IO[bytes], before: bytes) -> int:
    """The lines in what is still to be read; one without a break at the very end counts, too."""
    count = 0
    while chunk := output.read(_CHUNK):
        count, before = count + chunk.count(b"\n"), chunk
    return count + (not before.endswith(b"\n"))
