"""Where `byline` and `python -m byline` begin: the language server on a path of its own, then everything else.

An editor waits for the server, so nothing of the command line is imported on its way there.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # `python -m` puts the working directory first, and that may be anybody's repository

import gc
from collections.abc import Sequence

_LSP_HELP = """\
Usage: byline lsp [--stdio]

  Run the language server on standard input and output. Editors start it by themselves.

Options:
  --stdio  Accepted because some clients always pass it; there is no other transport.
  --help   Show this message and exit.

Example:
  nvim:  vim.lsp.config("byline", { cmd = { "byline", "lsp" } })
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sub-command that `arguments` (by default the process's own) name and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["lsp"]:
        return _lsp(given[1:])
    if given == ["--version"]:
        from byline import __version__

        sys.stdout.write(f"byline {__version__}\n")
        return 0
    from byline.cli.app import main as command_line

    return command_line(given)


def _lsp(options: list[str]) -> int:
    if "--help" in options or "-h" in options:
        sys.stdout.write(_LSP_HELP)
        return 0
    unknown = [option for option in options if option != "--stdio"]
    if unknown:
        sys.stderr.write(f"byline lsp: unknown option {unknown[0]!r}. See `byline lsp --help`.\n")
        return 2
    gc.disable()  # imports make tens of thousands of objects that all stay: looking through them takes 50 ms
    from byline.lsp.application import main as language_server

    gc.freeze()
    gc.set_threshold(2_000, 5, 100)  # docs/decisions/0007-pauses.md
    gc.enable()
    return language_server()


if __name__ == "__main__":
    sys.exit(main())
