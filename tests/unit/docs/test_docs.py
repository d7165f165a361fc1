"""What the documentation names is there: links, files, commands and settings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from byline.config.schema import definitions, sections

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "server/byline"
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("editors/*/README.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]+)?\)")
_HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
_COMMAND = re.compile(r"(?:^|`|\$ )byline ([a-z]+)\b", re.MULTILINE)
_SETTING = re.compile(r"`((?:[a-zA-Z]+\.)+[a-zA-Z]+)`")

_MESSAGES = {"byline/status"}  # the shape of a path, and none
_SECTIONS = set(sections()) - {"git"}  # that is also a part of the code
_OF_GIT = {"commit.template", "commit.status", "commit.cleanup", "commit.verbose"}


def anchor(heading: str) -> str:
    """The fragment that leads to a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target, fragment in _LINK.findall(page.read_text()):
        place = page.parent / target
        assert place.exists(), target
        if fragment:
            assert fragment[1:] in map(anchor, _HEADING.findall(place.read_text())), target + fragment


def test_the_map_of_the_code_names_what_is_there() -> None:
    for path in set(_PATH.findall((ROOT / "docs/architecture.md").read_text())) - _MESSAGES:
        places = (ROOT / path, PACKAGE / path, *(folder / path for folder in PACKAGE.iterdir()))
        assert any(place.exists() for place in places), path


@pytest.fixture(scope="module")
def commands() -> set[str]:
    """What `byline --help` lists."""
    shown = subprocess.run(
        [sys.executable, "-m", "byline", "--help"], capture_output=True, text=True, check=True
    ).stdout
    return set(re.findall(r"^\W*([a-z]+) {2,}\S", shown, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_and_settings_exist(page: Path, commands: set[str]) -> None:
    text = page.read_text()
    assert not set(_COMMAND.findall(text)) - commands
    named = {name for name in _SETTING.findall(text) if name.partition(".")[0] in _SECTIONS}
    assert not named - set(definitions()) - _OF_GIT
