"""A body that lists what changed, file by file, in words that stand in the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from byline.commit_messages.digest.digest import Digest, FileDigest
from byline.commit_messages.digest.symbols import Became
from byline.commit_messages.offline.names import listed, safe_name, safe_names
from byline.commit_messages.rules import Level, Rules

_MOST_FILES = 8
_WIDTH = 72
_WORDS = {Became.ADDED: "add", Became.REMOVED: "remove", Became.CHANGED: "change", Became.RENAMED: "rename"}
_STATUSES = {"A": "new", "D": "removed", "R": "moved", "C": "copied", "T": "other type of file"}


def is_required(rules: Rules) -> bool:
    """Whether a message has to have a body."""
    wanted = (rules.get("body-empty", always=False), rules.get("body-min-length"))
    return any(rule is not None and rule.level is Level.ERROR for rule in wanted)


def body(digest: Digest, rules: Rules) -> str:
    """A line for each of the files that changed most; empty for a change to a single file without named symbols.

    Where a message has to have a body, there always is one, with counts of lines.
    """
    width = min(_WIDTH, rules.limit("body-max-line-length") or _WIDTH)
    counted = is_required(rules)
    files = sorted(digest.telling, key=lambda file: (-(file.added + file.removed), file.path))
    named = [line for file in files if (line := _line(file, width, counted=counted))]
    lines = named[:_MOST_FILES]
    if not counted and len(lines) < 2 and not (lines and ":" in lines[0]):
        return ""
    rest = files[len(lines) :]
    files_left = f"{len(rest)} {'more ' if lines else ''}{'file' if len(rest) == 1 else 'files'}"
    more = [f"- {files_left}{f': {_counts(rest)}' if counted else ''}"] if rest else []
    return "\n".join(line for line in (*lines, *more) if len(line) <= width)


def _line(file: FileDigest, width: int, *, counted: bool) -> str | None:
    """What there is to say of a file in a line, as far as that fits; None where its name cannot be written."""
    path = safe_name(file.path) or safe_name(file.name)
    if path is None:
        return None
    told, counts = list(_told(file)), [_counts([file])] if counted else []
    ways = ([*told, *counts], counts)
    lines = [f"- {path}: {', '.join(way)}" for way in ways if way]
    return next((line for line in lines if len(line) <= width), f"- {path}")


def _counts(files: Sequence[FileDigest]) -> str:
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    return f"{added} {'line' if added == 1 else 'lines'} added, {removed} removed"


def _told(file: FileDigest) -> Iterator[str]:
    if file.status in _STATUSES:
        yield _STATUSES[file.status]
    elif file.is_spacing:
        yield "white space"
    for became in Became:
        names = safe_names(symbol.short_name for symbol in file.symbols if symbol.became is became)
        if names and file.status != "D":
            yield f"{_WORDS[became]} {listed(names, 3)}"
