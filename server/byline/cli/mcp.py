"""`byline mcp`, where something stands before it: the MCP server takes this process over."""

from __future__ import annotations

import os
import sys


def mcp() -> int:
    """Run an MCP server for agents.

    They can declare what they wrote, and ask who wrote what. It needs the extra `mcp`: pip install 'byline[mcp]'

    \b
    Example:
      claude mcp add byline -- byline mcp
    """
    sys.stdout.flush()
    # -P: nothing is imported from the folder that one is in, which may be anybody's repository.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "byline.mcp"])  # noqa: S606 - this very program, no shell
