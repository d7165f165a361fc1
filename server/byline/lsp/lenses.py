"""Lenses: where they stand, and what they say."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.attribution.wording import container_title, title
from byline.lsp.text_safety import label
from byline.provenance.origin import Kind
from byline.symbols import Symbol

if TYPE_CHECKING:
    from byline.attribution.blame import LiveBlame
    from byline.attribution.open_file import OpenFile
    from byline.provenance.attribution import LineState

_LONGEST = 120
_WORDED_FOR = 60  # seconds after which "2 minutes ago" has to be worded anew
_SMALLEST_CONTAINER = 3  # lines


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lens stands: git lines `first` to `last` (0-based, inclusive), and whether that is the whole file."""

    first: int
    last: int
    whole: bool


async def has_lenses(file: OpenFile) -> bool:
    """Whether a file has lenses at all: git tracks it, or it is recorded."""
    if file.project is None or file.name is None:
        return False
    return file.refused is None or await asyncio.to_thread(file.project.repository.tracked, file.name)


def places(file: OpenFile, symbols: list[Symbol]) -> Iterator[Place]:
    """The lenses of a file in order, by the settings: the same for the same text, whatever is known by then."""
    if file.project is None:
        return
    settings = file.project.config.code_lens
    last = len(file.live.document.lines) - 1
    if settings.file:
        yield Place(0, last, True)
    for symbol in sorted(symbols, key=lambda s: (s.start, s.end)):
        wanted = settings.containers if symbol.container else settings.functions
        if wanted and symbol.end - symbol.start + 1 >= _SMALLEST_CONTAINER and symbol.kind != "block":
            yield Place(symbol.start, symbol.end, False)


def lens_title(file: OpenFile, blame: LiveBlame, place: Place) -> str:
    """What a lens says."""
    if file.project is None:
        return ""
    now, me = time.time(), file.project.me
    key = (place, int(now) // _WORDED_FOR)
    worded = blame.titles.get(key)
    if worded is None:
        states, commits = blame.states(place.first, place.last), blame.commits(place.first, place.last)
        if place.whole:
            worded = title(states, commits, now, me)
        else:
            prompt = file.project.prompts.text(_main_prompt(states))
            worded = container_title(states, commits, prompt, now, me)
        worded = blame.titles[key] = label(worded, _LONGEST)
    return worded


def _main_prompt(states: Sequence[LineState]) -> str | None:
    """The prompt behind most AI lines."""
    prompts = Counter(state.origin.prompt for state in states if state.kind is Kind.AI and state.origin.prompt)
    return prompts.most_common(1)[0][0] if prompts else None
