"""Looking for credentials in whatever a program has written, in the forms in which it might have written them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from support.credentials import Credential

_SIZE = 10
_AROUND = 60
_BASE64 = 12  # characters of Base64 that tell of nine bytes


class Lookout:
    """Knows credentials, and finds any run of ten characters of theirs, in plain text, in a URL and in Base64."""

    def __init__(self, credentials: Iterable[Credential]) -> None:
        self._plain: dict[str, Credential] = {}
        self._encoded: dict[str, Credential] = {}
        for credential in credentials:
            for piece in credential.telling():
                self._plain[piece] = self._plain[quote(piece, safe="")[:_SIZE]] = credential
            for part in credential.parts:
                self._encoded |= {
                    text[at : at + _BASE64]: credential
                    for text in _base64_of(part)
                    for at in range(len(text) - _BASE64 + 1)
                }

    def seen_in(self, text: str) -> dict[str, str]:
        """The kinds of the credentials of which something stands in `text`, and what stands around it there."""
        windows = ((self._plain, _SIZE), (self._encoded, _BASE64))
        return {
            known[text[at : at + size]].kind: text[max(0, at - _AROUND) : at + _AROUND]
            for known, size in windows
            for at in range(len(text) - size + 1)
            if text[at : at + size] in known
        }

    def seen_below(self, folder: Path) -> dict[str, dict[str, str]]:
        """What is seen in the bytes of each file below `folder`, and in its name."""
        found = {}
        for path in sorted(folder.rglob("*")):
            text = path.name + "\0" + (path.read_bytes().decode("latin-1") if path.is_file() else "")
            if kinds := self.seen_in(text):
                found[str(path.relative_to(folder))] = kinds
        return found


def _base64_of(text: str) -> list[str]:
    """How `text` looks in Base64 wherever it begins in what is encoded, without its ends, which depend on that."""
    return [
        base64.b64encode(b"\0" * shift + text.encode()).decode()[4 if shift else 0 :].rstrip("=")[:-1]
        for shift in range(3)
    ]
