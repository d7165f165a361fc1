"""`kill -9` at any moment: what `byline/status` has acknowledged is still there when the server comes back.

The text says itself what is expected of it: a line's first word is its writer.
"""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.buffer import Buffer
from support.checks import check, check_live
from support.scenario import Scene
from support.wire import ServerGoneError

KILLS = int(os.environ.get("BYLINE_SERVER_KILLS", "20"))
LETTERS = {"old": "O", "agent": "A", "person": "H"}
LONGEST_LIFE = 0.25  # seconds


class Typist:
    """One client that is edited until its server is gone, and what it has been told is safe."""

    def __init__(self, buffer: Buffer, chance: random.Random) -> None:
        self.buffer = buffer
        self.chance = chance
        self.texts = {buffer.version: buffer.text}
        self.acknowledged = buffer.version

    def works(self) -> None:
        """Edit, keep every version's text, and ask now and then how far the journal is."""
        try:
            if not self.buffer.text.endswith("\n"):
                self._types("\n")
            while True:
                self._edit()
        except ServerGoneError:
            return

    def comes_back(self) -> None:
        """A new server; the editor shows the newest text that was acknowledged."""
        buffer = self.buffer
        buffer.version, buffer.text = self.acknowledged, self.texts[self.acknowledged]
        buffer.editor.restart()

    def finishes(self) -> None:
        """End the last line, write one more, and save."""
        self.buffer.types(append="\n" if not self.buffer.text.endswith("\n") else "person typed the end\n")
        self.buffer.saves()

    def _edit(self) -> None:
        number = self.chance.randrange(10_000)
        if self.chance.random() < 0.3:
            self.buffer.ai(append=f"agent wrote {number}\n")
            self._keep()
        else:
            self._types(f"person typed {number}\n")

    def _types(self, text: str) -> None:
        for key in text:
            self.buffer.types(append=key)
            self._keep()

    def _keep(self) -> None:
        self.texts[self.buffer.version] = self.buffer.text
        if self.chance.random() < 0.2:
            journalled = self.buffer.editor.status(self.buffer.uri)["journalled"].get(self.buffer.uri)
            if journalled is not None:
                assert journalled <= self.buffer.version, "nothing is acknowledged before it was sent"
                self.acknowledged = max(self.acknowledged, journalled)


def expected_of(text: str) -> str:
    """What `check` must find: each line's first word says who wrote it."""
    return " ".join(LETTERS.get(line.split()[0], "H") for line in text.splitlines())


@pytest.mark.timeout(60 + 6 * KILLS)
@pytest.mark.parametrize("clients", [1, 3])
def test_what_was_acknowledged_survives(scene: Scene, clients: int, seed: int) -> None:
    chance = random.Random(seed + clients)
    print(f"BYLINE_SEED={seed} BYLINE_SERVER_KILLS={KILLS}")
    typists = []
    for n in range(clients):
        buffer = scene.open(f"file_{n}.txt", "old line\n", editor=scene.new_editor())
        typists.append(Typist(buffer, random.Random(chance.random())))
    for _ in range((KILLS + 1) // 2):
        victim = chance.choice(typists)
        with ThreadPoolExecutor(clients) as pool:
            work = [pool.submit(typist.works) for typist in typists]
            threading.Event().wait(chance.random() * LONGEST_LIFE)
            for typist in [victim, *typists]:
                typist.buffer.editor.kill()
            for done in work:
                done.result()
        for typist in typists:
            typist.comes_back()
            check_live(typist.buffer, expected_of(typist.buffer.text))
    for typist in typists:
        typist.finishes()
    scene.commit()
    for typist in typists:
        check(scene, typist.buffer, expected_of(typist.buffer.text))
