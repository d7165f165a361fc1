"""Every request is answered exactly once: with a result, an error in words, or as cancelled."""

from __future__ import annotations

from collections import Counter

import pytest

from support.raw_client import RawClient, code

SECRET = "hunter2-from-the-users-text"


def cancel(client: RawClient, msg_id: int) -> None:
    client.notify("$/cancelRequest", {"id": msg_id})


def question(client: RawClient) -> int | str:
    """The id of the server's next question."""
    return next(m["id"] for m in iter(client.receive, None) if m.get("method") == "test/question")


def check_answered_once(client: RawClient) -> None:
    """Ask one thing more, and see that no request had two answers, or none."""
    client.request("test/problems")
    answers = Counter(message["id"] for message in client.received if "method" not in message)
    last = max(id_ for id_ in answers if isinstance(id_, int))
    assert answers == Counter(range(1, last + 1))


@pytest.mark.parametrize("method", ["test/fail", "test/failLater"])
def test_a_failure_is_an_answer_without_the_users_text(frame: RawClient, method: str) -> None:
    answer = frame.request(method, {"secret": SECRET})
    assert code(answer) == -32603
    assert SECRET not in str(answer)
    assert frame.request("test/problems")["result"] == [{"where": method, "what": "RuntimeError", "count": 1}]
    check_answered_once(frame)
    frame.exit()
    assert "RuntimeError" in frame.errors()
    assert SECRET not in frame.errors()


def test_a_result_that_cannot_be_sent_is_a_failure(frame: RawClient) -> None:
    assert code(frame.request("test/unsendable")) == -32603
    check_answered_once(frame)


def test_unknown_requests_and_notifications(frame: RawClient) -> None:
    assert code(frame.request("textDocument/nonsense", {})) == -32601
    frame.notify("textDocument/nonsense", {})
    frame.notify("$/nonsense", {})
    assert frame.request("test/problems")["result"] == []
    check_answered_once(frame)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"textDocument": {"uri": "file:///a.py"}, "position": {"line": SECRET, "character": 0}}, "position.line"),
        ({"position": {"line": 0, "character": 0}}, "textDocument"),
        ([SECRET], "object"),
        (None, ""),
    ],
)
def test_parameters_that_do_not_fit_are_named_and_not_repeated(frame: RawClient, params: object, field: str) -> None:
    answer = frame.request("textDocument/hover", params)
    assert code(answer) == -32602
    assert field in answer["error"]["message"]
    assert SECRET not in str(answer)
    check_answered_once(frame)


@pytest.mark.parametrize("method", ["test/wait", "test/waitInThread"])
def test_a_running_request_is_cancelled_and_its_work_stops(frame: RawClient, method: str) -> None:
    msg_id = frame.ask(method)
    frame.notified("test/began")
    cancel(frame, msg_id)
    assert code(frame.answer(msg_id)) == -32800
    while not frame.request("test/stopped")["result"]:
        pass
    check_answered_once(frame)


@pytest.mark.parametrize("command", ["test.wait", "test.waitInThread"])
def test_a_running_command_is_cancelled_and_its_work_stops(frame: RawClient, command: str) -> None:
    msg_id = frame.ask("workspace/executeCommand", {"command": command, "arguments": [{}]})
    frame.notified("test/began")
    cancel(frame, msg_id)
    assert code(frame.answer(msg_id)) == -32800
    while not frame.request("test/stopped")["result"]:
        pass
    check_answered_once(frame)


def test_a_request_cancelled_while_it_queues_never_begins(frame: RawClient) -> None:
    frame.ask("test/block")
    queued = frame.ask("test/wait")
    cancel(frame, queued)
    assert code(frame.answer(queued)) == -32800
    assert "test/began" not in [message.get("method") for message in frame.received]
    check_answered_once(frame)


def test_cancelling_what_is_answered_or_unknown_changes_nothing(frame: RawClient) -> None:
    assert frame.request("test/echo", 1)["result"] == 1
    for msg_id in (2, 999, "x", None, [], {}):
        frame.notify("$/cancelRequest", {"id": msg_id})
    frame.notify("$/cancelRequest", None)
    assert frame.request("test/echo", 2)["result"] == 2
    check_answered_once(frame)


