"""What a model wrote, taken apart, cleaned, and checked against the change and the rules: what fails never leaves."""

from __future__ import annotations

import json
import logging
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from byline.commit_messages.assistance import assistance_trailers
from byline.commit_messages.issue_key import issue_key, short_branch
from byline.commit_messages.lint import passes, repair
from byline.commit_messages.material import Material
from byline.commit_messages.message import Message
from byline.commit_messages.model.grounding import Grounds
from byline.commit_messages.model.prompt import Wanted
from byline.commit_messages.offline.body import body as listed_files
from byline.commit_messages.offline.body import is_required
from byline.commit_messages.offline.names import safe_name, safe_names
from byline.commit_messages.templates import BadTemplate, Parts
from byline.commit_messages.trailers import trailers
from byline.commit_messages.writer import Candidate

log = logging.getLogger(__name__)

_WIDTH = 72
_LONGEST_BODY = 4_000
_LONGEST_SUBJECT = 300
_MOST_BEGUN = 8_000  # characters of an answer in which its last subject is looked for
_SUBJECT = re.compile(r'"subject"\s*:\s*"((?:[^"\\]|\\.)*)')
_HEADER = re.compile(r"[\w-]{1,30}(?:\([^()\n]{0,60}\))?!?:\s+")
_ESCAPE = re.compile(r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b.?")
_TRAILER = re.compile(
    r"[\s|*>-]*[\w-]+\s*:(?:\s|$)|[\s|*>-]*[\w-]+\s+#|\(cherry picked|---|[\s|*>-]*BREAKING[ -]CHANGE", re.IGNORECASE
)


def written(material: Material, wanted: Wanted, answer: object, model: str) -> tuple[Candidate, ...]:
    """The messages in `answer` (the data of a model's JSON) that pass the rules and name only what is in the change.

    Each passes as it stands, or once mended. In the model's own order, without repetition.
    """
    entries = answer.get("messages") if isinstance(answer, Mapping) else None
    writer = _Writer(material, wanted, model)
    found = (writer.candidate(entry) for entry in (entries if isinstance(entries, Sequence) else ())[:3])
    return tuple({candidate.message: candidate for candidate in found if candidate}.values())


def growing_subject(begun: str) -> str:
    """The subject that a model is writing, from its JSON as far as it has come; empty before it has begun one."""
    found = _SUBJECT.findall(begun[-_MOST_BEGUN:])
    try:
        return _clean(str(json.loads(f'"{found[-1]}"'))) if found else ""
    except ValueError:  # cut off within an escape
        return ""


class _Writer:
    def __init__(self, material: Material, wanted: Wanted, model: str) -> None:
        self._material = material
        self._model = safe_name(model) or "a model"
        self._ranking = material.ranking()
        words = (material.branch or "", *material.rules.scopes, *self._ranking.scopes)
        self._grounds = Grounds(material.digest, words, said=(wanted.why, wanted.typed))

    def candidate(self, entry: object) -> Candidate | None:
        if not isinstance(entry, Mapping):
            return None
        type_, scope, subject, body = (_text(entry.get(name)) for name in ("type", "scope", "subject", "body"))
        type_, scope = (type_ if self._material.is_typed else ""), self._scope(scope)
        subject = self._subject(subject)
        if not subject or not self._grounds.holds(subject) or (self._material.is_typed and not type_):
            return None
        prefix = f"{type_}({scope}): " if type_ and scope else f"{type_}: " if type_ else ""
        told = self._body(body)
        if not told and is_required(self._material.rules):
            told = listed_files(self._material.digest, self._material.rules)
        parts = Parts(prefix + subject, type_, scope, subject, told, self._trailers())
        text = self._put_together(parts)
        rules = self._material.rules
        mended = text if passes(text, rules) else repair(text, rules)
        if mended is None or not passes(mended, rules):
            return None
        ours = self._put_together(replace(parts, body=""))
        if not self._footers(mended) <= self._footers(ours):
            return None
        odds = self._ranking.types.get(type_, 0.0) * self._ranking.scopes.get(scope, 0.0) if type_ else 0.5
        return Candidate(
            mended, type_ or None, (scope if type_ else None) or None, odds, (f"written by {self._model}",)
        )

    def _scope(self, scope: str) -> str:
        """A scope that the repository allows, or that is in use or in the change; else none."""
        allowed = self._material.rules.scopes
        if not self._material.is_typed or safe_name(scope) is None or (allowed and scope not in allowed):
            return ""
        return scope if scope in allowed or scope in self._ranking.scopes or self._grounds.holds(f"`{scope}`") else ""

    def _subject(self, text: str) -> str:
        """One line without a header of its own, in the repository's habits."""
        habits = self._material.style.habits
        subject = " ".join(_clean(text[:_LONGEST_SUBJECT]).partition("\n")[0].split()).strip("* ")
        if self._material.is_typed:
            subject = _HEADER.sub("", subject, count=1)
        subject = subject.rstrip(".") + ("." if habits.full_stop else "")
        key = issue_key(self._material.branch)
        return habits.keyed(key, subject) if subject else subject

    def _body(self, text: str) -> str:
        """The lines that are grounded and no trailers, wrapped; empty where none is left."""
        width = min(_WIDTH, self._material.rules.limit("body-max-line-length") or _WIDTH)
        kept: list[str] = []
        for line in _clean(text[:_LONGEST_BODY]).split("\n"):
            if not line.strip():
                kept.append("")
            elif not line.startswith("```") and self._grounds.holds(line):
                wrapped = textwrap.wrap(
                    line.rstrip(),
                    width,
                    subsequent_indent="  " if line.startswith(("- ", "* ")) else "",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                kept += wrapped if not any(map(self._is_foreign, wrapped)) else ()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")

    def _is_foreign(self, line: str) -> bool:
        """Whether a line would be a trailer, a note, a reference or a comment, wherever it came to stand."""
        return bool(_TRAILER.match(line)) or line.startswith("#") or bool(self._footers(f"x\n\n{line}"))

    def _footers(self, text: str) -> set[str]:
        """The trailers that git sees in a message, and the notes and references that release tools see."""
        message = Message.of(text, self._material.rules.grammar)
        found = {f"{trailer.key}: {trailer.value}" for trailer in trailers(text.split("\n"))}
        return found | {line.text for line in message.footer}

    def _put_together(self, parts: Parts) -> str:
        """The message in the form that holds here."""
        material = self._material
        if material.template is not None:
            files = tuple(safe_names(file.path for file in material.digest.files))
            branch = safe_name(short_branch(material.branch)) or ""
            known = replace(parts, issue=issue_key(material.branch) or "", branch=branch, files=files)
            try:
                return material.template.render(known)
            except BadTemplate as problem:
                log.warning("the message is written without the template: %s", problem)
        return "\n\n".join(part for part in (parts.header, parts.body, "\n".join(parts.trailers)) if part)

    def _trailers(self) -> tuple[str, ...]:
        habits, key = self._material.style.habits, issue_key(self._material.branch)
        issue = [f"{habits.key_trailer or 'Refs'}: {key}"] if key and not habits.key_first else []
        return (*issue, *assistance_trailers(self._material.digest.behind, self._material.assistance))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """`text` without anything that is not seen: escape sequences, control characters, direction marks, no width."""
    return "".join(_shown(_ESCAPE.sub("", text).replace("\r\n", "\n").replace("\t", " ")))


def _shown(text: str) -> Iterator[str]:
    for character in text:
        if character == "\n" or character.isprintable():
            yield character
        elif character.isspace():
            yield " "
