"""The two ways in which tools write down a change: a unified diff, and the patches of `apply_patch`.

`apply_patch` is the grammar that OpenAI's models are trained on (`codex-rs/apply-patch` of openai/codex): sections that
add, delete or update a file, updates in chunks of lines with ` `, `-` or `+` in front. A chunk becomes one hunk with
the unchanged lines around, so that its place can be found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from byline.agents.record import EditKind, Hunk

_BEGIN, _END = "*** Begin Patch", "*** End Patch"
_SECTION = re.compile(r"\*\*\* (Add|Update|Delete) File: (.+)")
_MOVE = "*** Move to: "
_KINDS: dict[str, EditKind] = {"Add": "create", "Update": "edit", "Delete": "delete"}


@dataclass(frozen=True, slots=True)
class FilePatch:
    """What a patch does to one file; `moved_to` is where it then is."""

    path: str
    kind: EditKind
    hunks: tuple[Hunk, ...]
    moved_to: str | None = None


def patches_in(text: str) -> list[FilePatch]:
    """The file patches of every `apply_patch` patch in `text`, which may be a command or a program around them."""
    return [patch for body in _bodies(text) for patch in _sections(body.split("\n"))]


def _bodies(text: str) -> Iterator[str]:
    """Each patch in `text`, from its first line to its last; unescaped where it stands in a string literal."""
    start = text.find(_BEGIN)
    while start >= 0:
        end = text.find(_END, start)
        if end < 0:
            return
        body = text[start + len(_BEGIN) : end]
        if body.startswith("\\n"):
            body = _unescaped(body)
        elif "`" in text[max(0, start - 12) : start] and "raw`" not in text[max(0, start - 12) : start]:
            body = re.sub(r"\\([`$\\])", r"\1", body)
        yield body.removeprefix("\n").removesuffix("\n")
        start = text.find(_BEGIN, end)


def _unescaped(literal: str) -> str:
    """What the inside of a quoted string of JSON or JavaScript stands for; empty where it cannot be told."""
    bare_quotes = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', literal.replace("\\'", "'"))
    try:
        return str(json.loads(f'"{bare_quotes}"'))
    except ValueError:
        return ""


def _sections(lines: Sequence[str]) -> Iterator[FilePatch]:
    heads = [(i, head) for i, line in enumerate(lines) if (head := _SECTION.fullmatch(line.rstrip()))]
    ends = [*(i for i, _ in heads[1:]), len(lines)]
    for (start, head), end in zip(heads, ends, strict=False):
        body = list(lines[start + 1 : end])
        moved_to = body.pop(0)[len(_MOVE) :].strip() if body and body[0].startswith(_MOVE) else None
        hunks: tuple[Hunk, ...]
        kind: EditKind = "move" if moved_to else _KINDS[head[1]]
        if kind == "create":
            hunks = (Hunk("", "".join(f"{line[1:]}\n" for line in body if line.startswith("+"))),)
        else:
            hunks = tuple(_chunks(body))
        yield FilePatch(head[2].strip(), kind, hunks, moved_to)


def diff_hunks(diff: str) -> tuple[Hunk, ...]:
    """The hunks of one file's unified diff."""
    lines = diff.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    first = next((i for i, line in enumerate(lines) if line.startswith("@@")), 0)
    return tuple(_chunks(lines[first:]))


def _chunks(lines: Iterable[str]) -> Iterator[Hunk]:
    chunk: list[str] = []
    for line in lines:
        if line.startswith("@@"):
            yield from _chunk(chunk)
            chunk = []
        elif not line.startswith("*** "):
            chunk.append(line)
    yield from _chunk(chunk)


def _chunk(lines: Sequence[str]) -> Iterator[Hunk]:
    old, new = sides(lines)
    if old != new:
        yield Hunk(old, new)


def sides(lines: Sequence[str]) -> tuple[str, str]:
    """The text before and after of a chunk's lines. Lines end in a line break, unless the diff says otherwise."""
    sides: dict[str, list[str]] = {"-": [], "+": []}
    last = " "
    for line in lines:
        if line.startswith("\\"):
            for sign in "-+" if last == " " else last:
                sides[sign][-1:] = [text.removesuffix("\n") for text in sides[sign][-1:]]
            continue
        last = line[:1] if line[:1] in ("-", "+") else " "
        for sign in "-+" if last == " " else last:
            sides[sign].append(f"{line[1:]}\n")
    return "".join(sides["-"]), "".join(sides["+"])
