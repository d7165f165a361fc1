"""Prompts: stored once, redacted, under a key that stands for them everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from byline.formats.note import prompt_key
from byline.journal.journal import Journal
from byline.journal.records import Prompt
from byline.privacy.redaction import redact
from byline.provenance.origin import Evidence

_LONGEST = 20_000


class Prompts:
    """The prompts of one repository: `key_of` on the way in, `text` on the way out."""

    def __init__(self, journal: Journal, keep: str, clock: Callable[[], float]) -> None:
        """`keep` is the setting `privacy.prompts`: "store", "hash" (the key only) or "off"."""
        self._journal = journal
        self._keep = keep
        self._clock = clock
        self._texts: dict[str, str] = {}

    def key_of(self, text: str | None, tool: str | None, session: str | None) -> str | None:
        """The key of a prompt's text, which is stored (redacted) if the settings allow; None for no prompt."""
        if not text or not text.strip() or self._keep == "off":
            return None
        clean = redact(text[:_LONGEST]).text
        key = prompt_key(clean)
        if self._keep == "store" and key not in self._texts:
            self._texts[key] = clean
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
        if key not in self._texts:
            row = self._journal.prompt(key)
            if row is None:
                return None
            self._texts[key] = row.text
        return self._texts[key]
