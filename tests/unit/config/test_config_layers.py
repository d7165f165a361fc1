from __future__ import annotations

import pytest

from byline.config import Config, load
from byline.config.schema import definitions
from support.settings import Person, check, check_problem, value, write

LIMIT = "[record]\nmaxLines = {}"
LAYERS: list[tuple[dict[str, object], int, str]] = [
    ({}, 60_000, "default"),
    ({"repository": LIMIT.format(1)}, 1, ".byline.toml"),
    ({"repository": LIMIT.format(1), "user": LIMIT.format(2)}, 2, "{user}"),
    ({"user": LIMIT.format(2), "BYLINE_RECORD_MAX_LINES": "3"}, 3, "BYLINE_RECORD_MAX_LINES"),
    ({"user": LIMIT.format(2), "BYLINE_RECORD_MAX_LINES": ""}, 2, "{user}"),
    ({"user": LIMIT.format(2), "BYLINE_RECORD_MAX_LINES": "  "}, 2, "{user}"),
    ({"BYLINE_RECORD_MAX_LINES": "3", "client": {"record": {"maxLines": 4}}}, 4, "client"),
    ({"repository": LIMIT.format(1), "client": {"record": {"maxLines": None}}}, 1, ".byline.toml"),
]


@pytest.mark.parametrize(("layers", "expected", "source"), LAYERS)
def test_the_later_layer_wins(person: Person, layers: dict[str, str], expected: int, source: str) -> None:
    check(person.load(**layers), "record.maxLines", expected, source.format(user=person.file))


def test_layers_are_merged_key_by_key(person: Person) -> None:
    config = person.load(
        repository="[codeLens]\nfunctions = true\nfile = false",
        user="[codeLens]\nfile = true\n[git]\npath = '/opt/git'",
        client={"hover": {"enabled": False}, "trusted": True},
        BYLINE_NOTES_GIT_AI="off",
    )
    assert (config.code_lens.functions, config.code_lens.file, config.code_lens.containers) == (True, True, True)
    assert (config.git.path, config.hover.enabled, config.trusted, config.notes.git_ai) == (
        "/opt/git",
        False,
        True,
        "off",
    )
    assert config.sources == {
        "trusted": "client",
        "notes.gitAi": "BYLINE_NOTES_GIT_AI",
        "codeLens.file": str(person.file),
        "codeLens.functions": ".byline.toml",
        "hover.enabled": "client",
        "git.path": str(person.file),
    }
    assert config.problems == ()


@pytest.mark.parametrize(
    ("xdg", "found"),
    [("{home}/elsewhere", True), ("elsewhere", False), ("", False)],
    ids=["absolute", "relative counts as not set", "empty counts as not set"],
)
def test_where_the_persons_own_file_is(person: Person, xdg: str, found: bool) -> None:
    write(person.home / "elsewhere/byline/config.toml", LIMIT.format(7))
    config = person.load(user=LIMIT.format(8), XDG_CONFIG_HOME=xdg.format(home=person.home))
    assert config.record.max_lines == (7 if found else 8)


@pytest.mark.parametrize("home", ["", "relative"])
def test_without_a_home_there_is_no_such_file(home: str) -> None:
    assert load(None, {"HOME": home}, None) == Config()


# --- what a repository must not decide

FORBIDDEN = [
    ("git.path", "[git]\npath = '/tmp/evil'", "anywhere but"),
    ("agents.read", "[agents]\nread = 'all'", "anywhere but"),
    ("log.level", "[log]\nlevel = 'debug'", "anywhere but"),
    ("trusted", "trusted = true", "by the editor only"),
    ("notes.pushPrompts", "[notes]\npushPrompts = true", "looser than false"),
    ("record.keepDays", "[record]\nkeepDays = 3000", "looser than 14"),
]


@pytest.mark.parametrize(("key", "repository", "why"), FORBIDDEN)
def test_a_repository_cannot_set(person: Person, key: str, repository: str, why: str) -> None:
    config = person.load(repository=repository)
    check_problem(config, ".byline.toml", f"`{key}`", why, "it is ignored")
    assert value(config, key) == (definitions()[key].default, "default")


@pytest.mark.parametrize("layer", [{"user": "trusted = true"}, {"BYLINE_TRUSTED": "1"}])
def test_only_the_client_says_what_is_trusted(person: Person, layer: dict[str, str]) -> None:
    config = person.load(**layer)
    check_problem(config, "`trusted`", "by the editor only")
    assert not config.trusted


# --- private settings: the strictest wins

PROMPTS = "[privacy]\nprompts = '{}'"
STRICTEST: list[tuple[dict[str, object], str, object, str]] = [
    ({"repository": PROMPTS.format("hash")}, "privacy.prompts", "hash", ".byline.toml"),
    (
        {"repository": PROMPTS.format("off"), "BYLINE_PRIVACY_PROMPTS": "store"},
        "privacy.prompts",
        "off",
        ".byline.toml",
    ),
    (
        {"repository": PROMPTS.format("store"), "BYLINE_PRIVACY_PROMPTS": "hash"},
        "privacy.prompts",
        "hash",
        "BYLINE_PRIVACY_PROMPTS",
    ),
    ({"user": PROMPTS.format("off"), "client": {"privacy": {"prompts": "hash"}}}, "privacy.prompts", "off", "{user}"),
    (
        {"user": PROMPTS.format("hash"), "client": {"privacy": {"prompts": "hash"}}},
        "privacy.prompts",
        "hash",
        "client",
    ),
    ({"user": "[notes]\npushPrompts = true"}, "notes.pushPrompts", True, "{user}"),
    (
        {"user": "[notes]\npushPrompts = true", "client": {"notes": {"pushPrompts": False}}},
        "notes.pushPrompts",
        False,
        "client",
    ),
    (
        {"repository": "[notes]\npushPrompts = false", "user": "[notes]\npushPrompts = true"},
        "notes.pushPrompts",
        False,
        ".byline.toml",
    ),
    ({"user": "[record]\nkeepDays = 30"}, "record.keepDays", 30, "{user}"),
    (
        {"repository": "[record]\nkeepDays = 1", "BYLINE_RECORD_KEEP_DAYS": "30"},
        "record.keepDays",
        1,
        ".byline.toml",
    ),
    (
        {"repository": "[record]\nenabled = false", "client": {"record": {"enabled": True}}},
        "record.enabled",
        False,
        ".byline.toml",
    ),
]


@pytest.mark.parametrize(("layers", "key", "expected", "source"), STRICTEST)
def test_the_strictest_layer_wins(
    person: Person, layers: dict[str, str], key: str, expected: object, source: str
) -> None:
    check(person.load(**layers), key, expected, source.format(user=person.file))


@pytest.mark.parametrize(
    ("client", "key", "held"),
    [
        ({"privacy": {"prompts": "non"}}, "privacy.prompts", "off"),
        ({"record": {"enabled": "no"}}, "record.enabled", False),
        ({"notes": {"pushPrompts": 1}}, "notes.pushPrompts", False),
    ],
)
def test_a_private_setting_that_is_not_valid_is_held_at_its_strictest(
    client: dict[str, object], key: str, held: object
) -> None:
    config = load(None, {}, client)
    check_problem(config, f"client: `{key}` must be", "the strictest, holds")
    assert value(config, key) == (held, "client")


def test_a_number_that_is_not_valid_deletes_nothing() -> None:
    config = load(None, {"BYLINE_RECORD_KEEP_DAYS": "-1"}, None)
    check_problem(config, "`BYLINE_RECORD_KEEP_DAYS`", "it is ignored")
    assert config.record.keep_days == 14
