"""Commit buffers: the documents in which a commit's message is written, and what is known about each commit.

`COMMIT_EDITMSG` while git waits for its editor, or the input box of an editor's source control view. What the commit
will change, and how the repository words its messages, is found out aside when the buffer is opened, so that an answer
needs no git. Belongs to the event loop; everything that blocks goes to a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote, urlsplit

from byline.git.errors import GitError
from byline.lsp.commit.diagnostics import clear, publish
from byline.lsp.places import local_path
from byline.lsp.tasks import Debounce

if TYPE_CHECKING:
    from byline.commit_messages.buffer.form import Form
    from byline.commit_messages.gathering import Gatherer
    from byline.commit_messages.lint import Finding
    from byline.commit_messages.material import Material
    from byline.commit_messages.style.styles import Styles
    from byline.commit_messages.writer import Candidate
    from byline.lsp.application import Application

INPUT_BOX: Final = "scminput"

_LANGUAGES = frozenset({"gitcommit", "git-commit", INPUT_BOX})
_FILE = "COMMIT_EDITMSG"
_NO_MESSAGES = frozenset({"TAG_EDITMSG", "NOTES_EDITMSG", "EDIT_DESCRIPTION", "git-rebase-todo"})
_CHECK_AFTER = 0.15  # seconds without a key
_MOST_DECODED = 3  # times that a client may have encoded the folder of its input box
_LARGEST = 2_000_000  # characters of a buffer, a verbose diff included, that are looked at

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A document at one version. Its lines have their breaks."""

    version: int
    lines: tuple[str, ...]

    @property
    def whole(self) -> str:
        """All of it, as far as a buffer is looked at."""
        return "".join(self.lines)[:_LARGEST]

    def of_message(self, form: Form) -> Text:
        """What stands above the scissors, and these: below there may be a diff of any length."""
        from byline.commit_messages.buffer.help_lines import SCISSORS

        cut = form.comment + SCISSORS
        ends = (at + 1 for at, line in enumerate(self.lines) if line.startswith(cut))
        return Text(self.version, self.lines[: next(ends, len(self.lines))])


