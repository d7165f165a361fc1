"""Blocks of what to search and what to put in its place, as Aider, Cline and Roo have models write them.

    <<<<<<< SEARCH
    old lines
    =======
    new lines
    >>>>>>> REPLACE

Cline's newer form has `-` and `+` for `<` and `>`; Roo puts the line's number between the head and the old lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from byline.agents.record import Hunk

_SEARCH = re.compile(r"(?:<{5,9}|-{5,9}) SEARCH>?\s*")
_MIDDLE = re.compile(r"={5,9}\s*")
_REPLACE = re.compile(r"(?:>{5,9}|\+{5,9}) REPLACE\s*")
_ROO_HEAD = re.compile(r":(?:start|end)_line:\s*\d+\s*|-{7}\s*")


def blocks(lines: Iterable[str]) -> Iterator[tuple[int, Hunk]]:
    """Each complete block in `lines` (without their breaks), and the index of the line in which it begins."""
    start, part = 0, ""
    texts: dict[str, list[str]] = {}
    for index, line in enumerate(lines):
        if _SEARCH.fullmatch(line):
            start, part, texts = index, "old", {"old": [], "new": []}
        elif part == "old" and _MIDDLE.fullmatch(line):
            part = "new"
        elif part == "new" and _REPLACE.fullmatch(line):
            yield start, Hunk(_joined(texts["old"]), _joined(texts["new"]))
            part = ""
        elif part == "old" and not texts["old"] and _ROO_HEAD.fullmatch(line):
            continue
        elif part:
            texts[part].append(line)


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
