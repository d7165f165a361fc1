from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.config import Config, load
from byline.config.schema import ALL_AGENTS, definitions
from support.settings import check, check_problem

WORDS = [
    ("BYLINE_HOVER_ENABLED", "false", "hover.enabled", False),
    ("BYLINE_HOVER_ENABLED", "0", "hover.enabled", False),
    ("BYLINE_HOVER_ENABLED", "Off", "hover.enabled", False),
    ("BYLINE_INLAY_HINTS_ENABLED", "yes", "inlayHints.enabled", True),
    ("BYLINE_RECORD_MAX_BYTES", " 1000 ", "record.maxBytes", 1000),
    ("BYLINE_LOG_LEVEL", "debug", "log.level", "debug"),
    ("BYLINE_GIT_PATH", "/usr/bin/git", "git.path", "/usr/bin/git"),
    ("BYLINE_AGENTS_READ", "codex", "agents.read", ("codex",)),
    ("BYLINE_AGENTS_READ", "codex, claude-code,codex", "agents.read", ("codex", "claude-code")),
    ("BYLINE_AGENTS_READ", "all", "agents.read", ALL_AGENTS),
]


@pytest.mark.parametrize(("variable", "text", "key", "expected"), WORDS)
def test_variables_are_text(variable: str, text: str, key: str, expected: object) -> None:
    check(load(None, {variable: text}, None), key, expected, variable)


NESTED = [
    ({"agents": {"read": []}}, "agents.read", ()),
    ({"agents": {"read": "all"}}, "agents.read", ALL_AGENTS),
    ({"agents": {"read": ["amp", "droid"]}}, "agents.read", ("amp", "droid")),
    ({"record": {"maxBytes": 0}}, "record.maxBytes", 0),
    ({"git": {"path": r"C:\Git\git.exe"}}, "git.path", r"C:\Git\git.exe"),
    ({"git": {"path": ""}}, "git.path", ""),
]


@pytest.mark.parametrize(("client", "key", "expected"), NESTED)
def test_the_clients_values_are_of_their_kind(client: dict[str, object], key: str, expected: object) -> None:
    check(load(None, {}, client), key, expected, "client")


INVALID: list[tuple[object, tuple[str, ...]]] = [
    ({"hover": {"enabled": "yes"}}, ("`hover.enabled` must be true or false, not `yes`",)),
    ({"hover": {"enabled": 1}}, ("must be true or false, not `1`",)),
    ({"hover": {"enabled": {"on": True}}}, ("must be true or false, not a table",)),
    ({"record": {"maxLines": True}}, ("must be a whole number from 0 to 500,000, not `true`",)),
    ({"record": {"maxLines": -1}}, ("not `-1`",)),
    ({"record": {"maxLines": 1.5}}, ("not `1.5`",)),
    ({"record": {"maxLines": "5"}}, ("not `5`",)),
    ({"record": {"maxLines": 500_001}}, ("not `500001`",)),
    ({"record": {"maxLines": 1 << 100_000}}, ("not a number of that size",)),
    ({"log": {"level": "wraning"}}, ('must be "error", "warning", "info" or "debug"', "did you mean `warning`?")),
    ({"log": {"level": ""}}, ("not an empty text",)),
    ({"log": {"level": ["info"]}}, ("not a list",)),
    ({"agents": {"read": "claude-code"}}, ('must be "all" or a list of "claude-code",', "not `claude-code`")),
    ({"agents": {"read": ["amp", "cluade-code"]}}, ("not `cluade-code`", "did you mean `claude-code`?")),
    ({"agents": {"read": ["amp", 3]}}, ("not `3`",)),
    ({"git": {"path": "./git"}}, ("must be an absolute path, or empty, not `./git`",)),
    ({"git": {"path": "git"}}, ("not `git`",)),
    ({"git": {"path": "/\ud800"}}, ("must be an absolute path",)),
    ({"git": {"path": "/usr/bin/git\x00"}}, ("must be an absolute path",)),
    ({"git": 5}, ("`git` must be a table",)),
    ({"maxLines": 5}, ("there is no setting `maxLines`", "Did you mean `record.maxLines`?")),
    ({"record": {"max_lines": 5}}, ("`record.max_lines`", "Did you mean `record.maxLines`?")),
    ({"Record": {"maxLines": 5}}, ("`Record`", "Did you mean `record`?")),
    ({"codelens": {"file": True}}, ("Did you mean `codeLens`?",)),
    ({"": {"trusted": True}}, ("there is no setting ``",)),
    ({"sources": {"git.path": "x"}}, ("there is no setting `sources`",)),
    ([1], ("client", "must be a table")),
]


@pytest.mark.parametrize(("client", "words"), INVALID)
def test_what_is_not_valid_is_named_and_the_rest_holds(client: object, words: tuple[str, ...]) -> None:
    rest = {"notes": {"write": False}}
    config = load(None, {}, client | rest if isinstance(client, dict) else client)  # type: ignore[arg-type]
    check_problem(config, "client", *words)
    assert config.notes.write is not isinstance(client, dict)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BYLINE_RECORD_MAXLINES", "`BYLINE_RECORD_MAX_LINES`"),
        ("BYLINE_GITPATH", "`BYLINE_GIT_PATH`"),
        ("BYLINE_OFFLINE", None),
        ("BYLINE_SEED", None),
        ("PATH", None),
    ],
)
def test_a_mistyped_variable_is_named(name: str, expected: str | None) -> None:
    config = load(None, {name: "1"}, None)
    if expected:
        check_problem(config, name, f"Did you mean {expected}?")
    assert bool(config.problems) == bool(expected)


def test_a_value_in_the_wrong_place_is_not_repeated_at_length() -> None:
    secret = "sk-" + "ant-api03-" + "x7Qm" * 20
    config = load(None, {"BYLINE_LOG_LEVEL": secret}, {"git": {"path": secret}, "agents": {"read": [secret]}})
    assert len(config.problems) == 3
    assert not any("x7Qm" in problem for problem in config.problems)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted({part for key in definitions() for part in key.split(".")}))


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, JSON, max_size=4) | JSON, max_size=6))
def test_any_client_settings_give_a_config_that_is_valid(client: dict[str, object]) -> None:
    config = load(None, {}, client)
    again = load(None, {}, as_client(config))
    assert again.settings().keys() == definitions().keys()
    assert [s.value for s in again.settings().values()] == [s.value for s in config.settings().values()]
    assert again.problems == ()


def as_client(config: Config) -> dict[str, object]:
    nested: dict[str, dict[str, object]] = {}
    for key, setting in config.settings().items():
        section, _, name = key.rpartition(".")
        nested.setdefault(section, {})[name] = setting.value
    return {**nested.pop(""), **nested}
