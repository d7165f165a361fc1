"""A document that a client has open, from didOpen to didClose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from byline.attribution.claims import NO_CLAIMS, Claimed
from byline.attribution.live import LiveDocument
from byline.attribution.project import Project
from byline.provenance.document import Document


@dataclass(frozen=True, slots=True)
class Prepared:
    """What opening a file found out: where it belongs, why it is not recorded (None: it is), and its spans.

    `name` is the path relative to the project's root. `edit` is the id that text of unknown author got; `claimed` what
    of it was declared.
    """

    project: Project | None
    name: str | None
    refused: str | None
    document: Document
    edit: int
    claimed: Claimed = NO_CLAIMS


@dataclass(frozen=True, slots=True)
class Recording:
    """Where a file is recorded: its project, and its path there."""

    project: Project
    name: str


class OpenFile:
    """One open document. Until it is prepared, what happens to it waits, in order."""

    def __init__(self, uri: str, path: Path | None, language: str, version: int) -> None:
        """`path` is None for a document that is in no file."""
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version  # the newest that the client sent
        self.opened_version = version
        self.journalled: int | None = None  # the newest version that is durable
        self.is_torn = False  # the journal has refused something since the newest snapshot
        self.declared = 0  # the place in the journal of the newest declaration that called for a second look
        self.unreviewed: set[object] = set()  # versions that brought text that nobody accounts for, and declarations
        self.on_disk: tuple[int, int] | None = None  # size and time of the file as it was last seen to be the buffer
        self.saved_revision = 0  # of the live document, when its text was last that on disk
        self.unaccounted: tuple[int, float] | None = None  # the last such version, and when it came (monotonic)
        self.opened_edit: int | None = None  # what new text belongs to that was there when it was opened
        self.head_then: str | None = None  # where HEAD was when it came in
        self.refused: str | None = None
        self.project: Project | None = None
        self.name: str | None = None
        self.recording: Recording | None = None
        self._live: LiveDocument | None = None
        self._tickets: dict[int, int] = {}
        self._waiting: list[Callable[[], None]] = []

    @property
    def is_ready(self) -> bool:
        """Whether the file is prepared."""
        return self._live is not None

    @property
    def live(self) -> LiveDocument:
        """The text and its spans. Raises RuntimeError before the file is prepared."""
        if self._live is None:
            raise RuntimeError("the file is still being opened")
        return self._live

    @property
    def is_clean(self) -> bool:
        """Whether nothing was changed since the text was opened or saved."""
        return self.live.text_revision == self.saved_revision

    def place(self, prepared: Prepared) -> None:
        """Note where the file belongs, and what was found out about it."""
        self.opened_edit = prepared.edit
        self.project, self.name, self.refused = prepared.project, prepared.name, prepared.refused
        if prepared.project is not None and prepared.name is not None and prepared.refused is None:
            self.recording = Recording(prepared.project, prepared.name)

    def start(self, live: LiveDocument) -> bool:
        """The file is prepared: carry out what has waited; True if anything had."""
        self._live = live
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()
        return bool(waiting)

    def when_ready(self, action: Callable[[], None]) -> None:
        """Run `action` now, or as soon as the file is prepared."""
        if self._live is None:
            self._waiting.append(action)
        else:
            action()

    def appended(self, version: int, ticket: int) -> None:
        """All that is known of `version` is in the journal's queue up to `ticket`, and not safe until that is done."""
        self._tickets[version] = ticket
        if self.journalled == version:
            self.journalled = None

    def forget_acknowledgements(self) -> None:
        """What was safe is not any more: the journal was lost."""
        self.journalled = None
        self._tickets.clear()

    def stop_recording(self, reason: str) -> None:
        """From here on the file is not recorded."""
        self.recording, self.refused = None, reason
        self.forget_acknowledgements()

    def durable(self, ticket: int) -> None:
        """The journal has committed all up to `ticket`."""
        done = [version for version, wanted in self._tickets.items() if wanted <= ticket]
        if done:
            self.journalled = max(done)
            for version in done:
                del self._tickets[version]
