"""Bytes that no proper client sends: the server says what is wrong, and goes on."""

from __future__ import annotations

import json
import random

import pytest

from support.raw_client import FRAME, RawClient, code, running
from support.raw_client import frame as framed

ECHO = {"jsonrpc": "2.0", "id": "still-here", "method": "test/echo", "params": "yes"}


def check_alive(client: RawClient) -> None:
    client.send(ECHO)
    assert client.answer("still-here")["result"] == "yes"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"jsonrpc": "2.0", "id": 1, "method": "test/echo", "params": "\xff\xfe"}',
        b'{"a": ' * 20_000,
        b"[" * 100_000,
        b"1" * 10_000,
    ],
    ids=["empty", "cut off", "no JSON", "not UTF-8", "deep objects", "deep lists", "a huge number"],
)
def test_a_body_that_is_no_json(shared: RawClient, body: bytes) -> None:
    shared.write(framed(body))
    assert code(shared.answer(None)) == -32700
    check_alive(shared)


@pytest.mark.parametrize(
    "message",
    [7, "x", None, [ECHO], {"jsonrpc": "2.0", "id": None, "method": "test/echo"}]
    + [{"jsonrpc": "2.0", "id": bad, "method": "test/echo"} for bad in ([], {}, 1.5, True)],
)
def test_json_that_is_no_message(shared: RawClient, message: object) -> None:
    shared.send(message)
    assert code(shared.answer(None)) == -32600
    check_alive(shared)


@pytest.mark.parametrize(
    "message", [{}, {"id": []}, {"id": 77, "result": 1}, {"id": "x", "error": {}}, {"method": 7, "id": {}}]
)
def test_answers_to_nothing_are_ignored(shared: RawClient, message: dict) -> None:
    shared.send({"jsonrpc": "2.0", **message})
    check_alive(shared)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: banana\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 99999999999999999999999\r\n\r\n",
        b"X-Nothing: 1\r\n\r\n",
        b"\r\n",
        b"x" * 10_000 + b"\r\n\r\n",
        b"a: b\r\n" * 100 + b"\r\n",
        b'Content-Length: x\r\n\r\n{"jsonrpc": "2.0"}',
    ],
    ids=["a word", "negative", "astronomic", "missing", "blank", "a long line", "many lines", "a body without length"],
)
def test_a_bad_header_costs_no_more_than_its_own_message(shared: RawClient, header: bytes) -> None:
    shared.write(header)
    assert code(shared.answer(None)) == -32700
    check_alive(shared)


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"Content-Type: x\r\nContent-Length:%d\r\n\r\n",
        b"Content-Length: %d\n\n",
    ],
)
def test_headers_that_other_clients_write(shared: RawClient, header: bytes) -> None:
    body = json.dumps(ECHO).encode()
    shared.write(header % len(body) + body)
    assert shared.answer("still-here")["result"] == "yes"


def test_a_message_that_is_too_long_is_read_past(shared: RawClient) -> None:
    size = 65 * 1024 * 1024
    shared.write(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(65):
        shared.write(b" " * (1024 * 1024))
    assert code(shared.answer(None)) == -32700
    check_alive(shared)


def test_messages_may_come_in_any_pieces(shared: RawClient) -> None:
    """Cut in the middle of headers and of characters; and several in one piece."""
    text = "gr\u00fc\u00df dich \U0001f600"
    messages = [{"jsonrpc": "2.0", "id": f"m{i}", "method": "test/echo", "params": text * i} for i in range(20)]
    data = b"".join(framed(json.dumps(m, ensure_ascii=False).encode()) for m in messages)
    dice = random.Random(3)
    while data:
        size = dice.choice((1, 2, 3, 7, 50, 400))
        shared.write(data[:size])
        data = data[size:]
    for message in messages:
        assert shared.answer(message["id"])["result"] == message["params"]


def test_half_a_message_and_then_the_end() -> None:
    with running(FRAME) as client:
        client.initialize()
        client.write(b"Content-Length: 100\r\n\r\n{")
        client.process.stdin.close()
        assert client.process.wait(5) == 1
