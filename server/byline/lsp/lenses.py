"""Lenses: where they stand, and what they say."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.attribution.wording import container_title, title
from byline.lsp.text_safety import label
from byline.provenance.attribution import State
from byline.symbols import Symbol

if TYPE_CHECKING:
    from byline.attribution.blame import BlameLine, LiveBlame
    from byline.attribution.open_file import OpenFile

_LONGEST = 120
_SMALLEST_CONTAINER = 3  # lines


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lens stands: git lines `first` to `last` (0-based, inclusive), and whether that is the whole file."""

    first: int
    last: int
    whole: bool


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
    lines = [blame.line(i) for i in range(place.first, min(place.last + 1, len(blame)))]
    now, me = time.time(), file.project.me
    if place.whole:
        return label(title(lines, blame.summary(), now, me), _LONGEST)
    prompt = file.project.prompts.text(_main_prompt(lines))
    return label(container_title(lines, prompt, now, me), _LONGEST)


def _main_prompt(lines: list[BlameLine]) -> str | None:
    """The prompt behind most AI lines."""
    prompts = Counter(
        line.state.origin.prompt
        for line in lines
        if line.state.state in (State.AI, State.AI_MODIFIED) and line.state.origin.prompt
    )
    return prompts.most_common(1)[0][0] if prompts else None
