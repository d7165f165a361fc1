"""The place in a document where a language model is to write, as it was when the person asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.models.edit import Place
    from byline.provenance.document import Document
    from byline.provenance.text import Position


@dataclass(frozen=True, slots=True)
class Target:
    """The place that was meant, in the document as it was then."""

    file: OpenFile
    document: Document
    start: Position
    end: Position

    @property
    def place(self) -> Place:
        """What a model is told of it, before anything is left out."""
        from byline.models.edit import Place

        text = self.document.text_between
        name = self.file.path.name if self.file.path else "untitled"
        before, after = text((0, 0), self.start), text(self.end, self.document.end)
        return Place(name, self.file.language, before, text(self.start, self.end), after)

    @property
    def refusal(self) -> str | None:
        """Why nothing of the file may be sent to a model; None where it may."""
        return refusal(self.file)


def refusal(file: OpenFile) -> str | None:
    """Why nothing of `file` may be sent to a model; None where it may.

    What git ignores, or what is in no repository, may hold what must not be seen. A document that is in no file yet
    holds only what was put there now.
    """
    return None if file.path is None or file.recording is not None else f"it is not recorded: {file.refused}"