@dataclass(slots=True, eq=False)
class CommitBuffer:
    """One open commit buffer. `place` is a path in its repository."""

    uri: str
    place: Path
    is_input: bool
    gatherer: Gatherer | None = None
    check: Debounce | None = None
    preparing: asyncio.Task[None] | None = None
    gathering: asyncio.Task[Material] | None = None
    gathered_at: object = None
    shown: tuple[Material, Sequence[str]] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class CommitBuffers:
    """The open commit buffers."""

    def __init__(self, app: Application) -> None:
        """None is open yet."""
        self._app = app
        self._open: dict[str, CommitBuffer] = {}
        self._styles: Styles | None = None

    def of(self, uri: str) -> CommitBuffer | None:
        """The commit buffer with this URI, None where that is another document."""
        return self._open.get(uri)

    # --- documents ------------------------------------------------------------------------------------------------

    def did_open(self, uri: str, path: Path | None, language: str) -> None:
        """A document was opened: get ready if it is a commit buffer."""
        self.did_close(uri)
        if is_commit_buffer(path, language) and (place := self._place(uri, path, language)) is not None:
            buffer = self._open[uri] = CommitBuffer(uri, place, language == INPUT_BOX)
            buffer.check = Debounce(_CHECK_AFTER, partial(self._check_soon, buffer))
            buffer.preparing = self._app.server.tasks.start("commit buffer", self._prepare(buffer))

    def did_change(self, uri: str) -> None:
        """A document was changed."""
        buffer = self._open.get(uri)
        if buffer is not None and buffer.check is not None:
            buffer.check()

    def did_close(self, uri: str) -> None:
        """A document was closed."""
        buffer = self._open.pop(uri, None)
        if buffer is not None and buffer.check is not None:
            buffer.check.cancel()
            clear(self._app, uri)

    async def prepared(self) -> None:
        """Wait until everything is known of the buffers that are open."""
        if preparing := [buffer.preparing for buffer in self._open.values() if buffer.preparing]:
            await asyncio.wait(preparing)

    def _place(self, uri: str, path: Path | None, language: str) -> Path | None:
        """Where the buffer's repository is looked for; only an input box may leave it open which one is meant."""
        if path is not None or language != INPUT_BOX:
            return path
        return input_box_folder(uri) or (None if "rootUri" in uri else next(iter(self._app.folders), None))

    # --- what is known --------------------------------------------------------------------------------------------

    async def text(self, buffer: CommitBuffer) -> Text | None:
        """The buffer's text as it is now; None once it is closed."""
        file = await self._app.session.file(buffer.uri)
        return Text(file.version, tuple(file.live.document.lines)) if file else None

    async def gatherer(self, place: Path) -> Gatherer:
        """What gathers material in the repository around `place`. Raises GitError."""
        return await asyncio.to_thread(self._gatherer, place)

    async def form(self, buffer: CommitBuffer, text: Text) -> Form:
        """How git will read the buffer. Raises GitError."""
        gatherer = await self._gatherer_of(buffer)
        return await asyncio.to_thread(_form, gatherer, buffer, text)

    async def is_untouched(self, buffer: CommitBuffer, text: Text, form: Form) -> bool:
        """Whether a person has typed nothing yet. Raises GitError."""
        gatherer = await self._gatherer_of(buffer)
        return await asyncio.to_thread(gatherer.is_untouched, text.whole, form)

    async def material(self, buffer: CommitBuffer, text: Text) -> Material:
        """What the message is made of: gathered once for each state of the indexes and of HEAD. Raises GitError."""
        gatherer = await self._gatherer_of(buffer)
        state = await asyncio.to_thread(gatherer.state)
        task = buffer.gathering
        if task is None or buffer.gathered_at != state or (_failed(task)):
            task = buffer.gathering = asyncio.create_task(asyncio.to_thread(_material, gatherer, buffer, text))
            buffer.gathered_at = state
        return await asyncio.shield(task)

    def offered(
        self, buffer: CommitBuffer, material: Material, candidates: Sequence[Candidate], provider: str | None = None
    ) -> None:
        """Keep aside that `candidates` were shown, written by `provider` (None: no model). The same ones only once."""
        messages = [candidate.message for candidate in candidates]
        before = buffer.shown
        if buffer.gatherer is None or (before and before[0] is material and before[1] == messages):
            return
        buffer.shown = (material, messages)
        self.keep(buffer.gatherer, material, candidates, provider)

    def keep(
        self, gatherer: Gatherer, material: Material, candidates: Sequence[Candidate], provider: str | None = None
    ) -> None:
        """Keep aside that `candidates` were offered."""
        from byline.commit_messages.offers.offer import OFFLINE

        if candidates:
            work = asyncio.to_thread(gatherer.history.keep, material.change, tuple(candidates), provider or OFFLINE)
            self._app.server.tasks.start("offers", work)

    async def _gatherer_of(self, buffer: CommitBuffer) -> Gatherer:
        async with buffer.lock:
            if buffer.gatherer is None:
                buffer.gatherer = await self.gatherer(buffer.place)
            return buffer.gatherer

    def _gatherer(self, place: Path) -> Gatherer:
        from byline.commit_messages.gathering import Gatherer
        from byline.commit_messages.plugins.plugins import INSTALLED
        from byline.commit_messages.style.styles import Styles

        self._styles = self._styles or Styles(hurried=True)
        project = self._app.session.projects.at(place)
        trusted = project.config.trusted
        return Gatherer(project, self._styles, self._app.env, trusted=trusted, plugins=INSTALLED)

    # --- checking -------------------------------------------------------------------------------------------------

    async def _prepare(self, buffer: CommitBuffer) -> None:
        text = await self.text(buffer)
        if text is not None:
            await self._check(buffer)
            await self._quietly(self.material(buffer, text))
            await self._check(buffer)  # now that it is known what the commit changes
            self._app.server.tasks.start("style", self._quietly(self._renew_style(buffer)))

    async def _renew_style(self, buffer: CommitBuffer) -> None:
        gatherer = await self._gatherer_of(buffer)
        await asyncio.to_thread(gatherer.renew_style)

    def _check_soon(self, buffer: CommitBuffer) -> None:
        self._app.server.tasks.start("check of a message", self._check(buffer))

    async def _check(self, buffer: CommitBuffer) -> None:
        """Look at the buffer as it is now; what was found of an older text is dropped."""
        text = await self.text(buffer)
        if text is None:
            return
        found = await self._quietly(self.findings(buffer, text))
        form = await self._quietly(self.form(buffer, text))
        now = await self.text(buffer)
        if found is not None and form and now == text and self._open.get(buffer.uri) is buffer:
            publish(self._app, buffer, text.of_message(form), found, self._known(buffer))

    async def findings(self, buffer: CommitBuffer, text: Text) -> Sequence[Finding]:
        """What the message breaks of the repository's rules. Raises GitError."""
        gatherer = await self._gatherer_of(buffer)
        found, problems = await asyncio.to_thread(_findings, gatherer, buffer, text)
        for sentence in problems:
            self._app.server.problems.noticed("plug-ins", sentence)
        return found

    def _known(self, buffer: CommitBuffer) -> Material | None:
        task = buffer.gathering
        return task.result() if task and task.done() and not _failed(task) else None

    async def _quietly(self, work: Awaitable[T]) -> T | None:
        """What nobody asked for needs no error message: it is counted, and the next check tries again."""
        try:
            return await work
        except GitError as problem:
            self._app.server.problems.noticed("commit buffer", problem.problem)
            return None


