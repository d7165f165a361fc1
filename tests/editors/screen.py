"""Waiting for what a person would wait for: that something stands on the screen, or has gone from it."""

from __future__ import annotations

from editors.neovim.terminal import Terminal
from support.wire import DEADLINE, wait_for


def sees(terminal: Terminal, text: str, deadline: float = DEADLINE) -> None:
    """Wait until `text` is on the screen; an AssertionError shows what is there instead."""
    _wait(terminal, f"{text!r} is on the screen", text, True, deadline)


def sees_no_longer(terminal: Terminal, text: str) -> None:
    """Wait until `text` has gone from the screen: only then are keys no part of what went before."""
    _wait(terminal, f"{text!r} is off the screen", text, False, DEADLINE)


def _wait(terminal: Terminal, what: str, text: str, wanted: bool, deadline: float) -> None:
    try:
        wait_for(what, lambda: any(text in line for line in terminal.lines) is wanted, deadline)
    except AssertionError as failed:
        raise AssertionError("\n".join([str(failed), *filter(None, terminal.lines)])) from None
