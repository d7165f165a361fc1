"""What stands before the words of a subject where a repository has a way of its own: an emoji, `[part]`, `path:`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from byline.commit_messages.kinds import FileKind, kind_of
from byline.commit_messages.message import Message
from byline.commit_messages.style.types import known_type
from byline.git.history import PastCommit

_LOOKED_AT = 300
_FEWEST = 5
_LONGEST = 500  # characters of a first line

_SIGN = r"[\u2190-\u2bff\U0001f300-\U0001faff]\ufe0f?"
_EMOJI = re.compile(rf"(:[a-z0-9_+-]{{2,40}}:|{_SIGN}(?:\u200d{_SIGN}){{0,3}})\s*")
_HEADER = re.compile(r"\w+(?:\([^()]*\))?!?: ", re.ASCII)
_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}-\d{1,7}")
_BRACKETS = re.compile(r"\[([^\][]{1,40})\]:?\s+")
_PATH = re.compile(r"([\w.-]{1,40}(?:/[\w.-]{1,40})*(?:, ?[\w./-]{1,40})?): ")

_KNOWN = {
    "feat": "✨ :sparkles: 🎉 :tada:",
    "fix": "🐛 :bug: 🚑 :ambulance: 🩹 :adhesive_bandage: 🔒 :lock: ✏ :pencil2:",
    "docs": "📝 :memo: 📚 :books: 💡 :bulb:",
    "test": "✅ :white_check_mark: 🧪 :test_tube:",
    "refactor": "♻ :recycle: 🔥 :fire: 🚚 :truck: ⚰ :coffin:",
    "style": "🎨 :art: 🚨 :rotating_light:",
    "perf": "⚡ :zap: 🐎 :racehorse:",
    "ci": "👷 :construction_worker: 💚 :green_heart:",
    "build": "⬆ :arrow_up: ⬇ :arrow_down: 📌 :pushpin: ➕ :heavy_plus_sign: ➖ :heavy_minus_sign:",
    "chore": "🔧 :wrench: 🔨 :hammer: 🔖 :bookmark: 🙈 :see_no_evil:",
}
_MEANT = {mark: type_ for type_, marks in _KNOWN.items() for mark in marks.split()}
_VERBS = {
    "feat": "add adds added introduce introduces introduced implement implements implemented create support supports",
    "fix": "fix fixes fixed correct corrects corrected resolve resolves resolved repair prevent",
    "refactor": "refactor refactors refactored rework reworked simplify extract rename move restructure",
    "docs": "document documents documented explain",
    "test": "test tests tested cover",
    "perf": "optimise optimize speed",
    "style": "format reformat lint",
    "build": "bump upgrade",
}
_DOES = {verb: type_ for type_, verbs in _VERBS.items() for verb in verbs.split()}
_ONLY = {FileKind.DOCS: "docs", FileKind.TEST: "test", FileKind.CI: "ci"}
_MEANT_COUNTS = 2  # votes for what an emoji stands for elsewhere


class LeadForm(StrEnum):
    """The ways that there are."""

    NONE = "none"
    EMOJI = "emoji"
    BRACKETS = "brackets"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Lead:
    """What most subjects begin with. `Lead()` is nothing.

    `marks` has the emoji of each type, where these are in use; `is_outside` says whether they stand before the type.
    """

    form: LeadForm = LeadForm.NONE
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_outside: bool = True
    _kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, commits: Sequence[PastCommit]) -> Lead:
        """What the subjects of `commits`, newest first, begin with; of too few, nothing."""
        looked_at = [(commit, first) for commit in commits[:_LOOKED_AT] if (first := _first_line(commit.message))]
        if len(looked_at) < _FEWEST:
            return cls()

        def most(count: int) -> bool:
            return count * 2 > len(looked_at)

        marked = [(commit, found) for commit, line in looked_at if (found := _marked(line))]
        if most(len(marked)):
            kinds = _kinds(marked)
            is_outside = sum(found.is_outside for _, found in marked) * 2 > len(marked)
            return cls(LeadForm.EMOJI, MappingProxyType(_marks(marked, kinds)), is_outside, MappingProxyType(kinds))
        if most(sum(bool(_label(line, LeadForm.BRACKETS)) for _, line in looked_at)):
            return cls(LeadForm.BRACKETS)
        labels = [(commit, label) for commit, line in looked_at if (label := _label(line, LeadForm.PATH))]
        strange = [(commit, label) for commit, label in labels if known_type(label) is None]
        is_path = len(strange) * 2 > len(labels) and any(_is_of_path(label, commit) for commit, label in strange)
        return cls(LeadForm.PATH) if most(len(labels)) and is_path else cls()

    @property
    def is_label(self) -> bool:
        """Whether it names the part of the project that a change is in."""
        return self.form in (LeadForm.BRACKETS, LeadForm.PATH)

    def label(self, message: str) -> str:
        """The part of the project that `message` names; empty where it names none."""
        return _label(_first_line(message), self.form) if self.is_label else ""

    def type_of(self, message: str) -> str | None:
        """The type that the emoji of `message` stands for; None without one, or where nobody knows."""
        found = _marked(_first_line(message)) if self.form is LeadForm.EMOJI else None
        return self._kinds.get(_plain(found.mark)) if found else None

    def without(self, message: str) -> str:
        """`message` without what it begins with."""
        text = message.lstrip("\n")
        if self.form is LeadForm.EMOJI and (found := _marked(_first_line(text))):
            return found.head + text[found.end :]
        if self.label(text):
            return (_BRACKETS if self.form is LeadForm.BRACKETS else _PATH).sub("", text, count=1)
        return message

    def before(self, type_: str, label: str) -> str | None:
        """What stands before the words of a change; None for a type that has no emoji where the others do."""
        if self.form is LeadForm.EMOJI:
            mark = self.marks.get(type_.lower()) or self.marks.get(known_type(type_) or "")
            return f"{mark} " if mark else None if self.marks else ""
        if not label or not self.is_label:
            return ""
        return f"[{label}] " if self.form is LeadForm.BRACKETS else f"{label}: "


@dataclass(frozen=True, slots=True)
class _Marked:
    """An emoji, what stands before it (a type, or nothing), and where the words begin."""

    mark: str
    head: str
    end: int
    words: str

    @property
    def is_outside(self) -> bool:
        return not self.head


def _marked(line: str) -> _Marked | None:
    header = _HEADER.match(line)
    start = header.end() if header else 0
    match = _EMOJI.match(line, start)
    return _Marked(match[1], line[:start], match.end(), line[match.end() :]) if match else None


def _kinds(marked: Sequence[tuple[PastCommit, _Marked]]) -> dict[str, str]:
    """What each emoji stands for: what those commits say and change, and a little what it means elsewhere."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for commit, found in marked:
        votes[_plain(found.mark)].update(_said(commit, found))
    for mark, counts in votes.items():
        if meant := _MEANT.get(mark):
            counts[meant] += _MEANT_COUNTS
    return {mark: counts.most_common(1)[0][0] for mark, counts in votes.items() if counts}


