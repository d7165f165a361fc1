"""How subjects and bodies look in a repository: counted, never guessed from few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

from byline.commit_messages.message import Message
from byline.commit_messages.style.leads import Lead
from byline.commit_messages.style.types import known_type
from byline.commit_messages.style.verbs import Mood, mood_of
from byline.commit_messages.trailers import trailers

_PULL_REQUEST = re.compile(r"\s*\((?:#|!)\d+\)\s*$")
_EMOJI = re.compile(r"^(?::[a-z0-9_+-]+:|[\u2600-\u27bf\U0001f300-\U0001faff])\ufe0f?\s*")
_KEY_FIRST = re.compile(r"^(\[?)[A-Z][A-Z0-9]{1,9}-\d{1,7}(\]?:?)\s+")
_KEY = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b")
_LOOKED_AT = 300
_FEWEST = 5
_FEWEST_ALIKE = 3
_USUAL_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Habits:
    """What most of the latest messages have in common. `Habits()` is what git's own documentation recommends.

    `length` is the usual length of a first line in characters; `bodies` the share of messages with a body; `trailers`
    the keys that more than half of them carry. `key_first` says whether issue keys begin the subject, and `key_form`
    how they are written there (`[{}]:`); `key_trailer` is the trailer they stand in otherwise, None where the
    repository has neither habit. `lead` is what stands before all that. `written` are types that do not stand in small
    letters, by those.
    """

    conventional: bool = False
    capitalised: bool = True
    full_stop: bool = False
    mood: Mood = Mood.IMPERATIVE
    length: int = _USUAL_LENGTH
    bodies: float = 0.0
    trailers: tuple[str, ...] = ()
    key_first: bool = False
    key_trailer: str | None = None
    key_form: str = "{}"
    lead: Lead = field(default_factory=Lead)
    written: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, messages: Sequence[str], lead: Lead | None = None) -> Habits:
        """The habits in `messages`, newest first; where there are too few to tell, the defaults.

        `lead` is what most of them begin with.
        """
        lead = lead or Lead()
        read = [_Read.of(lead.without(message)) for message in messages[:_LOOKED_AT] if message.strip()]
        if len(read) < _FEWEST:
            return cls._of_few(read, lead)
        typed = [one for one in read if one.is_typed]
        conventional = _most(len(typed), len(read))
        told = [one for one in (typed if conventional else read) if one.subject]
        moods = Counter(mood for one in told if (mood := mood_of(one.subject.split(maxsplit=1)[0])))
        keys = Counter(key for one in read for key in one.keys)
        cased = [one for one in told if one.subject[0].isalpha()]
        return cls(
            conventional=conventional,
            capitalised=_most(sum(one.subject[0].isupper() for one in cased), len(cased)),
            full_stop=_most(sum(one.subject.endswith(".") for one in told), len(told)),
            mood=moods.most_common(1)[0][0] if moods.total() >= _FEWEST else Mood.IMPERATIVE,
            length=int(median(one.length for one in read)),
            bodies=sum(one.has_body for one in read) / len(read),
            trailers=tuple(sorted(key for key, count in keys.items() if _most(count, len(read)))),
            key_first=_most(sum(one.key_form is not None for one in read), len(read)),
            key_trailer=_commonest(one.key_trailer for one in read),
            key_form=_commonest(one.key_form for one in read) or "{}",
            lead=lead,
        )

    @classmethod
    def _of_few(cls, read: Sequence[_Read], lead: Lead) -> Habits:
        """Whether messages have types is plain from three, if all of them have usual ones."""
        if len(read) < _FEWEST_ALIKE or not all(one.is_typed and known_type(one.type) for one in read):
            return cls(lead=lead)
        return cls(conventional=True, capitalised=all(one.subject[0].isupper() for one in read), lead=lead)

    def keyed(self, key: str | None, subject: str) -> str:
        """`subject` behind the issue's key, where keys stand first; itself without one."""
        return f"{self.key_form.format(key)} {subject}" if key and self.key_first else subject


@dataclass(frozen=True, slots=True)
class _Read:
    type: str
    subject: str
    length: int
    has_body: bool
    key_form: str | None
    keys: tuple[str, ...]
    key_trailer: str | None

    @property
    def is_typed(self) -> bool:
        return bool(self.type)

    @classmethod
    def of(cls, text: str) -> _Read:
        message = Message.of(text[:20_000])
        line = _PULL_REQUEST.sub("", message.header.text if message.header else "")
        subject = _PULL_REQUEST.sub("", message.subject.text).strip() if message.subject else line
        lines = [part.text for part in message.raw]
        carried = trailers(lines)
        below = lines[1 : carried[0].line if carried else None]
        bare = _EMOJI.sub("", subject)
        key = _KEY_FIRST.match(bare)
        return cls(
            message.type.text if message.type and message.subject else "",
            _KEY_FIRST.sub("", bare),
            len(line),
            any(map(str.strip, below)),
            f"{key[1]}{{}}{key[2]}" if key else None,
            tuple({trailer.key for trailer in carried}),
            next((trailer.key for trailer in carried if _KEY.search(trailer.value)), None),
        )


def _commonest(words: Iterable[str | None]) -> str | None:
    ranked = Counter(word for word in words if word).most_common(1)
    return ranked[0][0] if ranked else None


def _most(count: int, total: int) -> bool:
    return total > 0 and count * 2 > total
