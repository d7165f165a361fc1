from __future__ import annotations

from pathlib import Path

import pytest

from byline.commit_messages.templates import FOLDER, NAME, BadTemplate, Parts, Template, template_of

PARTS = Parts(
    header="fix(api): correct send",
    type="fix",
    scope="api",
    subject="correct send",
    issue="ABC-1",
    trailers=("Refs: ABC-1", "Assisted-by: x"),
    files=("a.py", "b.py"),
)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ header }}", "fix(api): correct send"),
        ("[{{ issue }}] {{ subject | capitalize }}\n", "[ABC-1] Correct send"),
        ("{% if body %}{{ body }}{% else %}{{ header }}{% endif %}", "fix(api): correct send"),
        (
            "{{ header }}\n\n{% for file in files %}\n- {{ file }}\n{% endfor %}",
            "fix(api): correct send\n\n- a.py\n- b.py",
        ),
        ("{{ type | upper }} {{ files | join(', ') }}", "FIX a.py, b.py"),
        ("{{ nothing }}{{ scope }}", "api"),
        ("{{ header }}\n\n{{ trailers }}\n", "fix(api): correct send\n\nRefs: ABC-1\nAssisted-by: x"),
        ("{{ 'with ' ~ files }}", "with a.py\nb.py"),
        (
            "{{ trailers | length }} {{ trailers[0] }} {{ trailers | join('; ') }}",
            "2 Refs: ABC-1 Refs: ABC-1; Assisted-by: x",
        ),
        ("{{ 'x' if scope == 'api' and not body else 'y' }}", "x"),
    ],
)
def test_what_a_template_makes(source: str, message: str) -> None:
    assert Template.of(source).render(PARTS) == message


@pytest.mark.parametrize(
    "source",
    [
        "{{ header",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 10 }}",
        "{{ header.__class__ }}",
        "{{ files.__class__.__mro__ }}",
        "{{ header.format('x') }}",
        "{{ header.upper() }}",
        "{% for a in files %}{% for b in files %}x{% endfor %}{% endfor %}",
        "{% set x = header ~ header %}{{ x }}",
        "{% include 'other' %}",
        "{% import 'other' as o %}",
        "{% macro m() %}{% endmacro %}",
        "{{ range(9) }}",
        "{{ header | replace('a', 'b') }}",
        "{{ header | attr('x') }}",
        "{{ '%9999999d' % 1 }}",
        "{% for f in files recursive %}{{ f }}{% endfor %}",
        "x" * 20_000,
        "{{" + "(" * 5_000 + ")" * 5_000 + "}}",
    ],
)
def test_what_a_template_may_not(source: str) -> None:
    with pytest.raises(BadTemplate, match=r"template|templates"):
        Template.of(source)


@pytest.mark.parametrize("source", ["", "{{ nothing }}", "{% if body %}{{ body }}{% endif %}\n", "{{ body }}\n \n"])
def test_a_template_that_makes_nothing_cannot_be_used(source: str) -> None:
    with pytest.raises(BadTemplate, match="no text"):
        Template.of(source).render(PARTS)


def test_no_trailers_are_no_text() -> None:
    assert Template.of("{{ header }}\n\n{{ trailers }}").render(Parts(header="fix: a")) == "fix: a"


def test_the_inside_of_python_is_not_seen() -> None:
    assert Template.of("{{ files['__class__'] }}{{ header['__len__'] }}{{ scope }}").render(PARTS) == "api"


def test_a_message_does_not_grow_without_bounds() -> None:
    many = Parts(files=("f",) * 400)
    with pytest.raises(BadTemplate, match="shorten"):
        Template.of("{% for file in files %}" + "x" * 1_000 + "{% endfor %}").render(many)


@pytest.mark.parametrize(
    ("theirs", "own", "trusted", "wanted"),
    [
        ("theirs", "own", True, "theirs"),
        ("theirs", "own", False, "own"),
        ("theirs", None, False, None),
        (None, "own", True, "own"),
        (None, None, True, None),
    ],
)
def test_which_template_holds(
    tmp_path: Path, theirs: str | None, own: str | None, trusted: bool, wanted: str | None
) -> None:
    for folder, content in ((tmp_path / "root" / FOLDER, theirs), (tmp_path / "own", own)):
        folder.mkdir(parents=True)
        if content is not None:
            (folder / NAME).write_text(content)
    found = template_of(tmp_path / "root", tmp_path / "own", trusted=trusted)
    assert (found and found.source) == wanted


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (16 << 10) + b"x", b"{{ header"])
def test_a_template_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(BadTemplate, match=NAME):
        template_of(tmp_path / "root", tmp_path, trusted=True)