def _said(commit: PastCommit, found: _Marked) -> Iterator[str]:
    type_ = Message.of(found.head + found.words).type
    verb = found.words.split(maxsplit=1)[:1]
    kinds = {kind_of(file.path) for file in commit.files}
    if type_:
        yield type_.text.lower()
    elif verb and (does := _DOES.get(verb[0].lower())):
        yield does
    elif len(kinds) == 1 and (only := _ONLY.get(next(iter(kinds)))):
        yield only


def _marks(marked: Sequence[tuple[PastCommit, _Marked]], kinds: Mapping[str, str]) -> dict[str, str]:
    """The emoji that each type has most often, as it is written."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for _, found in marked:
        if kind := kinds.get(_plain(found.mark)):
            used[kind][found.mark] += 1
    return {kind: counts.most_common(1)[0][0] for kind, counts in used.items()}


def _label(line: str, form: LeadForm) -> str:
    match = (_BRACKETS if form is LeadForm.BRACKETS else _PATH).match(line)
    return "" if match is None or _KEY.fullmatch(match[1]) else match[1].strip()


def _is_of_path(label: str, commit: PastCommit) -> bool:
    """Whether the label names a folder or a file that the commit changed."""
    wanted = _folded(label.split(",")[0].rpartition("/")[2])
    return any(
        wanted in (_folded(part), _folded(part.partition(".")[0]))
        for file in commit.files
        for part in file.path.split("/")
    )


def _folded(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")


def _plain(mark: str) -> str:
    return mark.removesuffix("\ufe0f")


def _first_line(message: str) -> str:
    return message.lstrip("\n").partition("\n")[0][:_LONGEST]
