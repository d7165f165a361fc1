"""`byline redact`: a text without its secrets, as it would be stored or sent."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from byline.cli.arguments import AsJson
from byline.cli.output import Exit, note, print_json, write
from byline.privacy import Redacted
from byline.privacy import redact as without_secrets


def redact(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="The text. Without: standard input.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Replace the secrets in a text by placeholders.

    This is what Byline does with all that it stores.

    \b
    Example:
      git diff | byline redact
    """
    found = without_secrets(sys.stdin.buffer.read().decode("utf-8", "replace") if text is None else text)
    if as_json:
        print_json({"text": found.text, "count": found.count, "kinds": list(found.kinds)})
        return Exit.FINE
    ending = "" if text is None else "\n"
    write((found.text + ending).encode())
    if found.count:
        note(_told(found))
    return Exit.FINE


def _told(found: Redacted) -> str:
    what = "1 secret was" if found.count == 1 else f"{found.count} secrets were"
    return f"{what} replaced ({', '.join(found.kinds)})."
