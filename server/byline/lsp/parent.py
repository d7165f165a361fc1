"""The end of the process: when the editor is gone, and when something does not let go."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

PARENT_INTERVAL = 3.0
"""Seconds between two looks at the editor's process; vscode-languageserver-node uses the same."""

_GRACE = 3.0


def watch_parent(process: int, gone: Callable[[], None]) -> None:
    """Call `gone` (on another thread) once `process` has ended, and end this process if that is not enough.

    An editor that is killed does not say `exit`, and a pipe stays open while any other process holds it.
    """
    if os.name != "posix":  # elsewhere signal 0 is not a question
        return
    threading.Thread(target=_watch, args=(process, gone), name="byline-parent", daemon=True).start()


def leave_within(seconds: float, code: int) -> None:
    """End the process with `code` in `seconds` at the latest, whatever still runs: all that matters is on disk."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()


def is_alive(process: int) -> bool:
    """Whether a process of this id exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it exists, but belongs to somebody else
        return True
    return True


def _watch(process: int, gone: Callable[[], None]) -> None:
    pause = threading.Event()
    while is_alive(process):
        pause.wait(PARENT_INTERVAL)
    leave_within(_GRACE, 1)
    gone()
