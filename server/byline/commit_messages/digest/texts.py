"""The two texts of each changed file, read within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from byline.commit_messages.kinds import NOISE, kind_of
from byline.git.changes import FileChange
from byline.git.large_files import LargeChange, large_change
from byline.git.repository import Repository
from byline.provenance.text import split_git_lines

MAX_BYTES = 1 << 20
"""A larger file is not read."""

MAX_TOTAL = 12 << 20
"""Of files whose two sides together are larger, the smallest are read."""

TOO_LARGE = "too large"
"""What is said of a file that is larger than these."""

_LARGEST_COUNTED = 64 << 20  # bytes of a side
_MOST_LARGE = 12
_BEGINNING = 128 << 10  # bytes of changed lines of a large file

LONGEST_LINE = 2_000
"""Characters; a file with a longer line is not for people to read."""

_LOOKED_AT = 8_000  # bytes in which git, too, looks for a NUL


@dataclass(frozen=True, slots=True)
class Texts:
    """The lines of a file before and after, without line ends; none where there is no such file.

    `unread` says in two or three words why nothing was read (both sides are then empty), None where it was; `large`
    what is known nevertheless of a file that is too large. `line_ends` says what lines end with now ("LF", "CRLF", ""
    for anything else) where the two sides differ in nothing else, None where they do.
    """

    old: Sequence[str] = ()
    new: Sequence[str] = ()
    unread: str | None = None
    large: LargeChange | None = None
    line_ends: str | None = None


def texts(repository: Repository, files: Sequence[FileChange]) -> list[Texts]:
    """The texts of `files`, in their order. Lock files, generated and vendored ones are not read. Raises GitError."""
    found = [Texts(unread=_reason(change)) for change in files]
    wanted = [at for at, text in enumerate(found) if text.unread is None]
    oids = {oid for at in wanted for oid in _sides(files[at])}
    sizes = {info.oid: info.size for info in repository.objects.sizes(sorted(oids)) if info}
    left = MAX_TOTAL
    for at in sorted(wanted, key=lambda at: (_size(files[at], sizes), at)):
        left -= _size(files[at], sizes)
        if left < 0 or any(sizes.get(oid, MAX_BYTES + 1) > MAX_BYTES for oid in _sides(files[at])):
            found[at] = Texts(unread=TOO_LARGE)
    for at in [at for at in wanted if found[at].unread == TOO_LARGE and _is_countable(files[at], sizes)][:_MOST_LARGE]:
        old, new = files[at].old_oid, files[at].new_oid
        found[at] = Texts(unread=TOO_LARGE, large=large_change(repository, old, new, _BEGINNING))
    wanted = [at for at in wanted if found[at].unread is None]
    asked = sorted({oid for at in wanted for oid in _sides(files[at])})
    contents = dict(zip(asked, repository.objects.read_many(asked), strict=True))
    for at in wanted:
        found[at] = _lines(files[at], contents)
    return found


def _reason(change: FileChange) -> str | None:
    if change.is_submodule:
        return "submodule"
    kind = kind_of(change.path)
    return kind.value if kind in NOISE else None


def _sides(change: FileChange) -> list[str]:
    return [oid for oid in (change.old_oid, change.new_oid) if oid]


def _size(change: FileChange, sizes: dict[str, int]) -> int:
    return sum(sizes.get(oid, 0) for oid in _sides(change))


def _is_countable(change: FileChange, sizes: dict[str, int]) -> bool:
    return all(sizes.get(oid, _LARGEST_COUNTED + 1) <= _LARGEST_COUNTED for oid in _sides(change))


def _lines(change: FileChange, contents: dict[str, bytes | None]) -> Texts:
    before, after = ((contents.get(oid) if oid else b"") for oid in (change.old_oid, change.new_oid))
    if before is None or after is None:
        return Texts(unread="missing")
    if any(b"\0" in side[:_LOOKED_AT] for side in (before, after)):
        return Texts(unread="binary")
    old, new = (split_git_lines(side.decode("utf-8", "replace")) for side in (before, after))
    if max(map(len, (*old, *new)), default=0) > LONGEST_LINE:
        return Texts(unread="minified")
    return Texts(old, new, line_ends=_line_ends(before, after) if old == new and before != after else None)


def _line_ends(old: bytes, new: bytes) -> str:
    """What lines end with in `new`, where they ended with something else in `old`: "" where only some did."""
    if new == old.replace(b"\r\n", b"\n"):
        return "LF"
    return "CRLF" if new == old.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") else ""
