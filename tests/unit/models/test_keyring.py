"""The system's keyring: asked aside, never twice at a time, and never waited for at the end."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.errors import NoKeyringError
from scripted import Desk, question

from byline.models import keyring_keys, keys
from byline.models.errors import NoModel, NotAuthenticated

CANARY = "canary-key"
GetPassword = Callable[[str, str], object]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[GetPassword], None]:
    """Let the keyring answer so."""
    monkeypatch.setattr(keys, "_PATIENCE", 0.2)
    return lambda answer: monkeypatch.setattr(keyring, "get_password", answer)


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """An event for keyrings that wait for a person, who comes when the test is over."""
    event = threading.Event()
    yield event
    event.set()


async def test_the_key_of_each_provider_is_found(install: Callable[[GetPassword], None]) -> None:
    install(lambda service, user: f"{service}-{user}")
    found = keyring_keys()
    for provider in ("claude", "openai"):
        key = await found.key(provider)
        assert key is not None
        assert key.reveal() == f"byline-{provider}"
        assert (found.where(provider), found.problem(provider)) == ("the keyring", None)


async def test_a_machine_without_a_keyring_has_no_key_and_no_problem(install: Callable[[GetPassword], None]) -> None:
    def refused(service: str, user: str) -> str:
        raise NoKeyringError

    install(refused)
    found = keyring_keys()
    assert await found.key("claude") is None
    assert (found.where("claude"), found.problem("claude")) == (None, None)


async def test_a_refused_key_is_looked_up_again(install: Callable[[GetPassword], None]) -> None:
    given = iter(["old", "new"])
    install(lambda service, user: next(given))
    desk = Desk({}, keys=keyring_keys(), order=("claude",))
    desk.scripts["claude"] = (NotAuthenticated("No."), "yes")
    with pytest.raises(NotAuthenticated):
        await desk.models.ask(question())
    assert (await desk.models.ask(question())).text == "yes"


class KeyringLocked(Exception):  # noqa: N818 - the name that it has in the package
    """What a locked keyring raises."""


def fail(error: BaseException) -> GetPassword:
    def answer(service: str, user: str) -> object:
        raise error

    return answer


LOCKED = "The keyring cannot be asked (KeyringLocked): unlock or start it, or set"
FAILURES: list[tuple[str, GetPassword, str | None]] = [
    (
        "is locked",
        fail(KeyringLocked(CANARY)),
        "The keyring cannot be asked (KeyringLocked): unlock or start it, or set",
    ),
    ("panics", fail(SystemExit(CANARY)), LOCKED.replace("KeyringLocked", "RuntimeError")),
    ("has nothing", lambda service, user: None, None),
    ("has something else", lambda service, user: b"bytes", None),
]


@pytest.mark.parametrize(("name", "answer", "told"), FAILURES, ids=[row[0] for row in FAILURES])
async def test_a_keyring_that(
    name: str,
    answer: GetPassword,
    told: str | None,
    install: Callable[[GetPassword], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    install(answer)
    desk = Desk({}, keys=keyring_keys(), order=("claude",))
    with pytest.raises(NoModel):
        await desk.models.ask(question())
    health = desk.models.health()[0]
    assert health.state == "no key"
    assert health.problem == (f"{told} ANTHROPIC_API_KEY." if told else None)
    assert (told or "") in caplog.text
    assert CANARY not in caplog.text


async def test_a_keyring_that_waits_for_a_person_is_asked_once(
    install: Callable[[GetPassword], None], never: threading.Event
) -> None:
    asked: list[str] = []

    def answer(service: str, user: str) -> object:
        asked.append(user)
        never.wait()
        return "key"

    install(answer)
    found = keyring_keys()
    started = time.monotonic()
    assert await asyncio.gather(*(found.key("claude") for _ in range(5))) == [None] * 5
    assert time.monotonic() - started < 2
    assert "gave no answer" in (found.problem("claude") or "")
    assert await found.key("claude") is None
    assert asked == ["claude"]
    never.set()  # the person has unlocked it
    key = await found.key("claude")
    assert key is not None
    assert (asked, found.problem("claude")) == (["claude"], None)


async def test_one_dialogue_at_a_time(install: Callable[[GetPassword], None], monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = threading.Lock()
    wanted = threading.Barrier(2)  # both have been asked for before the first one ends

    def answer(service: str, user: str) -> object:
        assert dialogue.acquire(blocking=False)
        if user == "claude":
            wanted.wait(5)
        dialogue.release()
        return user

    install(answer)
    found = keyring_keys()
    monkeypatch.setattr(keys, "_PATIENCE", 10.0)
    asking = [asyncio.create_task(found.key(provider)) for provider in ("claude", "openai")]
    await asyncio.sleep(0)
    await asyncio.to_thread(wanted.wait, 5)
    assert None not in await asyncio.gather(*asking)


async def test_a_model_that_needs_no_key_is_asked_whatever_the_keyring_does(
    install: Callable[[GetPassword], None], never: threading.Event
) -> None:
    install(lambda service, user: never.wait())
    desk = Desk({"OPENAI_BASE_URL": "http://localhost:1/v1"}, keys=keyring_keys())
    assert (await desk.models.ask(question(), deadline=5)).text == "ja"


HANGING = """
import asyncio, keyring, threading
keyring.get_password = lambda *_: threading.Event().wait()
from byline.models import keyring_keys, keys
keys._PATIENCE = 0.05
print(asyncio.run(keyring_keys().key("claude")))
"""


def test_the_process_ends_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", HANGING], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout == "None\n"


BACKEND = """
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

class Mine(KeyringBackend):
    priority = 1
    def get_password(self, service, user):
        if user == "openai":
            raise KeyringLocked("canary-key")
        return f"{service}:{user}"
    def set_password(self, service, user, password): ...
    def delete_password(self, service, user): ...
"""
ASKING = """
import asyncio
from byline.models import keyring_keys
async def main():
    found = keyring_keys()
    print((await found.key("claude")).reveal(), await found.key("openai"), found.problem("openai"))
asyncio.run(main())
"""


def test_with_the_real_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PYTHON_KEYRING_BACKEND` names a backend of ours, so that no keyring of the person is touched."""
    (tmp_path / "own_backend.py").write_text(BACKEND)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "own_backend.Mine")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    done = subprocess.run([sys.executable, "-c", ASKING], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.startswith("byline:claude None The keyring cannot be asked (KeyringLocked): unlock")
    assert CANARY not in done.stdout + done.stderr
