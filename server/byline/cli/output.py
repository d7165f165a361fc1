"""What every command says, and how: JSON for programs, coloured text for people, one line for what went wrong.

Text from outside (commits, notes, prompts, files) never reaches a terminal as it is: it could move the cursor, set
titles or hide what stands around it. `shown` makes everything visible that is not plain text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Piece = tuple[str, str]
"""Text and its style in Rich's words ("bold cyan"); an empty style is the terminal's own."""

_TAB = 4
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Exit(IntEnum):
    """The exit codes of all commands."""

    FINE = 0
    NO = 1  # the answer is "no", or something was found
    USAGE = 2
    NO_REPOSITORY = 3
    FAILED = 4  # a part that is needed does not work


class Refusal(Exception):  # noqa: N818 - the command refuses; nothing is broken
    """A command cannot or need not go on: `sentence` says why and what to do, `code` is how the process ends."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class ReaderGoneError(Exception):
    """Whoever read the output has had enough, as `head` does."""


def shown(text: str) -> str:
    """`text` as it may stand in a line on a terminal: spaces for all white space, U+FFFD for all that is not seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else _REPLACEMENT for c in text.expandtabs(_TAB))


def one_line(text: str) -> str:
    """`text` as one line that may stand on a terminal."""
    return shown(" ".join(text.split()))


def write(text: str | bytes) -> None:
    """Put `text` on standard output as it is. Raises ReaderGoneError when nobody reads any more."""
    try:
        if isinstance(text, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON document, in ASCII: the same whatever the terminal's encoding is, and odd paths survive."""
    write(json.dumps(document, indent=2 if sys.stdout.isatty() else None) + "\n")


def print_rows(rows: Iterable[Sequence[Piece]]) -> None:
    """Print lines of styled pieces; the text of each must have passed `shown` if it comes from outside."""
    terminal = console()
    if terminal.color_system is None:
        for row in rows:
            write("".join(text for text, _ in row).rstrip() + "\n")
        return
    from rich.text import Text

    for row in rows:
        with terminal.capture() as drawn:
            terminal.print(Text.assemble(*row), soft_wrap=True)
        write(drawn.get())


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns of a terminal: padded, or cut off with an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def width_of(texts: Iterable[str], most: int) -> int:
    """The columns that the widest of `texts` needs, at most `most`."""
    from rich.cells import cell_len

    return min(most, max(map(cell_len, texts), default=0))


def console(*, errors: bool = False) -> Console:
    """Standard output (or error) as Rich sees it: it knows NO_COLOR, FORCE_COLOR and terminals that have none."""
    from rich.console import Console

    return Console(stderr=errors, highlight=False, markup=False, emoji=False)


@contextmanager
def working(on: str) -> Iterator[None]:
    """While the block runs, a terminal shows that something goes on. Nothing is shown anywhere else."""
    terminal = console(errors=True)
    if not terminal.is_terminal:
        yield
        return
    with terminal.status(on):
        yield


def note(sentence: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(f"byline: {shown(sentence)}\n")


def complain(sentence: str) -> None:
    """Say in one line what went wrong and what to do."""
    sys.stderr.write(f"byline: {one_line(sentence)}\n")
