"""Byline's checks beside the real commitlint: the same rules read, the same verdict of every rule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from byline.commit_messages.configuration import rules_of
from byline.commit_messages.lint.linter import broken
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Rules
from commitlint.made_messages import message

HERE = Path(__file__).parent
CONFIGURATIONS = sorted((HERE / "configurations").iterdir())
COUNT = 20_000 if os.environ.get("BYLINE_FUZZ") else 1_500


def count(path: Path) -> int:
    """How many messages are judged under a configuration: fewer where commitlint starts git for each of them."""
    return COUNT // 10 if b"trailer-exists" in path.read_bytes() else COUNT


@cache
def messages() -> list[str]:
    random = Random(os.environ.get("BYLINE_SEED", "commitlint"))
    return [message(random) for _ in range(COUNT)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What commitlint says of the messages under every configuration, in their order."""
    if not shutil.which("node"):
        pytest.skip("node is not here; commitlint needs Node 18 or newer")
    if not (HERE / "node_modules").is_dir():
        pytest.skip("commitlint is not installed: npm ci --prefix tests/commitlint")
    question = tmp_path_factory.mktemp("commitlint") / "question.json"
    asked = [{"file": str(path), "messages": messages()[: count(path)]} for path in CONFIGURATIONS]
    question.write_text(json.dumps(asked))
    run = subprocess.run(["node", "verdicts.mjs", question], cwd=HERE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer: list[dict[str, Any]] = json.loads(run.stdout)
    return answer


def rules(path: Path) -> Rules:
    name = f".commitlintrc{path.suffix}" if path.suffix in (".json", ".yaml") else f"commitlint.config{path.suffix}"
    return rules_of(HERE, lambda wanted: path.read_bytes() if wanted == name else None)


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_the_same_rules_are_read(path: Path, verdicts: list[dict[str, Any]]) -> None:
    loaded = verdicts[CONFIGURATIONS.index(path)]["rules"]
    read = rules(path)
    assert not read.problems
    theirs = {name: (level, when[0] if when else "always") for name, (level, *when) in loaded.items()}
    assert {name: (rule.level, "always" if rule.always else "never") for name, rule in read.rules.items()} == theirs


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_every_rule_has_the_same_verdict(path: Path, verdicts: list[dict[str, Any]]) -> None:
    read = rules(path)
    theirs = verdicts[CONFIGURATIONS.index(path)]["verdicts"]
    differences = []
    for text, expected in zip(messages(), theirs, strict=False):
        ours = sorted(broken(Message.of(text, read.grammar), read))
        if ours != expected:
            differences.append((text, set(ours) ^ set(expected)))
    assert len(theirs) == count(path)
    assert not differences, f"{len(differences)} of {len(theirs)}: {differences[:3]}"
