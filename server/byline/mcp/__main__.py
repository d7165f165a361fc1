"""`python -m byline.mcp`, which `byline mcp` becomes: the server on standard input and output, until that ends."""

from __future__ import annotations

import sys
from pathlib import Path

_FAILED = 4  # a part that is needed does not work; the code that every command has for that
_INTERRUPTED = 130


def main() -> int:
    """Serve the folder that the process was started in, and return the exit code."""
    try:
        from byline.mcp.server import build
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        sys.stderr.write("byline: The MCP server needs the package mcp, version 2; `pip install 'byline[mcp]'`.\n")
        return _FAILED
    try:
        build(Path.cwd()).run("stdio")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
