"""Does a message name only what is in the change? An independent look, by another way than the writer's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.message import Message

_WORD = re.compile(r"[\w$.+~/-]*[\w$~]")

# What the writer says by itself, in every form of its verbs; a name is anything else.
_LISTED = """
    add adds added remove removes removed rename renames renamed move moves moved update updates updated
    extend extends extended correct corrects corrected improve improves improved rework reworks reworked
    reformat reformats reformatted change changes changed revert reverts reverted
    make makes made turn turns turned convert converts converted into a executable non-executable symbolic link links
    adding removing renaming moving updating extending correcting improving reworking reformatting changing reverting
    making turning converting
    regular line endings lf crlf submodule submodules top folder
    and more in to from file files documentation tests workflows dependencies lock new copied other type of white space
"""
_ITS_OWN = frozenset(_LISTED.split())
_COUNT = re.compile(r"\d{1,4}")


def ungrounded(message: str, digest: Digest) -> Iterator[str]:
    """The words of `message` below its type and scope that are neither the writer's nor in the paths or lines."""
    held = _held(digest)
    subject = Message.of(message).subject
    text = (subject.text if subject else message.partition("\n")[0]) + message.partition("\n")[2]
    for word in _WORD.findall(text):
        known = word.lower() in _ITS_OWN or _COUNT.fullmatch(word) or word in held
        if not known and not all(part in held for part in re.split(r"[./]", word) if part):
            yield word


def _held(digest: Digest) -> str:
    lines = [file.path for file in digest.files] + [file.old_path or "" for file in digest.files]
    for file in digest.files:
        lines += [line for hunk in file.hunks for line in (*hunk.old, *hunk.new)]
        lines += [symbol.name for symbol in file.symbols]
    return "\n".join(lines)
