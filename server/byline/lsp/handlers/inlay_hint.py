"""Inlay hints: at the first line of each stretch by one author, a dimmed word at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from byline.attribution.wording import SIGNS, who
from byline.lsp.places import whole_lines
from byline.lsp.text_safety import label
from byline.provenance.attribution import State

if TYPE_CHECKING:
    from byline.attribution.blame import BlameLine
    from byline.lsp.application import Application

_SAID = frozenset({State.AI, State.AI_MODIFIED, State.HUMAN})


async def handle(app: Application, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Hints for the lines of a range; none where nothing is recorded."""
    file = await app.session.file(params.text_document.uri)
    if file is None or file.project is None or app.quiet or not file.project.config.inlay_hints.enabled:
        return []
    blame = await app.session.blame(file)
    hints: list[types.InlayHint] = []
    wanted = blame.within(params.range.start.line, params.range.end.line)
    before = _author(blame.line(wanted.start - 1)) if wanted and wanted.start else None
    for index in wanted:
        found = blame.line(index)
        key = _author(found)
        if key != before and found.state.state in _SAID:
            text = f"{SIGNS[found.state.state]} {who(found.state, found.commit, file.project.me)}"
            line = blame.group(index)[-1]
            end = whole_lines(app, blame.document.lines, line, line).end
            hints.append(types.InlayHint(end, label(text, 60), padding_left=True))
        before = key
    return hints


def _author(line: BlameLine) -> tuple[object, ...]:
    origin = line.state.origin
    return (line.state.state, origin.tool, origin.session, line.state.modified_by)
