"""Text from outside, shown as text.

Prompts, commit messages, author names and notes are written by anybody. In an editor they must never become a link, a
command, an image, HTML or an icon, nor hide or reorder what stands around them. Every such string passes here on its
way to hover, lens, hint or diagnostic.

What is removed follows Unicode TR 36 and "Trojan Source" (CVE-2021-42574): escape sequences, control characters,
bidirectional controls, characters of no width, tag characters and variation selectors that can carry hidden text.
"""

from __future__ import annotations

import re

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # operating system commands: titles, links, the clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequences: colours, cursor
    r"|\x1b[ -/]*[0-~]?"  # everything else that begins with ESC
)
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1, but for tab and line breaks
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: cannot be sent as UTF-8
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WHITE_SPACE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # CommonMark: a backslash makes each of these a plain character
_BACKTICKS = re.compile("`+")
_LINK = re.compile(r"\]\(")
_ICON = re.compile(r"\$(?=\()")


def clean(text: str) -> str:
    """`text` of one or more lines without anything that is not seen; line breaks become `\\n`."""
    text = _LINE_BREAK.sub("\n", _ESCAPE_SEQUENCE.sub("", text))
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))


def clip(text: str, limit: int) -> str:
    """At most `limit` (at least 1) characters of `text`; what was cut off is shown by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(text: str, limit: int) -> str:
    """`text` as one line of at most `limit` characters, for places that show plain text."""
    room = 8 * limit + 1024  # cleaning a novel in order to show a line of it is wasted
    return clip(_WHITE_SPACE.sub(" ", clean(text[:room])).strip(), limit)


def label(text: str, limit: int) -> str:
    """Like `plain`, for lens titles and other labels, where `$(name)` would be drawn as an icon."""
    return clip(_ICON.sub("$ ", plain(text, limit)), limit)


def message(text: str, limit: int) -> str:
    """`text` of several lines for a message to a person, in which some editors draw `[text](target)` as a link."""
    return clip(_LINK.sub("] (", clean(text[: 2 * limit + 1024])), limit)


def markdown(text: str, limit: int) -> str:
    """Like `plain`, for a place inside a paragraph of Markdown: every mark-up character stands for itself.

    `limit` counts characters as shown, not the backslashes. A `:`, `.` or `@` is escaped too, so that nothing is
    taken for an address and made a link.
    """
    return _PUNCTUATION.sub(r"\\\1", plain(text, limit))


def code(text: str, limit: int) -> str:
    """Like `plain`, as a code span of Markdown, fenced by one backtick more than the longest run inside."""
    shown = plain(text, limit) or " "
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
