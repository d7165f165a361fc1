from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from byline.config import Config, load
from byline.config.reference import page
from byline.config.schema import definitions
from support.settings import Person, check

ROOT = Path(__file__).parents[3]


def test_nothing_is_set_by_default(person: Person) -> None:
    assert person.load() == Config() == load(None, {}, None)
    assert {setting.source for setting in Config().settings().values()} == {"default"}


@pytest.mark.parametrize("key", definitions())
def test_every_default_is_a_value_that_can_be_set(key: str) -> None:
    nested: dict[str, object] = {}
    section, _, name = key.rpartition(".")
    default = definitions()[key].default
    (nested.setdefault(section, {}) if section else nested)[name] = default  # type: ignore[index]
    check(load(None, {}, nested), key, default, "client")


def test_a_config_cannot_change() -> None:
    with pytest.raises(AttributeError):
        Config().record.enabled = False  # type: ignore[misc]


def test_the_page_is_what_the_schema_says() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page(), "run `make docs`"


def test_the_pages_example_is_valid_and_complete(person: Person) -> None:
    example = page().partition("```toml\n")[2].partition("```")[0]
    assert tomllib.loads(example)
    config = person.load(user=example)
    assert config.problems == ()
    assert len(config.sources) == len(definitions()) - 1  # all but `trusted`


def test_importing_and_loading_nothing_is_cheap() -> None:
    code = "import sys, byline.config as config; config.load(None, {}, None); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pydantic", "tomllib", "difflib"}.isdisjoint(run.stdout.split())
