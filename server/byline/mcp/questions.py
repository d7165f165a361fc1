"""Questions about the work tree and its commits. All block; all raise what `Folder` raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import cast

from byline.attribution.blame import LiveBlame, line_json, summary_json, work_tree_blame
from byline.attribution.commits import attributions, commits_in, totals
from byline.attribution.explain import behind
from byline.attribution.project import Project
from byline.attribution.wording import clip
from byline.mcp.folder import Folder, OutOfReachError
from byline.mcp.shapes import Counts, Line, PromptBehind, RangeSummary, Row, WhoWrote
from byline.privacy.redaction import redact
from byline.provenance.attribution import Summary

_LINES = 200  # in one answer
_TITLE = 100  # characters of a prompt that is one of many in an answer
_ROWS = 20
_COMMITS = 10_000


def who_wrote(folder: Folder, path: str, first: int, last: int | None) -> WhoWrote:
    """The lines `first` to `last` (1-based, inclusive) of a file as it is in the work tree, as many as fit."""
    with _blame(folder, path) as (project, blame):
        if first > len(blame):
            raise OutOfReachError(f"{blame.path} has no line {first}; its last is {len(blame)}.")
        end = min(last or len(blame), len(blame))
        stop = min(end, first + _LINES - 1)
        found = blame.blame(first - 1, stop - 1)
        lines = [line_json(line, lambda key: _beginning(project.prompts.text(key))) for line in found.lines]
        return {
            "path": found.path,
            "dirty": found.dirty,
            "summary": _counts(found.summary),
            "lines": _without_secrets([cast(Line, _known(line)) for line in lines]),
            "next": stop + 1 if stop < end else None,
        }


def prompt_behind(folder: Folder, path: str, number: int) -> PromptBehind:
    """The prompt behind a line (1-based) of a file as it is in the work tree, and what a person changed since."""
    with _blame(folder, path) as (project, blame):
        if number > len(blame):
            raise OutOfReachError(f"{blame.path} has no line {number}; its last is {len(blame)}.")
        found = behind(project, blame, number - 1)
        line, origin = found.line, found.line.state.origin
        return {
            "path": blame.path,
            "line": number,
            "text": redact(line.text).text,
            "state": line.state.state.value,
            "commit": line.commit.oid if line.commit else None,
            "tool": origin.tool,
            "model": origin.model,
            "session": origin.session,
            "prompt": found.prompt,
            "changed": [redact(piece).text for piece in found.changed],
            "lines": list(found.lines[:_LINES]),
            "level": origin.level.word if origin.level else None,
            "evidence": list(origin.evidence),
        }


def summary(folder: Folder, range_: str) -> RangeSummary:
    """What the commits of a range (`A..B`, or one commit: all up to it) added, counted. Raises UnknownRevision."""
    with folder.project() as project:
        commits = commits_in(project, range_)
        if len(commits) > _COMMITS:
            raise OutOfReachError(f"{range_} has {len(commits)} commits, more than {_COMMITS}; ask about fewer.")
        counted = totals(attributions(project, commits))
    return {
        "range": range_,
        "commits": counted.commits,
        "noted": counted.noted,
        "summary": _counts(counted.summary),
        "tools": _rows(counted.tools),
        "models": _rows(counted.models),
        "authors": _rows(counted.authors),
        "directories": _rows(counted.directories),
    }


@contextmanager
def _blame(folder: Folder, path: str) -> Iterator[tuple[Project, LiveBlame]]:
    """Answers about a file as it is in the work tree."""
    with folder.file(path) as (project, name):
        refused = None if project.repository.tracked(name) else project.scope.refuses(name)
        if refused is not None:
            raise OutOfReachError(f"Nothing is known of {name}: {refused}.")
        blame = work_tree_blame(project, name)
        if blame is None:
            raise OutOfReachError(f"There is no text file {name} in the work tree {project.root}; name one.")
        yield project, blame


def _known(line: Mapping[str, object]) -> dict[str, object]:
    """A line without what is not known of it."""
    return {key: value for key, value in line.items() if value is not None and value != []}


def _without_secrets(lines: Sequence[Line]) -> list[Line]:
    """`lines` as they may be sent to a model: no secret, also none that goes over several lines.

    Where a secret took a line break with it, it cannot be told which line is which: then no text is given.
    """
    clean = redact("\n".join(line.get("text", "") for line in lines)).text.split("\n")
    if len(clean) != len(lines):
        return [cast(Line, {key: value for key, value in line.items() if key != "text"}) for line in lines]
    return [{**line, "text": text} for line, text in zip(lines, clean, strict=True)]


def _beginning(prompt: str | None) -> str | None:
    return clip(prompt, _TITLE) if prompt else None


def _counts(counted: Summary) -> Counts:
    return cast(Counts, summary_json(counted))


def _rows(table: Mapping[str, Summary] | Mapping[str | None, Summary]) -> list[Row]:
    return [{"name": key, "summary": _counts(found)} for key, found in islice(table.items(), _ROWS)]
