"""The one HTTP client, and the model libraries, imported where nobody waits.

Importing `anthropic` takes a second, reading the certificates 50 ms; both happen in a thread.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import importlib
import logging
import ssl
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from byline.models.endpoints import Endpoint

if TYPE_CHECKING:
    from types import ModuleType

    import httpx2

T = TypeVar("T")

# What these log at lower levels holds whole requests.
_TALKATIVE = ("anthropic", "httpx2", "httpcore2")
_CONNECT = 10.0  # seconds


def open_client(endpoint: Endpoint) -> httpx2.AsyncClient:
    """A client for `endpoint`; to be called in a thread.

    It follows no redirect, because that would send a text on to an address that nobody chose. It goes through the
    proxies of the environment, but never to this machine itself. Only connecting has a limit of its own: the rest is
    under the deadline of the question.
    """
    import httpx2

    silence_libraries()
    direct = {f"all://{_host(endpoint)}": None} if endpoint.loopback else {}
    return httpx2.AsyncClient(
        verify=_trust(),
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=_CONNECT),
        mounts=direct,
        headers={"accept-encoding": "identity"},  # nothing that unpacks to more than was sent
    )


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are trusted: the system's choice, or that of SSL_CERT_FILE. Reading them takes 50 ms."""
    import httpx2

    return httpx2.create_ssl_context()


def load(name: str) -> ModuleType:
    """The module `name`; to be called in a thread.

    `anthropic` brings so many objects that collecting garbage in the middle of its import stops every thread for 50 ms.
    What a library brings stays for good, so afterwards the collector need not look at it again.
    """
    if name in sys.modules:
        return sys.modules[name]
    collecting = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def silence_libraries() -> None:
    """Only warnings of the libraries are logged. After their import, which may set their levels (`ANTHROPIC_LOG`)."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _host(endpoint: Endpoint) -> str:
    return f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host


class Opened(Generic[T]):
    """Something that is made once, in a thread, when it is first needed; whoever comes meanwhile waits for the same.

    Whoever is cancelled while waiting does not stop it for the others. What failed is tried again the next time.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._making: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The thing. Raises what making it raises."""
        if self._making is None or (self._making.done() and _failed(self._making)):
            self._making = asyncio.create_task(asyncio.to_thread(self._make))
        return await asyncio.shield(self._making)

    @property
    def now(self) -> T | None:
        """The thing, where it has been made."""
        made = self._making
        return made.result() if made is not None and made.done() and not _failed(made) else None


def _failed(task: asyncio.Task[T]) -> bool:
    return task.cancelled() or task.exception() is not None
