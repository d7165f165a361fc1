"""The digest of a change: what there is to say about each file, within fixed bounds, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from byline.commit_messages.changes import Change
from byline.commit_messages.digest.behind import Behind, Recorded, added_up
from byline.commit_messages.digest.hunks import Lines, changed_lines
from byline.commit_messages.digest.moves import Move, moves
from byline.commit_messages.digest.symbols import SymbolChange, symbol_changes
from byline.commit_messages.digest.texts import LONGEST_LINE, TOO_LARGE, Texts, texts
from byline.commit_messages.kinds import NOISE, FileKind, kind_of
from byline.git.changes import FileChange
from byline.git.large_files import LargeChange
from byline.git.repository import Repository

MAX_FILES = 400
"""Of a change to more files, the contents of this many are looked at: first those that somebody wrote."""

NOT_LOOKED_AT = "not looked at"
"""What is said of the others."""

SYMBOL_LINES = 3_000
"""Lines, of both sides, in which symbols are looked for: what parsers do in about 30 ms. The files with most changed
lines come first, and the first one may be twice as long."""

_SYMBOL_KINDS = frozenset({FileKind.SOURCE, FileKind.TEST})
_EXECUTABLE, _LINK, _SUBMODULE = "100755", "120000", "160000"  # git's modes


class Turned(StrEnum):
    """What became of a file that its lines do not show."""

    EXECUTABLE = "executable"
    NOT_EXECUTABLE = "not executable"
    LINK = "link"
    FILE = "file"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What happened to one file.

    `status` is git's letter; `added` and `removed` count lines. `hunks` are the changed lines, `symbols` what they
    belong to, `behind` which AI sessions are known to have written the added ones. `left_out` says in two or three
    words why there are no hunks or no symbols, None where nothing is missing.
    """

    path: str
    old_path: str | None
    status: str
    kind: FileKind
    added: int = 0
    removed: int = 0
    hunks: tuple[Lines, ...] = ()
    symbols: tuple[SymbolChange, ...] = ()
    behind: tuple[Behind, ...] = ()
    left_out: str | None = None
    is_begun: bool = False
    """Whether `hunks` are only the first of them; `added` and `removed` count all."""
    turned: Turned | None = None
    is_submodule: bool = False
    is_untouched: bool = False
    """Whether its content is the same as before, to the byte."""
    line_ends: str | None = None
    """What the lines end with now ("LF", "CRLF", "" for anything else) where that is all that changed."""

    @property
    def is_spacing(self) -> bool:
        """Whether only white space changed."""
        if self.line_ends is not None:
            return True
        return bool(self.hunks) and not self.is_begun and all(hunk.is_spacing for hunk in self.hunks)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to say about a change, file by file, ordered by path.

    `left_out` are sentences; `moves` are the symbols that went from one file to another.
    """

    change: Change
    files: tuple[FileDigest, ...]
    left_out: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def behind(self) -> tuple[Behind, ...]:
        """The AI sessions and prompts behind the added lines, most lines first."""
        return added_up(part for file in self.files for part in file.behind)

    @property
    def telling(self) -> tuple[FileDigest, ...]:
        """The files that say what the change is about: without what nobody wrote, unless there is nothing else."""
        return tuple(file for file in self.files if file.kind not in NOISE) or self.files


def digest(repository: Repository, change: Change, recorded: Recorded | None = None) -> Digest:
    """The digest of `change`: the same one for the same change. Raises GitError.

    `recorded` tells what is known of who wrote a text; None where nobody knows.
    """
    looked_at = sorted(change.files, key=lambda file: kind_of(file.path) in NOISE)[:MAX_FILES]
    read = texts(repository, looked_at)
    found = [_file(file, text, recorded) for file, text in zip(looked_at, read, strict=True)]
    known = {file.path: file for file in _with_symbols(found, read)}
    files = tuple(known.get(file.path) or _folded(file, NOT_LOOKED_AT) for file in change.files)
    return Digest(change, files, tuple(_sentences(files)), moves([file for file in files if file.path in known]))


def without_content(told: Digest, paths: Collection[str]) -> Digest:
    """`told` with nothing of what stands in the files at `paths`: that they changed, and by how many lines, stays."""
    files = (replace(file, hunks=(), symbols=()) if file.path in paths else file for file in told.files)
    kept = (move for move in told.moves if not {move.path, move.old_path} & set(paths))
    return replace(told, files=tuple(files), moves=tuple(kept))


def _folded(change: FileChange, why: str | None) -> FileDigest:
    return FileDigest(
        change.path,
        change.old_path,
        change.status,
        kind_of(change.path),
        left_out=why,
        turned=_turned(change),
        is_submodule=change.is_submodule,
        is_untouched=change.old_oid is not None and change.old_oid == change.new_oid,
    )


def _turned(change: FileChange) -> Turned | None:
    if change.status == "T":
        return {_LINK: Turned.LINK, _SUBMODULE: Turned.SUBMODULE}.get(change.mode, Turned.FILE)
    if change.status == "M" and change.old_oid == change.new_oid:  # then nothing but the mode is another
        return Turned.EXECUTABLE if change.mode == _EXECUTABLE else Turned.NOT_EXECUTABLE
    return None


def _file(change: FileChange, text: Texts, recorded: Recorded | None) -> FileDigest:
    if text.large is not None:
        return _large(change, text.large)
    if text.unread is not None:
        return _folded(change, text.unread)
    hunks = tuple(changed_lines(text.old, text.new))
    added, removed = sum(len(hunk.new) for hunk in hunks), sum(len(hunk.old) for hunk in hunks)
    behind = recorded.behind(change, hunks) if recorded and added else ()
    told = _folded(change, None)
    ends = text.line_ends if change.status in "MR" else None
    return replace(told, added=added, removed=removed, hunks=hunks, behind=behind, line_ends=ends)


def _large(change: FileChange, found: LargeChange) -> FileDigest:
    """A file of which only the first changed lines are looked at."""
    runs = [Lines(run.old_start, _decoded(run.old), run.new_start, _decoded(run.new)) for run in found.runs]
    is_minified = any(len(line) > LONGEST_LINE for run in runs for line in (*run.old, *run.new))
    hunks = () if is_minified else tuple(runs)
    told = _folded(change, TOO_LARGE)
    return replace(told, added=found.added, removed=found.removed, hunks=hunks, is_begun=True)


def _decoded(lines: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8", "replace").removesuffix("\r") for line in lines)


def _with_symbols(files: Sequence[FileDigest], read: Sequence[Texts]) -> list[FileDigest]:
    """`files` with their symbols, those with most changed lines first, until enough lines were looked at."""
    found = list(files)
    wanted = [at for at, file in enumerate(files) if file.hunks and not file.is_begun and file.kind in _SYMBOL_KINDS]
    left = SYMBOL_LINES * 2
    for at in sorted(wanted, key=lambda at: (-(files[at].added + files[at].removed), at)):
        file, text = files[at], read[at]
        if len(text.old) + len(text.new) > left:
            found[at] = replace(file, left_out="symbols not looked for")
            continue
        left = min(left, SYMBOL_LINES) - len(text.old) - len(text.new)
        found[at] = replace(file, symbols=tuple(symbol_changes(file.path, text.old, text.new, file.hunks)))
    return found


def _sentences(files: Sequence[FileDigest]) -> list[str]:
    """What was left out, a sentence for each reason, so that nobody takes the digest for the whole."""
    reasons = Counter(file.left_out for file in files if file.left_out)
    return [f"{count} {'file' if count == 1 else 'files'}: {why}." for why, count in sorted(reasons.items())]
