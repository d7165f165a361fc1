"""Where the key of a provider comes from. It is held in memory, and nothing that can be printed shows it.

Python cannot wipe a string: what is promised is that a key is never written, logged or part of a `repr`, not that it
leaves no trace in the process's memory.
"""

from __future__ import annotations

import asyncio
import hmac
import importlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NoReturn, Protocol

from byline.models.errors import Misconfigured
from byline.models.question import Provider

_log = logging.getLogger(__name__)

VARIABLES: Mapping[Provider, str] = {"claude": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
KEYRING_SERVICE = "byline"
_LONGEST = 4096
_PATIENCE = 3.0  # seconds for an editor or a keyring, which may both show a dialogue of their own


class Key:
    """A provider's key. Only `reveal` gives it away."""

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str) -> None:
        """`source` says for people where it was found. Raises Misconfigured for what cannot be a key."""
        value = value.strip()
        if not value or len(value) > _LONGEST or not (value.isascii() and value.isprintable()) or " " in value:
            raise Misconfigured(f"The key from {source} is not one: it must be a single word; enter it again.")
        self._value = value
        self.source = source

    def reveal(self) -> str:
        """The key itself, for the one header that it goes into."""
        return self._value

    def __repr__(self) -> str:
        return f"<key from {self.source}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never written anywhere")


class KeySource(Protocol):
    """A place where keys are kept."""

    async def key(self, provider: Provider) -> Key | None:
        """The key of `provider`; None where there is none here. Raises Misconfigured for what cannot be a key."""

    def where(self, provider: Provider) -> str | None:
        """Where a key is known to be, in words, without asking anybody; None where none is known of."""

    def forget(self, provider: Provider) -> None:
        """The provider did not accept the key: ask for it again the next time."""


class EnvironmentKeys:
    """`ANTHROPIC_API_KEY` and `OPENAI_API_KEY`. An empty variable is none."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    async def key(self, provider: Provider) -> Key | None:
        """The variable's value."""
        value = self._env.get(VARIABLES[provider])
        return Key(value, VARIABLES[provider]) if value else None

    def where(self, provider: Provider) -> str | None:
        """The variable's name, where it is set."""
        return VARIABLES[provider] if self._env.get(VARIABLES[provider]) else None

    def forget(self, provider: Provider) -> None:
        """Nothing: a variable stays what it is."""


class AskedKeys:
    """Keys that somebody else keeps and is asked for once: an editor's secret store, the system's keyring."""

    def __init__(self, name: str, ask: Callable[[Provider], Awaitable[str | None]]) -> None:
        """`name` is for people. What `ask` raises, and no answer in three seconds, counts as no key."""
        self._name = name
        self._ask = ask
        self._known: dict[Provider, Key] = {}

    async def key(self, provider: Provider) -> Key | None:
        """The key that is known, or else the one that is given now."""
        if provider not in self._known:
            value = await self._asked(provider)
            if not value:
                return None
            self._known[provider] = Key(value, self._name)
        return self._known[provider]

    async def _asked(self, provider: Provider) -> str | None:
        try:
            return await asyncio.wait_for(self._ask(provider), _PATIENCE)
        except TimeoutError:
            _log.warning("%s gave no key for %s within %d s; going on without it", self._name, provider, _PATIENCE)
        except Exception as error:  # noqa: BLE001 - keyrings and editors fail in their own ways, and none may stop us
            _log.warning("%s cannot be asked for the key of %s: %s", self._name, provider, type(error).__name__)
        return None

    def where(self, provider: Provider) -> str | None:
        """The place's name, once it has given a key."""
        return self._name if provider in self._known else None

    def forget(self, provider: Provider) -> None:
        """Ask again the next time."""
        self._known.pop(provider, None)


def editor_keys(ask: Callable[[Provider], Awaitable[str | None]]) -> AskedKeys:
    """Keys from the editor's secret store, through its request `byline/credential`."""
    return AskedKeys("the editor", ask)


def keyring_keys() -> AskedKeys:
    """Keys from the system's keyring, service `byline`, user `claude` or `openai`; none without the package `keyring`.

    It may speak to other processes and show a dialogue, so it runs in a thread.
    """
    return AskedKeys("the keyring", lambda provider: asyncio.to_thread(_from_keyring, provider))


def _from_keyring(provider: Provider) -> str | None:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    value = keyring.get_password(KEYRING_SERVICE, provider)
    return value if isinstance(value, str) else None


class FirstOf:
    """Several places, asked in order: the first that has a key gives it."""

    def __init__(self, sources: Sequence[KeySource]) -> None:
        self._sources = tuple(sources)

    async def key(self, provider: Provider) -> Key | None:
        """The first key that is found."""
        for source in self._sources:
            if key := await source.key(provider):
                return key
        return None

    def where(self, provider: Provider) -> str | None:
        """The first place that is known to have one."""
        return next(filter(None, (source.where(provider) for source in self._sources)), None)

    def forget(self, provider: Provider) -> None:
        """Forget it everywhere."""
        for source in self._sources:
            source.forget(provider)
