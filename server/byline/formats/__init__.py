"""How notes are stored: Byline's own format and those of other tools, all read into one `Note`. No git, no files."""

from __future__ import annotations

from byline.formats import byline, git_ai, whogitit
from byline.formats.note import (
    BadNote,
    Note,
    NoteMark,
    NoteRange,
    NoteSession,
    compress,
    gather,
    join,
    line_print,
    prompt_key,
    session_key,
    verified,
)

__all__ = [
    "NOTE_REFS",
    "BadNote",
    "Note",
    "NoteMark",
    "NoteRange",
    "NoteSession",
    "compress",
    "decode",
    "gather",
    "join",
    "line_print",
    "prompt_key",
    "session_key",
    "verified",
]

NOTE_REFS = ("refs/notes/byline", "refs/notes/ai", "refs/notes/whogitit", "refs/notes/ai-blame")
"""The refs that hold notes which can be read, most trusted first."""

_READERS = {
    "refs/notes/byline": byline.decode,
    "refs/notes/ai": git_ai.decode,
    "refs/notes/whogitit": whogitit.decode,
    "refs/notes/ai-blame": whogitit.decode,
}


def decode(ref: str, data: bytes) -> Note:
    """The note `data` found under `ref`, one of `NOTE_REFS` (ValueError for any other). Raises BadNote if it is bad."""
    if ref not in _READERS:
        raise ValueError(f"{ref} holds no notes that Byline reads; {', '.join(NOTE_REFS)} do")
    return _READERS[ref](data)
