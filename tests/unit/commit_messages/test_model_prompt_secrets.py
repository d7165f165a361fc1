"""What a model is told is cut to a length; no cut goes through a secret so that half of it is left."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import pytest
from stories import past, staged_digest, style

from byline.commit_messages.assistance import Assistance
from byline.commit_messages.material import Material
from byline.commit_messages.model.prompt import Wanted, question
from byline.commit_messages.rules import Rules
from byline.commit_messages.style.style import Style

SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
HALF = SECRET[:14]  # too little of it to be known by
LETTERS = string.ascii_letters + string.digits + "+/"
LIMITS = (300, 400, 4_000)


def gathered(root: Path, habits: Style, before: str = "a = 1\n", after: str = "a = 2\n") -> Material:
    told = staged_digest(root / "repo", {"a.py": before}, {"a.py": after})
    return Material(
        told, habits, Rules({}), "Ann <ann@example.org>", None, Assistance.OFF, "en", frozenset(), offline=()
    )


def asked(material: Material, wanted: Wanted) -> str:
    put = question(material, wanted)
    return put.system.text + put.user.text + json.dumps(put.schema)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("place", ["why", "typed", "earlier message"])
def test_no_half_of_a_secret_is_left(tmp_path: Path, place: str, limit: int) -> None:
    for shift in range(len(HALF), len(HALF) + 6):
        before = "fix: ".ljust(limit - shift - 1, "x") + " "
        earlier = f"{before}{SECRET}" if place == "earlier message" else "fix a"
        material = gathered(tmp_path / f"{shift}", style(past(earlier, "a.py"), times=10))
        wanted = Wanted(**{place: f"{before}{SECRET}"}) if place != "earlier message" else Wanted()
        told = asked(material, wanted)
        assert "xxx" in told
        assert HALF not in told


def test_no_type_is_a_secret(tmp_path: Path) -> None:
    name = "ghp_" + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8"
    material = gathered(tmp_path, style(past(f"{name}: mend a", "a.py"), past(f"fix({name}): a", "a.py"), times=30))
    assert name not in asked(material, Wanted())


@pytest.mark.parametrize("around", ["{}", "    {}", '    "{}\\n"', "# {}"])
def test_a_key_is_not_told_where_only_its_middle_changed(tmp_path: Path, around: str) -> None:
    head, tail = (f"-----{word} PRIVATE KEY-----" for word in ("BEGIN", "END"))
    chance = random.Random(1)

    def key(count: int) -> list[str]:
        return ["".join(chance.choices(LETTERS, k=64)) for _ in range(count)] + ["".join(chance.choices(LETTERS, k=30))]

    old, new = key(6), key(6)
    before, after = ("\n".join(around.format(line) for line in [head, *body, tail, ""]) for body in (old, new))
    told = asked(gathered(tmp_path, Style(()), before, after), Wanted())
    assert "+(Base64)" in told
    assert not [line for line in [*old, *new] if line[:10] in told]
