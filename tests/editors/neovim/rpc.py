"""MessagePack-RPC with a running Neovim, over its socket: requests, one at a time."""

from __future__ import annotations

import socket
import time
from itertools import count
from pathlib import Path
from typing import Any

import msgpack

_PATIENCE = 20.0  # seconds


class RefusedError(AssertionError):
    """Neovim answered with an error."""


class Rpc:
    """One connection. Only for the thread that made it."""

    def __init__(self, address: Path) -> None:
        """Waits until somebody listens at `address`. Raises TimeoutError if nobody does."""
        self._socket = _connect(address)
        self._unpacker = msgpack.Unpacker(strict_map_key=False, ext_hook=lambda code, data: data)
        self._ids = count(1)

    def request(self, method: str, *params: Any) -> Any:
        """What Neovim answers. Raises RefusedError with its error."""
        number = next(self._ids)
        self._socket.sendall(msgpack.packb([0, number, method, list(params)]))
        while True:
            for message in self._unpacker:
                if message[0] == 1 and message[1] == number:
                    if message[2] is not None:
                        raise RefusedError(f"{method}: {message[2][1]}")
                    return message[3]
            received = self._socket.recv(65536)
            if not received:
                raise ConnectionError("Neovim has closed the connection")
            self._unpacker.feed(received)

    def close(self) -> None:
        self._socket.close()


def _connect(address: Path) -> socket.socket:
    end = time.monotonic() + _PATIENCE
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_PATIENCE)
        try:
            connection.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError) as problem:
            connection.close()
            if time.monotonic() > end:
                raise TimeoutError(f"nobody listens at {address}") from problem
            time.sleep(0.01)
        else:
            return connection
