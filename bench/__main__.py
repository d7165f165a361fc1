"""`python -m bench [NAME ...]`: measure all budgets, or those of the modules named. Exit 1 if one does not hold."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Callable

from bench.rows import Row, table

MODULES = ("start", "did_change", "answers", "commits", "memory", "transcripts", "commit_messages", "commit_buffers")


def main(names: list[str]) -> int:
    unknown = set(names) - set(MODULES)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    gc.disable()  # this process keeps every answer, and its collections would count as the server's time
    rows: list[Row] = []
    for name in names or MODULES:
        measure: Callable[[], list[Row]] = importlib.import_module(f"bench.{name}").measure
        rows += measure()
    print(table(rows))
    load = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} cores, load average {load:.1f}, Python {sys.version.split()[0]}")
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
