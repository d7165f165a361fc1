"""Why a message is as it is, in plain words that hold numbers instead of praise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.issue_key import branch_type, short_branch
from byline.commit_messages.offline.names import safe_name
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.types import known_type

UNSURE = 0.35
"""Where even the likeliest type is less likely than this, the first reason says so, and nothing should be chosen."""

_LONGEST_PROMPT = 60


def of_type(digest: Digest, style: Style, branch: str | None, types: Mapping[str, float], type_: str) -> Iterator[str]:
    """What speaks for a type; `types` are all with their probabilities, the likeliest first."""
    if type_ == next(iter(types)) and types[type_] < UNSURE:
        yield f"not sure: of all types {type_} is the likeliest, with {types[type_]:.0%}"
    named = branch_type(branch)
    if named and named == known_type(type_):
        yield f"{type_}: the branch is called {safe_name(short_branch(branch)) or 'so'}"
    count = style.last_types(digest.files)[type_]
    if count:
        yield f"{type_}: {count} of {_counted(len(digest.files), 'changed file')} last had {type_}"


def of_scope(scopes: Mapping[str, float], scope: str) -> Iterator[str]:
    """What speaks for a scope; `scopes` are all with their probabilities."""
    if scope in scopes and scope:
        yield f"{scope}: {scopes[scope]:.0%} of what is remembered of these files and their folders"


def what(digest: Digest) -> Iterator[str]:
    """What the change is, counted, and which prompt is behind most of it."""
    added, removed = sum(file.added for file in digest.files), sum(file.removed for file in digest.files)
    yield f"{_counted(len(digest.files), 'file')}, {_counted(added, 'line')} added, {removed} removed"
    for behind in digest.behind[:1]:
        tool = safe_name(behind.tool or "") or "an AI"
        yield f"{tool} wrote {behind.lines} of {_counted(added, 'added line')}{_quoted(behind.prompt)}"
        if behind.modified:
            yield f"you changed {behind.modified} of them"


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _quoted(prompt: str | None) -> str:
    """The prompt's first line, as text that can be shown anywhere."""
    line = (prompt or "").strip().partition("\n")[0][:_LONGEST_PROMPT]
    shown = "".join(c if c.isprintable() else " " for c in line).strip()
    return f": “{shown}”" if shown else ""