def test_shutdown_cancels_what_is_running(frame: RawClient) -> None:
    running = frame.ask("test/wait")
    frame.notified("test/began")
    shutdown = frame.ask("shutdown")
    answers = {(m := frame.receive())["id"]: m for _ in range(2)}
    assert code(answers[running]) == -32800
    assert answers[shutdown]["result"] is None


def test_an_id_that_is_in_use_is_refused(frame: RawClient) -> None:
    first = frame.ask("test/wait")
    frame.notified("test/began")
    frame.send({"jsonrpc": "2.0", "id": first, "method": "test/echo", "params": 1})
    assert code(frame.answer(first)) == -32600
    cancel(frame, first)
    assert code(frame.answer(first)) == -32800


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ([{"a": 1}], {"a": 1}),
        ([{"jsonrpc": "2.0", "id": 1, "method": "initialize"}], {"jsonrpc": "2.0", "id": 1, "method": "initialize"}),
        ([], {}),
        (None, {}),
        ([1], -32602),
        ([{}, {}], -32602),
        ("x", -32602),
    ],
)
def test_a_command_takes_one_object(shared: RawClient, arguments: object, outcome: object) -> None:
    answer = shared.request("workspace/executeCommand", {"command": "test.now", "arguments": arguments})
    assert answer.get("result", code(answer)) == outcome


def test_an_unknown_command_is_refused(frame: RawClient) -> None:
    assert code(frame.request("workspace/executeCommand", {"command": SECRET})) == -32602
    check_answered_once(frame)


def test_an_object_with_a_key_jsonrpc_is_just_an_object(frame: RawClient) -> None:
    params = {"jsonrpc": "2.0", "method": "exit", "inner": [{"jsonrpc": "2.0", "id": 1, "result": None}], "as": 1}
    assert frame.request("test/echo", params)["result"] == params


# --- the server's own requests ------------------------------------------------------------------------------------


def test_the_clients_answer_and_its_refusal_reach_the_handler(frame: RawClient) -> None:
    asked = frame.ask("test/ask", {"timeout": 5})
    asking = question(frame)
    frame.send({"jsonrpc": "2.0", "id": asking, "result": {"as": "given"}})
    assert frame.answer(asked)["result"] == {"as": "given"}

    asked = frame.ask("test/ask", {"timeout": 5})
    asking = question(frame)
    frame.send({"jsonrpc": "2.0", "id": asking, "error": {"code": 1, "message": "not now"}})
    assert frame.answer(asked)["result"] == "not now"


def test_an_answer_that_comes_too_late_does_no_harm(frame: RawClient) -> None:
    asked = frame.ask("test/ask", {"timeout": 0.01})
    asking = question(frame)
    assert frame.answer(asked)["result"] == "no answer"
    assert {"id": asking} in [m.get("params") for m in frame.received if m.get("method") == "$/cancelRequest"]
    for answer in ({"result": 1}, {"error": {"code": 1, "message": "late"}}, {"error": 7}, {}):
        frame.send({"jsonrpc": "2.0", "id": asking, **answer})
    assert frame.request("test/problems")["result"] == []


def test_a_request_cancelled_while_the_client_thinks_cancels_the_question(frame: RawClient) -> None:
    asked = frame.ask("test/ask", {"timeout": 5})
    asking = question(frame)
    cancel(frame, asked)
    assert frame.notified("$/cancelRequest") == {"id": asking}
    assert code(frame.answer(asked)) == -32800
    frame.send({"jsonrpc": "2.0", "id": asking, "result": 1})
    assert frame.request("test/problems")["result"] == []


# --- what nobody waits for ----------------------------------------------------------------------------------------


def test_a_failing_notification_is_counted_and_never_shown(frame: RawClient) -> None:
    for _ in range(20):
        frame.notify("test/fail", {"secret": SECRET})
    problems = frame.request("test/problems")["result"]
    assert problems == [{"where": "test/fail", "what": "RuntimeError", "count": 20}]
    assert [m for m in frame.received if m.get("method") == "window/showMessage"] == []
    frame.exit()
    assert frame.errors().count("test/fail failed: RuntimeError") == 1


def test_who_keeps_the_loop_busy_is_logged_by_name(frame: RawClient) -> None:
    frame.request("test/block")
    frame.exit()
    assert "test/block kept the event loop busy" in frame.errors()
