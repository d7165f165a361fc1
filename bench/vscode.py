"""What typing costs in a real VS Code: 20 characters a second in 10,000 lines, with the extension and without.

`python -m bench.vscode`; needs what the tests of VS Code need. Printed, not promised: a headless browser on a shared
machine says how much is added, and not how fast an editor is.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.rows import Row, table

LINES = 10_000
CHARACTERS = 400
PAUSE = 50  # milliseconds between characters

# From the key to the end of the frame that shows it.
LISTEN = """
await page.evaluate(() => {
    globalThis.taken = [];
    addEventListener('keydown', ({timeStamp}) => {
        requestAnimationFrame(() => setTimeout(() => taken.push(performance.now() - timeStamp)));
    }, true);
});
"""


def measure() -> list[Row]:
    """Keystrokes in milliseconds, and the share of one core that the server takes while somebody types."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from editors.vscode.window import package
    from support.repo import Repo

    with tempfile.TemporaryDirectory(prefix="byline-bench-") as directory:
        folder = Path(directory)
        repo = Repo.init(folder / "repo")
        repo.commit({"large.py": [f"value_{number} = {number}" for number in range(LINES)]})
        vsix = package()
        without, _ = _typed(repo.root, folder / "without", None)
        having, share = _typed(repo.root, folder / "with", vsix)
    return [
        Row("VS Code: a keystroke, median", "ms", median(without), median(having), "", None),
        Row("VS Code: a keystroke, p99", "ms", _p99(without), _p99(having), "", None),
        Row("VS Code: the server's share of a core", "%", None, 100 * share, "", None),
    ]


def _typed(repo: Path, state: Path, vsix: Path | None) -> tuple[list[float], float]:
    """How long each keystroke took in milliseconds, and the server's processor time over the time that passed."""
    from editors.vscode.window import open_window

    with open_window(repo, state, vsix) as window:
        window.open("large.py", LINES // 2, 100)
        window.press("Enter")
        window.type("warm_up = 1", PAUSE)
        window.page(LISTEN)
        before, began = _processor_time(window.server), time.monotonic()
        for _ in range(CHARACTERS // 20):
            window.press("Enter")
            window.type("some_name = some(1)", PAUSE)
        passed = time.monotonic() - began
        share = (_processor_time(window.server) - before) / passed
        taken: list[float] = window.page("return page.evaluate(() => taken);")
        window.press("Control+s")
    return taken, share


def _processor_time(session: int) -> float:
    """Seconds of processor time of the language servers in a session of processes (`proc(5)`, fields of `stat`)."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[3]) == session and b"lsp" in command:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[-1]


if __name__ == "__main__":
    print(table(measure()))
