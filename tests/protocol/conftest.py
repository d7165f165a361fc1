"""Servers for the tests of the frame."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.raw_client import FRAME, RawClient, running


@pytest.fixture
def frame() -> Iterator[RawClient]:
    """The frame with handlers that try it, greeted."""
    with running(FRAME) as client:
        client.initialize()
        yield client


@pytest.fixture
def fresh() -> Iterator[RawClient]:
    """The frame, not greeted yet."""
    with running(FRAME) as client:
        yield client


@pytest.fixture(scope="module")
def shared() -> Iterator[RawClient]:
    """Like `frame`, but one for all tests of a module: for what must leave no trace."""
    with running(FRAME) as client:
        client.initialize()
        yield client
        assert client.exit() == 0
