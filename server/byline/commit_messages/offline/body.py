"""A body that lists what changed, file by file, in words that stand in the change."""

from __future__ import annotations

from collections.abc import Iterator

from byline.commit_messages.digest.digest import Digest, FileDigest
from byline.commit_messages.digest.symbols import Became
from byline.commit_messages.offline.names import listed, safe_name, safe_names
from byline.commit_messages.rules import Rules

_MOST_FILES = 8
_WIDTH = 72
_WORDS = {Became.ADDED: "add", Became.REMOVED: "remove", Became.CHANGED: "change", Became.RENAMED: "rename"}
_STATUSES = {"A": "new", "D": "removed", "R": "moved", "C": "copied", "T": "other type of file"}


def body(digest: Digest, rules: Rules) -> str:
    """A line for each of the files that changed most; empty for a change to a single file without named symbols."""
    width = min(_WIDTH, rules.limit("body-max-line-length") or _WIDTH)
    files = sorted(digest.telling, key=lambda file: (-(file.added + file.removed), file.path))
    named = [line for file in files if (line := _line(file))]
    lines = [line if len(line) <= width else line[: line.find(":")] for line in named[:_MOST_FILES]]
    if len(lines) < 2 and not (lines and ":" in lines[0]):
        return ""
    rest = len(files) - len(lines)
    more = [f"- {rest} more {'file' if rest == 1 else 'files'}"] if rest > 0 else []
    return "\n".join(line for line in (*lines, *more) if len(line) <= width)


def _line(file: FileDigest) -> str | None:
    path = safe_name(file.path) or safe_name(file.name)
    if path is None:
        return None
    told = list(_told(file))
    return f"- {path}: {', '.join(told)}" if told else f"- {path}"


def _told(file: FileDigest) -> Iterator[str]:
    if file.status in _STATUSES:
        yield _STATUSES[file.status]
    elif file.is_spacing:
        yield "white space"
    for became in Became:
        names = safe_names(symbol.short_name for symbol in file.symbols if symbol.became is became)
        if names and file.status != "D":
            yield f"{_WORDS[became]} {listed(names, 3)}"
