"""Trailers that say which AI helped, from what is on record of the staged lines; only if the person asked for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from byline.commit_messages.digest.behind import Behind
from byline.commit_messages.offline.names import safe_name

_ADDRESSES = {
    "claude-code": "Claude <noreply@anthropic.com>",
    "cursor": "Cursor <cursoragent@cursor.com>",
    "codex": "Codex <codex@openai.com>",
    "amp": "Amp <amp@ampcode.com>",
    "aider": "aider <aider@aider.chat>",
}
"""Under which names these tools credit themselves in commits they make."""


class Assistance(StrEnum):
    """How AI sessions behind a commit are credited: not at all, or by which trailer."""

    OFF = "off"
    ASSISTED_BY = "assisted-by"
    CO_AUTHORED_BY = "co-authored-by"


def assistance_trailers(behind: Sequence[Behind], wanted: Assistance) -> tuple[str, ...]:
    """A trailer line for each tool that wrote some of the lines, most lines first.

    A tool whose address as an author is not known is credited by `Assisted-by`.
    """
    return () if wanted is Assistance.OFF else tuple(dict.fromkeys(_lines(behind, wanted)))


def _lines(behind: Sequence[Behind], wanted: Assistance) -> Iterator[str]:
    for part in behind:
        tool, model = safe_name(part.tool or ""), safe_name(part.model or "")
        if tool and wanted is Assistance.CO_AUTHORED_BY and tool in _ADDRESSES:
            yield f"Co-authored-by: {_ADDRESSES[tool]}"
        elif tool:
            yield f"Assisted-by: {tool} ({model})" if model else f"Assisted-by: {tool}"
