"""The file of what was offered: JSON Lines in the journal's folder, readable by nobody else.

Its first line says what it is; each other is one offer, oldest first. It is replaced as a whole, so that whoever reads
it sees all of it or all of the one before, and never holds more than the last thousand.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from byline.commit_messages.offers.offer import Offer
from byline.git.files import read_small
from byline.journal.directory import set_aside
from byline.journal.locks import leased

NAME: Final = "offers.jsonl"
MOST: Final = 1_000

_KIND = "byline offers"
_VERSION = 1
_LARGEST = 16 << 20
_PATIENCE = 1.0  # seconds
_END = 253_402_300_800  # the year 10000, in seconds since 1970: no calendar goes further


class OfferFile:
    """The file in one folder. Any number of threads and processes may use it at once; all of it blocks."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the journal's; it need not be there."""
        self._path = folder / NAME

    def add(self, offers: Sequence[Offer], since: int) -> None:
        """Keep `offers`, but those that are kept already; drop what was offered before `since` (seconds since 1970).

        What cannot be read as such a file is set aside. Nothing is done to one of a newer Byline. Raises OSError, and
        JournalError where another process does not let go of it.
        """
        with leased(self._path.with_suffix(".lock"), _PATIENCE):
            kept = self._read()
            if kept is None:
                if self._is_newer():
                    return
                set_aside(self._path)
                kept = []
            known = {_identity(offer) for offer in kept}
            new = [offer for offer in offers if _identity(offer) not in known]
            if new:
                self._write([offer for offer in (*kept, *new) if offer.time >= since][-MOST:])

    def offers(self, since: int) -> list[Offer]:
        """What was offered since then, oldest first; nothing where the file cannot be read."""
        return [offer for offer in self._read() or () if offer.time >= since]

    def _read(self) -> list[Offer] | None:
        """The offers, oldest first; none if there is no file, None if there is one that is not ours to read."""
        if not os.path.lexists(self._path):
            return []
        first, *lines = self._lines() or [""]
        head = _loaded(first)
        if not isinstance(head, dict) or head.get("kind") != _KIND or head.get("version") != _VERSION:
            return None
        return [offer for line in lines if (offer := _offer(_loaded(line))) is not None]

    def _is_newer(self) -> bool:
        head = _loaded((self._lines() or [""])[0])
        version = head.get("version") if isinstance(head, dict) and head.get("kind") == _KIND else None
        return isinstance(version, int) and version > _VERSION

    def _lines(self) -> list[str] | None:
        data = None if self._path.is_symlink() else read_small(self._path, _LARGEST)
        return None if data is None else data.decode("utf-8", "replace").split("\n")

    def _write(self, offers: Sequence[Offer]) -> None:
        records = ({"kind": _KIND, "version": _VERSION}, *map(_record, offers))
        draft = self._path.with_name(f"{NAME}.{secrets.token_hex(4)}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.writelines(json.dumps(record) + "\n" for record in records)
            draft.replace(self._path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def _identity(offer: Offer) -> tuple[object, ...]:
    """All but when and at which place."""
    return (offer.worktree, offer.base, offer.tree, offer.provider, offer.message)


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _record(offer: Offer) -> dict[str, object]:
    return {field.name: getattr(offer, field.name) for field in fields(offer)}


def _offer(record: object) -> Offer | None:
    """The offer that a line holds; None where it holds anything else."""
    match record:
        case {
            "time": int(time),
            "worktree": str(worktree),
            "base": str() | None as base,
            "tree": str(tree),
            "rank": int(rank),
            "provider": str(provider),
            "message": str(message),
        } if 0 <= time < _END:
            return Offer(time, worktree, base, tree, rank, provider, message)
        case _:
            return None
