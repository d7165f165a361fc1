"""Git's objects, read through two processes that are kept: one tells sizes, the other gives contents."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import NamedTuple

from byline.git.errors import CommandFailed, ObjectTooLarge
from byline.git.oid import path_to_git
from byline.git.process import Conversation
from byline.git.runner import Runner

MIB = 1 << 20
LIMIT = 64 * MIB

_FOUND = re.compile(rb"([0-9a-f]{40,64}) (blob|tree|commit|tag) ([0-9]+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TIMEOUT = 60.0
_REQUESTS = 4096  # bytes of requests sent before their answers are read: any system's pipe holds them

_log = logging.getLogger(__name__)


class ObjectInfo(NamedTuple):
    """What an object is: its id, its type (`blob`, `tree`, `commit`, `tag`) and its size in bytes."""

    oid: str
    type: str
    size: int


class Objects:
    """The objects of one repository. Thread-safe; a process that died is started again, once for each question.

    A *spec* is an object id or any name that git understands (`HEAD:path`, `v1^{tree}`). One that holds a control
    character is never sent: it counts as missing.
    """

    def __init__(self, runner: Runner) -> None:
        self._lock = Lock()
        self._infos = _Batch(runner, "--batch-check", has_content=False)
        self._contents = _Batch(runner, "--batch", has_content=True)

    def size(self, spec: str) -> ObjectInfo | None:
        """What the object is, without reading it; None when it is missing. Raises CommandFailed."""
        return self.sizes([spec])[0]

    def sizes(self, specs: Sequence[str]) -> list[ObjectInfo | None]:
        """`size` of many, in their order. Raises CommandFailed."""
        with self._lock:
            return [found and found[0] for found in self._infos.ask(specs)]

    def read(self, spec: str, *, limit: int = LIMIT) -> bytes | None:
        """The content of an object; None when missing. Raises ObjectTooLarge over `limit` bytes, and CommandFailed."""
        return self.read_many([spec], limit=limit)[0]

    def read_many(self, specs: Sequence[str], *, limit: int = LIMIT) -> list[bytes | None]:
        """`read` of many, in their order; `limit` is for each. Raises ObjectTooLarge, CommandFailed."""
        return [found and found[1] for found in self.get_many(specs, limit=limit)]

    def get(self, spec: str, *, limit: int = LIMIT) -> tuple[ObjectInfo, bytes] | None:
        """What an object is, and its content; None when missing. Raises ObjectTooLarge, CommandFailed."""
        return self.get_many([spec], limit=limit)[0]

    def get_many(self, specs: Sequence[str], *, limit: int = LIMIT) -> list[tuple[ObjectInfo, bytes] | None]:
        """`get` of many, in their order; `limit` is for each. Raises ObjectTooLarge, CommandFailed."""
        infos = self.sizes(specs)
        for info in infos:
            if info and info.size > limit:
                raise ObjectTooLarge(info.oid, info.size, limit)
        with self._lock:  # asked by id: a name could mean another, larger object by now
            return self._contents.ask([info.oid if info else "" for info in infos])

    def close(self) -> None:
        """End the processes. The next question starts new ones."""
        with self._lock:
            self._infos.close()
            self._contents.close()


class _Batch:
    """One kept `git cat-file`."""

    def __init__(self, runner: Runner, mode: str, *, has_content: bool) -> None:
        self._runner = runner
        self._mode = mode
        self._has_content = has_content
        self._git: Conversation | None = None

    def ask(self, specs: Sequence[str]) -> list[tuple[ObjectInfo, bytes] | None]:
        """What each of `specs` is, and its content if this process gives contents, else b""."""
        try:
            return self._ask(specs)
        except CommandFailed as error:
            _log.debug("git cat-file is started again: %s", error)
            self.close()
        try:
            return self._ask(specs)
        except CommandFailed:
            self.close()
            raise

    def close(self) -> None:
        if self._git:
            self._git.close()
        self._git = None

    def _ask(self, specs: Sequence[str]) -> list[tuple[ObjectInfo, bytes] | None]:
        sendable = [spec for spec in specs if _is_sendable(spec)]
        if not sendable:
            return [None] * len(specs)
        if self._git is None:
            self._git = self._runner.converse(["cat-file", self._mode])
        git = self._git
        answers: list[tuple[ObjectInfo, bytes] | None] = []
        with git.within(_TIMEOUT):
            for requests in _batches([path_to_git(spec) + b"\n" for spec in sendable]):
                git.ask(b"".join(requests))
                answers += [self._answer(git) for _ in requests]
        following = iter(answers)
        return [next(following) if _is_sendable(spec) else None for spec in specs]

    def _answer(self, git: Conversation) -> tuple[ObjectInfo, bytes] | None:
        match = _FOUND.fullmatch(git.line())
        if match is None:  # missing, ambiguous, or a submodule's commit
            return None
        info = ObjectInfo(match[1].decode(), match[2].decode(), int(match[3]))
        return info, git.take(info.size + 1)[:-1] if self._has_content else b""


def _is_sendable(spec: str) -> bool:
    return bool(spec) and len(spec) < _REQUESTS // 4 and not _CONTROL.search(spec)


def _batches(requests: Sequence[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    room = _REQUESTS
    for request in requests:
        if batch and len(request) > room:
            yield batch
            batch, room = [], _REQUESTS
        batch.append(request)
        room -= len(request)
    if batch:
        yield batch
