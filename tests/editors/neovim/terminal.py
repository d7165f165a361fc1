"""A terminal for a program: a pseudo-terminal whose screen is kept, and keys that go in as a keyboard sends them."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

LINES, COLUMNS = 30, 120
_CONTROL_STRING = re.compile(rb"\x1bP.*?\x1b\\", re.DOTALL)  # pyte would show them


class _Screen(pyte.Screen):
    """A screen that answers what a program asks its terminal."""

    def __init__(self, fd: int) -> None:
        super().__init__(COLUMNS, LINES)
        self._fd = fd

    def write_process_input(self, data: str) -> None:
        os.write(self._fd, data.encode())


class Terminal:
    """One program and its screen, which a thread keeps up to date."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._fd = ours
        self._screen = _Screen(ours)
        self._lock = threading.Lock()
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, **terminal},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, keys: str | bytes) -> None:
        """Keys or escape sequences, as a terminal sends them."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    @property
    def lines(self) -> list[str]:
        """The screen as it is now, without trailing blanks."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display]

    def end(self) -> None:
        """End the program, whatever it does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(5)
        os.close(self._fd)

    def _read(self) -> None:
        stream = pyte.ByteStream(self._screen)
        rest = b""
        while True:
            try:
                data = os.read(self._fd, 65536)
            except OSError:  # the program has ended: its side is closed
                return
            if not data:
                return
            *whole, rest = _CONTROL_STRING.split(rest + data)
            held = rest.rfind(b"\x1bP")  # a control string that goes on in the next piece
            now, rest = (rest, b"") if held < 0 else (rest[:held], rest[held:])
            with self._lock:
                stream.feed(b"".join([*whole, now]))
