"""Putting a type, a scope and a phrase into a message that passes the rules."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.issue_key import issue_key, short_branch
from byline.commit_messages.lint import passes, repair
from byline.commit_messages.offline.body import body
from byline.commit_messages.offline.names import safe_name, safe_names
from byline.commit_messages.offline.subject import Phrase, Phrases
from byline.commit_messages.rules import Rules
from byline.commit_messages.style.habits import Habits
from byline.commit_messages.style.verbs import inflected
from byline.commit_messages.templates import BadTemplate, Parts, Template

_BODY_SHARE = 0.4  # of messages with a body, from which on there is one here
_LONGEST = 72

log = logging.getLogger(__name__)


class Drafts:
    """The ways to put one type and scope into a message, the best first."""

    def __init__(
        self,
        digest: Digest,
        habits: Habits,
        rules: Rules,
        branch: str | None,
        trailers: Sequence[str],
        template: Template | None,
    ) -> None:
        """`trailers` are whole lines that every message ends with; `branch` is a full ref."""
        self._digest = digest
        self._habits = habits
        self._rules = rules
        self._branch = branch
        self._key = issue_key(branch)
        self._trailers = tuple(trailers)
        self._template = template

    def first_valid(self, type_: str, scope: str, *, is_typed: bool) -> str | None:
        """The first message that fits into a line and passes the rules; else the first that does once mended.

        Where messages have no type (`is_typed` is false), `type_` only decides how it is worded. None where no message
        passes.
        """
        for text in self._texts(type_, scope, is_typed=is_typed):
            mended = text if passes(text, self._rules) else repair(text, self._rules)
            if mended is not None and passes(mended, self._rules):
                return mended
        return None

    def _texts(self, type_: str, scope: str, *, is_typed: bool) -> Iterator[str]:
        limit = min(_LONGEST, self._rules.limit("header-max-length") or _LONGEST)
        subjects = [self._subject(phrase) for phrase in Phrases(self._digest).of(type_)]
        prefix = (f"{type_}({scope}): " if scope else f"{type_}: ") if is_typed else ""
        fitting = [subject for subject in subjects if len(prefix) + len(subject) <= limit]
        for subject in (*fitting, *subjects[-1:]):
            yield self._text(type_ if is_typed else "", scope, subject, prefix)

    def _subject(self, phrase: Phrase) -> str:
        subject = f"{inflected(phrase.verb, self._habits.mood)} {phrase.object}"
        if self._key and self._habits.key_first:
            subject = f"{self._key} {subject}"
        elif self._habits.capitalised:
            subject = subject[0].upper() + subject[1:]
        return subject + "." if self._habits.full_stop else subject

    def _text(self, type_: str, scope: str, subject: str, prefix: str) -> str:
        told = body(self._digest, self._rules) if self._habits.bodies >= _BODY_SHARE else ""
        key_line = [f"{self._habits.key_trailer or 'Refs'}: {self._key}"]
        trailers = (*(key_line if self._key and not self._habits.key_first else ()), *self._trailers)
        plain = "\n\n".join(part for part in (prefix + subject, told, "\n".join(trailers)) if part)
        if self._template is None:
            return plain
        files = tuple(safe_names(file.path for file in self._digest.files))
        branch = safe_name(short_branch(self._branch)) or ""
        parts = Parts(prefix + subject, type_, scope, subject, told, trailers, self._key or "", branch, files)
        try:
            return self._template.render(parts)
        except BadTemplate as problem:
            log.warning("the message is written without the template: %s", problem)
            return plain
