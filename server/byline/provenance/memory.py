"""Deleted text, remembered with its spans, so that its owner returns when the text does.

Undo, redo, cut and paste and moves all bring text back. What comes back whole and distinctive is recognised anywhere;
short or common text only where the client says undo or redo, or where the place fits: the same characters stand
before and after it as when it went.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from byline.provenance.document import cut, merge
from byline.provenance.span import Span
from byline.provenance.text import words

CONTEXT = 24
"""How many characters on either side make a place."""

_DISTINCTIVE_WORDS = 5
_DISTINCTIVE_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Remembered:
    """A deleted text, its spans, and up to `CONTEXT` characters that stood `before` and `after` it.

    Where several deletions were joined, `grew` says at which end the last one's character is: -1 or 1; else 0.
    """

    text: str
    spans: tuple[Span, ...]
    before: str = ""
    after: str = ""
    grew: int = 0

    @property
    def core(self) -> str:
        """The text without line breaks at its ends: pasting it may put them elsewhere."""
        return self.text.strip("\r\n")

    @property
    def place(self) -> tuple[str, str, str]:
        """The text and what stood around it: what tells one deletion from another."""
        return (self.text, self.before, self.after)

    def shrunk(self) -> Remembered:
        """What was remembered before the last character was joined to it."""
        text, grew = self.text, self.grew if len(self.text) > 2 else 0
        if self.grew < 0:
            return Remembered(
                text[1:], tuple(cut(self.spans, 1, len(text))), (self.before + text[0])[-CONTEXT:], self.after, grew
            )
        return Remembered(
            text[:-1], tuple(cut(self.spans, 0, len(text) - 1)), self.before, (text[-1] + self.after)[:CONTEXT], grew
        )

    def place_of(self, part: str, before: str, after: str) -> int | None:
        """The offset at which the text has `part`, with `before` or `after` right beside it; None if there is none."""
        whole = self.before + self.text + self.after
        first, last = len(self.before), len(self.before) + len(self.text) - len(part)
        for at in (whole.find(before + part) + len(before), whole.find(part + after)):
            stop = at + len(part)
            fits = whole[max(0, at - CONTEXT) : at] == before or whole[stop : stop + CONTEXT] == after
            if first <= at <= last and whole.startswith(part, at) and fits:
                return at - first
        return None


class Memory:
    """A bounded store of remembered texts, newest preferred. One serves all documents of a repository."""

    def __init__(self, limit: int = 400, max_characters: int = 2_000_000) -> None:
        """Keep at most `limit` texts of together at most `max_characters`."""
        self._limit = limit
        self._max_characters = max_characters
        self._characters = 0
        self._texts: OrderedDict[int, Remembered] = OrderedDict()
        self._news: list[Remembered] = []
        self._by_core: dict[str, list[int]] = {}
        self._serial = 0

    def remember(self, text: str, spans: tuple[Span, ...], before: str, after: str) -> Remembered:
        """Store a deleted text and return what is stored: deletions of one character that go on are joined to one."""
        new = Remembered(text, spans, before, after)
        if self._texts:
            key, last = next(reversed(self._texts.items()))
            joined = _joined(last, new)
            if joined:
                self._drop(key)
                if self._news and self._news[-1] is last:
                    self._news.pop()
                new = joined
        self._store(new)
        self._news.append(new)
        return new

    def forget(self, gone: Remembered) -> None:
        """Take back what `remember` returned: the deletion will be judged again. Newest first, where there are more."""
        key = next((key for key in reversed(self._texts) if self._texts[key].place == gone.place), None)
        if key is None:
            return
        known = self._texts[key]
        self._drop(key)
        if known.grew:
            self._store(known.shrunk())

    def news(self) -> list[Remembered]:
        """What was remembered since this was last asked, oldest first."""
        news, self._news = self._news, []
        return news

    def recall(
        self,
        text: str,
        before: str,
        after: str,
        *,
        told: bool,
        admit: Callable[[tuple[Span, ...]], bool] = lambda spans: True,
    ) -> tuple[Span, ...] | None:
        """The spans that `text` had, covering it exactly, or None if it is not known or not surely the same.

        `told` means that the client says that this text comes back; `admit` may refuse a candidate.
        """
        core = text.strip("\r\n")
        if not core:
            return self._recall_break(text, before, after)
        found = [known for known in self._candidates(core) if admit(known.spans)]
        best = _best_placed(found, before, after, sides=1 if told else 2)
        if best is None and found and (is_distinctive(core) or (told and len({known.spans for known in found}) == 1)):
            best = found[0]
        if best:
            return _fitted(text, core, best, best.text.index(core))
        return self._recall_part(text, core, before, after, admit) if told else None

    def __iter__(self) -> Iterator[Remembered]:
        """All that is remembered, oldest first."""
        return iter(self._texts.values())

    def _candidates(self, core: str) -> Iterator[Remembered]:
        for key in reversed(self._by_core.get(core, ())):
            yield self._texts[key]

    def _recall_part(
        self, text: str, core: str, before: str, after: str, admit: Callable[[tuple[Span, ...]], bool]
    ) -> tuple[Span, ...] | None:
        """A part of a remembered text, where on one side stands what stood beside that part."""
        for known in reversed(self._texts.values()):
            at = known.place_of(core, before, after)
            if at is not None and admit(spans := _fitted(text, core, known, at)):
                return spans
        return None

    def _recall_break(self, text: str, before: str, after: str) -> tuple[Span, ...] | None:
        for known in reversed(self._texts.values()):
            if known.text == text and known.before == before and known.after == after:
                return known.spans
        return None

    def _store(self, new: Remembered) -> None:
        if len(new.text) > self._max_characters // 4:
            return
        self._serial += 1
        self._texts[self._serial] = new
        self._by_core.setdefault(new.core, []).append(self._serial)
        self._characters += len(new.text)
        while len(self._texts) > self._limit or self._characters > self._max_characters:
            self._drop(next(iter(self._texts)))

    def _drop(self, key: int) -> None:
        gone = self._texts.pop(key)
        self._characters -= len(gone.text)
        keys = self._by_core[gone.core]
        keys.remove(key)
        if not keys:
            del self._by_core[gone.core]


def is_distinctive(text: str) -> bool:
    """Whether nobody writes `text` twice by accident: several words and some length."""
    found = words(text)
    return len(set(found)) >= _DISTINCTIVE_WORDS and sum(map(len, found)) >= _DISTINCTIVE_CHARACTERS


def _joined(last: Remembered, new: Remembered) -> Remembered | None:
    """Deleting character by character, backwards or forwards, is one deletion."""
    if len(new.text) > 1:
        return None
    if last.after == new.after and last.before == (new.before + new.text)[-CONTEXT:]:
        return Remembered(new.text + last.text, _chain(new.spans, last.spans), new.before, new.after, -1)
    if last.before == new.before and last.after == (new.text + new.after)[:CONTEXT]:
        return Remembered(last.text + new.text, _chain(last.spans, new.spans), new.before, new.after, 1)
    return None


def _chain(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(merge(span for span in (*first, *second) if span.length))


def _best_placed(found: Sequence[Remembered], before: str, after: str, *, sides: int) -> Remembered | None:
    """The first of those that went from a place like this: with the same text on both sides, or at least on `sides`."""
    for wanted in range(2, sides - 1, -1):
        for known in found:
            if (known.before == before) + (known.after == after) >= wanted:
                return known
    return None


def _fitted(text: str, core: str, known: Remembered, at: int) -> tuple[Span, ...]:
    """The spans of `core` at offset `at` of `known`, widened to cover the line breaks around it in `text`."""
    inner = cut(known.spans, at, at + len(core))
    solid = [span for span in inner if span.length]
    lead = text.index(core)
    trail = len(text) - lead - len(core)
    if text == known.text:
        return known.spans
    edges = (Span(lead, solid[0].owner),), (Span(trail, solid[-1].owner),)
    return tuple(merge(span for part in (edges[0], inner, edges[1]) for span in part if span.length or span.lost))
