"""What the pages of the documentation tell people to write, so that it is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

EDITORS = Path(__file__).resolve().parents[2] / "docs" / "editors"


def snippets(page: str, language: str, heading: str) -> list[str]:
    """The blocks of code in `language` between a heading of a page in docs/editors and the next heading."""
    text = (EDITORS / page).read_text("utf-8")
    section = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"{page} has no heading {heading!r}"
    found = re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no {language} below {heading!r}"
    return found