def _failed(task: asyncio.Task[Material]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def is_commit_buffer(path: Path | None, language: str) -> bool:
    """Whether a document holds a commit's message, by its language and its file's name."""
    if path is not None and path.name in _NO_MESSAGES:
        return False
    return language in _LANGUAGES or (path is not None and path.name == _FILE)


def input_box_folder(uri: str) -> Path | None:
    """The folder that the URI of an input box names in its query (`rootUri=…`), None where it names none.

    VS Code encodes the inner URI once or twice, by the way in which it writes the outer one.
    """
    query = urlsplit(uri).query
    for _ in range(_MOST_DECODED):
        if query.startswith("rootUri=file:"):
            return local_path(query.removeprefix("rootUri="))
        query = unquote(query)
    return None


def _form(gatherer: Gatherer, buffer: CommitBuffer, text: Text) -> Form:
    from byline.commit_messages.buffer.form import INPUT

    return INPUT if buffer.is_input else gatherer.form(text.whole)


def _material(gatherer: Gatherer, buffer: CommitBuffer, text: Text) -> Material:
    if buffer.is_input:
        return gatherer.staged()
    whole = text.whole
    return gatherer.buffer(whole, gatherer.form(whole).comment)


def _findings(gatherer: Gatherer, buffer: CommitBuffer, text: Text) -> tuple[Sequence[Finding], Sequence[str]]:
    """What the rules and the plug-ins find in what a person has typed, and what is wrong with the plug-ins."""
    from byline.commit_messages.lint import lint
    from byline.commit_messages.plugins.plugged import objections

    rules, plugins = gatherer.rules(), gatherer.plugins
    form = _form(gatherer, buffer, text)
    whole = text.of_message(form).whole
    if gatherer.is_untouched(whole, form):
        return (), plugins.problems
    message = form.read(whole, rules.grammar)
    return (*lint(message, rules), *objections(message, rules, plugins)), plugins.problems
