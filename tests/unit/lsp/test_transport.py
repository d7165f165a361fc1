"""The two threads between the pipes and the event loop."""

from __future__ import annotations

import io
import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.lsp.transport import MAX_BODY, Malformed, Reader, Writer, read_message

TIMEOUT = 10.0


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def read_all(data: bytes) -> list[object]:
    stream = io.BytesIO(data)
    messages = []
    while True:
        try:
            messages.append(read_message(stream))
        except EOFError:
            return messages


VALUES = st.none() | st.integers() | st.text()


@given(st.lists(VALUES | st.lists(VALUES) | st.dictionaries(st.text(), VALUES), max_size=4))
def test_messages_come_out_as_they_went_in(messages: list[object]) -> None:
    assert read_all(b"".join(framed(json.dumps(message).encode()) for message in messages)) == messages


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_end_or_be_refused(data: bytes) -> None:
    read_all(data)
    read_all(b"Content-Length: 20\r\n\r\n" + data)


PIECES = [b"\r\n", b"\n", b"Content-Length: ", b"5", b"x", b"{}", b":", b"\r"]


@given(st.lists(st.sampled_from(PIECES), max_size=4).map(b"".join))
def test_a_good_message_behind_anything_is_found_again(rubbish: bytes) -> None:
    """After the length, 555 bytes at most, that the rubbish may claim."""
    good = framed(b'"good"')
    assert "good" in read_all(rubbish + b"\r\n\r\n" + good * 40)


def test_a_body_that_is_too_long_is_not_kept() -> None:
    class Endless(io.RawIOBase):
        largest = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            self.largest = max(self.largest, len(buffer))
            buffer[:] = bytes(len(buffer))
            return len(buffer)

    endless = Endless()
    stream = io.BufferedReader(endless)  # type: ignore[arg-type]
    header = io.BytesIO(b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1))

    class Stream(io.BytesIO):
        readline = header.readline  # type: ignore[assignment]
        read = stream.read  # type: ignore[assignment]

    assert isinstance(read_message(Stream()), Malformed)
    assert endless.largest <= 1 << 20


def test_the_reader_waits_while_nobody_deals_with_its_messages() -> None:
    count = 2000
    arrived: list[object] = []
    ended = threading.Event()
    reader = Reader(io.BytesIO(framed(b"1") * count), arrived.append, ended.set)
    reader.start()
    assert not ended.wait(0.05)
    assert len(arrived) < count
    for _ in range(count):
        reader.done()
    assert ended.wait(TIMEOUT)
    assert len(arrived) == count


def test_the_writer_keeps_order_across_threads_and_loses_nothing() -> None:
    stream = io.BytesIO()
    writer = Writer(stream, lost=pytest.fail)

    def send(thread: int) -> None:
        for number in range(200):
            writer.write(json.dumps([thread, number]).encode())

    threads = [threading.Thread(target=send, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    written = read_all(stream.getvalue())
    assert sorted(written) == [[i, n] for i in range(4) for n in range(200)]  # type: ignore[type-var]
    for i in range(4):
        assert [m[1] for m in written if m[0] == i] == list(range(200))  # type: ignore[index]


def test_a_client_that_does_not_read_neither_stops_the_sender_nor_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("byline.lsp.transport._MAX_UNSENT", 1 << 20)
    reading, writing = os.pipe()
    lost = threading.Event()
    with os.fdopen(writing, "wb", buffering=0) as stream, os.fdopen(reading, "rb"):
        writer = Writer(stream, lost.set)
        for _ in range(40):
            writer.write(b" " * 100_000)
        assert lost.is_set()
    writer.close()


def test_a_broken_pipe_is_told_once() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    losses: list[int] = []
    lost = threading.Event()
    with os.fdopen(writing, "wb", buffering=0) as stream:
        writer = Writer(stream, lambda: (losses.append(1), lost.set()))  # type: ignore[arg-type, return-value]
        for _ in range(10):
            writer.write(b"x")
        assert lost.wait(TIMEOUT)
        writer.write(b"x")
        writer.close()
    assert losses == [1]
