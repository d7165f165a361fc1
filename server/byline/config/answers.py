"""What the person answered when Byline asked, kept so that it asks once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from byline.config.layers import answers_file

_TEXT = """\
# Written by Byline when you answered its question. Your own config.toml wins over this.
[agents]
read = [{tools}]
"""


def remember_readable(env: Mapping[str, str], tools: Sequence[str]) -> Path | None:
    """Keep that the transcripts of `tools` (names of the setting `agents.read`; none: of nobody) may be read.

    Returns the file that it was written to, None where there is no place for it. Raises OSError.
    """
    path = answers_file(env)
    if path is None:
        return None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = _TEXT.format(tools=", ".join(f'"{tool}"' for tool in tools))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".answers-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
