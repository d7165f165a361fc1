"""Where the key of a provider comes from. It is held in memory, and nothing that can be printed shows it.

Python cannot wipe a string: what is promised is that a key is never written, logged or part of a `repr`, not that it
leaves no trace in the process's memory.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NoReturn, Protocol

from byline.models.errors import Misconfigured
from byline.models.keyring import Keyring
from byline.models.question import Provider

_log = logging.getLogger(__name__)

VARIABLES: Mapping[Provider, str] = {"claude": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
_IN_EDITORS: Mapping[Provider, str] = {"claude": "anthropic", "openai": "openai"}  # as `byline/credential` calls them
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

    def problem(self, provider: Provider) -> str | None:
        """Why a key that may be there could not be had when it was last looked for, and what to do; else None."""

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

    def problem(self, provider: Provider) -> str | None:
        """None: a variable can always be read."""

    def forget(self, provider: Provider) -> None:
        """Nothing: a variable stays what it is."""


class AskedKeys:
    """Keys that somebody else keeps and is asked for once: an editor's secret store, the system's keyring."""

    def __init__(self, name: str, ask: Callable[[Provider], Awaitable[str | None]]) -> None:
        """`name` is for people. What `ask` raises, and no answer in three seconds, counts as no key."""
        self._name = name
        self._ask = ask
        self._known: dict[Provider, Key] = {}
        self._problems: dict[Provider, str] = {}

    async def key(self, provider: Provider) -> Key | None:
        """The key that is known, or else the one that is given now."""
        if provider not in self._known:
            value = await self._asked(provider)
            if not value:
                return None
            self._known[provider] = Key(value, self._name)
        return self._known[provider]

    async def _asked(self, provider: Provider) -> str | None:
        self._problems.pop(provider, None)
        try:
            return await asyncio.wait_for(self._ask(provider), _PATIENCE)
        except TimeoutError:
            why = f"gave no answer within {_PATIENCE:.0f} s"
        except Exception as error:  # noqa: BLE001 - keyrings and editors fail in their own ways, and none may stop us
            why = f"cannot be asked ({type(error).__name__})"  # what it says may hold the key
        problem = f"{self._name[0].upper()}{self._name[1:]} {why}: unlock or start it, or set {VARIABLES[provider]}."
        self._problems[provider] = problem
        _log.warning("no key for %s: %s", provider, problem)
        return None

    def where(self, provider: Provider) -> str | None:
        """The place's name, once it has given a key."""
        return self._name if provider in self._known else None

    def problem(self, provider: Provider) -> str | None:
        """What went wrong when it was last asked."""
        return self._problems.get(provider)

    def forget(self, provider: Provider) -> None:
        """Ask again the next time."""
        self._known.pop(provider, None)


def editor_keys(ask: Callable[[str], Awaitable[str | None]]) -> AskedKeys:
    """Keys from the editor's secret store. `ask` asks it, by the name that editors have for a provider."""
    return AskedKeys("the editor", lambda provider: ask(_IN_EDITORS[provider]))


def keyring_keys() -> AskedKeys:
    """Keys from the system's keyring."""
    return AskedKeys("the keyring", Keyring().password)


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

    def problem(self, provider: Provider) -> str | None:
        """The first that any place has."""
        return next(filter(None, (source.problem(provider) for source in self._sources)), None)

    def forget(self, provider: Provider) -> None:
        """Forget it everywhere."""
        for source in self._sources:
            source.forget(provider)
