"""`byline/mark`: a person's own statement about lines."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import TYPE_CHECKING, Any

from byline.lsp.places import known_file, lines_of
from byline.lsp.statements import mark
from byline.provenance.origin import Channel, Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Mark


def handle(app: Application, params: Mark) -> Coroutine[Any, Any, dict[str, int]]:
    """How many lines the statement is about: those of the text as it is now, not when the answer is awaited."""
    file = known_file(app, params.text_document.uri)
    statement = mark_evidence(params.kind, params.tool, params.model)
    return _answer(mark(app.session, file, *lines_of(params.range), statement))


async def _answer(count: Awaitable[int]) -> dict[str, int]:
    return {"lines": await count}


def mark_evidence(kind: str, tool: str | None, model: str | None) -> Evidence:
    """What a person states: "human" (by me) or "ai"."""
    if kind == "human":
        return Evidence(Source.MARK, Channel.TYPING)
    return Evidence(Source.MARK, Channel.AGENT, None, tool, model)
