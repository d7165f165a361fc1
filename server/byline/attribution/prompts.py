"""Prompts: stored once, redacted, under a key that stands for them everywhere else."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from cachetools import LRUCache

from byline.formats.note import prompt_key
from byline.journal.journal import Journal
from byline.journal.records import Prompt
from byline.privacy.redaction import redact
from byline.provenance.origin import Evidence

log = logging.getLogger(__name__)

_KEPT = 5_000  # texts that are kept in memory
_LONGEST = 20_000
_MARGIN = 8_192  # beyond what is kept: a secret that the cut goes through is still seen whole


class Prompts:
    """The prompts of one repository: `key_of` on the way in, `text` on the way out. Thread-safe."""

    def __init__(self, journal: Journal, keep: str, clock: Callable[[], float], noted: Mapping[str, str]) -> None:
        """`keep` is the setting `privacy.prompts`: "store", "hash" (the key only) or "off".

        `noted` are the texts that notes carry themselves, by key.

        The placeholders for secrets are keyed by the journal, so that a prompt has one key in every window.
        """
        self._journal = journal
        self._noted = noted
        self._secret = _secret(journal.location) if not journal.read_only else None
        self._keep = keep
        self._clock = clock
        self._texts: LRUCache[str, str] = LRUCache(_KEPT)
        self._lock = threading.Lock()  # of the texts

    def key_of(self, text: str | None, tool: str | None, session: str | None) -> str | None:
        """The key of a prompt's text, which is stored (redacted) if the settings allow; None for no prompt."""
        if not text or not text.strip() or self._keep == "off":
            return None
        clean = redact(text[: _LONGEST + _MARGIN], self._secret).text[:_LONGEST]
        key = prompt_key(clean)
        if self._keep == "store" and self._is_new(key, clean):
            self._journal.append(Prompt(key, clean, tool, session, int(self._clock())))
        return key

    def on(self, evidence: Evidence, prompt: str | None) -> Evidence:
        """`evidence` with the key of `prompt`."""
        key = self.key_of(prompt, evidence.tool, evidence.session)
        return replace(evidence, prompt=key) if key else evidence

    def text(self, key: str | None) -> str | None:
        """The redacted text behind `key`, if it is known on this machine."""
        if key is None:
            return None
        with self._lock:
            known = self._texts.get(key)
        if known is None:
            row = self._journal.prompt(key)
            if row is None:
                return self._noted.get(key)
            known = row.text
            self._is_new(key, known)
        return known

    def _is_new(self, key: str, text: str) -> bool:
        """Keep a text in memory; whether it was not there before."""
        with self._lock:
            if key in self._texts:
                return False
            self._texts[key] = text
            return True


def _secret(folder: Path) -> bytes | None:
    """The key of this journal's placeholders, made when it is first needed; None where it cannot be kept."""
    file = folder / "redaction.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return file.read_bytes() or None
    except OSError as problem:
        log.warning("prompts get new placeholders with every start: %s", problem)
        return None
    with os.fdopen(handle, "wb") as stream:
        key = secrets.token_bytes(32)
        stream.write(key)
    return key
