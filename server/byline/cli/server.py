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
    # -P: nothing is imported from the folder that one is in, which may be anybody's repository.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "byline", "lsp"])  # noqa: S606 - this very program, no shell
