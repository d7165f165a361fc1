"""A header that a person has begun: `feat`, `feat(`, `feat(api)`, `feat: `."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from byline.commit_messages.message import Message
from byline.commit_messages.rules import TYPES, Rules

_BEGUN = re.compile(r"(?P<type>[\w-]+)(?P<open>\((?P<scope>[^()]*)(?P<closed>\))?)?(?P<mark>!)?(?P<colon>:)?\s*")


@dataclass(frozen=True, slots=True)
class Begun:
    """What stands there: `scope` is None where no bracket was opened; `is_settled` says that no scope can follow."""

    text: str
    type: str
    scope: str | None
    is_closed: bool
    is_marked: bool
    is_settled: bool

    @classmethod
    def of(cls, text: str, rules: Rules) -> Begun | None:
        """The header that `text` begins, as far as its subject; None where it is something else."""
        match = _BEGUN.fullmatch(text)
        if match is None or match["type"] not in (rules.types or TYPES):
            return None
        is_settled = bool(match["closed"] or match["mark"] or match["colon"])
        return cls(text, match["type"], match["scope"], bool(match["closed"]), bool(match["mark"]), is_settled)

    def completed(self, message: Message, scopes: Sequence[str] = ()) -> Iterator[str]:
        """The headers that begin so and go on with the subject of `message`; a scope is its own, else of `scopes`."""
        subject = message.subject or message.header
        if subject is None:
            return
        own = [message.scope.text] if message.scope else []
        for scope in self._scopes([*own, *scopes], own):
            named = f"({scope})" if scope else ""
            header = f"{self.type}{named}{'!' if self.is_marked else ''}: {subject.text}"
            if header.startswith(self.text.rstrip()):
                yield header

    def _scopes(self, known: Sequence[str], own: Sequence[str]) -> Sequence[str]:
        if self.scope is None:
            return [""] if self.is_settled else [*own, ""]
        if self.is_closed:
            return [self.scope]
        begun = self.scope
        return list(dict.fromkeys(scope for scope in known if scope.startswith(begun)))
