"""More about one line: the prompt behind it, and what a person changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from byline.attribution.blame import BlameLine, LiveBlame
from byline.attribution.project import Project
from byline.provenance.attribution import State
from byline.provenance.origin import Kind
from byline.provenance.state import Owners


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a line: the prompt (its text, None where there is none on this machine), what a person changed.

    `lines` are the lines of the file, 1-based, that the same prompt led to; none where no prompt is recorded.
    """

    line: BlameLine
    prompt: str | None
    changed: tuple[str, ...]
    lines: Sequence[int]


def behind(project: Project, blame: LiveBlame, index: int) -> Behind:
    """What is behind the git line `index` (0-based). Blocks."""
    line = blame.line(index)
    key = line.state.origin.prompt
    changed = changed_pieces(blame, index, project.owners) if line.state.state is State.AI_MODIFIED else ()
    same = [i + 1 for i in range(len(blame)) if blame.state(i)[0].origin.prompt == key] if key else []
    return Behind(line, project.prompts.text(key), changed, same)


def changed_pieces(blame: LiveBlame, index: int, owners: Owners) -> tuple[str, ...]:
    """The pieces of the git line `index` (0-based) that a person put into it, in order, without white space alone."""
    document = blame.document
    pieces: list[str] = []
    for line in blame.group(index):
        at = 0
        for by_person, spans in groupby(document.spans(line), lambda span: _is_human(span.owner, owners)):
            length = sum(span.length for span in spans)
            text = document.lines[line][at : at + length].strip()
            at += length
            if by_person and text:
                pieces.append(text)
    return tuple(pieces)


def _is_human(owner: int, owners: Owners) -> bool:
    return owner > 0 and owners.origin(owner).kind is Kind.HUMAN
