"""What is to be said of lines, and the one check of it: in the editor, and in `byline blame` after the commit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from editors.neovim.session import Neovim

Said = Mapping[str, str]
"""For the text of a line: its state, and after a blank its tool or level where these are to be checked."""


def check(editor: Neovim, expected: Said) -> None:
    """Each line is shown as expected, and after a commit the command line says the same."""
    lines = editor.lines
    assert _said(lines, expected) == expected
    states = [line["state"] for line in lines]
    assert [row.split()[2] for row in editor.blame_window()] == states
    editor.save_and_commit()
    committed = blame(editor, editor.lua("return vim.fn.expand('%:t')"))
    assert _said(committed, expected) == expected


def blame(editor: Neovim, path: str) -> list[dict[str, Any]]:
    """The lines of `byline blame --json`."""
    command = [sys.executable, "-m", "byline", "blame", "--json", path]
    done = subprocess.run(command, cwd=editor.repo.root, capture_output=True, check=True)
    lines: list[dict[str, Any]] = json.loads(done.stdout)["lines"]
    return lines


def _said(lines: list[dict[str, Any]], expected: Said) -> dict[str, str]:
    """What is said of the lines whose text is expected, in the words that are expected of them."""
    found = {line["text"]: line for line in lines if line["text"] in expected}
    return {
        text: " ".join(str(line.get(key)) for key in ("state", "tool", "level")[: len(expected[text].split())])
        for text, line in found.items()
    }
