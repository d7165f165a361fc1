"""What is read of a repository's configurations, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from types import NoneType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.commit_messages.configuration import rules_of
from byline.commit_messages.configuration.javascript import exported
from byline.commit_messages.configuration.problem import Unknown, Unreadable
from byline.commit_messages.configuration.yaml import read
from byline.commit_messages.lint import lint
from byline.commit_messages.lint.linter import broken
from byline.commit_messages.message import Message
from byline.commit_messages.rules import CONVENTIONAL_RULES, Rules

EXTENDS = 'extends: ["@commitlint/config-conventional"]'


def rules(files: dict[str, str], *, conventional: bool = False) -> Rules:
    def content(path: str) -> bytes | None:
        return files[path].encode() if path in files else None

    return rules_of(Path("/nowhere"), content, conventional=conventional)


JAVASCRIPT: dict[str, Any] = {
    "module.exports = {a: [1, 'x', true, null, -2.5]}": {"a": [1, "x", True, None, -2.5]},
    "'use strict'; const a = ['x']; export default {a, b: [...a, 'y'],}": {"a": ["x"], "b": ["x", "y"]},
    "const a = {x: 1}; module.exports = {...a, 'y-z': `q`} // end": {"x": 1, "y-z": "q"},
    r"module.exports = {a: '\u00e9\x41\n\'', b: Infinity}": {"a": "éA\n'", "b": float("inf")},
    "export default {a: () => [1, 'always']}": {"a": [1, "always"]},
    "const f = (x) => x; const b = ['c']; export default f({a: b})": {"a": ["c"]},
    "function f(x) { return x; } module.exports = f({a: 1})": {"a": 1},
    "import {defineConfig} from 'cz-git'; export default defineConfig({a: 1})": {"a": 1},
    "const {defineConfig} = require('cz-git'); module.exports = defineConfig({a: 1})": {"a": 1},
    "module.exports = Object.freeze({a: 1})": {"a": 1},
    "/** @type {import('x').C} */ const a = {b: 1}; export default a": {"b": 1},
    "module.exports = /** @type {import('x').C} */ ({a: 1})": {"a": 1},
    "export default (/** @type {import('x').C} */ {a: 1})": {"a": 1},
    "const p = require('@x/p'); module.exports = {a: p.b, c: [...p['b'], p.b[0]]}": {"a": ["q"], "c": ["q", "q"]},
    "import p from '@x/p'; export default {...p}": {"b": ["q"]},
    "const a = {...f(), b: 1}; module.exports = a": {"b": 1},
}


@pytest.mark.parametrize("source", JAVASCRIPT)
def test_plain_data_in_a_script_is_read(source: str) -> None:
    assert exported(source.encode(), typed=False, packages={"@x/p": {"b": ["q"]}}) == JAVASCRIPT[source]


TYPESCRIPT = (
    "export default {a: 1} satisfies C;",
    "const c: C = {a: 1} satisfies C; export default c;",
    "const c = <C>{a: 1}; export = c;",
    "const f = (c: C): C => c; export default f({a: 1} as const);",
    "import { defineConfig } from '@commitlint/types'; export default defineConfig<C>({a: 1});",
)


@pytest.mark.parametrize("source", TYPESCRIPT)
def test_types_say_nothing(source: str) -> None:
    assert exported(source.encode(), typed=True) == {"a": 1}


def test_typescript_is_read() -> None:
    source = b"""import { RuleConfigSeverity, type UserConfig } from "@commitlint/types";
    const types = ["feat"] as const;
    export default { rules: { "type-enum": [RuleConfigSeverity.Error, "always", types] } } satisfies UserConfig;"""
    assert exported(source, typed=True) == {"rules": {"type-enum": [2, "always", ["feat"]]}}


COMPUTED = (
    "const fs = require('fs'); module.exports = {a: fs.readdirSync('.')}",
    "const a = ['x']; const b = a.push('y'); module.exports = {a}",
    "const a = ['x']; function f() { a.length = 0 } module.exports = {a}",
    "let a = ['x']; module.exports = {a}",
    "import a from './a'; export default {a}",
    "module.exports = {a: ['x'].concat('y')}",
    "module.exports = {a: [1, b]}",
    "module.exports = {a: [1,, 2]}",
    "module.exports = {a: [, 1]}",
    "module.exports = {a: {[b]: 1}}",
    "module.exports = {a: {get b() { return 1 }}.b}",
    "module.exports = {a: `${b}`}",
    "module.exports = {a: b ? 1 : 2}",
    "module.exports = {a() { return 1 }}",
    "const a = a; module.exports = {a}",
    "module.exports = {a: ctx => [1, 'always']}",
    "const f = (x, y) => x; module.exports = {a: f([1], 2)}",
    "const f = (x) => x.b; module.exports = {a: f([1])}",
    "import {defineConfig} from './mine'; export default {a: defineConfig([1])}",
    "const p = require('@x/p'); module.exports = {a: p.b}",
    "const a = ['x']; module.exports = {a: a.length}",
    "const a = ['x']; module.exports = {a: a[1]}",
)


@pytest.mark.parametrize("source", COMPUTED)
def test_what_is_computed_is_not_known(source: str) -> None:
    value = exported(source.encode(), typed=False)
    assert isinstance(value, dict)
    assert isinstance(value["a"], Unknown)


REFUSED = (
    "module.exports = {a: 1}; module.exports.a = 2",
    "module.exports = {a: 1}; delete module.exports.a",
    "if (x) { module.exports = {} }",
    "module.exports = {a: 1",
    "module.exports = {}; module.exports = {}",
    "const a = 1",
    r"module.exports = {a: '\1'}",
    "console.log(1); module.exports = {}",
    "module.exports = " + "[" * 200 + "]" * 200,
    "const a0 = [1,1];"
    + "".join(f"const a{n} = [a{n - 1}, a{n - 1}];" for n in range(1, 38))
    + "module.exports = {a: a37}",
    "const a0 = [1,1];"
    + "".join(f"const a{n} = [...a{n - 1}, ...a{n - 1}];" for n in range(1, 38))
    + "module.exports = {a: a37}",
)


@pytest.mark.parametrize("source", REFUSED)
def test_a_script_that_does_more_is_not_read(source: str) -> None:
    with pytest.raises(Unreadable):
        exported(source.encode(), typed=False)


YAML: dict[str, Any] = {
    "a: 1\nb: [x, 'y z', \"q\\n\"]": {"a": 1, "b": ["x", "y z", "q\n"]},
    "a:\n  - 1\n  - b: 2\n    c: 3\n  -\n    - 4": {"a": [1, {"b": 2, "c": 3}, [4]]},
    "a:\n- 1\n- - 2\n  - 3": {"a": [1, [2, 3]]},
    "# c\n---\na: 'it''s' # d\n\nb: x#y\n": {"a": "it's", "b": "x#y"},
    "a: {b: [1, {c: d}], 'e': null}": {"a": {"b": [1, {"c": "d"}], "e": None}},
    "a: [\n  x, # c\n  y\n]\nb: true": {"a": ["x", "y"], "b": True},
    "a:\nb: yes\nc: don't\nd: 1.5": {"a": None, "b": "yes", "c": "don't", "d": 1.5},
    '"a b": x\n@y: z': Unreadable,
    "a: &x 1\nb: *x": {"a": 1, "b": 1},
    "a: &x [1, *y]": Unreadable,
    "a: *x\nb: &x 1": Unreadable,
    "a: &x\n  - b\nc: *x": {"a": ["b"], "c": ["b"]},
    "a:\n  - &x [1]\n  - &y\n    b: 2\n  - *x\n  - *y": {"a": [[1], {"b": 2}, [1], {"b": 2}]},
    'a: [&x b, *x, {c: *x, "d": &z [e]}, *z]': {"a": ["b", "b", {"c": "b", "d": ["e"]}, ["e"]]},
    "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3": {"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}},
    "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  b: 4\n  <<: [*y, *x]": {
        "a": {"b": 1},
        "c": {"b": 2, "d": 3},
        "e": {"b": 4, "d": 3},
    },
    "a: &x {b: 1}\nc: {<<: *x, d: 2}": {"a": {"b": 1}, "c": {"b": 1, "d": 2}},
    "a: {b: 1, <<: [{b: 2, c: 3}]}": {"a": {"b": 1, "c": 3}},
    "<<: [1]": Unreadable,
    "a: &x # c\n  b: 1": {"a": {"b": 1}},
    "a:\n  - &x b: 1": Unreadable,
    "*x : 1": Unreadable,
    "a: |\n  text": Unreadable,
    "a: !!str 1": Unreadable,
    "a: x\n  y": Unreadable,
    "a: 1\na: 2": Unreadable,
    "a: 0o17": Unreadable,
    "a: 2020-01-01": Unreadable,
    "a: [1, 2": Unreadable,
    "a: 1\n---\nb: 2": Unreadable,
    "\ta: 1": Unreadable,
    "a: b: c": Unreadable,
    "a: - b": Unreadable,
    "a: b:": Unreadable,
    "<<: {a: 1}": {"a": 1},
    "a: x, 'y # z'": {"a": "x, 'y"},
    "a: ['x # y', \"#\"] # z": {"a": ["x # y", "#"]},
    "'": Unreadable,
}


@pytest.mark.parametrize("text", YAML)
def test_simple_yaml_is_read_and_the_rest_refused(text: str) -> None:
    if YAML[text] is Unreadable:
        with pytest.raises(Unreadable):
            read(text)
    else:
        assert read(text) == YAML[text]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text("ab :#-'\"[]{},é", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_json_is_yaml(value: object) -> None:
    assert read(json.dumps(value, ensure_ascii=False)) == value


@given(st.text("a: -#[]{},'\"\n\t&|", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read(text), (dict, list, str, int, float, NoneType))


def summary(given: Rules) -> tuple[int, int]:
    return len(list(given.active())), len(given.problems)


FILES: dict[str, tuple[dict[str, str], tuple[int, int]]] = {
    "nothing": ({}, (3, 0)),
    "conventional": ({"commitlint.config.js": f"module.exports = {{{EXTENDS}}}"}, (12, 0)),
    "package.json": ({"package.json": '{"commitlint": {"extends": "@commitlint/config-angular"}}'}, (11, 0)),
    "package.json without": ({"package.json": "{}", ".commitlintrc": "rules:\n  type-empty: [2, never]"}, (1, 0)),
    "JSON without a suffix": ({".commitlintrc": '{"rules": {"type-empty": [2, "never"]}}'}, (1, 0)),
    "a rule that is computed": (
        {"commitlint.config.js": f"module.exports = {{{EXTENDS}, rules: {{'type-enum': f(), 'type-case': [0]}}}}"},
        (11, 1),
    ),
    "an unknown extension": ({".commitlintrc.json": '{"extends": ["x", "@commitlint/config-conventional"]}'}, (12, 1)),
    "an unknown extension afterwards": (
        {".commitlintrc.yaml": ("extends: ['@commitlint/config-conventional', x]\nrules:\n  type-empty: [2, never]")},
        (12, 1),
    ),
    "a file of the repository": (
        {
            "commitlint.config.mjs": "export default {extends: ['./config/base.json']}",
            "config/base.json": '{"rules": {"scope-empty": [1, "never"]}}',
        },
        (1, 0),
    ),
    "a file that extends itself": (
        {"commitlint.config.js": "module.exports = {extends: ['./commitlint.config.js']}"},
        (12, 1),
    ),
    "a file outside": ({".commitlintrc.json": '{"extends": ["../../x.json"]}'}, (12, 1)),
    "unreadable": ({"commitlint.config.js": "module.exports = f()"}, (12, 1)),
    "a package that is no JSON": ({"package.json": "{"}, (3, 1)),
    "a package that is no JSON beside rules": (
        {"package.json": "{", ".commitlintrc.json": '{"rules": {"type-empty": [2, "never"]}}'},
        (1, 1),
    ),
    "no JSON": ({".commitlintrc.json": "{"}, (12, 1)),
    "too large": ({".commitlintrc.json": "[" * 300_000}, (12, 1)),
    "deep": ({".commitlintrc.json": "[" * 200_000}, (12, 1)),
    "rules beside what is computed": (
        {"commitlint.config.js": "module.exports = {...f(), rules: {...f(), 'scope-empty': [2, 'never']}}"},
        (13, 2),
    ),
    "a preset that is not built in": ({".commitlintrc.json": '{"extends": ["gitmoji"]}'}, (12, 1)),
    "a parser that is not built in": (
        {".commitlintrc.json": '{"parserPreset": "x", "rules": {"type-empty": [2, "never"]}}'},
        (1, 1),
    ),
    "commitizen": ({"pyproject.toml": "[tool.commitizen]\nname = 'cz_conventional_commits'"}, (3, 0)),
    "commitizen's own form": (
        {".cz.toml": "[tool.commitizen]\nname='cz_customize'\ncustomize={schema_pattern='T-\\d+: .+'}"},
        (1, 0),
    ),
    "commitizen with look-ahead": (
        {".cz.toml": "[tool.commitizen]\nname='cz_customize'\n[tool.commitizen.customize]\nschema_pattern='(?=a)b'"},
        (3, 1),
    ),
    "commitizen of Node": ({".czrc": '{"path": "cz-conventional-changelog", "maxLineWidth": 80}'}, (5, 0)),
    "pyproject without": ({"pyproject.toml": "[project]\nname = 'x'"}, (3, 0)),
    "gitlint": ({".gitlint": "[general]\nignore=B6,title-min-length\n[title-max-length]\nline-length=50"}, (6, 0)),
    "gitlint with more": ({".gitlint": "[general]\ncontrib=CT1\n[x]\ny=1\n[body-min-length]\nmin-length=z"}, (10, 2)),
}


@pytest.mark.parametrize("case", FILES)
def test_what_a_repository_asks_for(case: str) -> None:
    files, expected = FILES[case]
    assert summary(rules(files)) == expected


def test_what_cannot_be_read_is_as_config_conventional_has_it() -> None:
    files = {".commitlintrc.yaml": "extends: x\nrules:\n  header-max-length: [2, always, 5]"}
    read_rules = rules(files)
    assert [finding.rule for finding in lint("hello world", read_rules)] == [
        "subject-empty",
        "type-empty",
        "header-max-length",
    ]
    assert read_rules.types == CONVENTIONAL_RULES.types
    assert read_rules.conventional


def test_a_pattern_of_the_repository_is_a_rule() -> None:
    files, _ = FILES["commitizen's own form"]
    read_rules = rules(files)
    assert list(broken(Message.of("T-12: x"), read_rules)) == []
    assert list(broken(Message.of("fix: x"), read_rules)) == ["message-match"]


def test_a_header_pattern_of_the_repository_is_followed() -> None:
    script = r"""module.exports = {
      parserPreset: {parserOpts: {headerPattern: /^\[(?<scope>[A-Z]+-\d+)\] (?<subject>.+)$/}},
      rules: {"scope-empty": [2, "never"], "subject-empty": [2, "never"]},
    };"""
    read_rules = rules({"commitlint.config.js": script})
    assert read_rules.problems == ()
    message = Message.of("[AB-12] add x", read_rules.grammar)
    assert message.scope
    assert message.scope.text == "AB-12"
    assert list(broken(message, read_rules)) == []


EMOJI: dict[str, tuple[str, ...]] = {
    r"/^(?:\p{Extended_Pictographic}\uFE0F? )?(\w*)(?:\((.*)\))?!?: (.*)$/u": ("✨ feat(api): x", "feat(api): x"),
    r"/^[\p{Emoji_Presentation}\u{2600}-\u{26FF}]+ (\w*)(?:\((.*)\))?: (.*)$/u": (
        "🐛🚀 feat(api): x",
        "♻ feat(api): x",
    ),
    r"/^(?:\P{L} )?(\p{Ll}*)(?:\(([\p{L}\p{Nd}]*)\))?: (.*)$/u": ("feat(api): x", "✨ feat(api): x"),
    r"/^(\p{Lowercase_Letter}+)\((\p{Script=Latin}+)\): (.*)$/u": ("feat(api): x",),
}


@pytest.mark.parametrize("pattern", EMOJI)
def test_properties_of_characters_are_followed(pattern: str) -> None:
    read_rules = rules(
        {
            "commitlint.config.js": f"module.exports = {{parserPreset: {{parserOpts: {{headerPattern: {pattern}, "
            "headerCorrespondence: ['type', 'scope', 'subject']}}}"
        }
    )
    assert read_rules.problems == ()
    for text in EMOJI[pattern]:
        message = Message.of(text, read_rules.grammar)
        assert [part and part.text for part in (message.type, message.scope, message.subject)] == ["feat", "api", "x"]


@pytest.mark.parametrize(
    "pattern",
    [r"/^\p{L}: (.*)$/", r"/^[\P{Emoji}]: (.*)$/u", r"/^\p{RGI_Emoji}$/u", r"/^\u{61}$/", r"/^\p{Script=X}$/u"],
)
def test_properties_that_are_not_known_are_refused(pattern: str) -> None:
    script = f"module.exports = {{parserPreset: {{parserOpts: {{headerPattern: {pattern}}}}}}}"
    assert len(rules({"commitlint.config.js": script}).problems) == 1


def test_a_template_names_trailers() -> None:
    template = "# Subject\n\n# Why: because\n\nRefs: \nSigned-off-by: you\n"
    assert rules({".gitmessage": template}).trailers == ("Why", "Refs", "Signed-off-by")


def test_without_configuration_history_decides() -> None:
    assert not rules({}).conventional
    assert rules({}, conventional=True).types == CONVENTIONAL_RULES.types
