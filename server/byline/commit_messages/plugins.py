"""What a person has installed beside Byline to write or check messages their own way.

Packages announce it under the entry point group `byline.commit_messages`; each entry is an object with a method
`generate(digest, rules)` that gives messages, or `check(message)` that gives sentences about one, or both. They run in
this process with all its rights, and so are loaded only where the person trusts the folder.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from typing import Any

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.lint import passes, repair
from byline.commit_messages.rules import Rules

GROUP = "byline.commit_messages"
"""The entry point group."""

_MOST_MESSAGES = 10
_LONGEST = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plugins:
    """What was loaded, by the names of the entries; `problems` are sentences about what could not be."""

    loaded: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, *, trusted: bool, entries: Callable[[], Sequence[EntryPoint]] | None = None) -> Plugins:
        """Load all entries of the group; none where the folder is not `trusted`."""
        if not trusted:
            return cls()
        loaded: dict[str, Any] = {}
        problems: list[str] = []
        for entry in sorted(entries() if entries else entry_points(group=GROUP), key=lambda each: each.name):
            try:
                loaded[entry.name] = entry.load()
            except Exception as error:  # noqa: BLE001 - anything can happen in a stranger's module; it is reported
                problems.append(f"The plug-in {entry.name} cannot be loaded ({error}); update or remove it.")
        return cls(loaded, tuple(problems))

    def generated(self, digest: Digest, rules: Rules) -> list[tuple[str, str]]:
        """(name of the entry, message) of every message that the generators give and that passes `rules`."""
        found = []
        for name, given in self._asked("generate", digest, rules):
            text = given if passes(given, rules) else repair(given, rules)
            if text is not None and passes(text, rules):
                found.append((name, text))
        return found

    def checked(self, message: str) -> list[tuple[str, str]]:
        """(name of the entry, sentence) of everything that the checks say about `message`."""
        return list(self._asked("check", message))

    def _asked(self, method: str, *arguments: object) -> Iterator[tuple[str, str]]:
        for name, plugin in self.loaded.items():
            ask = getattr(plugin, method, None)
            if ask is None:
                continue
            try:
                answers = [str(answer)[:_LONGEST] for answer in islice(ask(*arguments), _MOST_MESSAGES)]
            except Exception:  # a stranger's code must not take the message down with it
                log.exception("the plug-in %s failed; it is left out of this message", name)
                continue
            yield from ((name, answer) for answer in answers)
