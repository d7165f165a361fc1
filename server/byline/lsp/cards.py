"""What a hover shows: a short card about one line, in Markdown or plain text."""

from __future__ import annotations

import time
from collections.abc import Callable

from byline.attribution.blame import BlameLine
from byline.attribution.wording import SIGNS, ago, tool_name, who, why
from byline.lsp.text_safety import code, markdown, plain
from byline.provenance.attribution import State

_PROMPT = 200
_PIECES = 3


def card(
    line: BlameLine, prompt: str | None, changed: tuple[str, ...], me: str, *, rich: bool, now: float | None = None
) -> str:
    """At most eight lines about `line`; empty where nothing at all is known.

    `prompt` is the text behind it; `changed` are the pieces that a person put into an AI's line; `me` is the e-mail
    address that is called "you". Everything that comes from outside is shown as text.
    """
    text = _Markup(rich)
    now = time.time() if now is None else now
    rows = [_headline(line, me, now, text)]
    if not rows[0]:
        return ""
    if prompt:
        rows.append(f"“{text.plain(prompt, _PROMPT)}”")
    if line.state.state is State.AI_MODIFIED and changed:
        pieces = ", ".join(text.code(piece, 60) for piece in changed[:_PIECES])
        rows.append(f"Changed since: {pieces}")
    reason = why(line.state.origin)
    if reason:
        rows.append(f"{text.emphasis('Why:')} {text.plain(reason, 120)}")
    return ("  \n" if rich else "\n").join(rows)


def _headline(line: BlameLine, me: str, now: float, text: _Markup) -> str:
    origin, commit = line.state.origin, line.commit
    if line.state.state is State.UNKNOWN and commit is None and not origin.evidence:
        return ""
    parts = [f"{SIGNS[line.state.state]} {text.strong(who(line.state, commit, me), 80)}"]
    if origin.model:
        parts.append(text.plain(origin.model, 60))
    if line.state.state is State.UNKNOWN and origin.tool:
        parts.append(f"the commit names {text.plain(tool_name(origin.tool), 60)}")
    if commit is None:
        parts.append("not committed yet")
    else:
        parts += [ago(commit.time, now), f"{text.code(commit.oid[:7], 7)} by {text.plain(commit.author, 60)}"]
        parts.append(text.plain(commit.summary, 80))
    return " · ".join(part for part in parts if part)


class _Markup:
    """Markdown, or the same without it."""

    def __init__(self, rich: bool) -> None:
        self._rich = rich
        self.plain: Callable[[str, int], str] = markdown if rich else plain

    def strong(self, text: str, limit: int) -> str:
        return f"**{markdown(text, limit)}**" if self._rich else plain(text, limit)

    def code(self, text: str, limit: int) -> str:
        return code(text, limit) if self._rich else plain(text, limit)

    def emphasis(self, text: str) -> str:
        return f"*{text}*" if self._rich else text
