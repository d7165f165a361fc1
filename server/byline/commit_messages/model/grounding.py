"""Whether a text names only what is in a change: no path, identifier, number or address that comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from byline.commit_messages.digest.digest import Digest

# What looks like a name: joined words, inner capitals, digits, or anything in back-quotes.
_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_WORD = re.compile(r"[^\s`'\"(),;!?\[\]{}<>“”‘’]+")
_JOINED = re.compile(r"\w[_./:\\@#$]+\w|[a-z][A-Z]|[A-Z]{2}\w*[a-z]\w*[A-Z]|\d|^[#@$]\w|\w\(\)|_\w|\w_")
# What forges and editors make a link of, or notify somebody for: addresses, people, issues, mark-up.
_ADDRESS = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|javascript|vbscript|command|tel):\S"
    r"|(?<![\w/.])@\w|[^\s@]@[^\s@.]+\.\w|#\d+\b|\bGH-\d|\]\(|\]:\s|</?[a-z!]"
)
_ENDING = ".,:;!?…-"


class Grounds:
    """What a message about one change may name."""

    def __init__(self, digest: Digest, words: Iterable[str], said: Iterable[str] = ()) -> None:
        """`words` are texts besides the change whose names may be used: the branch, scopes.

        `said` is what the person typed: names in it may be used too, and it alone may hold addresses.
        """
        self._said = "\n".join(said)
        self._text = "\n".join((self._said, *words, *_texts(digest)))
        self._counts = {str(count) for count in _counts(digest)}

    def holds(self, text: str) -> bool:
        """Whether all that `text` names is there, and it addresses nobody and nothing."""
        return not self.foreign(text)

    def foreign(self, text: str) -> Sequence[str]:
        """The names in `text` that are nowhere in the change."""
        named = [match[1] for match in _QUOTED.finditer(text)]
        named += [word for word in _WORD.findall(text) if _JOINED.search(word.strip(_ENDING))]
        found = [name for name in named if not self._has(name)]
        return [*found, *(match[0] for match in _ADDRESS.finditer(text) if match[0] not in self._said)]

    def _has(self, name: str) -> bool:
        bare = name.strip(_ENDING).removesuffix("()")
        return not bare or bare in self._text or bare in self._counts


def _texts(digest: Digest) -> Iterable[str]:
    for file in digest.files:
        yield file.path
        yield file.old_path or ""
        for symbol in file.symbols:
            yield symbol.name
            yield symbol.old_name or ""
        for hunk in file.hunks:
            yield from hunk.old
            yield from hunk.new


def _counts(digest: Digest) -> Iterable[int]:
    yield len(digest.files)
    yield sum(file.added for file in digest.files)
    yield sum(file.removed for file in digest.files)
