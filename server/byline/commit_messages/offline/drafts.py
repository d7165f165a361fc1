"""Putting a type, a scope and a phrase into a message that passes the rules."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.issue_key import issue_key, short_branch
from byline.commit_messages.lint import passes, repaired
from byline.commit_messages.message import Message
from byline.commit_messages.offline.body import body, is_required
from byline.commit_messages.offline.names import safe_name, safe_names
from byline.commit_messages.offline.phrase import Phrase
from byline.commit_messages.offline.subject import Phrases
from byline.commit_messages.rules import Level, Rules
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
        """`trailers` are whole lines that every message ends with; `branch` is a full ref.

        `unkept` are the rules that the first message which did not pass breaks.
        """
        self._digest = digest
        self._habits = habits
        self._rules = rules
        self._branch = branch
        self._key = issue_key(branch)
        self._trailers = tuple(trailers)
        self._template = template
        self._has_body = habits.bodies >= _BODY_SHARE or is_required(rules)
        self.unkept: tuple[str, ...] = ()

    def first_valid(self, type_: str, scope: str, *, is_typed: bool) -> str | None:
        """The first message that fits into a line and passes the rules; else the first that does once mended.

        Where messages have no type (`is_typed` is false), `type_` only decides how it is worded. None where no message
        passes.
        """
        for text in self._texts(type_, scope, is_typed=is_typed):
            if passes(text, self._rules):
                return text
            mended = repaired(text, self._rules)
            if not mended.unmended and passes(mended.text, self._rules):
                return mended.text
            self.unkept = self.unkept or mended.unmended
        return None

    def _texts(self, type_: str, scope: str, *, is_typed: bool) -> Iterator[str]:
        limit = min(_LONGEST, self._rules.limit("header-max-length") or _LONGEST)
        subjects = [self._subject(phrase, is_typed=is_typed) for phrase in Phrases(self._digest).of(type_)]
        prefix = self._prefix(type_, scope, is_typed=is_typed)
        if prefix is None:
            return
        fitting = [subject for subject in subjects if len(prefix) + len(subject) <= limit]
        for subject in (*fitting, *subjects[-1:]):
            yield self._text(type_ if is_typed else "", scope, subject, prefix)

    def _prefix(self, type_: str, scope: str, *, is_typed: bool) -> str | None:
        """What stands before the subject; None where the repository has no emoji for the type, but for others."""
        lead = self._habits.lead
        if not is_typed:
            return lead.before(type_, scope)
        if not self._is_asked("type-enum"):
            type_ = self._habits.written.get(type_, type_)
        typed = f"{type_}({scope}): " if scope else f"{type_}: "
        mark = "" if lead.is_label else lead.before(type_, scope) or ""
        if lead.is_outside and (
            not self._is_asked("type-empty") or Message.of(f"{mark}{typed}x", self._rules.grammar).type
        ):
            return mark + typed
        return typed + mark

    def _is_asked(self, rule: str) -> bool:
        """Whether a message without what `rule` asks for is refused."""
        found = self._rules.rules.get(rule)
        return found is not None and found.level is Level.ERROR

    def _subject(self, phrase: Phrase, *, is_typed: bool) -> str:
        """Behind a type it begins with a capital only if that is usual there, and not where no message has a type."""
        subject = f"{inflected(phrase.verb, self._habits.mood)} {phrase.object}"
        if self._habits.capitalised and (self._habits.conventional or not is_typed):
            subject = subject[0].upper() + subject[1:]
        subject = self._habits.keyed(self._key, subject)
        return subject + "." if self._habits.full_stop else subject

    def _text(self, type_: str, scope: str, subject: str, prefix: str) -> str:
        told = body(self._digest, self._rules) if self._has_body else ""
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
