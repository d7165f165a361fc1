"""From the greeting to the end of the process."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from support.raw_client import FRAME, RawClient, code, running
from support.raw_client import frame as framed

HOVER = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 1, "character": 2}}


def check_no_crash(errors: str) -> None:
    assert not [word for word in ("Traceback", "Fatal", "failed") if word in errors], errors


def test_exit_after_shutdown_is_success(frame: RawClient) -> None:
    assert frame.exit() == 0
    check_no_crash(frame.errors())


def test_exit_without_shutdown_is_failure(frame: RawClient) -> None:
    frame.notify("exit")
    assert frame.process.wait(5) == 1


def test_exit_before_the_greeting_is_failure(fresh: RawClient) -> None:
    fresh.notify("exit")
    assert fresh.process.wait(5) == 1


def test_end_of_input_ends_the_server(frame: RawClient) -> None:
    frame.process.stdin.close()
    assert frame.process.wait(5) == 1


def test_only_exit_is_welcome_after_shutdown(frame: RawClient) -> None:
    assert frame.request("shutdown") == {"jsonrpc": "2.0", "id": 2, "result": None}
    assert code(frame.request("textDocument/hover", HOVER)) == -32600
    assert code(frame.request("shutdown")) == -32600
    frame.notify("exit")
    assert frame.process.wait(5) == 0


def test_nothing_is_answered_before_the_greeting(fresh: RawClient) -> None:
    assert code(fresh.request("textDocument/hover", HOVER)) == -32002
    assert code(fresh.request("shutdown")) == -32002
    assert "capabilities" in fresh.initialize()


def test_a_second_greeting_is_refused(frame: RawClient) -> None:
    assert code(frame.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})) == -32600


def test_a_greeting_that_cannot_be_read_may_be_repeated(fresh: RawClient) -> None:
    assert code(fresh.request("initialize", {"capabilities": 7})) == -32602
    assert "capabilities" in fresh.initialize()


def test_a_thread_that_hangs_does_not_hold_the_process(frame: RawClient) -> None:
    frame.ask("test/hangInThread")
    frame.notified("test/began")
    start = time.monotonic()
    assert frame.exit() == 0
    assert time.monotonic() - start < 20


def test_the_server_ends_when_its_editor_is_killed_while_the_pipe_stays_open() -> None:
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with running(FRAME) as client:
        client.initialize(processId=editor.pid)
        editor.kill()
        editor.wait()
        assert client.process.wait(10) == 1
    editor.stdin.close()


def test_print_does_not_reach_the_client(frame: RawClient) -> None:
    assert frame.request("test/shout")["result"] == "printed"
    assert frame.exit() == 0
    assert "a stray print" in frame.errors()


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32"], "utf-32"),
        (["utf-7", "utf-16"], "utf-16"),
    ],
)
def test_the_position_encoding_is_the_clients_first_choice(fresh: RawClient, offered: list | None, chosen: str) -> None:
    general = {} if offered is None else {"general": {"positionEncodings": offered}}
    assert fresh.initialize(capabilities=general)["capabilities"]["positionEncoding"] == chosen


def test_many_exits_are_clean() -> None:
    """A reader that is still blocked must not crash the interpreter on its way out."""
    for _ in range(3):
        with running(FRAME) as client:
            client.initialize()
            assert client.exit() == 0
            check_no_crash(client.errors())


def test_a_client_that_never_reads_does_not_hold_the_process() -> None:
    """Far more waits to be written than a pipe holds; the server still notices that its input ended."""
    server = subprocess.Popen(FRAME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    greeting = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
    echo = {"jsonrpc": "2.0", "id": 2, "method": "test/echo", "params": "x" * 1_000_000}
    server.stdin.write(framed(json.dumps(greeting).encode()) + framed(json.dumps(echo).encode()))
    server.stdin.close()
    assert server.wait(10) == 1
    check_no_crash(server.stderr.read().decode())
    server.stdout.close()
    server.stderr.close()
