"""Hover in a commit buffer: what a type stands for, and why this one is, or is not, the likeliest."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.text_places import TextPlaces
from byline.lsp.text_safety import code, markdown, plain

if TYPE_CHECKING:
    from byline.commit_messages.material import Material
    from byline.lsp.application import Application
    from byline.lsp.commit.buffers import CommitBuffer

_LONGEST = 200
_MOST_OTHERS = 3


async def hover(app: Application, buffer: CommitBuffer, position: types.Position) -> types.Hover | None:
    """A card about the type at `position`; None anywhere else. Raises GitError."""
    whole = await app.commit_buffers.text(buffer)
    if whole is None:
        return None
    form = await app.commit_buffers.form(buffer, whole)
    material = await app.commit_buffers.material(buffer, whole)
    text = whole.of_message(form)
    places = TextPlaces(text.lines, app.server.encoding)
    type_ = form.read(text.whole, material.rules.grammar).type
    if type_ is None or not type_.start <= places.offset(position) <= type_.end:
        return None
    rich = app.server.client.hover_markdown
    said = await asyncio.to_thread(_card, material, type_.text, rich=rich)
    kind = types.MarkupKind.Markdown if rich else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, said), places.range(type_.start, type_.end))


def _card(material: Material, name: str, *, rich: bool) -> str:
    shown, told = (code, markdown) if rich else (plain, plain)
    described = material.rules.described.get(name)
    lines = [f"{shown(name, _LONGEST)}: {told(described, _LONGEST)}" if described else shown(name, _LONGEST)]
    if material.digest.files:
        lines += [told(reason, _LONGEST) for reason in material.why(name)]
        odds = material.ranking().types
        lines.append(f"Probability for this change: {odds.get(name, 0.0):.0%}")
        others = [f"{shown(n, _LONGEST)} {p:.0%}" for n, p in odds.items() if n != name][:_MOST_OTHERS]
        if others:
            lines.append(f"Others: {', '.join(others)}")
    return ("\n\n" if rich else "\n").join(lines)
