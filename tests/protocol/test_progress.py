"""Progress: begun and ended exactly once, never going back, and cancelled by the person."""

from __future__ import annotations

import pytest

from support.raw_client import FRAME, RawClient, code, running

CAN_SHOW = {"window": {"workDoneProgress": True}}


def shown(client: RawClient) -> list[tuple]:
    values = [m["params"]["value"] for m in client.received if m.get("method") == "$/progress"]
    return [(v["kind"], v.get("percentage"), v.get("message")) for v in values]


COUNTING = [
    ("begin", 0, None),
    ("report", 10, "on my way"),
    ("report", 50, "on my way"),
    ("end", None, "counted"),
]


def test_the_requests_own_token_is_used_if_it_has_one(frame: RawClient) -> None:
    assert frame.request("test/progress", {"token": "mine"})["result"] == "done"
    assert shown(frame) == COUNTING
    assert {m["params"]["token"] for m in frame.received if m.get("method") == "$/progress"} == {"mine"}


@pytest.mark.parametrize(
    ("answer", "expected"), [({"result": None}, COUNTING), ({"error": {"code": -1, "message": "no"}}, [])]
)
def test_a_client_that_can_show_it_is_asked_for_a_token(answer: dict, expected: list) -> None:
    with running(FRAME) as client:
        client.initialize(capabilities=CAN_SHOW)
        working = client.ask("test/progress", {})
        request = next(m for m in iter(client.receive, None) if m.get("method") == "window/workDoneProgress/create")
        client.send({"jsonrpc": "2.0", "id": request["id"], **answer})
        assert client.answer(working)["result"] == "done"
        assert shown(client) == expected


def test_a_client_that_cannot_show_it_sees_nothing(frame: RawClient) -> None:
    assert frame.request("test/progress", {})["result"] == "done"
    assert shown(frame) == []


def test_cancel_ends_the_work_and_its_display(frame: RawClient) -> None:
    working = frame.ask("test/progress", {"token": 0, "forever": True})
    frame.notified("$/progress")
    frame.notify("window/workDoneProgress/cancel", {"token": "another"})
    frame.notify("window/workDoneProgress/cancel", {"token": 0})
    assert code(frame.answer(working)) == -32800
    assert [kind for kind, _, _ in shown(frame)].count("end") == 1
