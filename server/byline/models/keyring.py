"""The system's keyring, through the package `keyring`.

A keyring may speak to other processes and wait for a person. So it is asked in a thread of its own, which neither the
event loop nor the end of the process waits for, and never a second time while it has not answered.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial

SERVICE = "byline"
"""Under what name keys are in it; the user is the provider."""


class Keyring:
    """What the keyring has. For one event loop."""

    def __init__(self) -> None:
        """Nothing is imported or asked yet."""
        self._asking: dict[str, asyncio.Future[str | None]] = {}
        self._one_dialogue = threading.Lock()

    async def password(self, user: str) -> str | None:
        """The password of `user`; None where there is none, or no keyring. Raises what keyrings raise.

        Who is cancelled may ask again: an answer that is still to come is then waited for.
        """
        asking = self._asking.get(user)
        if asking is None or asking.done():
            loop = asyncio.get_running_loop()
            asking = self._asking[user] = loop.create_future()
            asking.add_done_callback(_look_at)
            threading.Thread(target=self._ask, args=(user, asking, loop), name="keyring", daemon=True).start()
        return await asyncio.shield(asking)

    def _ask(self, user: str, asking: asyncio.Future[str | None], loop: asyncio.AbstractEventLoop) -> None:
        try:
            with self._one_dialogue:
                tell = partial(asking.set_result, _password(user))
        except BaseException as error:  # noqa: BLE001 - it is for whoever asked; a panic must not end the loop
            tell = partial(asking.set_exception, error if isinstance(error, Exception) else RuntimeError())
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell)


def _password(user: str) -> str | None:
    import keyring
    from keyring.errors import NoKeyringError

    try:
        value = keyring.get_password(SERVICE, user)
    except NoKeyringError:  # a machine without a desktop: nothing is wrong with it
        return None
    return value if isinstance(value, str) else None


def _look_at(asking: asyncio.Future[str | None]) -> None:
    """An error for which nobody waits any more is no news; asyncio would report it."""
    if not asking.cancelled():
        asking.exception()
