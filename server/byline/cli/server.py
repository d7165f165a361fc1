"""`byline lsp`, where something stands before it: the language server takes this process over."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer


def lsp(
    stdio: Annotated[bool, typer.Option("--stdio", help="Accepted because some clients always pass it.")] = False,
) -> int:
    """Run the language server; editors start it by themselves.

    \b
    Example:
      vim.lsp.config("byline", { cmd = { "byline", "lsp" } })    (Neovim)
    """
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "byline", "lsp"])  # noqa: S606 - this very program, no shell
