"""What a person has installed beside Byline to write or check messages their own way.

Packages announce it under the entry point group `byline.commit_messages`. Each entry is an object, be it a module, with
a function `generate(commit)` that gives messages for a `StagedCommit`, or `check(message)` that gives sentences about
one, or both. They run in this process with all its rights, and so only where the person trusts the folder.

A stranger's code may fail, print, or never come back. It runs in threads that nobody has to wait for.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from byline.commit_messages.plugins.staged_commit import StagedCommit

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "byline.commit_messages"
"""The entry point group."""

PATIENCE: Final = 1.0
"""Seconds that an editor waits for all plug-ins together."""

PATIENCE_OF_A_TERMINAL: Final = 5.0
"""The same of a command, which loads them anew each time."""

_MOST_ANSWERS = 10
_LONGEST = 10_000
_LONGEST_NAME = 60
_LONGEST_REASON = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and the name of the plug-in that it is from."""

    plugin: str
    text: str


def _installed() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points  # it takes 15 ms, which only those who ask are to wait

    return entry_points(group=GROUP)


class Plugins:
    """The plug-ins of this process. They are loaded when something is first asked of them; asking blocks.

    Any thread may ask; they are asked one thing at a time. One that is not loaded in time takes part as soon as it is.
    One that does not answer in time is never asked again. `problems` are sentences about those that could not be
    loaded, failed, or did not answer, as it was after the last question; they hold no text of the person's.
    """

    def __init__(self, entries: Callable[[], Iterable[EntryPoint]] | None = None, patience: float = PATIENCE) -> None:
        """`entries` are what is installed, unless said otherwise; `patience` is in seconds."""
        self.problems: tuple[str, ...] = ()
        self._entries = entries or _installed
        self._patience = patience
        self._turn = threading.Lock()
        self._begun = False
        self._loading: dict[str, _Call] = {}
        self._loaded: dict[str, Any] = {}
        self._failures: dict[tuple[str, str], str] = {}  # by plug-in and function, "" where that does not matter

    def generated(self, commit: StagedCommit) -> list[Said]:
        """The messages that the plug-ins give for `commit`, by the plug-ins' names."""
        return self._asked("generate", [commit])[0]

    def checked(self, messages: Sequence[str]) -> list[list[Said]]:
        """What the plug-ins say about each of `messages`, in sentences, by the plug-ins' names."""
        return self._asked("check", messages)

    def _asked(self, function: str, arguments: Sequence[object]) -> list[list[Said]]:
        """What the plug-ins answer to each of `arguments`; for all of them together there is one time limit."""
        found: list[list[Said]] = [[] for _ in arguments]
        with self._turn:
            self._load()
            plugins = sorted(self._loaded.items())
            asked = {name: _Call(partial(_answers, plugin, function, arguments)) for name, plugin in plugins}
            _wait(asked, self._patience)
            for name, call in asked.items():
                for place, texts in zip(found, self._outcome(name, function, call), strict=False):
                    place += [Said(name, text) for text in texts]
            late = (f"The plug-in {name} is still being loaded; it is left out until then." for name in self._loading)
            self.problems = (*self._failures.values(), *late)
        return found

    def _outcome(self, name: str, function: str, call: _Call) -> list[list[str]]:
        """What came of a call: the answers, or nothing and a failure."""
        self._failures.pop((name, function), None)
        if call.is_alive():
            del self._loaded[name]
            self._failures[name, ""] = (
                f"The plug-in {name} did not answer within {self._patience:g} s and is not asked again; mend or remove "
                "it, then start Byline anew."
            )
            return []
        if call.error is not None:
            self._failures[name, function] = _failed(name, function, call.error)
            return []
        answers: list[list[str]] = call.answer
        return answers

    def _load(self) -> None:
        """Begin to load them, once, and see which are loaded by now."""
        if not self._begun:
            self._begun = True
            for entry in self._listed():
                name = "".join(c if c.isalnum() or c in "._-" else "_" for c in entry.name[:_LONGEST_NAME])
                if name in self._loading:
                    self._failures[name, "name"] = f"Several plug-ins are called {name}; only one of them is used."
                else:
                    self._loading[name] = _Call(entry.load)
            _wait(self._loading, self._patience)
        for name, call in [pair for pair in self._loading.items() if not pair[1].is_alive()]:
            del self._loading[name]
            if call.error is None:
                self._loaded[name] = call.answer
            else:
                why = f"{type(call.error).__name__}: {call.error}"[:_LONGEST_REASON]
                self._failures[name, ""] = f"The plug-in {name} cannot be loaded ({why}); update or remove it."

    def _listed(self) -> list[EntryPoint]:
        """What is installed; nothing where that cannot be read."""
        listing = _Call(lambda: sorted(self._entries(), key=lambda each: (each.name, each.value)))
        _wait({"": listing}, self._patience)
        if listing.error is not None or listing.is_alive():
            self._failures["", ""] = "What is installed cannot be listed, so no plug-in is used; `pip check` says more."
            return []
        listed: list[EntryPoint] = listing.answer
        return listed


NO_PLUGINS: Final = Plugins(entries=tuple)
"""Where nothing of a stranger's may run."""

INSTALLED: Final = Plugins()
"""Those that are installed, for a process that goes on."""


class _Call(threading.Thread):
    """One call of a stranger's code. It ends with this process, if it does not end before."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(name="byline-plug-in", daemon=True)
        self._work = work
        self.answer: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Call it."""
        try:
            self.answer = self._work()
        except BaseException as error:  # noqa: BLE001 - anything can come out of it, SystemExit too; it is reported
            self.error = error


def _wait(calls: Mapping[str, _Call], patience: float) -> None:
    """Make the calls, all at once. What they print is no part of a command's answer."""
    if not calls:
        return
    deadline = time.monotonic() + patience
    with redirect_stdout(sys.stderr):
        for call in calls.values():
            call.start()
        for call in calls.values():
            call.join(max(0.0, deadline - time.monotonic()))


def _answers(plugin: Any, function: str, arguments: Sequence[object]) -> list[list[str]]:
    """The first texts that a plug-in gives for each argument, none if it has no such function.

    Raises TypeError for what is no text.
    """
    ask = getattr(plugin, function, None)
    return [_texts(ask(argument)) if ask else [] for argument in arguments]


def _texts(given: Iterable[str] | None) -> list[str]:
    answers = [given] if isinstance(given, str) else list(islice(given or (), _MOST_ANSWERS))
    if not all(isinstance(answer, str) for answer in answers):
        raise TypeError("a plug-in gives texts")
    return [answer[:_LONGEST] for answer in answers if answer.strip()]


def _failed(name: str, function: str, error: BaseException) -> str:
    """The sentence about it. The error's own text may repeat some of the person's, so only its kind is told."""
    log.warning(
        "the plug-in %s failed with %s\n%s",
        name,
        type(error).__name__,
        "".join(traceback.format_tb(error.__traceback__)),
    )
    return f"The plug-in {name} failed in {function} ({type(error).__name__}) and is left out here; mend or remove it."
