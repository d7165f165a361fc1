"""The text of prompts travels with notes only where a person has asked for it."""

from __future__ import annotations

import pytest

from support.scenario import Scene


@pytest.mark.parametrize("pushed", [False, True])
def test_a_note_carries_prompt_texts_only_if_asked(scene: Scene, pushed: bool) -> None:
    if pushed:
        scene.env["BYLINE_NOTES_PUSH_PROMPTS"] = "true"
    f = scene.open("app.py")
    f.ai(append="value = compute()\n", prompt="compute the value")
    f.saves()
    scene.commit()
    assert ("compute the value" in scene.note()) is pushed
