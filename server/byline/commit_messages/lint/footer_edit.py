"""Edits that add to a message's end."""

from __future__ import annotations

from byline.commit_messages.lint.finding import Edit
from byline.commit_messages.message import Message
from byline.commit_messages.trailers import trailers


def appended(message: Message, line: str) -> Edit:
    """The edit that adds `line` to the last paragraph if that holds trailers, else as a paragraph of its own."""
    lines = [part.text for part in message.raw]
    last = next(part for part in reversed(message.raw) if part.text.strip())
    gap = "\n" if trailers(lines) else "\n\n"
    end = message.raw[-1].end
    is_blank = not message.source[last.end : end].strip()
    return Edit(last.end, end if is_blank else last.end, f"{gap}{line}")
